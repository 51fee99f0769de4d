"""Personal accounts: a year's interest by month products (rules of the account, §5)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import Rounding, grouped, round_ratio
from counter_tui.errors import CounterError
from counter_tui.policy.explanation import Explanation, Line, percent
from counter_tui.policy.sections import Section
from counter_tui.policy.yearly import Yearly, read_years, source_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from counter_tui.policy.dated import Confidence

_LAW: Final = Path(__file__).parent / "data" / "account_interest.toml"
_MONTHS: Final = 12


class NotTwelveMonths(CounterError):
    """个人账户按年计息需要 12 个月的记账额，现有 {count} 个，请补齐（未缴的月份填 0）"""


class NegativeBalance(CounterError):
    """个人账户的{part}不能为负数，请核对账户记录"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountYear:
    """One calendar year of an account. Money in fen."""

    interest: int
    closing: int
    """Balance after the interest of the year was credited."""
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestLaw:
    """The yearly rates, and the authority of the method."""

    rates: Yearly[Decimal]
    by: str
    confidence: Confidence


def account_year(
    rates: Yearly[Decimal],
    year: int,
    opening: int,
    credits: Sequence[int],  # noqa: A002  what enters an account
) -> AccountYear:
    """Compute a year's interest and closing balance from the opening balance and twelve credits, January first, in fen.

    The rates are those of the law in force, `policy.yearly.account_interest`. A credit earns interest from its own
    month on; the interest is rounded once, half up to fen.

    Raises:
        NotInForce: the rate of the year was not published.
        NotTwelveMonths, NegativeBalance: the account is not as it must be.

    """
    _refuse_wrong(opening, credits)
    law = interest_law()
    rate = rates.of(year)
    paid_in = sum(credits)
    product = sum(credit * (_MONTHS - number) for number, credit in enumerate(credits))
    exact = Fraction(rate.value) * (opening + Fraction(product, _MONTHS))
    interest = round_ratio(exact.numerator, exact.denominator, Rounding.HALF_UP_FEN)
    closing = opening + paid_in + interest
    shown = percent(rate.value)
    lines = (
        Line(label="年初余额", value=grouped(opening)),
        Line(label="当年记账额", value=grouped(paid_in)),
        Line(
            label="月积数",
            formula="各月记账额 *（12 - 月份 + 1）之和",
            value=grouped(product),
            by=law.by,
            confidence=law.confidence,
            below=partial(_products, year, tuple(credits)),
        ),
        source_line(f"{year} 年记账利率", rate, shown),
        Line(
            label="当年利息",
            formula=f"{grouped(opening)} * {shown} + {grouped(product)} * {shown} / 12，{Rounding.HALF_UP_FEN.label}",
            value=grouped(interest),
        ),
        Line(
            label="年末余额",
            formula=f"{grouped(opening)} + {grouped(paid_in)} + {grouped(interest)}",
            value=grouped(closing),
        ),
    )
    explanation = Explanation(title=f"个人账户 {year} 年计息", lines=lines)
    return AccountYear(interest=interest, closing=closing, explanation=explanation)


def _products(year: int, credited: Sequence[int]) -> Explanation:
    law = interest_law()
    return Explanation(
        title=f"{year} 年各月积数",
        lines=tuple(
            Line(
                label=f"{number} 月",
                formula=f"{grouped(credit)} * {_MONTHS - number + 1}",
                value=grouped(credit * (_MONTHS - number + 1)),
                by=law.by,
                confidence=law.confidence,
            )
            for number, credit in enumerate(credited, start=1)
            if credit
        ),
    )


@cache
def interest_law(path: Path = _LAW) -> InterestLaw:
    """Read the rates; anything out of order raises LawFault."""
    file = Section.of_file(path)
    method = file.section("method")
    law = InterestLaw(
        rates=read_years(file, "个人账户记账利率", read_rate),
        by=method.text("by"),
        confidence=method.confidence(),
    )
    method.finish()
    file.finish()
    return law


def read_rate(item: Section) -> Decimal:
    """Take the key `rate` of a year."""
    return item.rate("rate")


def _refuse_wrong(opening: int, credits: Sequence[int]) -> None:  # noqa: A002  as above
    if len(credits) != _MONTHS:
        raise NotTwelveMonths(count=len(credits))
    if opening < 0:
        raise NegativeBalance(part="年初余额")
    for number, credit in enumerate(credits, start=1):
        if credit < 0:
            raise NegativeBalance(part=f" {number} 月记账额")
