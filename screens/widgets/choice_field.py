"""A field that takes a code, pinyin initials or part of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from counter_tui.domain.text import plain, width
from screens.widgets.field_input import FieldInput

if TYPE_CHECKING:
    from collections.abc import Sequence


class Choice(NamedTuple):
    """One entry of a code list."""

    code: str
    name: str
    initials: str = ""

    @property
    def shown(self) -> str:
        """How it stands in the field after it was found."""
        return f"{self.code} {self.name}"


class ChoiceField(FieldInput, inherit_bindings=True):
    """Typed, then found on Enter: one hit is taken, several open the panel, none is a problem (the screen asks)."""

    def __init__(
        self,
        name: str,
        choices: Sequence[Choice],
        *,
        code: str = "",
        cells: int | None = None,
        dup: bool = False,
        hint: str = "",
        classes: str | None = None,
    ) -> None:
        """Make a field over a code list; `code` is the default, `cells` its width (default: the longest entry)."""
        self.choices = tuple(choices)
        needed = max((width(choice.shown) for choice in self.choices), default=4)
        super().__init__(name, cells=cells or min(needed, 30), limit=60, dup=dup, hint=hint, classes=classes)
        if code:
            self.choose(code)

    @property
    def code(self) -> str:
        """The code chosen, or nothing when what stands there is no entry of the list."""
        hits = self.hits()
        return hits[0].code if len(hits) == 1 and self.value == hits[0].shown else ""

    def choose(self, code: str) -> None:
        """Put an entry there by program; an unknown code stands there as it is."""
        self.load(next((choice.shown for choice in self.choices if choice.code == code), code))

    def hits(self) -> tuple[Choice, ...]:
        """Entries that what was typed may mean: the code first, then initials, then part of a name."""
        typed = plain(self.value)
        if not typed:
            return ()
        for found in (
            [choice for choice in self.choices if typed in (choice.code, plain(choice.shown))],
            [choice for choice in self.choices if choice.initials and choice.initials == typed.lower()],
            [choice for choice in self.choices if choice.name == typed],
            [
                choice
                for choice in self.choices
                if typed in choice.name or choice.initials.startswith(typed.lower()) or choice.code.startswith(typed)
            ],
        ):
            if found:
                return tuple(found)
        return ()
