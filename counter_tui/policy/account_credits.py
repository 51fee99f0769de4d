"""What of a contribution base is credited to the personal account, by month, region and kind of payer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import Rounding, grouped, round_fen
from counter_tui.errors import CounterError
from counter_tui.policy.dated import NotShipped, Value
from counter_tui.policy.explanation import Explanation, Line, percent
from counter_tui.policy.histories import Figures
from counter_tui.policy.pension_figures import is_region_code, province_of
from counter_tui.policy.sections import Section

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.dated import Dated

_LAW: Final = Path(__file__).parent / "data" / "account_credit.toml"
_NATION: Final = "CN"
_FIGURE: Final = "个人账户记账比例"


class NegativeBase(CounterError):
    """缴费基数不能为负数，请核对缴费记录"""


class Insured(StrEnum):
    """Whose account it is: the rules have different beginnings."""

    EMPLOYEE = "employee"
    FLEXIBLE = "flexible"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """The kind of payer in Chinese."""
        return _LABELS[self]


_LABELS: Final = {
    Insured.EMPLOYEE: "企业职工",
    Insured.FLEXIBLE: "灵活就业人员",
    Insured.PUBLIC: "机关事业单位人员",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCredit:
    """What enters an account for one month, in fen."""

    amount: int
    ratio: Value[Decimal]
    explanation: Explanation


def account_credit(region_code: str, base: int, month: YearMonth, insured: Insured = Insured.EMPLOYEE) -> AccountCredit:
    """Compute the credit of a fee month from the contribution base in fen, rounded once, half up to fen.

    Raises:
        NotShipped: there were no such accounts in that month.
        NegativeBase: a base below zero.

    """
    if base < 0:
        raise NegativeBase
    ratio = credit_ratio(region_code, month, insured)
    amount = round_fen(base * ratio.value, Rounding.HALF_UP_FEN)
    line = Line.resting_on(
        ratio,
        label="记入个人账户",
        formula=f"{grouped(base)} * {percent(ratio.value)}，{Rounding.HALF_UP_FEN.label}",
        value=grouped(amount),
    )
    title = f"{month} {insured.label}个人账户记账额"
    return AccountCredit(amount=amount, ratio=ratio, explanation=Explanation(title=title, lines=(line,)))


def credit_ratio(region_code: str, month: YearMonth, insured: Insured = Insured.EMPLOYEE) -> Value[Decimal]:
    """Return the share of the base that is credited: the place's own, its province's, or the nation's.

    Raises:
        NotShipped: there were no such accounts in that month.

    """
    places = (region_code, province_of(region_code)) if is_region_code(region_code) else ()
    histories = credit_histories()
    for place in places:
        history = histories.get((place, insured))
        ruling = [value for value in history.values if value.rules(month)] if history else []
        if ruling:
            return ruling[0]
    nation = histories.get((_NATION, insured))
    if nation is None:
        raise NotShipped(figure=f"{insured.label}{_FIGURE}", month=month)
    return nation.on(month)


@cache
def credit_histories(path: Path = _LAW) -> Mapping[tuple[str, Insured], Dated[Decimal]]:
    """Read the ratios by place and kind of payer; anything out of order raises LawFault."""
    file = Section.of_file(path)
    figures = Figures(schemes={}, training=False)
    histories: dict[tuple[str, Insured], Dated[Decimal]] = {}
    for item in file.sections("histories"):
        key = (_place(item), _insured(item))
        if key in histories:
            raise item.fault("code", f"{key[0]} 有两条重叠的记录")
        values = [(entry, figures.value(entry, entry.rate("ratio"))) for entry in item.sections("values")]
        histories[key] = figures.history(item, f"{key[1].label}{_FIGURE}", values, ())
        item.finish()
    if not histories:
        raise file.fault("histories", "没有数值")
    file.finish()
    return histories


def _place(item: Section) -> str:
    code = item.text("code")
    if code != _NATION and not is_region_code(code):
        raise item.fault("code", "应为 CN 或六位行政区划代码")
    return code


def _insured(item: Section) -> Insured:
    text = item.text("insured")
    if text not in set(Insured):
        raise item.fault("insured", "应为 employee、flexible 或 public")
    return Insured(text)
