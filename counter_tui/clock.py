"""The counter's clock, and the clock of a training city whose law ends before today."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from counter_tui.domain.calendar import BEIJING


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's time, moved by whole days in training when the figures of the law do not reach today."""

    ahead: timedelta = timedelta()

    @classmethod
    def showing(cls, day: date) -> SystemClock:
        """A clock whose business date is `day` today."""
        return cls(day - datetime.now(BEIJING).date())

    def now(self) -> datetime:
        """UTC, with time zone."""
        return datetime.now(UTC) + self.ahead

    def today(self) -> date:
        """Business date in Beijing time."""
        return self.now().astimezone(BEIJING).date()

    def mono(self) -> int:
        """Monotonic milliseconds."""
        return time.monotonic_ns() // 1_000_000
