"""The national pension formula (国发〔2005〕38号): an estimate; what counts is the bureau's approval."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import Rounding, grouped, round_ratio
from counter_tui.errors import CounterError
from counter_tui.policy.dated import Confidence
from counter_tui.policy.explanation import Explanation, Line, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BY: Final = "国发〔2005〕38号"
_PER_YEAR: Final = Decimal("0.01")
"""Share of the average of base and indexed wage that one contribution year earns."""
_HIGHEST_INDEX: Final = 3
ESTIMATE: Final = "月养老金试算，仅供参考"
"""Title of the explanation: what counts is the approval."""
YEARS_DECIMALS: Final = 2
"""Decimals to which approvals show contribution years where the region says nothing else."""
_MOST_DECIMALS: Final = 4
_ROUNDED_MONTHS: Final = Decimal("0.06")
"""How far years of two decimals may lie above the months they were counted from."""
_HALF_UP: Final = Rounding.HALF_UP_FEN


class BadPensionBase(CounterError):
    """养老金计发基数应大于零，请核对"""


class BadIndex(CounterError):
    """平均缴费指数 {index} 不正确，应大于 0 且不超过 3，例如 1.2035"""


class BadContributionMonths(CounterError):
    """{part} {months} 个月不正确，请核对缴费年限"""


class BadTransitionalYears(CounterError):
    """过渡性养老金的年限 {years} 年不正确，应大于零且不超过缴费年限，请核对"""


class BadAccountBalance(CounterError):
    """个人账户储存额不能为负数，请核对账户记录"""


class BadPayoutMonths(CounterError):
    """计发月数 {months} 不正确，应大于零，请按退休年龄查表"""


class BadCoefficient(CounterError):
    """过渡性养老金计发系数 {coefficient} 不正确，应写成 0.013 这样的小数"""


class Multiplicand(StrEnum):
    """What the transitional years are multiplied with; regions differ."""

    AVERAGE = "average"
    """Half of base and indexed wage together."""
    INDEXED = "indexed"
    """The indexed wage alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transitional:
    """A region's rule for work before personal accounts began, and the person's months of it."""

    years: Decimal
    """Contribution years, deemed ones included, before the region's cut-off."""
    coefficient: Decimal
    """Share of the multiplicand that one year earns, such as 0.013."""
    by: str = ""
    multiplicand: Multiplicand = Multiplicand.AVERAGE
    index: Decimal | None = None
    """The index of these years where the region has one of its own; None: the average index."""
    confidence: Confidence = Confidence.LOW

    @classmethod
    def of_months(
        cls,
        months: int,
        *,
        coefficient: Decimal,
        by: str,
        multiplicand: Multiplicand = Multiplicand.AVERAGE,
        index: Decimal | None = None,
        confidence: Confidence = Confidence.LOW,
        decimals: int = YEARS_DECIMALS,
    ) -> Transitional:
        """Count the years from months; BadContributionMonths when there are none."""
        if months <= 0:
            raise BadContributionMonths(part="过渡性养老金的年限", months=months)
        return cls(
            years=contribution_years(months, decimals),
            coefficient=coefficient,
            by=by,
            multiplicand=multiplicand,
            index=index,
            confidence=confidence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pension:
    """A monthly pension and its parts in fen, each rounded half up to fen."""

    basic: int
    account: int
    transitional: int
    total: int
    explanation: Explanation


def pension(
    base: int,
    index: Decimal,
    months: int,
    account_balance: int,
    payout_months: Decimal,
    transitional: Transitional | None,
    *,
    figures: Sequence[Line] = (),
    decimals: int = YEARS_DECIMALS,
    title: str = ESTIMATE,
) -> Pension:
    """Estimate a monthly pension from base and balance in fen, the average index and all contribution months.

    The indexed wage is rounded to fen before it is used, and years to the decimals of the region, as approvals show
    them. `figures` says where base, index and payout months were read; it opens the explanation.

    Raises:
        BadPensionBase, BadIndex, BadContributionMonths, BadAccountBalance, BadPayoutMonths, BadTransitionalYears,
        BadCoefficient: a figure that no person can have.

    """
    _refuse_wrong(base, index, months, account_balance, payout_months)
    if transitional is not None:
        _refuse_wrong_rule(transitional, months)
    indexed, years = _indexed(base, index), contribution_years(months, decimals)
    basic = _fen(Fraction(base + indexed, 2) * Fraction(years) * Fraction(_PER_YEAR))
    account = _fen(account_balance / Fraction(payout_months))
    extra = _transitional(base, index, transitional) if transitional else 0
    total = basic + account + extra
    half = f"（{grouped(base)} + {grouped(indexed)}）/ 2"
    lines = [
        *figures,
        _indexed_line("指数化月平均缴费工资", base, index),
        Line(label="缴费年限", formula=f"{months} 个月 / 12，保留 {decimals} 位小数", value=f"{years} 年"),
        _part("基础养老金", f"{half} * {years} * {percent(_PER_YEAR)}", basic),
        _part("个人账户养老金", f"{grouped(account_balance)} / {payout_months}", account),
        *(_transitional_lines(base, index, transitional, extra) if transitional else ()),
        Line(label="月养老金合计", formula=_sum(basic, account, extra), value=grouped(total)),
    ]
    return Pension(
        basic=basic,
        account=account,
        transitional=extra,
        total=total,
        explanation=Explanation(title=title, lines=tuple(lines)),
    )


def contribution_years(months: int, decimals: int = YEARS_DECIMALS) -> Decimal:
    """Turn months into years with so many decimals, half up: 208 months are 17.33."""
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise ValueError(decimals)
    return Decimal(round_ratio(months * 10**decimals, 12, _HALF_UP)).scaleb(-decimals)


def _refuse_wrong(base: int, index: Decimal, months: int, account_balance: int, payout_months: Decimal) -> None:
    if base <= 0:
        raise BadPensionBase
    _refuse_wrong_index(index)
    if months <= 0:
        raise BadContributionMonths(part="缴费年限", months=months)
    if account_balance < 0:
        raise BadAccountBalance
    if not payout_months.is_finite() or payout_months <= 0:
        raise BadPayoutMonths(months=payout_months)


def _refuse_wrong_index(index: Decimal) -> None:
    if not index.is_finite() or not 0 < index <= _HIGHEST_INDEX:
        raise BadIndex(index=index)


def _refuse_wrong_rule(rule: Transitional, months: int) -> None:
    if not rule.years.is_finite() or not 0 < rule.years * 12 <= months + _ROUNDED_MONTHS:
        raise BadTransitionalYears(years=rule.years)
    if not rule.coefficient.is_finite() or not 0 < rule.coefficient < 1:
        raise BadCoefficient(coefficient=rule.coefficient)
    if rule.index is not None:
        _refuse_wrong_index(rule.index)


def _indexed(base: int, index: Decimal) -> int:
    return _fen(base * Fraction(index))


def _transitional(base: int, index: Decimal, rule: Transitional) -> int:
    indexed = _indexed(base, rule.index or index)
    whole = Fraction(indexed) if rule.multiplicand is Multiplicand.INDEXED else Fraction(base + indexed, 2)
    return _fen(whole * Fraction(rule.years) * Fraction(rule.coefficient))


def _transitional_lines(base: int, index: Decimal, rule: Transitional, amount: int) -> Iterator[Line]:
    if rule.index is not None:
        yield _indexed_line("过渡性养老金的指数化工资", base, rule.index)
    indexed = grouped(_indexed(base, rule.index or index))
    whole = indexed if rule.multiplicand is Multiplicand.INDEXED else f"（{grouped(base)} + {indexed}）/ 2"
    yield Line(
        label="过渡性养老金",
        formula=f"{whole} * {rule.years} * {percent(rule.coefficient)}，{_HALF_UP.label}",
        value=grouped(amount),
        by=rule.by,
        confidence=rule.confidence,
    )


def _indexed_line(label: str, base: int, index: Decimal) -> Line:
    return Line(
        label=label, formula=f"{grouped(base)} * {index}，{_HALF_UP.label}", value=grouped(_indexed(base, index))
    )


def _part(label: str, formula: str, amount: int) -> Line:
    return Line(label=label, formula=f"{formula}，{_HALF_UP.label}", value=grouped(amount), by=_BY)


def _sum(basic: int, account: int, extra: int) -> str:
    return " + ".join(grouped(part) for part in (basic, account, extra) if part)


def _fen(exact: Fraction) -> int:
    return round_ratio(exact.numerator, exact.denominator, _HALF_UP)
