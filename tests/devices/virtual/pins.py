"""PIN and PUK of a card: compared, counted down, blocked."""

from __future__ import annotations

from tests.devices.virtual.card import Refused

BLOCKED = 0x6983
WRONG_DATA = 0x6A80


class Secret:
    """Six to eight digits, padded with FF to eight bytes, and the tries left."""

    def __init__(self, digits: str, tries: int) -> None:
        self._value = _padded(digits.encode())
        self.tries = tries
        self.left = tries
        """Wrong ones still allowed; 0 is blocked."""

    @property
    def counter(self) -> int:
        """Status word that tells the tries left."""
        return 0x63C0 | self.left if self.left else BLOCKED

    def compare(self, given: bytes) -> None:
        """Count a wrong one down, renew after a right one. Raises Refused: the last try says 63C0, later ones 6983."""
        if not self.left:
            raise Refused(BLOCKED)
        if given != self._value:
            self.left -= 1
            raise Refused(0x63C0 | self.left)
        self.left = self.tries

    def replace(self, value: bytes) -> None:
        """Set another, with all tries. Raises Refused when it is not of six to eight digits."""
        digits = value.rstrip(b"\xff")
        if value != _padded(digits) or not 6 <= len(digits) <= 8 or not digits.isdigit():
            raise Refused(WRONG_DATA)
        self._value = value
        self.left = self.tries


def _padded(digits: bytes) -> bytes:
    return digits.ljust(8, b"\xff")
