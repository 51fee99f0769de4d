"""A register of a few dictionaries, keyed as the records are, that takes effects as storage does."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from counter_tui.domain.bills import Bill, RollBack, Roster, UnitMonth
from counter_tui.domain.coverage import Coverage, CoverageChange, Entitlement
from counter_tui.domain.declarations import OPEN_STATES, Item, ItemState, Transition
from counter_tui.domain.employers import Employer
from counter_tui.domain.figures import FiguresFile
from counter_tui.domain.grants import Grant, LedgerEntry
from counter_tui.domain.operators import LastSignOn, Operator
from counter_tui.domain.people import Person, PersonChange
from counter_tui.domain.receptions import Reception, ReceptionState
from counter_tui.domain.sign_ons import SignOnRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.operations.held import Held
    from counter_tui.operations.outcome import Record

KEYS: dict[type, tuple[str, ...]] = {
    Employer: ("number",),
    Person: ("number",),
    PersonChange: ("operation", "person", "field"),
    Coverage: ("person", "scheme"),
    CoverageChange: ("operation", "person"),
    Entitlement: ("item",),
    Item: ("id",),
    Transition: ("operation", "item", "after"),
    UnitMonth: ("employer", "month"),
    Bill: ("number",),
    Roster: ("bill",),
    RollBack: ("operation",),
    Reception: ("id",),
    FiguresFile: ("id",),
    Grant: ("id",),
    LedgerEntry: ("id",),
    LastSignOn: ("operator",),
    SignOnRecord: ("operation",),
}
R = TypeVar("R")


class FakeRegister:
    """What `decide` may ask, answered from memory in the order in which rows came."""

    def __init__(self) -> None:
        self.rows: dict[type, dict[tuple[Any, ...], Any]] = defaultdict(dict)
        self.versions: dict[str, dict[str, int]] = defaultdict(dict)
        self.registry: dict[str, Operator] = {}
        self.held: list[Held] = []
        self.people_numbered = 0
        self.bills_numbered = 0

    def put(self, *records: Record) -> None:
        """Put rows under their keys."""
        for record in records:
            key = tuple(getattr(record, name) for name in KEYS[type(record)])
            self.rows[type(record)][key] = record

    def apply(self, effects: Iterable[Record], unit_id: str, device: str) -> None:
        """Take the effects of an operation and raise its unit's version."""
        self.put(*effects)
        self.versions[unit_id][device] = self.version(unit_id) + 1

    def all(self, kind: type[R], **where: Any) -> list[R]:
        """Rows of a kind whose fields have these values."""
        found = self.rows[kind].values()
        return [row for row in found if all(getattr(row, name) == value for name, value in where.items())]

    def _one(self, kind: type[R], **where: Any) -> R | None:
        return next(iter(self.all(kind, **where)), None)

    def employer(self, number: str) -> Employer | None:
        return self._one(Employer, number=number)

    def employer_by_credit_code(self, credit_code: str) -> Employer | None:
        return self._one(Employer, credit_code=credit_code)

    def person(self, number: str) -> Person | None:
        return self._one(Person, number=number)

    def person_by_id(self, id_number: str) -> Person | None:
        former = (row for row in self.all(Person) if id_number in row.former_numbers)
        return self._one(Person, id_number=id_number) or next(former, None)

    def coverages(self, person: str) -> Sequence[Coverage]:
        return sorted(self.all(Coverage, person=person), key=lambda row: row.scheme)

    def coverages_of_employer(self, employer: str) -> Iterable[Coverage]:
        return sorted(self.all(Coverage, employer=employer), key=lambda row: (row.person, row.scheme))

    def item(self, item: str) -> Item | None:
        return self._one(Item, id=item)

    def open_items(self, id_number: str) -> Sequence[Item]:
        return [row for row in self.all(Item, id_number=id_number) if row.state in OPEN_STATES]

    def items_of_month(self, employer: str, month: YearMonth) -> Sequence[Item]:
        return self.all(Item, employer=employer, month=month)

    def items_in(self, states: frozenset[ItemState], employer: str = "") -> Sequence[Item]:
        return [row for row in self.all(Item) if row.state in states and employer in {"", row.employer}]

    def transitions(self, item: str) -> Sequence[Transition]:
        return self.all(Transition, item=item)

    def unit_month(self, employer: str, month: YearMonth) -> UnitMonth | None:
        return self._one(UnitMonth, employer=employer, month=month)

    def bill(self, number: str) -> Bill | None:
        return self._one(Bill, number=number)

    def bills(self, employer: str, since: YearMonth, until: YearMonth) -> Sequence[Bill]:
        return [row for row in self.all(Bill, employer=employer) if since <= row.month <= until]

    def roster(self, bill: str) -> Roster | None:
        return self._one(Roster, bill=bill)

    def changes(self, employer: str, month: YearMonth) -> Sequence[CoverageChange]:
        return self.all(CoverageChange, employer=employer, month=month)

    def entitlements(self, employer: str) -> Sequence[Entitlement]:
        return self.all(Entitlement, employer=employer)

    def roll_back(self, employer: str, month: YearMonth) -> RollBack | None:
        return self._one(RollBack, employer=employer, month=month, state="asked")

    def roll_backs(self) -> Sequence[RollBack]:
        return self.all(RollBack, state="asked")

    def figures_files(self) -> Sequence[FiguresFile]:
        return self.all(FiguresFile)

    def figures_file(self, file: str) -> FiguresFile | None:
        return self._one(FiguresFile, id=file)

    def operators(self) -> Sequence[Operator]:
        return [self.registry[number] for number in sorted(self.registry)]

    def operator(self, number: str) -> Operator | None:
        return self.registry.get(number)

    def last_sign_on(self, operator: str) -> LastSignOn | None:
        return self._one(LastSignOn, operator=operator)

    def sign_on(self, operation: str) -> SignOnRecord | None:
        return self._one(SignOnRecord, operation=operation)

    def open_sign_ons(self, key: str) -> Sequence[SignOnRecord]:
        return [each for each in self.all(SignOnRecord) if each.key == key and not each.ended_by]

    def open_sign_ons_at(self, window: str, operator: str) -> Sequence[SignOnRecord]:
        kept = self.all(SignOnRecord)
        return [each for each in kept if (each.window, each.operator, each.ended_by) == (window, operator, "")]

    def sign_on_of_session(self, session: str) -> SignOnRecord | None:
        return self._one(SignOnRecord, session=session)

    def grants(self) -> Sequence[Grant]:
        return self.all(Grant)

    def grant(self, grant: str) -> Grant | None:
        return self._one(Grant, id=grant)

    def ledger(self) -> Sequence[LedgerEntry]:
        return self.all(LedgerEntry)

    def reception(self, reception: str) -> Reception | None:
        return self._one(Reception, id=reception)

    def receptions_at(self, window: str) -> Sequence[Reception]:
        return [row for row in self.all(Reception, window=window) if row.state is not ReceptionState.CLOSED]

    def receptions_for(self, employer: str) -> Sequence[Reception]:
        return self.all(Reception, employer=employer, state=ReceptionState.OPEN)

    def held_operations(self) -> Sequence[Held]:
        return self.held

    def held_operation(self, op_id: str) -> Held | None:
        return next((each for each in self.held if each.operation.op_id == op_id), None)

    def version(self, unit_id: str) -> int:
        return max(self.versions[unit_id].values(), default=0)

    def last_change_by_others(self, unit_id: str, device: str) -> int:
        return max((last for other, last in self.versions[unit_id].items() if other != device), default=0)

    def next_person_number(self) -> str:
        self.people_numbered += 1
        return f"99999990{self.people_numbered:04d}"

    def next_bill_number(self, month: YearMonth) -> str:
        self.bills_numbered += 1
        return f"{month.compact}{self.bills_numbered:06d}"
