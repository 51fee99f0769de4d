"""The mirror of the register with own pending work laid over it.

A pending effect stands in the register's own tables, so that every question and every search sees it at no cost; what
it covers is set aside. When the feed tells the truth about a row, the truth is set aside too until no pending effect
covers the row any more; then it comes back into the table.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from counter_tui.operations.canonical import pack
from counter_tui.operations.outcome import RECORDS, effect_builtins, effect_read
from storage.local.tables import covered_rows, pending_effects
from storage.prepared import Prepared, hot, hot_many
from storage.register.queries import fetch
from storage.register.records import KEPT
from storage.register.writing import put, remove

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        rows = hot(connection, "SELECT record, key FROM covered_rows").fetchall()
        return {(record, key) for record, key in rows} & set(places)
    question = "SELECT 1 FROM covered_rows WHERE record = ? AND key = ?"
    return {place for place in places if hot(connection, question, place).fetchone()}


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
        hot_many(connection, "INSERT INTO covered_rows (record, key, effect) VALUES (?, ?, ?)", rows)
    hot_many(
        connection,
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
    lifted = _lifted(connection, own) if own is not None else {}
    told, plain = {}, []
    for place, effect in zip(places, effects, strict=True):
        if place in covered:
            told[place] = _written(effect)
        else:
            plain.append(effect)
    put(connection, bureau, plain)
    for place in sorted({*lifted, *told}):
        _settle(connection, bureau, place, lifted=lifted.get(place), told=told.get(place))


_HERE = (covered_rows.c.record == bindparam("kind"), covered_rows.c.key == bindparam("name"))
_LAID = (pending_effects.c.record == bindparam("kind"), pending_effects.c.key == bindparam("name"))
_OWN = Prepared(
    select(pending_effects.c.record, pending_effects.c.key, pending_effects.c.effect)
    .where(pending_effects.c.dev_seq == bindparam("own"))
    .order_by(pending_effects.c.place)
)
_LIFTED = Prepared(pending_effects.delete().where(pending_effects.c.dev_seq == bindparam("own")))
_SET_ASIDE = Prepared(covered_rows.update().where(*_HERE).values(effect=bindparam("truth")))
_TRUTH = Prepared(select(covered_rows.c.effect).where(*_HERE))
_UNCOVERED = Prepared(covered_rows.delete().where(*_HERE))
_LATEST = Prepared(
    select(pending_effects.c.effect)
    .where(*_LAID)
    .order_by(pending_effects.c.dev_seq.desc(), pending_effects.c.place.desc())
)


def _lifted(connection: Connection, dev_seq: int) -> dict[Place, str]:
    """Take away the pending effects of an operation; returns the last one for each place."""
    found = {(record, key): effect for record, key, effect in _OWN.run(connection, own=dev_seq).fetchall()}
    if found:
        _LIFTED.run(connection, own=dev_seq)
    return found


def _settle(connection: Connection, bureau: str, place: Place, *, lifted: str | None, told: str | None) -> None:
    kind, name = place
    latest = _LATEST.scalar(connection, kind=kind, name=name)
    if latest is not None:
        if told is not None:
            _SET_ASIDE.run(connection, kind=kind, name=name, truth=told)
        if lifted is not None:
            put(connection, bureau, [_read(latest)])
        return
    truth = told or _TRUTH.scalar(connection, kind=kind, name=name)
    _UNCOVERED.run(connection, kind=kind, name=name)
    if truth is None:
        remove(connection, bureau, KEPT[RECORDS[kind]], [tuple(json.loads(name))])
    elif truth != lifted:  # else the table shows it already
        put(connection, bureau, [_read(truth)])
