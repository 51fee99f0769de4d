"""What screens ask of the program around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from screens.keymap import KeyMap


class Desk(Protocol):
    """What a screen asks of the program around it."""

    keymap: KeyMap
    counter: object
    last_key: float
    """Monotonic second at which the last key was typed."""

    def hold_keys(self) -> None:
        """Take no more keys until they are released."""

    def release_keys(self) -> None:
        """Take one hold away."""

    def drop_keys(self) -> int:
        """Forget keys typed ahead; how many."""

    def bell(self) -> None:
        """Ring."""

    def note_fault(self, error: BaseException) -> str:
        """Write an unknown error to the log, masked; its reference number."""

    def fail(self, error: Exception) -> None:
        """End the program with a sentence: an unknown error where nothing may go on."""


@runtime_checkable
class SaysStatus(Protocol):
    """A counter that knows the words of row 24."""

    def status_line(self, cells: int) -> str:
        """What fits into so many cells: `3号窗 0007 经办 证书在位  草稿 1  未送 3 …`."""
