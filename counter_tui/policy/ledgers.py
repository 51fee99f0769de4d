"""The ledger of a personal account over many years, each year's interest at that year's published rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.money import grouped
from counter_tui.errors import CounterError
from counter_tui.policy.accounts import account_year
from counter_tui.policy.dated import FigureDamaged, NotInForce
from counter_tui.policy.explanation import Explanation, Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from counter_tui.policy.accounts import AccountYear
    from counter_tui.policy.dated import Value
    from counter_tui.policy.yearly import Yearly


class RateNotPublished(NotInForce):
    """{year} 年的个人账户记账利率尚未公布或未载入，{ready}；公布后由管理员在路径 99「参数与代码」载入再算"""


class NoLedgerYears(CounterError):
    """没有可计息的年度，请先录入各年记账额"""


class YearSkipped(CounterError):
    """个人账户台账缺 {year} 年，请补齐（全年未缴的填 12 个 0）"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """An account from its first to its last year. Money in fen."""

    opening: int
    paid_in: int
    interest: int
    closing: int
    years: Mapping[int, AccountYear]
    explanation: Explanation


def ledger(
    rates: Yearly[Decimal],
    opening: int,
    credits: Mapping[int, Sequence[int]],  # noqa: A002  what enters an account
) -> Ledger:
    """Carry an opening balance through the years, with twelve credits for each, January first, in fen.

    Raises:
        FigureDamaged: what was loaded for the rates is not what was confirmed.
        RateNotPublished: a year has no published rate; the sentence says up to which year the ledger can be drawn.
        NoLedgerYears, YearSkipped: the years do not follow each other.
        NotTwelveMonths, NegativeBalance: as `account_year`.

    """
    _refuse_wrong(rates, sorted(credits))
    balance = opening
    years: dict[int, AccountYear] = {}
    for year in sorted(credits):
        years[year] = account_year(rates, year, balance, credits[year])
        balance = years[year].closing
    paid_in = sum(sum(months) for months in credits.values())
    return Ledger(
        opening=opening,
        paid_in=paid_in,
        interest=balance - opening - paid_in,
        closing=balance,
        years=years,
        explanation=_explanation(rates, opening, paid_in, balance, years),
    )


def _refuse_wrong(rates: Yearly[Decimal], years: list[int]) -> None:
    if not years:
        raise NoLedgerYears
    for expected, year in enumerate(years, start=years[0]):
        if year != expected:
            raise YearSkipped(year=expected)
        try:
            rates.of(year)
        except FigureDamaged:
            raise
        except NotInForce as missing:
            ready = f"台账只能算到 {year - 1} 年末" if year > years[0] else "该年不能计息"
            raise RateNotPublished(year=year, ready=ready, figure=rates.figure, month=f"{year} 年") from missing


def _explanation(
    rates: Yearly[Decimal], opening: int, paid_in: int, closing: int, years: Mapping[int, AccountYear]
) -> Explanation:
    lines = [Line(label="期初余额", value=grouped(opening))]
    balance, used = opening, [rates.of(number) for number in years]
    for rate, (number, year) in zip(used, years.items(), strict=True):
        lines.append(_year_line(number, balance, year, rate))
        balance = year.closing
    interest = closing - opening - paid_in
    first, last = min(years), max(years)
    lines.append(
        replace(
            Line.resting_on(
                *used,
                label=f"{last} 年末余额",
                formula=f"{grouped(opening)} + 记账 {grouped(paid_in)} + 利息 {grouped(interest)}",
                value=grouped(closing),
            ),
            by="",
        )
    )
    return Explanation(title=f"个人账户台账 {first} 至 {last} 年", lines=tuple(lines))


def _year_line(number: int, opening: int, year: AccountYear, rate: Value[Decimal]) -> Line:
    paid_in = year.closing - opening - year.interest
    return Line.resting_on(
        rate,
        label=f"{number} 年",
        formula=f"{grouped(opening)} + {grouped(paid_in)} + {grouped(year.interest)}",
        value=grouped(year.closing),
        below=partial(_opened, year),
    )


def _opened(year: AccountYear) -> Explanation:
    return year.explanation
