"""Tables of the register (登记库): one schema for the counter's mirror and for the hub.

The columns of a record's table are read off the record itself, so a field is described once. Every key starts with
`bureau_id`, the column by which a large hub is sharded; only the portable subset of SQL is used.
"""

from __future__ import annotations

import dataclasses
import types
from enum import Enum
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, SmallInteger, Table, Text

from counter_tui.domain.bills import Bill, RollBack, Roster, UnitMonth
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

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

register = MetaData()
"""What mirror and hub hold alike."""

BUREAU = "bureau_id"


def plain_type(hint: Any) -> Any:
    """A field's type without `| None`."""
    if get_origin(hint) in {Union, types.UnionType}:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return hint


def _column_type(hint: Any) -> TypeEngine[Any]:
    kind = plain_type(hint)
    if kind is bool:
        return SmallInteger()
    if isinstance(kind, type) and issubclass(kind, int) and not issubclass(kind, Enum):
        return BigInteger()
    return Text()


def _columns(record: type, key: tuple[str, ...], blobs: tuple[str, ...]) -> list[Column[Any]]:
    hints = get_type_hints(record)
    names = [*key, *(field.name for field in dataclasses.fields(record) if field.name not in key)]
    return [
        Column(
            name,
            LargeBinary() if name in blobs else _column_type(hints[name]),
            primary_key=name in key,
            nullable=plain_type(hints[name]) is not hints[name],
            autoincrement=False,
        )
        for name in names
    ]


def _table(
    name: str,
    record: type,
    *extra: Column[Any] | Index,
    key: tuple[str, ...],
    blobs: tuple[str, ...] = (),
    clustered: bool = False,
) -> Table:
    """Declare the table of a record.

    Args:
        name: plural noun of the glossary.
        record: its dataclass.
        extra: columns derived from the record for searching, and indexes.
        key: fields that name one row within a bureau.
        blobs: fields kept compressed.
        clustered: rows stand in key order (SQLite only); for narrow rows read along their key.
    """
    return Table(
        name,
        register,
        Column(BUREAU, Text(), primary_key=True),
        *_columns(record, key, blobs),
        *extra,
        sqlite_with_rowid=not clustered,
    )


employers = _table(
    "employers",
    Employer,
    Column("initials", Text(), nullable=False),
    Index("employers_by_credit_code", BUREAU, "credit_code"),
    Index("employers_by_name", BUREAU, "name"),
    Index("employers_by_initials", BUREAU, "initials"),
    key=("number",),
)

persons = _table(
    "persons",
    Person,
    Column("last_four", Text(), nullable=False),
    Column("initials", Text(), nullable=False),
    Index("persons_by_id_number", BUREAU, "id_number"),
    Index("persons_by_last_four", BUREAU, "last_four", "initials"),
    Index("persons_by_name", BUREAU, "name"),
    Index("persons_by_initials", BUREAU, "initials"),
    Index("persons_by_employer", BUREAU, "employer", "name", "id_number", "initials"),
    key=("number",),
)

person_aliases = Table(
    "person_aliases",
    register,
    Column(BUREAU, Text(), primary_key=True),
    Column("id_number", Text(), primary_key=True),
    Column("person", Text(), primary_key=True),
    Index("person_aliases_by_person", BUREAU, "person"),
    sqlite_with_rowid=False,
)
"""Identity numbers replaced by a correction; they still find the person."""


def _name_tails(name: str, owner: str) -> Table:
    return Table(
        name,
        register,
        Column(BUREAU, Text(), primary_key=True),
        Column("tail", Text(), primary_key=True),
        Column(owner, Text(), primary_key=True),
        Index(f"{name}_by_{owner}", BUREAU, owner),
        sqlite_with_rowid=False,
    )


person_name_tails = _name_tails("person_name_tails", "person")
"""Every ending of a name but the whole (`三丰` and `丰` for `张三丰`): a part of a name begins an ending."""

employer_name_tails = _name_tails("employer_name_tails", "employer")

coverages = _table(
    "coverages",
    Coverage,
    Index("coverages_by_employer", BUREAU, "employer", "person", "scheme"),
    key=("person", "scheme"),
    clustered=True,
)

coverage_changes = _table(
    "coverage_changes",
    CoverageChange,
    Index("coverage_changes_by_month", BUREAU, "employer", "month"),
    key=("operation", "item", "person"),
)

entitlements = _table(
    "entitlements",
    Entitlement,
    Index("entitlements_by_employer", BUREAU, "employer", "state"),
    key=("item",),
)

items = _table(
    "items",
    Item,
    Index("items_by_id_number", BUREAU, "id_number"),
    Index("items_by_month", BUREAU, "employer", "month"),
    Index("items_by_state", BUREAU, "state", "employer"),
    key=("id",),
)

transitions = _table(
    "transitions", Transition, Index("transitions_by_item", BUREAU, "item"), key=("operation", "item", "after")
)

unit_months = _table("unit_months", UnitMonth, key=("employer", "month"))

bills = _table("bills", Bill, Index("bills_by_month", BUREAU, "employer", "month"), key=("number",))

rosters = _table("rosters", Roster, key=("bill",), blobs=("rows",))

roll_backs = _table(
    "roll_backs", RollBack, Index("roll_backs_by_month", BUREAU, "employer", "month"), key=("operation",)
)

figures = _table("figures", FiguresFile, key=("id",))
"""Files of figures that were proposed for the law, whatever became of them."""

grants = _table("grants", Grant, key=("id",))

post_ledger = _table("post_ledger", LedgerEntry, key=("id",))
"""Every grant, change and revocation; rows are only added."""

last_sign_ons = _table("last_sign_ons", LastSignOn, key=("operator",))

sign_ons = _table(
    "sign_ons",
    SignOnRecord,
    Index("sign_ons_by_key", BUREAU, "key", "ended_by"),
    Index("sign_ons_by_operator", BUREAU, "operator", "ended_by"),
    Index("sign_ons_by_session", BUREAU, "session"),
    key=("operation",),
)

receptions = _table(
    "receptions",
    Reception,
    Index("receptions_by_window", BUREAU, "window", "state"),
    Index("receptions_by_employer", BUREAU, "employer", "state"),
    key=("id",),
)

person_changes = _table(
    "person_changes",
    PersonChange,
    Index("person_changes_by_person", BUREAU, "person"),
    key=("operation", "person", "field"),
)

contribution_spans = _table("contribution_spans", ContributionSpan, key=("person", "scheme", "since"), clustered=True)
"""History from before the first assessment made here; later months stand in the rosters."""

unit_versions = Table(
    "unit_versions",
    register,
    Column(BUREAU, Text(), primary_key=True),
    Column("unit_id", Text(), primary_key=True),
    Column("device", Text(), primary_key=True),
    Column("version", BigInteger(), nullable=False),
    sqlite_with_rowid=False,
)
"""The last version of a unit that each device made; the highest of them is the unit's version."""

numbers = Table(
    "numbers",
    register,
    Column(BUREAU, Text(), primary_key=True),
    Column("series", Text(), primary_key=True),
    Column("last", BigInteger(), nullable=False),
)
"""Number series that only the hub draws from."""
