"""The register as `decide` and the screens ask it, answered from tables."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, func, select

from counter_tui.domain.declarations import OPEN_STATES, Item, ItemState
from counter_tui.domain.receptions import Reception, ReceptionState
from storage.prepared import Prepared
from storage.register.records import (
    BILLS,
    COVERAGE_CHANGES,
    COVERAGES,
    EMPLOYERS,
    ENTITLEMENTS,
    FIGURES,
    GRANTS,
    ITEMS,
    LAST_SIGN_ONS,
    PERSONS,
    POST_LEDGER,
    RECEPTIONS,
    ROLL_BACKS,
    ROSTERS,
    SIGN_ONS,
    SPANS,
    TRANSITIONS,
    UNIT_MONTHS,
    Kept,
    Value,
)
from storage.register.tables import BUREAU, person_aliases, unit_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from counter_tui.domain.bills import Bill, RollBack, Roster, UnitMonth
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.contributions import ContributionSpan
    from counter_tui.domain.coverage import Coverage, CoverageChange, Entitlement
    from counter_tui.domain.declarations import Transition
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.figures import FiguresFile
    from counter_tui.domain.grants import Grant, LedgerEntry
    from counter_tui.domain.operators import LastSignOn
    from counter_tui.domain.people import Person
    from counter_tui.domain.sign_ons import SignOnRecord
    from counter_tui.operations.outcome import Record

R = TypeVar("R")


_OF_UNIT = (unit_versions.c.bureau_id == bindparam("of"), unit_versions.c.unit_id == bindparam("unit"))
_VERSION = Prepared(select(func.max(unit_versions.c.version)).where(*_OF_UNIT))
_VERSION_BY_OTHERS = Prepared(
    select(func.max(unit_versions.c.version)).where(*_OF_UNIT, unit_versions.c.device != bindparam("by"))
)
_RAISED = Prepared(
    unit_versions.update().where(*_OF_UNIT, unit_versions.c.device == bindparam("by")).values(version=bindparam("made"))
)
_FIRST_VERSION = Prepared(
    unit_versions.insert().values(
        bureau_id=bindparam("of"), unit_id=bindparam("unit"), device=bindparam("by"), version=bindparam("made")
    )
)
_BY_ALIAS = Prepared(
    select(person_aliases.c.person).where(
        person_aliases.c.bureau_id == bindparam("of"), person_aliases.c.id_number == bindparam("former")
    )
)


@lru_cache(maxsize=256)
def _lookup(kept: Kept[Any], where: tuple[str, ...]) -> Prepared:
    columns = kept.table.columns
    return Prepared(
        select(*(columns[name] for name in kept.fields)).where(
            columns[BUREAU] == bindparam(BUREAU), *(columns[name] == bindparam(f"by_{name}") for name in where)
        )
    )


def fetch(connection: Connection, bureau: str, kept: Kept[R], **where: Value) -> Iterator[R]:
    """Records whose fields have these values, in no promised order."""
    values: dict[str, Value] = {f"by_{name}": value for name, value in where.items()}
    found = _lookup(kept, tuple(where)).run(connection, **{BUREAU: bureau}, **values)
    return map(kept.read, found.fetchall())


def _age(item: Item) -> tuple[Any, ...]:
    return item.made.at, item.acceptance_number, item.item_no, item.id


class SqlRegister:
    """`operations.register.Register` over one connection; lives as long as the transaction around it.

    The registry of operators stands beside the register, in each kind of file its own way: who has one adds it.
    """

    def __init__(self, connection: Connection, bureau: str) -> None:
        """Answer from this connection, for this bureau."""
        self._connection = connection
        self._bureau = bureau

    def _all(self, kept: Kept[R], **where: Value) -> list[R]:
        return list(fetch(self._connection, self._bureau, kept, **where))

    def _one(self, kept: Kept[R], **where: Value) -> R | None:
        return next(fetch(self._connection, self._bureau, kept, **where), None)

    def employer(self, number: str) -> Employer | None:
        """Employer by its number."""
        return self._one(EMPLOYERS, number=number)

    def employer_by_credit_code(self, credit_code: str) -> Employer | None:
        """Employer by its unified social credit code."""
        return self._one(EMPLOYERS, credit_code=credit_code)

    def person(self, number: str) -> Person | None:
        """Person by 个人编号."""
        return self._one(PERSONS, number=number)

    def person_by_id(self, id_number: str) -> Person | None:
        """Person by identity number, present or former."""
        found = self._one(PERSONS, id_number=id_number)
        if found:
            return found
        alias = _BY_ALIAS.scalar(self._connection, of=self._bureau, former=id_number)
        return self.person(alias) if alias else None

    def coverages(self, person: str) -> Sequence[Coverage]:
        """All coverages of a person, by scheme code."""
        return sorted(self._all(COVERAGES, person=person), key=lambda coverage: coverage.scheme)

    def coverages_of_employer(self, employer: str) -> Iterable[Coverage]:
        """Coverages that an employer pays or paid last, by person and scheme."""
        return sorted(self._all(COVERAGES, employer=employer), key=lambda coverage: (coverage.person, coverage.scheme))

    def item(self, item: str) -> Item | None:
        """Declaration item by id."""
        return self._one(ITEMS, id=item)

    def open_items(self, id_number: str) -> Sequence[Item]:
        """Items of a person in states D1, D2, D3, D5, oldest first."""
        return sorted((item for item in self._all(ITEMS, id_number=id_number) if item.state in OPEN_STATES), key=_age)

    def items_of_month(self, employer: str, month: YearMonth) -> Sequence[Item]:
        """Items of an employer that count in a settlement month, oldest first, void ones included."""
        return sorted(self._all(ITEMS, employer=employer, month=str(month)), key=_age)

    def items_in(self, states: frozenset[ItemState], employer: str = "") -> Sequence[Item]:
        """Items in some states, of one employer or all, oldest first."""
        narrowed: dict[str, Value] = {"employer": employer} if employer else {}
        found = (item for state in states for item in self._all(ITEMS, state=state.value, **narrowed))
        return sorted(found, key=_age)

    def transitions(self, item: str) -> Sequence[Transition]:
        """An item's life, oldest first."""
        return sorted(self._all(TRANSITIONS, item=item), key=lambda step: (step.by.at, step.after, step.operation))

    def unit_month(self, employer: str, month: YearMonth) -> UnitMonth | None:
        """The month of an employer, once assessed."""
        return self._one(UNIT_MONTHS, employer=employer, month=str(month))

    def bill(self, number: str) -> Bill | None:
        """Bill by number."""
        return self._one(BILLS, number=number)

    def bills(self, employer: str, since: YearMonth, until: YearMonth) -> Sequence[Bill]:
        """Bills of an employer for a range of months, void ones included, oldest first."""
        table = BILLS.table.columns
        found = self._connection.execute(
            select(*(table[name] for name in BILLS.fields)).where(
                table.bureau_id == self._bureau,
                table.employer == employer,
                table.month.between(str(since), str(until)),
            )
        )
        return sorted(map(BILLS.read, found), key=lambda bill: (bill.month, bill.assessed_at, bill.number))

    def roster(self, bill: str) -> Roster | None:
        """Who stands behind a bill."""
        return self._one(ROSTERS, bill=bill)

    def changes(self, employer: str, month: YearMonth) -> Sequence[CoverageChange]:
        """Change log of an employer for a settlement month."""
        found = self._all(COVERAGE_CHANGES, employer=employer, month=str(month))
        return sorted(found, key=lambda change: (change.on, change.operation, change.person))

    def entitlements(self, employer: str) -> Sequence[Entitlement]:
        """Back-collections of an employer in any state, oldest first."""
        found = self._all(ENTITLEMENTS, employer=employer)
        return sorted(found, key=lambda entitlement: (entitlement.item, entitlement.person))

    def roll_back(self, employer: str, month: YearMonth) -> RollBack | None:
        """The open request to take a month's assessment back."""
        return self._one(ROLL_BACKS, employer=employer, month=str(month), state="asked")

    def roll_backs(self) -> Sequence[RollBack]:
        """All open requests to take an assessment back, oldest first."""
        return sorted(self._all(ROLL_BACKS, state="asked"), key=lambda asked: (asked.maker.at, asked.operation))

    def figures_files(self) -> Sequence[FiguresFile]:
        """Files of figures in any state, oldest first."""
        return sorted(self._all(FIGURES), key=lambda file: (file.proposed.at, file.id))

    def figures_file(self, file: str) -> FiguresFile | None:
        """File of figures by id."""
        return self._one(FIGURES, id=file)

    def last_sign_on(self, operator: str) -> LastSignOn | None:
        """When an operator last signed on."""
        return self._one(LAST_SIGN_ONS, operator=operator)

    def sign_on(self, operation: str) -> SignOnRecord | None:
        """Sign-on by the operation that opened it."""
        return self._one(SIGN_ONS, operation=operation)

    def open_sign_ons(self, key: str) -> Sequence[SignOnRecord]:
        """Sign-ons of a key that nothing has ended yet."""
        return self._all(SIGN_ONS, key=key, ended_by="")

    def open_sign_ons_at(self, window: str, operator: str) -> Sequence[SignOnRecord]:
        """Sign-ons of an operator at a window, with whatever key, that nothing has ended yet."""
        return self._all(SIGN_ONS, operator=operator, window=window, ended_by="")

    def sign_on_of_session(self, session: str) -> SignOnRecord | None:
        """The sign-on that a statement opened."""
        return self._one(SIGN_ONS, session=session)

    def grants(self) -> Sequence[Grant]:
        """Grants in any state, oldest first."""
        return sorted(self._all(GRANTS), key=lambda grant: (grant.signed[0].at, grant.id))

    def grant(self, grant: str) -> Grant | None:
        """Grant by id."""
        return self._one(GRANTS, id=grant)

    def ledger(self) -> Sequence[LedgerEntry]:
        """The ledger of posts, oldest first."""
        return sorted(self._all(POST_LEDGER), key=lambda entry: (entry.at, entry.id))

    def reception(self, reception: str) -> Reception | None:
        """Reception by id."""
        return self._one(RECEPTIONS, id=reception)

    def receptions_at(self, window: str) -> Sequence[Reception]:
        """Receptions of a window that are open or suspended."""
        found = (
            reception
            for state in (ReceptionState.OPEN, ReceptionState.SUSPENDED)
            for reception in self._all(RECEPTIONS, window=window, state=state.value)
        )
        return sorted(found, key=lambda reception: reception.opened_at)

    def receptions_for(self, employer: str) -> Sequence[Reception]:
        """Open receptions of an employer at any window (L10)."""
        found = self._all(RECEPTIONS, employer=employer, state=ReceptionState.OPEN.value)
        return sorted(found, key=lambda reception: reception.opened_at)

    def contributions(self, person: str) -> Sequence[ContributionSpan]:
        """A person's history from before the first assessment made here, by scheme and month."""
        return sorted(self._all(SPANS, person=person), key=lambda span: (span.scheme, span.since))

    def version(self, unit_id: str) -> int:
        """How many operations changed a unit."""
        return _VERSION.scalar(self._connection, of=self._bureau, unit=unit_id) or 0

    def last_change_by_others(self, unit_id: str, device: str) -> int:
        """Highest version of the unit made by another device, 0 for none."""
        return _VERSION_BY_OTHERS.scalar(self._connection, of=self._bureau, unit=unit_id, by=device) or 0

    def next_person_number(self) -> str:
        """Empty: only the hub gives numbers out, and what a counter foresees with one is not kept."""
        return ""

    def next_bill_number(self, month: YearMonth) -> str:
        """Empty: as for persons."""
        del month
        return ""


def raise_others(connection: Connection, bureau: str, unit_id: str, device: str, effects: Iterable[Record]) -> None:
    """Raise the versions of the employers whose items changed, when the operation was about another unit.

    A reviewer decides a set over several employers in one operation; each of them has moved on.
    """
    touched = {f"E:{effect.employer}" for effect in effects if isinstance(effect, Item)} - {unit_id}
    for unit in sorted(touched):
        set_version(connection, bureau, unit, device, (_VERSION.scalar(connection, of=bureau, unit=unit) or 0) + 1)


def set_version(connection: Connection, bureau: str, unit_id: str, device: str, version: int) -> None:
    """Note that a device made this version of a unit."""
    mine = {"of": bureau, "unit": unit_id, "by": device, "made": version}
    if not _RAISED.run(connection, **mine).rowcount:
        _FIRST_VERSION.run(connection, **mine)
