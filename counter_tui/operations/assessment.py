"""What an employer owes for a month: the trial that a clerk sees and the assessment that the hub books (K1-K5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from counter_tui.domain.bills import BillLine, RosterRow
from counter_tui.policy.arrears_interest import arrears_interest
from counter_tui.policy.charges import Merged
from counter_tui.policy.contributions import back_months, monthly_rules
from counter_tui.policy.explanation import borne, rested_on, united
from counter_tui.policy.late_fees import due_date, due_day_line, late_fee
from counter_tui.policy.monthly_rules import CUT, RAISED, BadWage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.coverage import Coverage, Entitlement
    from counter_tui.domain.employers import Employer
    from counter_tui.operations.register import Register
    from counter_tui.policy.monthly_rules import MonthlyRule
    from counter_tui.policy.regions import Policy

NORMAL, BACK_COLLECTION = "10", "20"
"""CL-FEETYPE."""
LATE_FEE, INTEREST = "滞纳金", "利息"
"""Names under which marks of late fees and interest are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Lines of a bill with the persons behind them. Money in fen."""

    month: YearMonth
    due_on: date
    lines: tuple[BillLine, ...]
    roster: tuple[RosterRow, ...]
    out_of_range: tuple[RosterRow, ...]
    """Rows whose wage left the limits; in a region that rejects, they stop the assessment (M32)."""
    collected: tuple[Entitlement, ...]
    """Back-collections that this assessment bills."""
    marks: tuple[str, ...]
    """What the figures rest on: `〔演练数据〕职工基本医疗保险`."""

    @property
    def total(self) -> int:
        """Grand total in fen."""
        return sum(line.total for line in self.lines)

    @property
    def heads(self) -> int:
        """Persons with at least one line."""
        return len({row.person for row in self.roster})


@dataclass(slots=True)
class _Sums:
    heads: int = 0
    wages: int = 0
    base: int = 0
    employer: int = 0
    person: int = 0
    account_employer: int = 0
    account_person: int = 0


def assess(
    register: Register, policy: Policy, employer: Employer, month: YearMonth, *, schemes: Iterable[str] = ()
) -> Assessment:
    """Compute an employer's month: each person's own amounts, then their sums (K4).

    Args:
        register: where the coverages are.
        policy: the law.
        employer: who owes.
        month: the fee month.
        schemes: which of the employer's paying kinds; all of them when empty.

    Raises:
        NotInForce: a figure of the month is missing; its sentence names it.
    """
    wanted = set(schemes or employer.paying) & set(employer.paying)
    rules = _rules(policy, employer, month, wanted)
    paying = [
        coverage
        for coverage in register.coverages_of_employer(employer.number)
        if coverage.scheme in rules and coverage.pays(month)
    ]
    sums: dict[str, _Sums] = {}
    rows: dict[str, Iterator[RosterRow]] = {}
    for scheme in {coverage.scheme for coverage in paying}:
        own = [coverage for coverage in paying if coverage.scheme == scheme]
        rows[scheme], sums[scheme] = _owed(own, rules[scheme])
    roster = tuple(next(rows[coverage.scheme]) for coverage in paying)
    collected = _to_collect(register, policy, employer)
    back, back_marks = _back_lines(policy, employer, collected)
    own_marks = ((policy.scheme_name(scheme), rules[scheme].marks) for scheme in sorted(sums))
    marks = rested_on((*own_marks, *back_marks))
    return Assessment(
        month=month,
        due_on=due_date(policy, month),
        lines=(*(_line(scheme, sums[scheme]) for scheme in sorted(sums)), *back),
        roster=roster,
        out_of_range=tuple(row for row in roster if row.clamp),
        collected=collected,
        marks=marks,
    )


def _rules(policy: Policy, employer: Employer, month: YearMonth, wanted: set[str]) -> dict[str, MonthlyRule]:
    rules = {}
    for entry in employer.schemes:
        if entry.scheme in wanted and not isinstance(policy.charge(entry.scheme, month).value, Merged):
            rules[entry.scheme] = monthly_rules(policy, entry.scheme, month, entry.injury_class)
    return rules


def _owed(own: list[Coverage], rule: MonthlyRule) -> tuple[Iterator[RosterRow], _Sums]:
    """Rows of one scheme in their order, with their sums; a refused wage owes nothing and is not counted."""
    taken = [coverage for coverage in own if not rule.refuses(coverage.wage)]
    owed = rule.amounts_of_each([coverage.wage for coverage in taken])
    sums = _Sums(len(taken), sum(coverage.wage for coverage in taken), *owed.sums())
    rows = map(_row, taken, owed.base, owed.employer, owed.person, owed.clamp)
    if len(taken) == len(own):
        return rows, sums
    return (_refused(each, rule) if rule.refuses(each.wage) else next(rows) for each in own), sums


def _row(coverage: Coverage, base: int, employer: int, person_due: int, clamp: str | None) -> RosterRow:
    return RosterRow(
        person=coverage.person,
        scheme=coverage.scheme,
        wage=coverage.wage,
        base=base,
        employer=employer,
        person_due=person_due,
        clamp=clamp or "",
    )


def _refused(coverage: Coverage, rule: MonthlyRule) -> RosterRow:
    """The row of a wage out of range; one that is no wage at all raises BadWage."""
    if coverage.wage <= 0:
        raise BadWage
    return _row(coverage, 0, 0, 0, RAISED if coverage.wage < rule.floor else CUT)


def _line(scheme: str, sums: _Sums) -> BillLine:
    return BillLine(
        scheme=scheme,
        heads=sums.heads,
        wages=sums.wages,
        employer_base=sums.base,
        person_base=sums.base if sums.person else 0,
        employer=sums.employer,
        person=sums.person,
        account_employer=sums.account_employer,
        account_person=sums.account_person,
    )


def _to_collect(register: Register, policy: Policy, employer: Employer) -> tuple[Entitlement, ...]:
    """Back months that this settlement bills, where the region bills them with the month (decisions Q27)."""
    if not policy.parameter("back_collection_in_settlement"):
        return ()
    return tuple(entry for entry in register.entitlements(employer.number) if entry.state == "open")


def _back_lines(
    policy: Policy, employer: Employer, owed: tuple[Entitlement, ...]
) -> tuple[tuple[BillLine, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """One line for each scheme and stretch of months, every month by its own figures (K7), and their marks."""
    lines: dict[tuple[str, YearMonth, YearMonth], _Sums] = defaultdict(_Sums)
    marks: list[tuple[str, tuple[str, ...]]] = []
    for entry in owed:
        for scheme in entry.schemes:
            own = employer.scheme(scheme)
            if own is None:
                continue
            # Nothing is owed for months before the employer took part in the scheme.
            since = max(entry.since, own.since)
            months_owed = back_months(policy, (scheme,), since, entry.until, entry.wage, injury_class=own.injury_class)
            if not months_owed:
                continue
            sums = lines[scheme, since, entry.until]
            sums.heads += 1
            for due in months_owed:
                marks.append((policy.scheme_name(scheme), due.marks))
                sums.wages += due.wage
                sums.base += due.base
                sums.employer += due.employer
                sums.person += due.person
                sums.account_employer += due.account_employer
                sums.account_person += due.account_person
    written = tuple(
        replace(_line(scheme, sums), fee_type=BACK_COLLECTION, since=since, until=until)
        for (scheme, since, until), sums in sorted(lines.items())
    )
    return written, tuple(marks)


def with_late_fee(policy: Policy, assessment: Assessment, until: date) -> Assessment:
    """Add the late fee of each scheme up to a day (K8), asked for by flag only; it bears marks of its own."""
    due = assessment.due_on
    fees = [
        late_fee(policy, line.employer + line.person, due, until)
        for line in assessment.lines
        if line.fee_type == NORMAL
    ]
    own = [line for line in assessment.lines if line.fee_type == NORMAL]
    lines = tuple(replace(line, late_fee=fee.amount) for line, fee in zip(own, fees, strict=True))
    rests = united([due_day_line(policy, assessment.month).marks, *(fee.explanation.marks for fee in fees)])
    marks = rested_on((*borne(assessment.marks), (LATE_FEE, rests if any(fee.amount for fee in fees) else ())))
    return replace(
        assessment,
        lines=(*lines, *(line for line in assessment.lines if line.fee_type != NORMAL)),
        marks=marks,
    )


def with_interest(policy: Policy, assessment: Assessment, now: YearMonth) -> Assessment:
    """Add book interest for the months overdue (K9) to the month's own lines, asked for by flag only.

    Raises:
        NotInForce: the region has no interest rate for arrears.
    """
    earned = {
        line.scheme: arrears_interest(policy, line.employer + line.person, assessment.month, now)
        for line in assessment.lines
        if line.fee_type == NORMAL
    }
    lines = tuple(
        replace(line, interest=earned[line.scheme].amount) if line.fee_type == NORMAL else line
        for line in assessment.lines
    )
    rests = united(each.explanation.marks for each in earned.values() if each.amount)
    return replace(assessment, lines=lines, marks=rested_on((*borne(assessment.marks), (INTEREST, rests))))
