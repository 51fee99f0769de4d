"""Figures of pensions, accounts and collection that stand in national tables, for the list of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.policy.account_credits import Insured, credit_histories
from counter_tui.policy.collection_terms import collection_terms
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.explanation import percent
from counter_tui.policy.figure_entries import FigureEntry, Group
from counter_tui.policy.pension_figures import province_of
from counter_tui.policy.pension_rules import pension_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.policy.dated import Confidence


def collection_entries() -> Iterator[FigureEntry]:
    """What is asked of employers that did not insure or declare."""
    terms = collection_terms()
    injury = terms.uninsured_injury
    yield FigureEntry(
        group=Group.LATE_FEE,
        code="late_fee:uninsured_injury",
        label="未参加工伤保险的滞纳金日费率",
        value=percent(injury.per_day),
        since=injury.since,
        until=injury.until,
        by=injury.by,
        confidence=injury.confidence,
        daily=True,
    )
    for value in terms.undeclared.values:
        yield FigureEntry(
            group=Group.RATES,
            code="undeclared",
            label="未申报时按上月缴费额核定",
            value=f"{value.value}%",
            since=value.since.first_day,
            until=value.until.last_day if value.until else None,
            by=value.by,
            confidence=value.confidence,
        )


def credit_entries(region: str) -> Iterator[FigureEntry]:
    """Shares of the base that enter accounts: the nation's, then those of province and city, which rank first."""
    histories = credit_histories()
    for insured in Insured:
        for place in ("CN", province_of(region), region):
            history = histories.get((place, insured))
            for value in history.values if history is not None else ():
                yield FigureEntry(
                    group=Group.INTEREST,
                    code=f"credit:{insured}",
                    label=f"{insured.label}个人账户记账比例",
                    value=percent(value.value),
                    since=value.since.first_day,
                    until=value.until.last_day if value.until else None,
                    by=value.by,
                    confidence=value.confidence,
                )


def pension_entries(region: str) -> Iterator[FigureEntry]:
    """How pensions of a region are computed, as far as it is settled."""
    rules = pension_rules()
    yield _timeless("index:highest", "缴费指数上限", str(rules.highest_index), rules.by, rules.confidence)
    try:
        own = rules.of(region)
    except NotInForce:
        yield _unknown("transitional", "过渡性养老金系数", "本地区的计发规则没有载入")
        return
    for code, label, decimals in (("years", "缴费年限", own.years), ("index", "平均缴费指数", own.index)):
        shown = f"{decimals.places} 位"
        yield _timeless(f"decimals:{code}", f"{label}的小数位数", shown, decimals.by, decimals.confidence)
    if own.deemed is None:
        yield _unknown("deemed", "视同缴费指数", "本地区的算法未见文件")
    else:
        yield _timeless("deemed", "视同缴费指数", "本人平均缴费指数", own.deemed.by, own.deemed.confidence)
    rule = own.transitional
    shown = f"{percent(rule.coefficient)}，算至 {rule.until}"
    yield _timeless("transitional", "过渡性养老金系数", shown, rule.by, rule.confidence)
    if rule.missing:
        yield _unknown("transitional:multiplicand", "过渡性养老金乘数", rule.missing)


def _timeless(code: str, label: str, value: str, by: str, confidence: Confidence) -> FigureEntry:
    return FigureEntry(
        group=Group.RETIREMENT,
        code=code,
        label=label,
        value=value,
        since=None,
        until=None,
        by=by,
        confidence=confidence,
    )


def _unknown(code: str, label: str, note: str) -> FigureEntry:
    return FigureEntry(
        group=Group.RETIREMENT, code=code, label=label, value="", since=None, until=None, by=note, gap=True
    )
