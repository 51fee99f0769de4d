"""Finding persons and employers by what a clerk has at hand: a number, its last four, a part of a name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import and_, case, or_, select

from counter_tui.domain.text import plain
from storage.register.records import EMPLOYERS, PERSONS, Kept
from storage.register.tables import employer_name_tails, employers, person_aliases, person_name_tails, persons

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Select, Table

    from counter_tui.domain.employers import Employer
    from counter_tui.domain.people import Person

R = TypeVar("R")

_LAST_FOUR = re.compile(r"([0-9]{3}[0-9Xx])([A-Za-z]+|[^\x00-\x7f]+)?")
_HIGHEST = "\U0010ffff"
"""Sorts behind every character, in Python and in UTF-8 alike."""
_SHORT = 4
"""A number no longer than this may as well be the last four of another."""
_REPEATS = 4
"""How often one name may give the same ending before a hit could be missed."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed, folded as a number and as a name is kept."""

    number: str
    name: str

    @property
    def upper(self) -> str:
        return self.number.upper()

    @property
    def letters(self) -> str:
        return self.number.lower()


def clean_name(text: str) -> str:
    """A typed name in the normal form in which names are kept."""
    return unicodedata.normalize("NFC", text.strip())


def _begins(column: Column[Any], text: str) -> ColumnElement[bool]:
    return and_(column >= text, column < text + _HIGHEST)


def _begins_unindexed(column: Column[Any], text: str) -> ColumnElement[bool]:
    return column.startswith(text, autoescape=True)


def find_persons(
    connection: Connection, bureau: str, text: str, *, employer: str = "", limit: int = 21
) -> Sequence[Person]:
    """Persons by full number, last four (with initial or surname behind), prefix, or part of the name; best first."""
    asked = _Asked(plain(text), clean_name(text))
    if not asked.name:
        return []
    questions = _persons_of_employer(bureau, asked, employer, limit) if employer else _persons(bureau, asked, limit)
    return _gathered(connection, PERSONS, asked, questions, limit)


def find_employers(connection: Connection, bureau: str, text: str, *, limit: int = 21) -> Sequence[Employer]:
    """Employers by number, credit code, initials, or part of the name; best first."""
    asked = _Asked(plain(text), clean_name(text))
    return _gathered(connection, EMPLOYERS, asked, _employers(bureau, asked, limit), limit) if asked.name else []


def _gathered(
    connection: Connection, kept: Kept[R], asked: _Asked, questions: Iterator[Select[Any]], limit: int
) -> list[R]:
    found: dict[str, R] = {}
    for question in questions:
        for row in connection.execute(question).fetchall():
            if len(found) == limit:
                return list(found.values())
            record = kept.read(row)
            found.setdefault(kept.key_of(record)[0], record)
        if len(found) == limit or (len(asked.number) > _SHORT and _is_meant(kept, found, asked)):
            break
    return list(found.values())


def _is_meant(kept: Kept[R], found: dict[str, R], asked: _Asked) -> bool:
    """Whether a full number was typed: what merely begins with it is not asked for."""
    number = "id_number" if kept is PERSONS else "credit_code"
    return asked.number in found or any(getattr(record, number) == asked.upper for record in found.values())


def _chosen(kept: Kept[Any], bureau: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    columns = kept.table.columns
    return select(*(columns[name] for name in kept.fields)).where(columns.bureau_id == bureau, *conditions)


def _aliased(bureau: str, id_number: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    former = select(person_aliases.c.person).where(
        person_aliases.c.bureau_id == bureau, person_aliases.c.id_number == id_number
    )
    return _chosen(PERSONS, bureau, persons.c.number.in_(former), *conditions)


def _by_tail(kept: Kept[Any], tails: Table, owner: Column[Any], bureau: str, text: str, limit: int) -> Select[Any]:
    ends = (
        select(owner, tails.c.tail)
        .where(tails.c.bureau_id == bureau, _begins(tails.c.tail, text))
        .order_by(tails.c.tail, owner)
        .limit(limit * _REPEATS)
        .subquery()
    )
    columns = kept.table.columns
    return (
        select(*(columns[name] for name in kept.fields))
        .join_from(ends, kept.table, and_(columns.bureau_id == bureau, columns.number == ends.c[owner.name]))
        .order_by(ends.c.tail, ends.c[owner.name])
    )


def _persons(bureau: str, asked: _Asked, limit: int) -> Iterator[Select[Any]]:
    column = persons.c
    upper = asked.upper
    if upper.isascii() and any(map(str.isdigit, upper)):
        yield _chosen(PERSONS, bureau, column.id_number == upper)
        yield _chosen(PERSONS, bureau, column.number == asked.number)
        yield _aliased(bureau, upper)
    if last := _LAST_FOUR.fullmatch(asked.number):
        yield (
            _chosen(PERSONS, bureau, column.last_four == last[1].upper(), *_narrowed(last[2] or ""))
            .order_by(column.last_four, column.initials)
            .limit(limit)
        )
    if upper.isascii():
        yield _chosen(PERSONS, bureau, _begins(column.id_number, upper)).order_by(column.id_number).limit(limit)
        yield _chosen(PERSONS, bureau, _begins(column.number, asked.number)).order_by(column.number).limit(limit)
        yield _chosen(PERSONS, bureau, _begins(column.initials, asked.letters)).order_by(column.initials).limit(limit)
    yield _chosen(PERSONS, bureau, _begins(column.name, asked.name)).order_by(column.name).limit(limit)
    yield _by_tail(PERSONS, person_name_tails, person_name_tails.c.person, bureau, asked.name, limit)


def _narrowed(behind: str) -> Iterator[ColumnElement[bool]]:
    if behind.isascii():
        if behind:
            yield _begins(persons.c.initials, behind.lower())
    else:
        yield _begins_unindexed(persons.c.name, behind)


def _persons_of_employer(bureau: str, asked: _Asked, employer: str, limit: int) -> Iterator[Select[Any]]:
    # The employer's own persons are few and stand together in one index; no other index may tempt the planner.
    column = persons.c
    upper = asked.upper
    at = column.employer == employer
    last = _LAST_FOUR.fullmatch(asked.number)
    grades: list[ColumnElement[bool]] = [or_(column.id_number == upper, column.number == asked.number)]
    if last:
        by_four = column.id_number.endswith(last[1].upper(), autoescape=True)
        behind = last[2] or ""
        if behind:
            by_four = and_(by_four, _begins_unindexed(column.initials if behind.isascii() else column.name, behind))
        grades.append(by_four)
    grades += [
        _begins_unindexed(column.id_number, upper),
        _begins_unindexed(column.number, asked.number),
        _begins_unindexed(column.name, asked.name),
        _begins_unindexed(column.initials, asked.letters),
        column.name.contains(asked.name, autoescape=True),
    ]
    grade = case(*((condition, place) for place, condition in enumerate(grades)))
    yield _aliased(bureau, upper, at)
    yield _chosen(PERSONS, bureau, at, or_(*grades)).order_by(grade, column.name, column.number).limit(limit)


def _employers(bureau: str, asked: _Asked, limit: int) -> Iterator[Select[Any]]:
    column = employers.c
    upper = asked.upper
    if upper.isascii():
        yield _chosen(EMPLOYERS, bureau, column.number == asked.number)
        yield _chosen(EMPLOYERS, bureau, column.credit_code == upper)
        yield _chosen(EMPLOYERS, bureau, _begins(column.number, asked.number)).order_by(column.number).limit(limit)
        yield _chosen(EMPLOYERS, bureau, _begins(column.credit_code, upper)).order_by(column.credit_code).limit(limit)
        yield (
            _chosen(EMPLOYERS, bureau, _begins(column.initials, asked.letters)).order_by(column.initials).limit(limit)
        )
    yield _chosen(EMPLOYERS, bureau, _begins(column.name, asked.name)).order_by(column.name).limit(limit)
    yield _by_tail(EMPLOYERS, employer_name_tails, employer_name_tails.c.employer, bureau, asked.name, limit)
