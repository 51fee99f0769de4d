"""The register (登记库) as the rules see it: mirror plus own pending work at the counter, the truth at the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_tui.domain.bills import Bill, RollBack, Roster, UnitMonth
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.coverage import Coverage, CoverageChange, Entitlement
    from counter_tui.domain.declarations import Item, ItemState, Transition
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.figures import FiguresFile
    from counter_tui.domain.grants import Grant, LedgerEntry
    from counter_tui.domain.operators import LastSignOn, Operator
    from counter_tui.domain.people import Person
    from counter_tui.domain.receptions import Reception
    from counter_tui.domain.sign_ons import SignOnRecord
    from counter_tui.operations.held import Held


class Register(Protocol):
    """What `decide` may ask. Calls are synchronous and see one consistent state."""

    def employer(self, number: str) -> Employer | None:
        """Employer by its number."""

    def employer_by_credit_code(self, credit_code: str) -> Employer | None:
        """Employer by its unified social credit code."""

    def person(self, number: str) -> Person | None:
        """Person by 个人编号."""

    def person_by_id(self, id_number: str) -> Person | None:
        """Person by identity number, present or former."""

    def coverages(self, person: str) -> Sequence[Coverage]:
        """All coverages of a person, by scheme code."""

    def coverages_of_employer(self, employer: str) -> Iterable[Coverage]:
        """Coverages that an employer pays or paid last, paying and stopped, by person and scheme."""

    def item(self, item: str) -> Item | None:
        """Declaration item by id."""

    def open_items(self, id_number: str) -> Sequence[Item]:
        """Items of a person in states D1, D2, D3, D5."""

    def items_of_month(self, employer: str, month: YearMonth) -> Sequence[Item]:
        """Items of an employer that count in a settlement month, oldest first, void ones included."""

    def items_in(self, states: frozenset[ItemState], employer: str = "") -> Sequence[Item]:
        """Items in some states, of one employer or all, oldest first."""

    def transitions(self, item: str) -> Sequence[Transition]:
        """An item's life, oldest first."""

    def unit_month(self, employer: str, month: YearMonth) -> UnitMonth | None:
        """The month of an employer, once assessed."""

    def bill(self, number: str) -> Bill | None:
        """Bill by number."""

    def bills(self, employer: str, since: YearMonth, until: YearMonth) -> Sequence[Bill]:
        """Bills of an employer for a range of months, void ones included, oldest first."""

    def roster(self, bill: str) -> Roster | None:
        """Who stands behind a bill."""

    def changes(self, employer: str, month: YearMonth) -> Sequence[CoverageChange]:
        """Change log of an employer for a settlement month."""

    def entitlements(self, employer: str) -> Sequence[Entitlement]:
        """Back-collections of an employer in any state, oldest first."""

    def roll_back(self, employer: str, month: YearMonth) -> RollBack | None:
        """The open request to take a month's assessment back."""

    def roll_backs(self) -> Sequence[RollBack]:
        """All open requests to take an assessment back, oldest first."""

    def figures_files(self) -> Sequence[FiguresFile]:
        """Files of figures in any state, oldest first."""

    def figures_file(self, file: str) -> FiguresFile | None:
        """File of figures by id."""

    def operators(self) -> Sequence[Operator]:
        """Every registered operator, by number."""

    def operator(self, number: str) -> Operator | None:
        """Operator by number."""

    def last_sign_on(self, operator: str) -> LastSignOn | None:
        """When an operator last signed on."""

    def sign_on(self, operation: str) -> SignOnRecord | None:
        """Sign-on by the operation that opened it."""

    def open_sign_ons(self, key: str) -> Sequence[SignOnRecord]:
        """Sign-ons of a key that nothing has ended yet."""

    def open_sign_ons_at(self, window: str, operator: str) -> Sequence[SignOnRecord]:
        """Sign-ons of an operator at a window, with whatever key, that nothing has ended yet."""

    def sign_on_of_session(self, session: str) -> SignOnRecord | None:
        """The sign-on that a statement opened."""

    def grants(self) -> Sequence[Grant]:
        """Grants in any state, oldest first."""

    def grant(self, grant: str) -> Grant | None:
        """Grant by id."""

    def ledger(self) -> Sequence[LedgerEntry]:
        """The ledger of posts, oldest first."""

    def reception(self, reception: str) -> Reception | None:
        """Reception by id."""

    def receptions_at(self, window: str) -> Sequence[Reception]:
        """Receptions of a window that are open or suspended."""

    def receptions_for(self, employer: str) -> Sequence[Reception]:
        """Open receptions of an employer at any window (L10)."""

    def held_operations(self) -> Sequence[Held]:
        """Operations of the bureau that the hub holds, oldest first."""

    def held_operation(self, op_id: str) -> Held | None:
        """One of them; None when it is not, or no longer, held."""

    def version(self, unit_id: str) -> int:
        """How many operations changed a unit."""

    def last_change_by_others(self, unit_id: str, device: str) -> int:
        """Highest version of the unit made by another device, 0 for none."""

    def next_person_number(self) -> str:
        """A new 个人编号; only the hub gives them out."""

    def next_bill_number(self, month: YearMonth) -> str:
        """A new bill number; only the hub gives them out."""
