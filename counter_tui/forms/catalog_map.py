"""The functions of a region as plain data, for `counter-tui functions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_tui.domain.posts import SECOND_PERSON
from counter_tui.forms.codes import CodeOf
from counter_tui.forms.documents import document_name
from counter_tui.forms.spec import forms

if TYPE_CHECKING:
    from counter_tui.forms.fields import Field
    from counter_tui.forms.spec import Form
    from counter_tui.policy.regions import MenuEntry, Policy


def functions_map(policy: Policy) -> list[dict[str, Any]]:
    """Every menu entry of the region that a form serves, by path: names, fields, documents, review."""
    dressed = {each.code: each.in_region(policy) for each in forms()}
    served = (entry for entry in sorted(policy.menu, key=lambda entry: entry.path) if entry.function in dressed)
    return [_entry(entry, dressed[entry.function], policy) for entry in served]


def _entry(entry: MenuEntry, form: Form, policy: Policy) -> dict[str, Any]:
    return {
        "path": entry.path,
        "function": form.code,
        "name": entry.name,
        "canonical_name": form.name,
        "group": entry.group,
        "style": form.style.value,
        "fields": [_field(each) for each in form.fields],
        "documents": {
            "papers": [each.ask.label for each in form.papers()],
            "printouts": [f"{each} {document_name(each)}" for each in form.prints],
        },
        "review": form.review and form.code not in _auto_reviewed(policy),
        "second_person": form.code in SECOND_PERSON,
    }


def _field(field: Field) -> dict[str, Any]:
    ask = field.ask
    return {
        "name": field.name,
        "label": ask.label,
        "source": ask.source,
        "section": ask.section,
        "required": ask.required,
        "required_when": field.required_when is not None,
        "code_list": ask.kind.list_id if isinstance(ask.kind, CodeOf) and ask.kind.list_id.startswith("CL-") else "",
        "kind": type(ask.kind).__name__,
        "default": ask.default is not None or ask.suggest is not None,
        "fixed": field.fixed,
        "derived": ask.derive is not None,
        "dup": ask.dup,
        "collapsed": ask.collapsed,
    }


def _auto_reviewed(policy: Policy) -> tuple[str, ...]:
    named = policy.parameter("auto_review")
    return tuple(map(str, named)) if isinstance(named, tuple) else ()
