"""What the doctor found, in a sentence that names the setting to change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    good: bool
    text: str
    cure: str = ""
    """Said only when it is not good."""

    def line(self) -> str:
        """The finding on one line, with the cure behind it."""
        return f"[{'好' if self.good else '差'}] {self.text}" + (f"；{self.cure}" if not self.good else "")
