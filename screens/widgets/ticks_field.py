"""A field for several entries of a short list: `1 3 4`, or their codes `A C D`, or `0` for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from screens.widgets.field_input import FieldInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screens.widgets.choice_field import Choice


class NoSuchTick(CounterError):
    """没有第 {number} 项，请输入 1 至 {last} 的序号，空格分开，0 为全部"""


class TicksField(FieldInput, inherit_bindings=True):
    """Numbers or codes of entries, separated by blanks; after leaving their names stand there to be typed over."""

    def __init__(
        self,
        name: str,
        choices: Sequence[Choice],
        *,
        codes: Iterable[str] = (),
        cells: int = 40,
        dup: bool = False,
        hint: str = "",
        classes: str | None = None,
    ) -> None:
        """Make a field over a short list; `codes` is the default set."""
        self.choices = tuple(choices)
        super().__init__(name, cells=cells, limit=max(cells, 200), dup=dup, hint=hint, classes=classes)
        self.tick(codes)

    def tick(self, codes: Iterable[str]) -> None:
        """Tick by program."""
        wanted = set(codes)
        self.load(" ".join(choice.name for choice in self.choices if choice.code in wanted))

    def ticked(self) -> tuple[str, ...]:
        """Codes of the entries meant, in the order of the list.

        Raises:
            NoSuchTick: a number, code or name is not in the list.
        """
        wanted: set[str] = set()
        for word in plain(self.value).replace(",", " ").split():
            if word == "0":
                return tuple(choice.code for choice in self.choices)
            wanted.add(self._code(word))
        return tuple(choice.code for choice in self.choices if choice.code in wanted)

    def settle(self) -> None:
        """Write the names out, as on leaving the field.

        Raises:
            NoSuchTick: as `ticked`.
        """
        self.tick(self.ticked())

    def _code(self, word: str) -> str:
        if word.isdecimal() and 1 <= int(word) <= len(self.choices):
            return self.choices[int(word) - 1].code
        for choice in self.choices:
            if word == plain(choice.name) or word.upper() == choice.code:
                return choice.code
        raise NoSuchTick(number=word, last=len(self.choices))
