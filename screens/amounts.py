"""What an enrolment will cost, at once: base and money for each scheme, and the months to be collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from textual.containers import ScrollableContainer

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.messages import message
from counter_tui.domain.money import grouped
from counter_tui.errors import CounterError
from counter_tui.policy.charges import Merged
from counter_tui.policy.contributions import back_months, contribution
from counter_tui.policy.explanation import Explanation, united
from counter_tui.policy.explanation import Line as Step
from counter_tui.policy.monthly_rules import CUT, RAISED
from screens.business import named
from screens.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.geometry import Offset

    from counter_tui.forms.facts import Facts
    from counter_tui.policy.contributions import Contribution
    from counter_tui.policy.regions import Policy

MOST_ROWS: Final = 9
_CLAMPED: Final = {RAISED: "M19", CUT: "M20"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One computed line: what it says, and how it came about."""

    text: str
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All computed lines of a form, and what the clerk should know about the wage."""

    amounts: tuple[Amount, ...] = ()
    schemes: tuple[Amount, ...] = ()
    """Those of the month itself, one for each scheme."""
    hints: tuple[str, ...] = field(default=())


def previewed(values: Mapping[str, Any], facts: Facts, policy: Policy) -> Preview:
    """The amounts of the wage and schemes in a form; nothing where the form asks for neither.

    Args:
        values: the fields read so far.
        facts: the register around the form.
        policy: the law.
    """
    wage, schemes = values.get("wage"), values.get("schemes")
    if not isinstance(wage, int) or wage <= 0 or not schemes or facts.employer is None:
        return Preview()
    found = list(_of_month(schemes, wage, facts, policy))
    amounts = [entry for entry in found if isinstance(entry, Amount)]
    owed = [entry for entry in found if not isinstance(entry, Amount)]
    lines = [*map(_line, owed), *amounts]
    if len(owed) > 1:
        lines.append(_total(owed))
    lines.extend(_collected(values, schemes, wage, facts, policy))
    return Preview(amounts=tuple(lines[:MOST_ROWS]), schemes=tuple(map(_line, owed)), hints=tuple(_hints(owed)))


def _of_month(schemes: Sequence[str], wage: int, facts: Facts, policy: Policy) -> Iterator[Contribution | Amount]:
    for scheme in schemes:
        own = facts.employer.scheme(scheme) if facts.employer else None
        try:
            if isinstance(policy.charge(scheme, facts.month).value, Merged):
                continue
            yield contribution(policy, scheme, facts.month, wage, injury_class=own.injury_class if own else None)
        except CounterError as silent:
            yield Amount(text=f"{named('CL-INS', scheme)}：{silent.sentence}")


def _line(owed: Contribution) -> Amount:
    text = (
        f"{named('CL-INS', owed.scheme)}  基数 {grouped(owed.base)}  单位 {grouped(owed.employer)}"
        f"  个人 {grouped(owed.person)}{_bracketed(owed.marks)}"
    )
    return Amount(text=text, explanations=(owed.explanation,))


def _bracketed(marks: Iterable[str]) -> str:
    return "".join(f"〔{mark}〕" for mark in marks)


def _step(owed: Contribution, label: str) -> Step:
    """A contribution as one step of a sum."""
    return Step.bearing(
        owed.marks,
        label=label,
        formula=f"单位 {grouped(owed.employer)} + 个人 {grouped(owed.person)}",
        value=grouped(owed.total),
        below=lambda: owed.explanation,
    )


def _sum(title: str, steps: Iterable[Step], total: int) -> Explanation:
    parts = tuple(steps)
    marks = united(part.marks for part in parts)
    return Explanation(
        title=title,
        lines=(*parts, Step.bearing(marks, label="合计", formula="以上各项相加", value=grouped(total))),
    )


def _total(owed: Sequence[Contribution]) -> Amount:
    employer, person = sum(each.employer for each in owed), sum(each.person for each in owed)
    marks = _bracketed(united(each.marks for each in owed))
    text = f"每月合计  单位 {grouped(employer)}  个人 {grouped(person)}  共 {grouped(employer + person)}{marks}"
    steps = (_step(each, named("CL-INS", each.scheme)) for each in owed)
    return Amount(text=text, explanations=(_sum("每月合计", steps, employer + person),))


def _collected(
    values: Mapping[str, Any], schemes: Sequence[str], wage: int, facts: Facts, policy: Policy
) -> Iterator[Amount]:
    """The months from the enrolment to the one before the settlement month, each by its own figures (K7)."""
    since = values.get("since")
    if not values.get("back_collect") or since is None:
        return
    owed: list[Contribution] = []
    try:
        for scheme in schemes:
            own = facts.employer.scheme(scheme) if facts.employer else None
            first = max(YearMonth.of(since), own.since) if own else YearMonth.of(since)
            if first < facts.month:
                rank = own.injury_class if own else None
                owed.extend(back_months(policy, (scheme,), first, facts.month - 1, wage, injury_class=rank))
    except CounterError as silent:
        yield Amount(text=f"补收：{silent.sentence}")
        return
    count = len(tuple(months(YearMonth.of(since), facts.month - 1))) if YearMonth.of(since) < facts.month else 0
    if count:
        total = sum(each.total for each in owed)
        marks = _bracketed(united(each.marks for each in owed))
        text = f"补收 {count} 个月（{YearMonth.of(since)} 至 {facts.month - 1}）  共 {grouped(total)}{marks}"
        yield Amount(text=text, explanations=(_sum("补收", map(_month_step, owed), total),))


def _month_step(owed: Contribution) -> Step:
    return _step(owed, f"{named('CL-INS', owed.scheme)} {owed.month}")


def _hints(owed: Sequence[Contribution]) -> Iterator[str]:
    """M19 and M20 with the limit, once for the schemes that share it."""
    sides: dict[tuple[str, str], list[str]] = {}
    for each in owed:
        if each.clamp in _CLAMPED and each.limits is not None:
            limit = each.limits.floor if each.clamp == RAISED else each.limits.ceiling
            sides.setdefault((_CLAMPED[each.clamp], grouped(limit)), []).append(named("CL-INS", each.scheme))
    for (id_, figure), names in sides.items():
        yield message(id_, f" {figure} 元（{'、'.join(names)}）").sentence


class AmountRow(Line, can_focus=True):
    """A computed line that the cursor can stand on; F4 says how it came about."""

    hint = "F4 看计算过程"

    def __init__(self) -> None:
        """Make an empty row."""
        super().__init__(classes="derived")
        self.amount = Amount(text="")

    def show_amount(self, amount: Amount) -> None:
        """Show a line."""
        self.amount = amount
        self.show(f"  {amount.text}")

    @property
    def cursor_screen_offset(self) -> Offset:
        """At the beginning of the line, where a terminal reader finds it."""
        return self.content_region.offset


class Amounts(ScrollableContainer, can_focus=False):
    """The computed lines below a form."""

    DEFAULT_CSS = "Amounts { height: auto; width: 100%; scrollbar-size: 0 0; overflow: hidden auto; }"

    def __init__(self) -> None:
        """Make the rows once; they are shown as they are needed."""
        super().__init__()
        self._rows = tuple(AmountRow() for _ in range(MOST_ROWS))
        for row in self._rows:
            row.display = False

    def compose(self) -> ComposeResult:
        """The rows."""
        yield from self._rows

    def show(self, amounts: Sequence[Amount]) -> None:
        """Replace the lines."""
        for place, row in enumerate(self._rows):
            there = place < len(amounts)
            if there:
                row.show_amount(amounts[place])
            if row.display is not there:
                row.display = there

    @property
    def text(self) -> str:
        """What is shown, for tests and for reading aloud."""
        return "\n".join(row.text for row in self._rows if row.display)
