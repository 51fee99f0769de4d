"""The month of an employer at the counter: trial, settlement, amounts, roll-back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counter_tui.operations.envelope import Proposal
from counter_tui.operations.rolling_back import roll_back_problem
from counter_tui.operations.settling import changes_of, computed, month_state, settlement_problems

if TYPE_CHECKING:
    from datetime import date

    from counter_tui.domain.bills import Bill, MonthState, RollBack, Roster
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.coverage import CoverageChange
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.problems import Problem
    from counter_tui.operations.assessment import Assessment
    from counter_tui.services.ports import Clock, LocalStore, Reading
    from counter_tui.services.recording import Recorded, RecordOperations
    from counter_tui.services.seats import Seat

LOOK_BACK = 6
"""Months shown beside a trial (P29 screen, part d)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a clerk asks to have assessed."""

    function: str
    """P29, P30 or P31."""
    month: YearMonth
    schemes: tuple[str, ...] = ()
    late_fee: bool = False
    late_fee_until: date | None = None
    interest: bool = False

    def body(self, total: int) -> dict[str, Any]:
        """The operation's body; `total` in fen is what the clerk saw and signs."""
        return {
            "function": self.function,
            "month": str(self.month),
            "schemes": list(self.schemes),
            "late_fee": self.late_fee,
            "late_fee_until": self.late_fee_until.isoformat() if self.late_fee_until else "",
            "interest": self.interest,
            "total": total,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Everything a clerk sees before he settles (B0: nothing of it is stored)."""

    employer: Employer
    state: MonthState
    problems: tuple[Problem, ...]
    assessment: Assessment | None
    """None when a problem stops it."""
    names: dict[str, str]
    """Names of the persons in the roster, by number."""
    changes: tuple[CoverageChange, ...]
    items: tuple[Item, ...]
    """The month's change items, void ones left out."""
    earlier: tuple[Bill, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a clerk does with a month. Settling and rolling back need the hub."""

    record: RecordOperations
    store: LocalStore
    clock: Clock

    async def trial(self, order: Order, *, seat: Seat) -> Trial:
        """Compute a month without storing anything.

        Raises:
            NotInForce: a figure of the law is missing; its sentence names it.
        """
        return await self.store.read(lambda reading: self._trial(reading, order, seat.employer))

    def _trial(self, reading: Reading, order: Order, number: str) -> Trial:
        register, today = reading.register, self.clock.today()
        employer = register.employer(number)
        if employer is None:
            raise KeyError(number)
        policy = self.record.policy
        problems = tuple(settlement_problems(register, policy, employer, order.month, order.function, today))
        stopped = any(problem.grade == "stop" for problem in problems)
        assessment = None if stopped else computed(register, policy, employer, order.body(0), today)
        persons = {row.person for row in assessment.roster} if assessment else set()
        named = {number: found.name for number in persons if (found := register.person(number))}
        return Trial(
            employer=employer,
            state=month_state(register, employer, order.month, today),
            problems=problems,
            assessment=assessment,
            names=named,
            changes=tuple(register.changes(number, order.month)),
            items=tuple(changes_of(register, number, order.month)),
            earlier=tuple(register.bills(number, order.month - LOOK_BACK, order.month - 1)),
        )

    async def settle(self, order: Order, total: int, *, seat: Seat, pin: bytearray) -> Bill:
        """Fix the month at the hub and return its bill; `total` in fen is what the clerk saw.

        Raises:
            Rejected, Conflicted, HubAway, and what the key raises.
        """
        proposal = Proposal(
            kind="month.settle",
            unit_id=f"E:{seat.employer}",
            body=order.body(total),
            reception_id=seat.reception_id,
        )
        await self.record([proposal], seat=seat, pin=pin)
        return await self.store.read(lambda r: self._bill_of(r, seat.employer, order.month))

    def _bill_of(self, reading: Reading, employer: str, month: YearMonth) -> Bill:
        kept = reading.register.unit_month(employer, month)
        bill = reading.register.bill(kept.bill) if kept else None
        if bill is None:
            raise KeyError(str(month))
        return bill

    async def bills(self, employer: str, since: YearMonth, until: YearMonth) -> tuple[Bill, ...]:
        """Bills of a range of months, void ones included, oldest first."""
        return await self.store.read(lambda r: tuple(r.register.bills(employer, since, until)))

    async def roster(self, bill: Bill) -> Roster | None:
        """The persons behind a bill."""
        return await self.store.read(lambda r: r.register.roster(bill.number))

    async def roll_back_asked(self, employer: str, month: YearMonth) -> RollBack | None:
        """The open request to take a month back."""
        return await self.store.read(lambda r: r.register.roll_back(employer, month))

    async def can_roll_back(self, bill: Bill) -> Problem | None:
        """Why an assessment cannot be taken back, or None."""
        return await self.store.read(lambda r: roll_back_problem(r.register, bill))

    async def ask_roll_back(self, bill: Bill, *, reason: str, seat: Seat, pin: bytearray) -> Recorded:
        """Ask to take an assessment back (P34). Raises Rejected, HubAway."""
        proposal = Proposal(
            kind="rollback.ask",
            unit_id=f"E:{bill.employer}",
            body={"bill": bill.number, "reason": reason},
            refs=(bill.operation,),
            reception_id=seat.reception_id,
        )
        return await self.record([proposal], seat=seat, pin=pin)

    async def answer_roll_back(self, asked: RollBack, *, agree: bool, seat: Seat, pin: bytearray) -> Recorded:
        """The second person's answer (P34). Raises Rejected (M59), HubAway."""
        proposal = Proposal(
            kind="rollback.confirm",
            unit_id=f"E:{asked.employer}",
            body={
                "employer": asked.employer,
                "month": str(asked.month),
                "request": asked.operation,
                "agree": agree,
            },
            refs=(asked.operation,),
        )
        return await self.record([proposal], seat=seat, pin=pin)
