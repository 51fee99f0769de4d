"""A question with one line of words for an answer."""

from __future__ import annotations

from counter_tui.forms.fields import Ask, Field
from counter_tui.forms.kinds import Text
from counter_tui.forms.spec import Declaration, Form, Style


def note_form(label: str, *, limit: int = 100) -> Form:
    """A form of one required line, `note`, of so many characters."""
    asked = Field(name="note", ask=Ask(label=label, kind=Text(limit)), empty="")
    return Form(
        code="",
        name=label,
        style=Style.LIST,
        review=False,
        subject="",
        declaration=Declaration,
        fields=(asked,),
    )
