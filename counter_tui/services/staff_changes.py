"""人员变更表 (D05): which items stand on a month's sheet, and how many persons each scheme had before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import BEIJING, YearMonth, months
from counter_tui.domain.declarations import ItemState
from counter_tui.errors import CounterError
from counter_tui.forms.catalog.prints import APPROVED, EVERY_STATE, WAITING, change_of
from counter_tui.operations.approvals import REASON_OF_VERDICT
from counter_tui.policy.contributions import contribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from counter_tui.domain.coverage import CoverageChange
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.operations.register import Register
    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import Reading

ADDING: Final = frozenset({"11", "12", "13", "14"})
STOPPING: Final = frozenset({"21", "22", "23", "24", "25"})
"""CL-CHANGE of enrolments and of stops."""
_WAITING: Final = frozenset({ItemState.SUBMITTED, ItemState.IN_REVIEW})
_APPROVED: Final = frozenset({ItemState.APPROVED, ItemState.SETTLED})
STATES: Final[Mapping[str, frozenset[ItemState]]] = {
    WAITING: _WAITING,
    APPROVED: _APPROVED,
    EVERY_STATE: _WAITING | _APPROVED,
}
"""States of items by the criterion 审核状态. What is still the clerk's (D1, D5) or void (D9) is never printed."""
_MOST_UNDER_WAY: Final = 10_000
"""Operations looked through for one that the hub does not know yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesWanted:
    """Which changes are listed; empty texts do not narrow."""

    since: YearMonth
    until: YearMonth
    change: str = ""
    """A code of the criterion 变更类型."""
    state: str = APPROVED
    name: str = ""
    """Part of a name."""
    id_number: str = ""

    def takes(self, item: Item) -> bool:
        """Tell whether an item stands on the sheet."""
        change = change_of(item)
        return (
            change is not None
            and self.change in {"", change.code}
            and item.state in STATES[self.state]
            and self.name in item.person_name
            and self.id_number in {"", item.id_number}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One line of the sheet; money in fen."""

    item: Item
    change: str
    """增, 减, 续, 转, 险种新增 or 信息."""
    schemes: tuple[str, ...]
    on: date
    """The day from which it counts; of a correction the day of its approval, or of its entry before that."""
    reason: str
    """CL-REASON, empty for corrections."""
    note: str
    """Reason in words, or what is corrected; only for corrections."""
    wage: int | None
    """Declared monthly wage; None where none is declared."""
    base: int | None
    """Contribution base by law; None where no wage is declared or the law gives none."""
    base_marks: tuple[str, ...] = ()
    """What the base rests on, such as 未确认."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """Persons of one scheme before and during a month."""

    scheme: str
    last_month: int
    added: int
    stopped: int


def change_rows(register: Register, policy: Policy, employer: Employer, wanted: ChangesWanted) -> tuple[ChangeRow, ...]:
    """The changes that meet the criteria, by month, oldest first. Months after the settlement month have none yet."""
    last = min(wanted.until, employer.settlement_month + 1)
    return tuple(
        change_row(item, policy, employer)
        for month in months(max(wanted.since, employer.joined), last)
        for item in register.items_of_month(employer.number, month)
        if wanted.takes(item)
    )


def change_row(item: Item, policy: Policy, employer: Employer) -> ChangeRow:
    """One item as a line. Raises ValueError for an item that is no change of staff or files."""
    change = change_of(item)
    if change is None:
        raise ValueError(item.function)
    body, wage = item.body, item.body.get("wage") or None
    schemes = tuple(body.get("schemes") or ())
    base, base_marks = _base(policy, employer, schemes, item.month, wage) if wage else (None, ())
    corrects = bool(change.corrects)
    reason = "" if corrects else str(body.get("reason") or REASON_OF_VERDICT.get(item.verdict, ""))
    return ChangeRow(
        item=item,
        change=change.word,
        schemes=schemes,
        on=_counts_from(item),
        reason=reason,
        note=str(body.get("reason") or "、".join(change.corrected(body))) if corrects else "",
        wage=wage,
        base=base,
        base_marks=base_marks,
    )


def _counts_from(item: Item) -> date:
    typed = item.body.get("on") or item.body.get("since")
    if typed:
        return date.fromisoformat(str(typed))
    return (item.decided or item.made).at.astimezone(BEIJING).date()


def _base(
    policy: Policy, employer: Employer, schemes: Iterable[str], month: YearMonth, wage: int
) -> tuple[int | None, tuple[str, ...]]:
    """Base of the first scheme for which the law gives one, and what it rests on."""
    for scheme in schemes:
        own = employer.scheme(scheme)
        try:
            owed = contribution(policy, scheme, month, wage, injury_class=own.injury_class if own else None)
        except CounterError:
            continue
        return owed.base, owed.base_marks
    return None, ()


def headcounts(register: Register, employer: Employer, month: YearMonth, today: date) -> tuple[Headcount, ...]:
    """Last month's number + added − stopped = this month's, for each scheme of the employer, from what took effect.

    What was approved and then reversed moved nobody and is left out on both sides.
    """
    paying: dict[str, int] = {}
    for entry in register.coverages_of_employer(employer.number):
        paying[entry.scheme] = paying.get(entry.scheme, 0) + (entry.state == "1")
    latest = max(employer.settlement_month, YearMonth.of(today))
    here = tuple(_effective(register, employer.number, month))
    later = tuple(
        change for following in months(month + 1, latest) for change in _effective(register, employer.number, following)
    )
    counts = []
    for scheme in employer.paying:
        since = _counted(scheme, later, ADDING) - _counted(scheme, later, STOPPING)
        added, stopped = _counted(scheme, here, ADDING), _counted(scheme, here, STOPPING)
        this_month = paying.get(scheme, 0) - since
        counts.append(Headcount(scheme=scheme, last_month=this_month - added + stopped, added=added, stopped=stopped))
    return tuple(counts)


def _effective(register: Register, employer: str, month: YearMonth) -> Iterator[CoverageChange]:
    void = {item.id for item in register.items_of_month(employer, month) if item.state is ItemState.VOID}
    return (change for change in register.changes(employer, month) if change.item not in void)


def _counted(scheme: str, changes: Iterable[CoverageChange], kinds: frozenset[str]) -> int:
    return sum(change.kind in kinds and scheme in change.schemes for change in changes)


def unknown_to_hub(reading: Reading, rows: Sequence[ChangeRow]) -> str:
    """An operation behind one of the lines that the hub has not taken yet; empty when it knows them all."""
    listed = {row.item.id for row in rows}
    for entry in reading.outbox(_MOST_UNDER_WAY):
        body = entry.operation.body
        if listed & {entry.operation.op_id, body.get("item"), *(body.get("items") or ())}:
            return entry.operation.op_id
    return ""
