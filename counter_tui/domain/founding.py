"""The one-time code with which two persons open one of the first posts of a bureau."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from counter_tui.domain.declarations import Stamp  # noqa: TC001  # msgspec reads the annotations
from counter_tui.domain.posts import Role

FIRST_POSTS = (Role.SUPERVISOR, Role.CONTROL, Role.HEAD, Role.ADMINISTRATOR)
"""Posts without which no grant goes through its four steps."""
CODE_LIFE = timedelta(minutes=30)
CODE_TRIES = 5
"""Wrong codes after which it is void."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundingCode:
    """A code that was shown once; only its hash is kept."""

    role: Role
    salt: str
    """Hex."""
    code_hash: str
    """scrypt over the code, hex."""
    made: Stamp
    """Who made it on the host: the name of his account there, and his reference."""
    tries: int = CODE_TRIES
    """Left."""

    @property
    def until(self) -> datetime:
        """From when on it is void."""
        return self.made.at + CODE_LIFE
