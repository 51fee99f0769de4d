"""A bill computed again with today's figures: old, new, difference and why, person by person (rules 1.7, 3.8)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from counter_tui.domain.bills import BillState
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.money import grouped
from counter_tui.errors import CounterError
from counter_tui.operations.changed_figures import changed_figures
from counter_tui.policy.back_month_fees import FreeOfFee
from counter_tui.policy.contributions import contribution
from counter_tui.policy.differences import contribution_line, looks_at_base, signed_money
from counter_tui.policy.explanation import Explanation, Line, marks_of, signed, united
from counter_tui.policy.monthly_rules import BadWage, WageAboveCeiling, WageBelowFloor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counter_tui.domain.bills import Bill, Roster, RosterRow
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.operations.register import Register
    from counter_tui.policy.contributions import Contribution
    from counter_tui.policy.regions import Policy

LEFT: Final = "已不在本单位缴费，不补差"
NO_LATE_FEE: Final = FreeOfFee.PUBLISHED_LATE.value


class VoidBill(CounterError):
    """核定单 {number} 已作废，不能复算"""


class BillNotHere(CounterError):
    """本机没有核定单 {number} 的明细，联网后按 F5 重新查询"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """One person and scheme of a bill, then and now. Money in fen."""

    row: RosterRow
    employer: int
    """The employer's money by today's figures."""
    person_due: int
    """The person's money by today's figures."""
    base: int
    why: str = ""
    """Why nothing was computed for the row; empty where it was."""
    old_marks: tuple[str, ...]
    """What the assessed money rests on, such as 未确认."""
    new_marks: tuple[str, ...]
    """What the money of today rests on."""
    explain: Callable[[], Explanation]

    @property
    def marks(self) -> tuple[str, ...]:
        """What the difference rests on."""
        return united((self.old_marks, self.new_marks))

    @property
    def old(self) -> int:
        """Both sides as they were assessed."""
        return self.row.employer + self.row.person_due

    @property
    def new(self) -> int:
        """Both sides by today's figures."""
        return self.employer + self.person_due

    @property
    def employer_difference(self) -> int:
        """What the employer owes more; below zero: gets back."""
        return self.employer - self.row.employer

    @property
    def person_difference(self) -> int:
        """What the person owes more; below zero: gets back."""
        return self.person_due - self.row.person_due

    @property
    def difference(self) -> int:
        """Both sides: collected where positive, refunded where negative."""
        return self.new - self.old


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputation:
    """A bill beside what today's figures make of it. No late fee is due on the difference."""

    bill: Bill
    rows: tuple[Recomputed, ...]
    explanation: Explanation

    @property
    def changed(self) -> tuple[Recomputed, ...]:
        """Rows with a difference."""
        return tuple(row for row in self.rows if row.difference or row.employer_difference)

    @property
    def old_marks(self) -> tuple[str, ...]:
        """What the sum as assessed rests on."""
        return united(row.old_marks for row in self.rows)

    @property
    def new_marks(self) -> tuple[str, ...]:
        """What the sum by today's figures rests on."""
        return united(row.new_marks for row in self.rows)

    @property
    def marks(self) -> tuple[str, ...]:
        """What the sum of the differences rests on."""
        return united(row.marks for row in self.changed)

    @property
    def old(self) -> int:
        """Sum of the rows as they were assessed."""
        return sum(row.old for row in self.rows)

    @property
    def new(self) -> int:
        """Sum of the rows by today's figures."""
        return sum(row.new for row in self.rows)

    @property
    def difference(self) -> int:
        """Sum of the rows' differences."""
        return self.new - self.old

    @property
    def words(self) -> str:
        """What the clerk is told first."""
        if not self.changed:
            return "现行数值与核定时一致，没有差额"
        return f"{len(self.changed)} 项有差额，合计{signed(signed_money(self.difference), self.marks)} 元，不加收滞纳金"


def recompute(register: Register, then: Policy, now: Policy, bill: Bill, roster: Roster | None) -> Recomputation:
    """Compute a bill's own month again: each row of its roster by its wage and today's figures.

    What was assessed is taken from the roster, never computed again. Yearly amounts and large medical aid look at no
    base and are left out; rows of persons who no longer pay here stand as they are (K10). Late fee, interest and
    back-collections of the bill are not touched.

    Args:
        register: where the coverages and the employer's class of risk are.
        then: the law as it was known on the day of the bill, limits carried.
        now: the law of today.
        bill: the bill.
        roster: who stands behind it.

    Raises:
        VoidBill, BillNotHere: there is nothing to compute.
        NotInForce: a figure of the month is missing today.

    """
    if bill.state is BillState.VOID:
        raise VoidBill(number=bill.number)
    employer = register.employer(bill.employer)
    if roster is None or employer is None:
        raise BillNotHere(number=bill.number)
    paying = {
        (each.person, each.scheme)
        for each in register.coverages_of_employer(bill.employer)
        if each.state is CoverageState.PAYING and each.employer == bill.employer
    }
    ranks = {entry.scheme: entry.injury_class for entry in employer.schemes}
    again = {
        scheme: _Again(then=then, now=now, bill=bill, scheme=scheme, rank=ranks.get(scheme))
        for scheme in dict.fromkeys(row.scheme for row in roster.rows)
        if looks_at_base(now, scheme, bill.month)
    }
    rows = tuple(
        again[row.scheme].of(row, stays=(row.person, row.scheme) in paying)
        for row in roster.rows
        if row.scheme in again
    )
    return Recomputation(bill=bill, rows=rows, explanation=_total(bill, now, rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """One scheme of a month under the law of then and of now."""

    then: Policy
    now: Policy
    bill: Bill
    scheme: str
    rank: int | None

    @property
    def month(self) -> YearMonth:
        return self.bill.month

    def of(self, row: RosterRow, *, stays: bool) -> Recomputed:
        if not stays:
            return self._unchanged(row, LEFT)
        try:
            owed = contribution(self.now, row.scheme, self.month, row.wage, injury_class=self.rank)
        except (BadWage, WageBelowFloor, WageAboveCeiling) as refused:
            return self._unchanged(row, refused.sentence)
        return Recomputed(
            row=row,
            employer=owed.employer,
            person_due=owed.person,
            base=owed.base,
            old_marks=self._old_marks,
            new_marks=owed.marks,
            explain=partial(self._explained, row, owed),
        )

    def _unchanged(self, row: RosterRow, why: str) -> Recomputed:
        lines = (*_kept(row), Line(label="未复算", value=why))
        return Recomputed(
            row=row,
            employer=row.employer,
            person_due=row.person_due,
            base=row.base,
            why=why,
            old_marks=self._old_marks,
            new_marks=self._old_marks,
            explain=lambda: Explanation(title=self._title(row), lines=lines),
        )

    @property
    def _old_marks(self) -> tuple[str, ...]:
        return marks_of(self.then.scheme_name(self.scheme), self.bill.marks)

    def _title(self, row: RosterRow) -> str:
        return f"{row.person} {self.now.scheme_name(self.scheme)} {self.month} 复算"

    def _explained(self, row: RosterRow, owed: Contribution) -> Explanation:
        was = self._then(row)
        before = (contribution_line("原核定", was),) if was is not None else tuple(_kept(row))
        marks = united((owed.marks, was.marks if was is not None else ()))
        old_total = row.employer + row.person_due
        lines = (
            *before,
            contribution_line("现行应缴", owed),
            *changed_figures(self.then, self.now, self.scheme, self.month),
            _difference("单位差额", owed.employer, row.employer, marks),
            _difference("个人差额", owed.person, row.person_due, marks),
            _difference("差额合计", owed.total, old_total, marks),
            Line(label="滞纳金", value=NO_LATE_FEE),
        )
        return Explanation(title=self._title(row), lines=lines)

    def _then(self, row: RosterRow) -> Contribution | None:
        """How the assessed amounts came about, where the law of that day comes to the very same."""
        try:
            was = contribution(self.then, row.scheme, self.month, row.wage, injury_class=self.rank)
        except CounterError:
            return None
        same = (was.base, was.employer, was.person) == (row.base, row.employer, row.person_due)
        return was if same else None


def _difference(label: str, new: int, old: int, marks: tuple[str, ...]) -> Line:
    return Line.bearing(marks, label=label, formula=f"{grouped(new)} - {grouped(old)}", value=signed_money(new - old))


def _kept(row: RosterRow) -> Iterator[Line]:
    formula = f"基数 {grouped(row.base)}，单位 {grouped(row.employer)} + 个人 {grouped(row.person_due)}"
    yield Line(label="原核定", formula=formula, value=grouped(row.employer + row.person_due))


def _total(bill: Bill, now: Policy, rows: tuple[Recomputed, ...]) -> Explanation:
    lines = []
    for scheme in dict.fromkeys(row.row.scheme for row in rows):
        own = [row for row in rows if row.row.scheme == scheme]
        old, new = sum(row.old for row in own), sum(row.new for row in own)
        name = now.scheme_name(scheme)
        lines.append(
            Line.bearing(
                united(row.marks for row in own),
                label=name,
                formula=f"{grouped(new)} - {grouped(old)}",
                value=signed_money(new - old),
                below=partial(_scheme, f"{name} {bill.month} 复算", own),
            )
        )
    total = sum(row.difference for row in rows)
    marks = united(row.marks for row in rows)
    end = Line.bearing(marks, label="差额合计", formula="以上各项相加", value=signed_money(total))
    free = Line(label="滞纳金", value=NO_LATE_FEE)
    return Explanation(title=f"核定单 {bill.number} 复算", lines=(*lines, end, free))


def _scheme(title: str, own: list[Recomputed]) -> Explanation:
    lines = tuple(
        Line.bearing(
            row.marks,
            label=row.row.person,
            formula=f"{grouped(row.new)} - {grouped(row.old)}",
            value=row.why or signed_money(row.difference),
            below=row.explain,
        )
        for row in own
    )
    return Explanation(title=title, lines=lines)
