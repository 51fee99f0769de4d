"""Figures of the law with the months they rule, their authority and how sure we are of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from counter_tui.domain.calendar import YearMonth

T_co = TypeVar("T_co", covariant=True)


class NotInForce(CounterError):
    """{month} 的「{figure}」尚无数据，请管理员在路径 99「参数与代码」载入后再办"""


class NotShipped(NotInForce):
    """{month} 的「{figure}」尚无数据，这类数值随程序更新提供，请管理员联系维护单位"""


class FigureDamaged(NotInForce):
    """{month} 的「{figure}」出自文件 {file}，内容与确认时不同，请管理员用备份恢复，或在路径 99 重新载入原文件"""


class Confidence(StrEnum):
    """How well a figure is documented; low ones are shown with a mark until the bureau confirms them."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def weaker(one: Confidence, other: Confidence) -> Confidence:
    """Return the lower of two confidences: a result is no better documented than its worst figure."""
    order = list(Confidence)
    return max(one, other, key=order.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Generic[T_co]):
    """One figure, the fee months it rules (both included) and where it was read."""

    value: T_co
    since: YearMonth
    until: YearMonth | None
    """None: no end is known."""
    known_from: date | None
    """Day of publication; None: taken as always known."""
    by: str
    """Citation: document number or source."""
    confidence: Confidence
    training: bool = False
    """True for an invented figure of the training overlay."""
    provisional: bool = False
    """True for last year's figure carried on until this year's is published."""

    def rules(self, month: YearMonth) -> bool:
        """Whether the figure is meant for this fee month."""
        return self.since <= month and (self.until is None or month <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Months for which the figure is known to be missing."""

    since: YearMonth
    until: YearMonth | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Generic[T_co]):
    """The whole history of one figure; it never guesses and never extrapolates."""

    figure: str
    """Name of the figure for the clerk, in Chinese."""
    values: tuple[Value[T_co], ...]
    gaps: tuple[Gap, ...] = ()
    present: YearMonth | None = None
    """Month in which a setting is asked for that was loaded; None: the shipped history, whose last value has no end."""
    damaged: str = ""
    """Name of the loaded file that can no longer be trusted: then the figure is refused, never guessed."""

    def on(self, month: YearMonth, known: date | None = None) -> Value[T_co]:
        """Return the figure ruling a fee month, as it was known on a day (None: as known today).

        Of several publications for the same month the latest one wins.

        Raises:
            NotInForce: the law is silent, or its figure was not loaded.
            FigureDamaged: what was loaded for it is not what was confirmed.

        """
        if self.damaged:
            raise FigureDamaged(figure=self.figure, month=month, file=self.damaged)
        ruling = [value for value in self.values if value.rules(month) and _published(value, known)]
        if not ruling:
            raise NotInForce(figure=self.figure, month=month)
        return max(ruling, key=lambda value: value.known_from or date.min)

    def lasting(self) -> Value[T_co]:
        """Return the figure without an end, for settings that are asked for outside any fee month."""
        if self.damaged:
            raise FigureDamaged(figure=self.figure, month="当前", file=self.damaged)
        if self.present is not None:
            return self.on(self.present)
        for value in self.values:
            if value.until is None:
                return value
        raise NotInForce(figure=self.figure, month="当前")


def _published(value: Value[object], known: date | None) -> bool:
    return known is None or value.known_from is None or value.known_from <= known
