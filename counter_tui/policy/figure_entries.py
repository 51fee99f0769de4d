"""Entries of the list of figures: one for each stretch of time of each figure, and one for each gap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from counter_tui.policy.dated import Confidence
from counter_tui.policy.explanation import CARRIED, INVENTED, UNCONFIRMED

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from counter_tui.policy.explanation import Explanation


class Group(StrEnum):
    """Kinds of figures, as the list calls them."""

    LIMITS = "缴费基数上下限"
    RATES = "缴费比例"
    CLASSES = "工伤类别"
    FIXED = "定额"
    LATE_FEE = "滞纳金"
    SETTINGS = "参数"
    INTEREST = "利率"
    PENSION_BASE = "计发基数"
    INDEX_WAGE = "指数平均工资"
    RETIREMENT = "退休"
    PAYOUT = "计发月数"
    CODES = "代码"


SURENESS = {Confidence.HIGH: "高", Confidence.MEDIUM: "中", Confidence.LOW: "低"}
"""How well a figure is documented, in one character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureEntry:
    """What one figure is in one stretch of time, or that it is missing there."""

    group: Group
    code: str
    """Key of the figure, the same for its whole history: `floor:110`, `setting:base_mode`."""
    label: str
    """Name of the figure for the clerk."""
    value: str
    """As read by the clerk, with its unit; empty for a gap."""
    since: date | None
    """First day; None: always."""
    until: date | None
    """Last day; None: no end is known."""
    by: str
    """Citation; for a gap the note why the figure is missing."""
    known_from: date | None = None
    """Day of publication; None: taken as always known."""
    confidence: Confidence | None = None
    """None for what has no authority but the program: codes, gaps."""
    training: bool = False
    provisional: bool = False
    """Last year's figure, carried on until this year's is published."""
    gap: bool = False
    daily: bool = False
    """Whether the stretch is told by days and not by months."""
    below: Callable[[], Explanation] | None = None
    """The document behind the value."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Invented, or not confirmed: an invented figure is nobody's to confirm; and carried on."""
        borne = {INVENTED: self.training, UNCONFIRMED: self.unconfirmed, CARRIED: self.provisional}
        return tuple(mark for mark, held in borne.items() if held)

    @property
    def unconfirmed(self) -> bool:
        """Whether the bureau has yet to confirm the value."""
        return self.confidence is Confidence.LOW and not self.training

    @property
    def stretch(self) -> str:
        """The months, or the days, in words."""
        cut = 10 if self.daily else 7
        if self.since is None:
            return "不分月份" if self.until is None else f"至 {self.until.isoformat()[:cut]}"
        first = self.since.isoformat()[:cut]
        return f"{first} 起" if self.until is None else f"{first} 至 {self.until.isoformat()[:cut]}"

    @property
    def shown(self) -> str:
        """The value with its marks; for a gap that nothing is there."""
        return "没有数值" if self.gap else self.value + "".join(f"〔{mark}〕" for mark in self.marks)

    @property
    def sureness(self) -> str:
        """高, 中 or 低; empty where nothing was documented, or all is invented."""
        return SURENESS[self.confidence] if self.confidence is not None and not self.training else ""

    def rules(self, first: date, last: date) -> bool:
        """Whether the stretch touches these days, both included."""
        return (self.since is None or self.since <= last) and (self.until is None or first <= self.until)

    def plain(self) -> dict[str, Any]:
        """The entry as text for JSON."""
        return {
            "group": str(self.group),
            "code": self.code,
            "label": self.label,
            "value": None if self.gap else self.value,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "known_from": self.known_from.isoformat() if self.known_from else None,
            "by": self.by,
            "confidence": str(self.confidence) if self.confidence is not None else None,
            "marks": list(self.marks),
        }
