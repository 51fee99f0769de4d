"""Months over which an account is paid out (计发月数), by age at retirement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from counter_tui.policy.dated import Confidence, weaker
from counter_tui.policy.explanation import Explanation, Line
from counter_tui.policy.sections import Section
from counter_tui.policy.yearly import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

_LAW: Final = Path(__file__).parent / "data" / "payout_months.toml"
_YEAR: Final = 12
_OLDEST: Final = 120
_MOST: Final = 1200


class AgeWithoutPayoutMonths(CounterError):
    """年龄 {age} 没有计发月数，计发月数表只列 {youngest} 至 {oldest} 周岁，请核对退休年龄"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutLaw:
    """The published months of whole ages, and how sure we are of them and of what lies between."""

    months: Mapping[int, int]
    doubts: Mapping[int, str]
    """Whole ages whose months must be confirmed, with the reason."""
    by: str
    confidence: Confidence
    between_by: str
    between_confidence: Confidence

    @property
    def youngest(self) -> int:
        """First published age in years."""
        return min(self.months)

    @property
    def oldest(self) -> int:
        """Last published age in years."""
        return max(self.months)

    def refuse_unlisted(self, age_months: int) -> None:
        """Refuse an age outside the published ones."""
        if not self.youngest * _YEAR <= age_months <= self.oldest * _YEAR:
            raise AgeWithoutPayoutMonths(age=age_text(age_months), youngest=self.youngest, oldest=self.oldest)


def payout_months(age_months: int) -> Decimal:
    """Return the payout months of an age in months: as published, or interpolated, half up to one decimal.

    Raises:
        AgeWithoutPayoutMonths: the age is not within the published ones.

    """
    law = payout_law()
    law.refuse_unlisted(age_months)
    years, extra = divmod(age_months, _YEAR)
    months = law.months[years]
    if not extra:
        return Decimal(months)
    twelfths = months * _YEAR - (months - law.months[years + 1]) * extra
    tenths = (twelfths * 10 * 2 + _YEAR) // (2 * _YEAR)
    return Decimal(tenths).scaleb(-1)


def payout_explanation(age_months: int) -> Explanation:
    """Explain the payout months of an age in months; errors as `payout_months`."""
    shown = f"{payout_months(age_months)}"
    law = payout_law()
    years, extra = divmod(age_months, _YEAR)
    lines = [_published(law, years)]
    if extra:
        one, other = law.months[years], law.months[years + 1]
        lines += [
            _published(law, years + 1),
            Line(
                label=f"{age_text(age_months)}计发月数",
                formula=f"{one} -（{one} - {other}）* {extra} / 12",
                value=shown,
                by=law.between_by,
                confidence=weaker(law.between_confidence, _trust(law, years, years + 1)),
            ),
        ]
    return Explanation(title=f"{age_text(age_months)}的计发月数", lines=tuple(lines))


def age_text(age_months: int) -> str:
    """Write an age in months as clerks say it: `60 岁 1 个月`."""
    years, extra = divmod(age_months, _YEAR)
    return f"{years} 岁 {extra} 个月" if extra else f"{years} 岁"


def _trust(law: PayoutLaw, *ages: int) -> Confidence:
    """Return how sure we are of the published months of some whole ages."""
    return Confidence.LOW if any(age in law.doubts for age in ages) else law.confidence


@cache
def payout_law(path: Path = _LAW) -> PayoutLaw:
    """Read the published months; anything out of order raises LawFault."""
    file = Section.of_file(path)
    between, doubts = file.section("between"), file.section("doubts")
    months = _months(file.section("months"))
    law = PayoutLaw(
        months=months,
        doubts={_age(doubts, name): doubts.text(name) for name in doubts.rest()},
        by=file.text("by"),
        confidence=file.confidence(),
        between_by=between.text("by"),
        between_confidence=between.confidence(),
    )
    between.finish()
    file.finish()
    return law


def _months(section: Section) -> dict[int, int]:
    months = {_age(section, name): whole_number(section, name, 1, _MOST) for name in section.rest()}
    if not months:
        raise section.fault("", "没有数值")
    for age in range(min(months), max(months)):
        if age + 1 not in months:
            raise section.fault(str(age + 1), "缺少此年龄")
        if months[age + 1] >= months[age]:
            raise section.fault(str(age + 1), "计发月数应随年龄减少")
    return months


def _age(section: Section, name: str) -> int:
    if name not in map(str, range(1, _OLDEST + 1)):
        raise section.fault(name, "应为周岁")
    return int(name)


def _published(law: PayoutLaw, age: int) -> Line:
    doubt = f"（{law.doubts[age]}）" if age in law.doubts else ""
    return Line(label=f"{age} 岁计发月数", value=f"{law.months[age]}{doubt}", by=law.by, confidence=_trust(law, age))
