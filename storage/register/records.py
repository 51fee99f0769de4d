"""Records of the domain as rows of the register, and back: the one place where the two meet."""

from __future__ import annotations

import dataclasses
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, get_type_hints

from counter_tui.domain.bills import Bill, RollBack, Roster, UnitMonth
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.contributions import ContributionSpan
from counter_tui.domain.coverage import Coverage, CoverageChange, Entitlement
from counter_tui.domain.declarations import Item, Transition
from counter_tui.domain.employers import Employer
from counter_tui.domain.figures import FiguresFile
from counter_tui.domain.grants import Grant, LedgerEntry
from counter_tui.domain.operators import LastSignOn
from counter_tui.domain.people import Person, PersonChange
from counter_tui.domain.receptions import Reception
from counter_tui.domain.sign_ons import SignOnRecord
from counter_tui.operations.canonical import pack, unpack
from storage.register import tables
from storage.register.pinyin import initials

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Table

R = TypeVar("R")

Value: TypeAlias = "str | int | bytes | None"
Row: TypeAlias = "tuple[Value, ...]"

_month = lru_cache(maxsize=4096)(YearMonth.parse)
_day = lru_cache(maxsize=65536)(date.fromisoformat)
_written_day = lru_cache(maxsize=65536)(date.isoformat)


@dataclass(frozen=True, slots=True)
class _Codec:
    """How one field is written and read; None stands for itself."""

    write: Callable[[Any], Value] | None
    read: Callable[[Any], Any] | None
    attribute: str = ""
    """Where in the field's value the written form stands ready."""


def _written_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


_AS_IT_IS = _Codec(None, None)

_CODECS: dict[Any, _Codec] = {
    str: _AS_IT_IS,
    int: _AS_IT_IS,
    bool: _Codec(int, bool),
    YearMonth: _Codec(str, _month),
    datetime: _Codec(_written_moment, datetime.fromisoformat),
    date: _Codec(_written_day, _day),
    tuple[str, ...]: _Codec(
        lambda texts: pack(texts).decode() if texts else "", lambda text: unpack(tuple[str, ...], text) if text else ()
    ),
}


def _codec(hint: Any, *, blob: bool) -> _Codec:
    kind = tables.plain_type(hint)
    if blob:
        return _Codec(lambda value: zlib.compress(pack(value), 6), lambda data: unpack(kind, zlib.decompress(data)))
    if kind in _CODECS:
        return _CODECS[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        members = {member.value: member for member in kind}
        if kind is not hint:  # None has no value to be read off beforehand
            return _Codec(lambda member: member.value, members.__getitem__)
        return _Codec(None, members.__getitem__, attribute="._value_")
    return _Codec(lambda value: pack(value).decode(), lambda text: unpack(kind, text))


@dataclass(frozen=True, slots=True)
class Kept(Generic[R]):
    """How one kind of record is kept: its table, its key and the way there and back."""

    record: type[R]
    table: Table
    key: tuple[str, ...]
    """Fields that name a row within a bureau."""
    columns: tuple[str, ...]
    """All columns in the order of `row`."""
    fields: tuple[str, ...]
    """The record's own fields in the order of `read`."""
    derived: Callable[[R], Row]
    _fields_of: Callable[[R], tuple[Any, ...]]
    _writes: tuple[tuple[int, Callable[[Any], Value]], ...]
    _reads: tuple[tuple[int, Callable[[Any], Any]], ...]

    def row(self, bureau: str, record: R) -> Row:
        """The record as a row: bureau, fields, then the columns made for searching."""
        values: list[Any] = [bureau, *self._fields_of(record)]
        for place, write in self._writes:
            if values[place] is not None:
                values[place] = write(values[place])
        values.extend(self.derived(record))
        return tuple(values)

    def read(self, values: Sequence[Any]) -> R:
        """Make the record from its own columns, in the order of `fields`."""
        given = list(values)
        for place, read in self._reads:
            if given[place] is not None:
                given[place] = read(given[place])
        return self.record(**dict(zip(self.fields, given, strict=True)))

    def key_of(self, record: R) -> tuple[str, ...]:
        """What names the record within its bureau."""
        return tuple(str(getattr(record, name)) for name in self.key)


def _nothing(_: Any) -> Row:
    return ()


def _kept(record: type[R], table: Table, derived: Callable[[R], Row] = _nothing) -> Kept[R]:
    hints = get_type_hints(record)
    own = {field.name for field in dataclasses.fields(record)}  # type: ignore[arg-type]  # every record is a dataclass
    fields = tuple(column.name for column in table.columns if column.name in own)
    blobs = {column.name for column in table.columns if column.type.python_type is bytes}
    codecs = [_codec(hints[name], blob=name in blobs) for name in fields]
    return Kept(
        record,
        table,
        tuple(column.name for column in table.primary_key.columns)[1:],
        tuple(column.name for column in table.columns),
        fields,
        derived,
        attrgetter(*(name + codec.attribute for name, codec in zip(fields, codecs, strict=True))),
        tuple((place, codec.write) for place, codec in enumerate(codecs, 1) if codec.write),
        tuple((place, codec.read) for place, codec in enumerate(codecs) if codec.read),
    )


def _person_columns(person: Person) -> Row:
    return person.id_number[-4:], initials(person.name)


def _employer_columns(employer: Employer) -> Row:
    return (initials(employer.name),)


EMPLOYERS = _kept(Employer, tables.employers, _employer_columns)
PERSONS = _kept(Person, tables.persons, _person_columns)
PERSON_CHANGES = _kept(PersonChange, tables.person_changes)
COVERAGES = _kept(Coverage, tables.coverages)
COVERAGE_CHANGES = _kept(CoverageChange, tables.coverage_changes)
ENTITLEMENTS = _kept(Entitlement, tables.entitlements)
ITEMS = _kept(Item, tables.items)
TRANSITIONS = _kept(Transition, tables.transitions)
UNIT_MONTHS = _kept(UnitMonth, tables.unit_months)
BILLS = _kept(Bill, tables.bills)
ROSTERS = _kept(Roster, tables.rosters)
ROLL_BACKS = _kept(RollBack, tables.roll_backs)
RECEPTIONS = _kept(Reception, tables.receptions)
FIGURES = _kept(FiguresFile, tables.figures)
GRANTS = _kept(Grant, tables.grants)
POST_LEDGER = _kept(LedgerEntry, tables.post_ledger)
LAST_SIGN_ONS = _kept(LastSignOn, tables.last_sign_ons)
SIGN_ONS = _kept(SignOnRecord, tables.sign_ons)
SPANS = _kept(ContributionSpan, tables.contribution_spans)

KEPT: dict[type, Kept[Any]] = {
    kept.record: kept
    for kept in (
        EMPLOYERS,
        PERSONS,
        PERSON_CHANGES,
        COVERAGES,
        COVERAGE_CHANGES,
        ENTITLEMENTS,
        ITEMS,
        TRANSITIONS,
        UNIT_MONTHS,
        BILLS,
        ROSTERS,
        ROLL_BACKS,
        RECEPTIONS,
        FIGURES,
        GRANTS,
        POST_LEDGER,
        LAST_SIGN_ONS,
        SIGN_ONS,
        SPANS,
    )
}
"""Every kind of record that the register keeps."""
