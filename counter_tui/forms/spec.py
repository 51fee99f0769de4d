"""Business functions, declared once: the class is the typed body, `Ask` says how each field is asked."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
import typing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from counter_tui.domain.problems import Grade, Problem, Rejected, hint
from counter_tui.forms.fields import Ask, Field, Unreadable, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from counter_tui.forms.facts import Facts
    from counter_tui.policy.regions import Policy

__all__ = ["Ask", "Declaration", "Field", "Form", "Style", "Values", "business", "form", "forms"]


class Style(StrEnum):
    """Which screen serves a function."""

    ENTRY = "entry"
    """A form that is saved, with the tab of this period's results."""
    COMPARE = "compare"
    """Before and after, one line for each item."""
    RECEPTION = "reception"
    LIST = "list"
    """Criteria above a list of items, with actions on the ticked ones."""
    ACT = "act"
    """Figures shown, then one decisive act."""
    ENQUIRY = "enquiry"
    """Criteria, a result, perhaps a print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The typed body of a business function."""

    form: ClassVar[Form]

    def check(self, facts: Facts, policy: Policy) -> Iterator[Problem]:  # noqa: ARG002  # most forms look
        """Say what stands in the way; the default is nothing."""
        return iter(())

    @property
    def named(self) -> tuple[str, ...]:
        """Identity numbers that the body names besides its own person's: their holders must be known (Facts)."""
        return ()

    def verdict_word(self, facts: Facts) -> str:  # noqa: ARG002  # an enrolment looks
        """What it does in a word, for lists and slips; the function's name unless the facts decide."""
        return self.form.name


D = TypeVar("D", bound=Declaration)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A business function with its fields; `in_region` gives it the region's dress."""

    code: str
    name: str
    style: Style
    review: bool
    subject: str
    """What must be in reception: employer, person, either, or empty for nothing."""
    declaration: type[Declaration]
    fields: tuple[Field, ...] = field(default=())
    prints: tuple[str, ...] = ()
    """Documents that come out of it, D17 …"""
    rules: tuple[str, ...] = ()
    """Messages that concern the declaration as a whole, for the help page."""
    opens: Callable[[Facts], Iterable[Problem]] | None = None
    """What stops it before anything is typed."""
    title: str = ""
    """Local name of the function in this region."""

    def in_region(self, policy: Policy) -> Form:
        """The form as this region asks it: names, choices, defaults, required and hidden fields."""
        overlay = policy.form_overlay(self.code)
        dressed = (each.in_region(overlay.get(each.name), policy) for each in self.fields)
        local = next((entry.name for entry in policy.menu if entry.function == self.code), self.name)
        return replace(self, fields=tuple(each for each in dressed if each is not None), title=local)

    def field(self, name: str) -> Field:
        """A field by name; KeyError when the region hides it."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def criteria(self) -> Form:
        """The fields above a list, without those of the act."""
        return replace(self, fields=tuple(each for each in self.fields if not each.ask.action))

    @property
    def action(self) -> Form:
        """The fields asked with the act on the ticked rows."""
        return replace(self, fields=tuple(each for each in self.fields if each.ask.action))

    @property
    def version(self) -> str:
        """Fingerprint of the declaration: changes when a field changes."""
        lines = (f"{f.name}|{f.ask.label}|{type(f.ask.kind).__name__}|{f.ask.required}" for f in self.fields)
        return hashlib.sha256("\n".join([self.code, *lines]).encode()).hexdigest()[:12]

    def values(self, texts: Mapping[str, str], facts: Facts) -> tuple[dict[str, Any], list[Problem]]:
        """Read every field that applies, derived ones included; all problems of single fields, not the first."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for each in self.fields:
            values[each.name] = each.empty
            if not each.asked(values, facts):
                continue
            try:
                value = each.value(texts.get(each.name, ""), values, facts)
            except Unreadable as refusal:
                problems.append(refusal.problem)
                continue
            values[each.name] = value
            problems.extend(each.verified(value, values, facts))
        return values, problems

    def opening(self, facts: Facts) -> tuple[Problem, ...]:
        """What stops the function before anything is typed: the screen says it at once, `read` says it again."""
        return tuple(self.opens(facts)) if self.opens else ()

    def leaving(self, name: str, texts: Mapping[str, str], facts: Facts) -> tuple[Problem, ...]:
        """What there is to say when the cursor leaves a field: its problems, and what reading it changed."""
        each = self.field(name)
        text = texts.get(name, "")
        if not text.strip():
            return ()
        _, problems = self.values(texts, facts)
        remarks = tuple(hint(name, note) for note in each.notes(text))
        return (*(problem for problem in problems if problem.field == name), *remarks)

    def filled(self, texts: Mapping[str, str], facts: Facts) -> dict[str, str]:
        """Texts of the fields that fill themselves, derived or suggested, as things stand above them."""
        values, _ = self.values(texts, facts)
        own = (each for each in self.fields if each.ask.derive or (each.ask.suggest and not texts.get(each.name)))
        return {each.name: shown for each in own if (shown := each.show(values[each.name]))}

    def read(self, texts: Mapping[str, str], facts: Facts, policy: Policy) -> Declaration:
        """The one gate from texts to a declaration, for screen, sheet and hub alike.

        Raises:
            Rejected: with all problems that stop it or need a supervisor, in the order of the fields.
        """
        return self._read(texts, facts, policy, blocking=frozenset({Grade.STOP, Grade.ASK}))

    def read_overridden(self, texts: Mapping[str, str], facts: Facts, policy: Policy) -> Declaration:
        """As `read`, when a supervisor has let the *ask* problems pass."""
        return self._read(texts, facts, policy, blocking=frozenset({Grade.STOP}))

    def _read(
        self, texts: Mapping[str, str], facts: Facts, policy: Policy, *, blocking: frozenset[Grade]
    ) -> Declaration:
        if opening := self.opening(facts):
            raise Rejected(opening)
        values, problems = self.values(texts, facts)
        if any(problem.grade is Grade.STOP for problem in problems):
            raise Rejected([problem for problem in problems if problem.grade in blocking])
        declaration = self.declaration(**values)
        found = [problem for problem in self.judge(declaration, facts, policy) if problem.grade in blocking]
        if found:
            raise Rejected(found)
        return declaration

    def judge(self, declaration: Declaration, facts: Facts, policy: Policy) -> tuple[Problem, ...]:
        """Everything the rules say to a declaration, hints included, in the order of the fields."""
        order = {each.name: place for place, each in enumerate(self.fields)}
        values = {each.name: getattr(declaration, each.name) for each in self.fields}
        found = [problem for each in self.fields for problem in each.verified(values[each.name], values, facts)]
        found.extend(declaration.check(facts, policy))
        return tuple(sorted(found, key=lambda problem: order.get(problem.field or "", -1)))

    def defaults(self, facts: Facts, policy: Policy) -> dict[str, str]:
        """The texts that stand in the form before anything is typed."""
        asked = ((each, each.ask.default(facts, policy)) for each in self.fields if each.ask.default)
        return {each.name: shown for each, value in asked if (shown := each.show(value))}

    def texts(self, declaration: Declaration) -> dict[str, str]:
        """The texts that read back as this declaration."""
        return {each.name: each.show(getattr(declaration, each.name)) for each in self.fields}

    def papers(self) -> tuple[Field, ...]:
        """The papers that the function asks for."""
        return tuple(each for each in self.fields if each.ask.paper)


_FORMS: dict[str, Form] = {}


def business(
    code: str,
    name: str,
    *,
    style: Style = Style.ENTRY,
    review: bool = False,
    subject: str = "employer",
    prints: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    opens: Callable[[Facts], Iterable[Problem]] | None = None,
) -> Callable[[type[D]], type[D]]:
    """Declare a business function; a second one under the same code is refused at import."""

    def declared(declaration: type[D]) -> type[D]:
        if code in _FORMS:
            msg = f"{code} is declared twice"
            raise ValueError(msg)
        form = Form(
            code=code,
            name=name,
            style=style,
            review=review,
            subject=subject,
            declaration=declaration,
            fields=tuple(_fields(declaration)),
            prints=prints,
            rules=rules,
            opens=opens,
        )
        declaration.form = form
        _FORMS[code] = form
        return declaration

    return declared


def _fields(declaration: type[Declaration]) -> Iterator[Field]:
    # Left to itself, get_type_hints gives lambdas in annotations the class for their module.
    modules = [vars(sys.modules[each.__module__]) for each in reversed(declaration.__mro__)]
    names = {name: value for module in modules for name, value in module.items()}
    hints = typing.get_type_hints(declaration, globalns=names, localns={}, include_extras=True)
    for each in dataclasses.fields(declaration):
        asks = [extra for extra in getattr(hints[each.name], "__metadata__", ()) if isinstance(extra, Ask)]
        if not asks:
            msg = f"{declaration.__name__}.{each.name} is not asked"
            raise TypeError(msg)
        empty = "" if each.default is dataclasses.MISSING else each.default
        yield Field(name=each.name, ask=asks[0], empty=empty)


def form(code: str) -> Form:
    """The form of a business function, as declared. Raises KeyError for an unknown code."""
    import counter_tui.forms.catalog.all  # noqa: F401  # every declaration registers itself

    return _FORMS[code]


def forms() -> Iterable[Form]:
    """Every declared form, by code."""
    import counter_tui.forms.catalog.all  # noqa: F401  # as above

    return tuple(_FORMS[code] for code in sorted(_FORMS))
