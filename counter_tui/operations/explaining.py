"""How a grand total came about: from the schemes to each person's own amounts, and from there to the law (K4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.money import grouped
from counter_tui.errors import CounterError
from counter_tui.operations.assessment import BACK_COLLECTION
from counter_tui.operations.collected import collected_lines
from counter_tui.operations.surcharges import surcharge_lines
from counter_tui.policy.contributions import contribution, monthly_rules
from counter_tui.policy.explanation import Explanation, Line, borne, marks_of, united

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from counter_tui.domain.bills import BillLine, RosterRow
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.coverage import Entitlement
    from counter_tui.domain.employers import Employer
    from counter_tui.policy.contributions import Contribution
    from counter_tui.policy.regions import Policy

GROUP = 100
"""Persons on one level; of more of them each hundred is a level of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """What an employer owes, as it was worked out: a trial, or a bill with its roster."""

    title: str
    """What it is called: 试算 or the number of the bill."""
    employer: Employer
    month: YearMonth
    due_on: date
    lines: tuple[BillLine, ...]
    rows: Sequence[RosterRow]
    collected: Sequence[Entitlement]
    """Back-collections among the lines."""
    names: Mapping[str, str]
    """Names of the persons by number."""
    marks: tuple[str, ...]
    """What the figures rest on, as `rested_on` says it."""
    worked_out: date
    """Business date on which it was worked out."""
    late_fee_until: date | None
    """Day up to which late fees count; None when nobody knows it any more."""
    then: Policy
    """The law as it was known on that day."""
    now: Policy
    """The law of today; where it comes to something else, the explanation says so."""

    def rank(self, scheme: str) -> int | None:
        """The employer's class of risk in a scheme."""
        own = self.employer.scheme(scheme)
        return own.injury_class if own else None

    def named(self, person: str) -> str:
        """A person as the clerk calls him: name and number."""
        return f"{self.names.get(person, '')} {person}".strip()


def explain_total(dues: Dues) -> Explanation:
    """Say how the grand total came about: scheme by scheme, each with a way down."""
    lines = [_scheme_line(dues, line) for line in dues.lines]
    total = Line.bearing(
        united(marks for _, marks in borne(dues.marks)),
        label="应缴合计",
        formula="以上各项相加",
        value=grouped(sum(line.total for line in dues.lines)),
    )
    return Explanation(title=f"{dues.title} 应缴合计", lines=(*lines, total))


def explain_line(dues: Dues, line: BillLine) -> Explanation:
    """Say how the money of one scheme came about: each person's own amounts, then late fee and interest."""
    marks = marks_of(dues.then.scheme_name(line.scheme), dues.marks)
    heads = f"{line.heads} 人每人取整后相加"
    sums = (
        Line.bearing(marks, label="单位应缴", formula=heads, value=grouped(line.employer)),
        Line.bearing(marks, label="个人应缴", formula=heads, value=grouped(line.person)),
    )
    persons = collected_lines(dues, line) if line.fee_type == BACK_COLLECTION else tuple(_persons(dues, line, marks))
    return Explanation(
        title=f"{_name(dues, line)} 应缴 {grouped(line.total)}",
        lines=(*persons, *sums, *surcharge_lines(dues, line), *_recomputed(dues, line)),
    )


def explain_person(dues: Dues, row: RosterRow) -> Explanation:
    """Say how one person's amounts came about, down to the law; as they were when they were worked out."""
    title = f"{dues.named(row.person)} {dues.then.scheme_name(row.scheme)} {dues.month}"
    was = _contribution(dues, row, dues.then)
    if not _same(row, was):
        return Explanation(title=title, lines=(*_kept_lines(row), _present(dues, row)))
    lines = was.explanation.lines if was is not None else ()
    if dues.now is not dues.then and not _same(row, _contribution(dues, row, dues.now)):
        lines = (*lines, _present(dues, row))
    return Explanation(title=title, lines=lines)


def _name(dues: Dues, line: BillLine) -> str:
    name = dues.then.scheme_name(line.scheme)
    if line.since is None or line.until is None:
        return f"{name} {dues.month}"
    return f"{name} 补收 {line.since} 至 {line.until}"


def _scheme_line(dues: Dues, line: BillLine) -> Line:
    parts = [f"单位 {grouped(line.employer)}", f"个人 {grouped(line.person)}"]
    parts += [f"利息 {grouped(line.interest)}"] * bool(line.interest)
    parts += [f"滞纳金 {grouped(line.late_fee)}"] * bool(line.late_fee)
    return Line.bearing(
        marks_of(dues.then.scheme_name(line.scheme), dues.marks),
        label=_name(dues, line),
        formula=" + ".join(parts),
        value=grouped(line.total),
        below=partial(explain_line, dues, line),
    )


def _persons(dues: Dues, line: BillLine, marks: Sequence[str]) -> Iterator[Line]:
    """A line for each person, or one for each hundred where there are many; they add up to the scheme's line."""
    rows = [row for row in dues.rows if row.scheme == line.scheme]
    if len(rows) <= GROUP:
        yield from _each(dues, rows, marks)
        return
    for first in range(0, len(rows), GROUP):
        group = rows[first : first + GROUP]
        label = f"第 {first + 1} 至 {first + len(group)} 人"
        yield Line.bearing(
            marks,
            label=label,
            formula=f"{dues.named(group[0].person)} 至 {dues.named(group[-1].person)}",
            value=grouped(sum(row.employer + row.person_due for row in group)),
            below=partial(_group, dues, group, tuple(marks), f"{_name(dues, line)} {label}"),
        )


def _group(dues: Dues, rows: Sequence[RosterRow], marks: Sequence[str], title: str) -> Explanation:
    return Explanation(title=title, lines=tuple(_each(dues, rows, marks)))


def _each(dues: Dues, rows: Sequence[RosterRow], marks: Sequence[str]) -> Iterator[Line]:
    for row in rows:
        yield Line.bearing(
            marks,
            label=dues.named(row.person),
            formula=f"单位 {grouped(row.employer)} + 个人 {grouped(row.person_due)}",
            value=grouped(row.employer + row.person_due),
            below=partial(explain_person, dues, row),
        )


def _contribution(dues: Dues, row: RosterRow, policy: Policy) -> Contribution | None:
    """What the law makes of the wage, or None where it refuses."""
    try:
        return contribution(policy, row.scheme, dues.month, row.wage, injury_class=dues.rank(row.scheme))
    except CounterError:
        return None


def _same(row: RosterRow, owed: Contribution | None) -> bool:
    if owed is None:
        return not row.base
    return (row.base, row.employer, row.person_due) == (owed.base, owed.employer, owed.person)


def _kept_lines(row: RosterRow) -> Iterator[Line]:
    yield Line(label="申报工资", value=grouped(row.wage))
    yield Line(label="核定时的缴费基数", value=grouped(row.base))
    yield Line(label="核定时的单位应缴", value=grouped(row.employer))
    yield Line(label="核定时的个人应缴", value=grouped(row.person_due))


def _present(dues: Dues, row: RosterRow) -> Line:
    """What today's law makes of the wage, beside what was assessed."""
    label = "与现行数值不同，以核定时为准；现行应缴"
    try:
        owed = contribution(dues.now, row.scheme, dues.month, row.wage, injury_class=dues.rank(row.scheme))
    except CounterError as silent:
        return Line(label="与现行数值不同，以核定时为准", value=silent.sentence)
    return Line.bearing(owed.marks, label=label, value=grouped(owed.total), below=lambda: owed.explanation)


def _recomputed(dues: Dues, line: BillLine) -> Iterator[Line]:
    """A word where today's law comes to another sum than the one that was assessed."""
    if line.fee_type == BACK_COLLECTION:
        return
    wages = [row.wage for row in dues.rows if row.scheme == line.scheme and row.base + row.employer + row.person_due]
    label = "与现行数值不同，以核定时为准；现行应缴"
    try:
        columns = monthly_rules(dues.now, line.scheme, dues.month, dues.rank(line.scheme)).amounts_of_each(wages)
    except CounterError as silent:
        yield Line(label="现行数值不能复算，以核定时为准", value=silent.sentence)
        return
    employer, person = sum(columns.employer), sum(columns.person)
    if (employer, person) != (line.employer, line.person):
        yield Line(
            label=label, formula=f"单位 {grouped(employer)} + 个人 {grouped(person)}", value=grouped(employer + person)
        )
