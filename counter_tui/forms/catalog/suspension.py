"""人员停保 (P05): a person's schemes end or rest from a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # read from the annotations
from typing import TYPE_CHECKING, Annotated, Final

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.codes import codelist
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.people import DataLock
from counter_tui.domain.problems import ask, hint_text, stop, stop_text
from counter_tui.forms import dictionary as asked
from counter_tui.forms.checks import employer_problems, gate_problems, lock_problems, open_item_problems
from counter_tui.forms.codes import CodeOf, CodesOf
from counter_tui.forms.conditions import setting
from counter_tui.forms.filling import citizen
from counter_tui.forms.spec import Declaration, business

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Values
    from counter_tui.policy.regions import Policy

DEATH: Final = "211"
RETIREMENT: Final = "251"
CITIZEN_DIGITS: Final = 18


def paid_here(facts: Facts) -> tuple[str, ...]:
    """Schemes that the employer in reception pays for the person."""
    return tuple(entry.scheme for entry in facts.paying_here)


def paying_schemes(facts: Facts, _: Policy) -> tuple[str, ...] | None:
    """All of them, as the ticks to begin with; none to begin with when there are none."""
    return paid_here(facts) or None


def must_pay_here(value: str, _: Values, facts: Facts) -> Iterator[Problem]:
    """M07: the person is insured normally at this employer; M01 when the number itself is wrong."""
    if facts.person is None and len(value) == CITIZEN_DIGITS and citizen({"id_number": value}, facts) is None:
        yield stop("id_number", "M01")
    elif not facts.paying_here:
        yield stop("id_number", "M07")


def _stopped_on(value: date, values: Values, facts: Facts) -> Iterator[Problem]:
    if value > facts.today:
        yield stop("on", "M15")
    ticked = values.get("schemes") or ()
    changes = [entry.changed_on for entry in facts.paying_here if entry.scheme in ticked]
    if changes and value < max(changes):
        yield stop("on", "M16", max(changes).isoformat())


def _died_on(value: date, values: Values, facts: Facts) -> Iterator[Problem]:
    on = values.get("on")
    if value > facts.today or (isinstance(on, date) and value > on):
        yield stop_text("died_on", "死亡日期不能晚于变更日期，改正后按 F2")
    if facts.person is not None and value < facts.person.born:
        yield stop_text("died_on", "死亡日期不能早于出生日期，改正后按 F2")


@business(
    "P05",
    "人员停保",
    review=True,
    opens=employer_problems,
    prints=("D17", "D05"),
    rules=("M09", "M10", "M11", "M27", "M33", "M46", "M52"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(Declaration):
    """Suspend or end a person's coverages from a month."""

    id_number: Annotated[str, asked.E03.but(verify=must_pay_here, rules=("M07",))]
    number: Annotated[str, asked.E01] = ""
    name: Annotated[str, asked.NAME_SHOWN] = ""
    schemes: Annotated[
        tuple[str, ...],
        asked.I01.but(
            kind=CodesOf("CL-INS", within=paid_here),
            default=paying_schemes,
            when=lambda _, facts: bool(facts.paying_here),
        ),
    ] = ()
    reason: Annotated[str, asked.I07.but(kind=CodeOf("CL-REASON", function="P05"))]
    on: Annotated[date, asked.I08.but(verify=_stopped_on, rules=("M15", "M16"))]
    died_on: Annotated[
        date | None,
        asked.I08.but(
            label="死亡日期",
            source="",
            default=None,
            dup=False,
            when=lambda values, _: values.get("reason") == DEATH,
            verify=_died_on,
        ),
    ] = None
    registration: Annotated[str, asked.GATE.but(label="退工手续")] = ""
    registration_number: Annotated[str, asked.GATE_NUMBER] = ""
    registration_on: Annotated[date | None, asked.GATE_DATE] = None
    remark: Annotated[str, asked.E23] = ""

    def check(self, facts: Facts, policy: Policy) -> Iterator[Problem]:
        """Everything that one field alone cannot tell."""
        yield from open_item_problems(facts, "P05")
        yield from lock_problems(facts, DataLock.TRANSFER, DataLock.ALL)
        if not self.schemes and facts.paying_here:
            yield stop("schemes", "M17")
        if facts.paying_here and any(scheme not in paid_here(facts) for scheme in self.schemes):
            yield stop_text("schemes", "所选险种中有未在本单位参保的，请按空格取消后按 F2")
        yield from self._arrears_problems(facts, policy)
        yield from self._time_problems(facts, policy)
        yield from gate_problems(self.registration, "退工手续", policy)
        if self.reason == RETIREMENT:
            yield hint_text("reason", "退休减员应先办妥养老待遇核准")

    def _arrears_problems(self, facts: Facts, policy: Policy) -> Iterator[Problem]:
        owes = facts.employer is not None and facts.employer.arrears_months > 0
        if owes and setting(policy, "arrears_blocks_stop", otherwise=False, month=facts.month):
            yield ask("id_number", "M33")

    def _time_problems(self, facts: Facts, policy: Policy) -> Iterator[Problem]:
        limit = setting(policy, "stop_back_months", 1200, facts.month)
        back = YearMonth.of(self.on).months_until(YearMonth.of(facts.today))
        if back > limit:
            yield stop_text("on", f"变更日期最多早于本月 {limit} 个月，现早 {back} 个月；改正后按 F2")

    @property
    def ends(self) -> bool:
        """Whether the schemes end for good: death, emigration, retirement; every other reason suspends."""
        return codelist("CL-REASON")[self.reason].group == "T"

    @property
    def state_after(self) -> CoverageState:
        """State of the coverages once it is approved."""
        return CoverageState.ENDED if self.ends else CoverageState.SUSPENDED

    def first_unpaid(self, policy: Policy) -> YearMonth:
        """First month without contribution: the month of the change, or the next where that one is payable (Q16)."""
        month = YearMonth.of(self.on)
        return month + 1 if setting(policy, "stop_month_payable", otherwise=True, month=month) else month
