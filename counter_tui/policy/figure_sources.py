"""Every place where figures of the law are kept, walked for the list of figures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from counter_tui.domain.calendar import EARLIEST_YEAR, YearMonth
from counter_tui.domain.codes import codelist, codelist_ids
from counter_tui.policy import authority
from counter_tui.policy.charges import Merged, RiskClasses, YearlyAmount
from counter_tui.policy.dated import Confidence
from counter_tui.policy.explanation import percent
from counter_tui.policy.figure_entries import FigureEntry, Group
from counter_tui.policy.figure_words import shown_limit, shown_value
from counter_tui.policy.national_sources import collection_entries, credit_entries, pension_entries
from counter_tui.policy.payout_months import age_text, payout_law
from counter_tui.policy.retirement import retirement_law
from counter_tui.policy.retirement_terms import retirement_terms
from counter_tui.policy.yearly_figures import YEARLY_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counter_tui.policy.charges import Charge
    from counter_tui.policy.dated import Dated, Value
    from counter_tui.policy.explanation import Explanation
    from counter_tui.policy.regions import Policy

T = TypeVar("T")

_ALWAYS: Final = YearMonth(EARLIEST_YEAR, 1)


def all_entries(policy: Policy) -> Iterator[FigureEntry]:
    """Every entry of a region, group by group, each figure's history from its first month on."""
    yield from _limits(policy)
    yield from sorted((*_charges(policy), *_collection(Group.RATES)), key=_group_first)
    yield from _late_fees(policy)
    yield from _collection(Group.LATE_FEE)
    yield from _settings(policy)
    yield from sorted((*_yearly(policy), *credit_entries(policy.region.code)), key=_group_first)
    yield from _retirement()
    yield from pension_entries(policy.region.code)
    yield from _payout()
    yield from _codes(policy)


def _group_first(entry: FigureEntry) -> int:
    return list(Group).index(entry.group)


def _limits(policy: Policy) -> Iterator[FigureEntry]:
    for scheme in sorted({*policy.floors, *policy.ceilings}):
        for word, histories, below in (
            ("floor", policy.floors, authority.floor_authority),
            ("ceiling", policy.ceilings, authority.ceiling_authority),
        ):
            if scheme in histories:
                told = partial(_told, below, policy, scheme)
                yield from _dated(Group.LIMITS, f"{word}:{scheme}", histories[scheme], shown_limit, told)


def _charges(policy: Policy) -> Iterator[FigureEntry]:
    def words(charge: Charge) -> str:
        return f"并入{policy.scheme_name(charge.into)}" if isinstance(charge, Merged) else shown_value(charge)

    for scheme, history in sorted(policy.charges.items()):
        told = partial(_told, authority.charge_authority, policy, scheme)
        yield from _dated(_kind(history), f"charge:{scheme}", history, words, told)


def _kind(history: Dated[Charge]) -> Group:
    """Classes of risk and yearly amounts are groups of their own."""
    kinds = {type(value.value) for value in history.values}
    return Group.CLASSES if RiskClasses in kinds else Group.FIXED if YearlyAmount in kinds else Group.RATES


def _collection(group: Group) -> Iterator[FigureEntry]:
    return (entry for entry in collection_entries() if entry.group is group)


def _settings(policy: Policy) -> Iterator[FigureEntry]:
    for name, history in sorted(policy.settings.items()):
        told = partial(_told, authority.setting_authority, policy, name)
        yield from _dated(Group.SETTINGS, f"setting:{name}", history, partial(authority.setting_text, name), told)


def _told(
    tell: Callable[[Policy, str, YearMonth], Explanation], policy: Policy, key: str, month: YearMonth
) -> Callable[[], Explanation]:
    return partial(tell, policy, key, month)


def _dated(
    group: Group,
    code: str,
    history: Dated[T],
    words: Callable[[T], str],
    told: Callable[[YearMonth], Callable[[], Explanation]],
) -> Iterator[FigureEntry]:
    entries = [_valued(group, code, history.figure, value, words, told(value.since)) for value in history.values]
    entries += [_gap(group, code, history.figure, gap.since, gap.until, gap.note) for gap in history.gaps]
    if history.damaged:
        note = f"载入的文件 {history.damaged} 已损坏或被改动，请重新载入"
        entries.append(_gap(group, code, history.figure, _ALWAYS, None, note))
    yield from sorted(entries, key=_begins)


def _begins(entry: FigureEntry) -> tuple[str, str]:
    return str(entry.since or ""), str(entry.known_from or "")


def _valued(
    group: Group,
    code: str,
    label: str,
    value: Value[T],
    words: Callable[[T], str],
    below: Callable[[], Explanation] | None = None,
) -> FigureEntry:
    return FigureEntry(
        group=group,
        code=code,
        label=label,
        value=words(value.value),
        since=None if value.since <= _ALWAYS else value.since.first_day,
        until=value.until.last_day if value.until else None,
        by=value.by,
        known_from=value.known_from,
        confidence=value.confidence,
        training=value.training,
        provisional=value.provisional,
        below=below,
    )


def _gap(group: Group, code: str, label: str, since: YearMonth, until: YearMonth | None, note: str) -> FigureEntry:
    return FigureEntry(
        group=group,
        code=code,
        label=label,
        value="",
        since=None if since <= _ALWAYS else since.first_day,
        until=until.last_day if until else None,
        by=note,
        gap=True,
    )


def _late_fees(policy: Policy) -> Iterator[FigureEntry]:
    for period in policy.late_fee_periods:
        yield FigureEntry(
            group=Group.LATE_FEE,
            code="late_fee",
            label="滞纳金日费率",
            value=percent(period.per_day),
            since=period.since,
            until=period.until,
            by=period.by,
            confidence=period.confidence,
            daily=True,
            below=partial(authority.period_authority, policy, period),
        )


def _yearly(policy: Policy) -> Iterator[FigureEntry]:
    for key, history in policy.yearly.histories.items():
        kind = YEARLY_KINDS[key]
        yield from _dated(kind.group, key, history, kind.words, partial(_told, authority.yearly_authority, policy, key))


def _retirement() -> Iterator[FigureEntry]:
    law, terms = retirement_law(), retirement_terms()
    for code, category in law.categories.items():
        yield FigureEntry(
            group=Group.RETIREMENT,
            code=f"retirement:{code}",
            label=f"{category.name}法定退休年龄",
            value=f"{age_text(category.original)}，{category.first_birth} 出生起每 {category.step} 个月延迟 1 个月，"
            f"最多 {category.cap} 个月",
            since=law.since.first_day,
            until=None,
            by=law.by,
            confidence=law.confidence,
        )
    for value in terms.minimum.values:
        yield _valued(Group.RETIREMENT, "minimum_months", terms.minimum.figure, value, lambda months: f"{months} 个月")
    yield _valued(
        Group.RETIREMENT, "flexible", "弹性退休", terms.flexible, lambda months: f"可提前或延后，最多 {months} 个月"
    )


def _payout() -> Iterator[FigureEntry]:
    law = payout_law()
    for age, months in law.months.items():
        doubt = law.doubts.get(age)
        yield FigureEntry(
            group=Group.PAYOUT,
            code=f"payout:{age}",
            label=f"{age} 岁计发月数",
            value=f"{months} 个月",
            since=None,
            until=None,
            by=f"{law.by}；{doubt}" if doubt else law.by,
            confidence=Confidence.LOW if doubt else law.confidence,
        )
    yield FigureEntry(
        group=Group.PAYOUT,
        code="payout:between",
        label="周岁之间的计发月数",
        value="按月插值，一位小数",
        since=None,
        until=None,
        by=law.between_by,
        confidence=law.between_confidence,
    )


def _codes(policy: Policy) -> Iterator[FigureEntry]:
    for list_id in codelist_ids():
        overlays = policy.codes(list_id) or {}
        named = codelist(list_id)
        for entry in named.overridden(overlays).codes:
            local = entry.code in overlays
            yield FigureEntry(
                group=Group.CODES,
                code=f"{list_id}:{entry.code}",
                label=f"{named.title} {entry.code}",
                value=entry.name if entry.selectable else f"{entry.name}（不再选用）",
                since=None,
                until=None,
                by=f"{policy.region.city}的名称" if local else "默认代码表",
            )
