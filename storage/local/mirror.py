"""The mirror of the register with own pending work laid over it.

A pending effect stands in the register's own tables, so that every question and every search sees it at no cost; what
it covers is set aside. When the feed tells the truth about a row, the truth is set aside too until no pending effect
covers the row any more; then it comes back into the table.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from counter_tui.operations.canonical import pack
from counter_tui.operations.outcome import RECORDS, effect_builtins, effect_read
from storage.local.tables import covered_rows, pending_effects
from storage.register.queries import fetch
from storage.register.records import KEPT
from storage.register.writing import put, remove

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from counter_tui.operations.outcome import Record

MANY = 100
"""Effects from which on it is cheaper to read all covered places than to ask for each."""

Place = tuple[str, str]
"""Record name and key (JSON list) of a row."""


def _place(effect: Record) -> Place:
    return type(effect).__name__, json.dumps(KEPT[type(effect)].key_of(effect), ensure_ascii=False)


def _written(effect: Record) -> str:
    return pack(effect_builtins(effect)).decode()


def _read(text: str) -> Record:
    return effect_read(json.loads(text))


def _standing(connection: Connection, bureau: str, place: Place) -> Record | None:
    kept = KEPT[RECORDS[place[0]]]
    where = dict(zip(kept.key, json.loads(place[1]), strict=True))
    found: Record | None = next(fetch(connection, bureau, kept, **where), None)
    return found


def _covered(connection: Connection, places: Sequence[Place]) -> set[Place]:
    if len(places) > MANY:
        rows = connection.exec_driver_sql("SELECT record, key FROM covered_rows").fetchall()
        return {(record, key) for record, key in rows} & set(places)
    question = "SELECT 1 FROM covered_rows WHERE record = ? AND key = ?"
    return {place for place in places if connection.exec_driver_sql(question, place).fetchone()}


def lay_over(connection: Connection, bureau: str, dev_seq: int, effects: Sequence[Record]) -> None:
    """Lay the effects of an own operation over the mirror."""
    if not effects:
        return
    places = [_place(effect) for effect in effects]
    covered = _covered(connection, places)
    fresh = [place for place in dict.fromkeys(places) if place not in covered]
    if fresh:
        rows = []
        for place in fresh:
            standing = _standing(connection, bureau, place)
            rows.append((*place, _written(standing) if standing else None))
        connection.exec_driver_sql("INSERT INTO covered_rows (record, key, effect) VALUES (?, ?, ?)", rows)
    connection.exec_driver_sql(
        "INSERT INTO pending_effects (dev_seq, place, record, key, effect) VALUES (?, ?, ?, ?, ?)",
        [
            (dev_seq, number, *place, _written(effect))
            for number, (place, effect) in enumerate(zip(places, effects, strict=True))
        ],
    )
    put(connection, bureau, effects)


def take_in(connection: Connection, bureau: str, effects: Sequence[Record], *, own: int | None) -> None:
    """Apply the effects of a feed row; with `own`, the operation of that `dev_seq` is no longer pending."""
    places = [_place(effect) for effect in effects]
    covered = _covered(connection, places)
    touched: set[Place] = set()
    if own is not None:
        touched |= _uncover(connection, own)
    plain = []
    for place, effect in zip(places, effects, strict=True):
        if place in covered:
            _set_aside(connection, place, effect)
            touched.add(place)
        else:
            plain.append(effect)
    put(connection, bureau, plain)
    _settle(connection, bureau, touched)


def _uncover(connection: Connection, dev_seq: int) -> set[Place]:
    mine = pending_effects.c.dev_seq == dev_seq
    places = {
        (record, key)
        for record, key in connection.execute(select(pending_effects.c.record, pending_effects.c.key).where(mine))
    }
    connection.execute(pending_effects.delete().where(mine))
    return places


def _set_aside(connection: Connection, place: Place, effect: Record) -> None:
    connection.execute(
        covered_rows.update()
        .where(covered_rows.c.record == place[0], covered_rows.c.key == place[1])
        .values(effect=_written(effect))
    )


def _settle(connection: Connection, bureau: str, places: Iterable[Place]) -> None:
    for place in sorted(places):
        record, key = place
        latest = connection.execute(
            select(pending_effects.c.effect)
            .where(pending_effects.c.record == record, pending_effects.c.key == key)
            .order_by(pending_effects.c.dev_seq.desc(), pending_effects.c.place.desc())
            .limit(1)
        ).scalar()
        if latest is not None:
            put(connection, bureau, [_read(latest)])
            continue
        here: Any = (covered_rows.c.record == record, covered_rows.c.key == key)
        truth = connection.execute(select(covered_rows.c.effect).where(*here)).scalar()
        connection.execute(covered_rows.delete().where(*here))
        if truth is None:
            remove(connection, bureau, KEPT[RECORDS[record]], [tuple(json.loads(key))])
        else:
            put(connection, bureau, [_read(truth)])
