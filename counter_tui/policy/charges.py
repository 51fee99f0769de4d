"""What a scheme charges: shares of the base, classes of risk, a yearly amount, or nothing since a merger."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.dated import Confidence, Value

NOTHING = Decimal(0)


class MergedScheme(CounterError):
    """{month} 起「{figure}」已并入「{into}」，不再单独缴费，请去掉该险种"""


class YearlyScheme(CounterError):
    """「{figure}」按年定额收取，没有缴费比例"""


class InjuryClassMissing(CounterError):
    """单位尚未登记工伤风险类别，请先补录类别（1 至 8 类）再办"""


class NoSuchInjuryClass(CounterError):
    """{month} 的工伤风险类别只有 {classes}，没有 {injury_class} 类，请核对单位当时的类别"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Exact rates on the base; the account rates are parts of the same side's rate."""

    employer: Decimal
    person: Decimal
    account_employer: Decimal = NOTHING
    account_person: Decimal = NOTHING
    components: tuple[tuple[str, Decimal], ...] = ()
    """Sub-items of the employer's rate kept for reports, such as maternity inside medical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskClasses:
    """Employer's rate by class of risk, as executed; persons pay nothing."""

    rates: Mapping[int, Decimal]

    def rate(self, injury_class: int | None, month: YearMonth) -> Decimal:
        """Return the rate of a class, or raise InjuryClassMissing or NoSuchInjuryClass."""
        if injury_class is None:
            raise InjuryClassMissing
        if injury_class not in self.rates:
            classes = "、".join(str(number) for number in self.rates)
            raise NoSuchInjuryClass(month=month, classes=f"{classes} 类", injury_class=injury_class)
        return self.rates[injury_class]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyAmount:
    """A fixed amount in fen, collected as a whole in one named month and never spread."""

    employer: int
    person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The scheme is carried by another one."""

    into: str


Charge: TypeAlias = Shares | RiskClasses | YearlyAmount | Merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Rates of a scheme in a fee month with their authority."""

    employer: Decimal
    person: Decimal
    account_employer: Decimal
    account_person: Decimal
    components: tuple[tuple[str, Decimal], ...]
    by: str
    confidence: Confidence
    training: bool
    source: Value[Charge]
    """The dated figure they were read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Published floor and ceiling of the base in fen; never recomputed from an average."""

    floor: int
    ceiling: int
    by: str
    confidence: Confidence
    training: bool
    sources: tuple[Value[int], Value[int]]
    """The dated figures of floor and ceiling."""
