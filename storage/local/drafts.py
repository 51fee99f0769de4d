"""Unfinished forms and remembered choices: they stay on this host and are never sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from counter_tui.operations.canonical import pack, unpack
from counter_tui.services.ports import Draft
from storage.local.tables import drafts, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def keep(connection: Connection, draft: Draft) -> None:
    """Keep or replace an unfinished form."""
    drop(connection, draft.operator, draft.function)
    connection.execute(
        drafts.insert().values(operator=draft.operator, function=draft.function, draft=pack(draft).decode())
    )


def drop(connection: Connection, operator: str, function: str) -> None:
    """Forget an unfinished form."""
    connection.execute(drafts.delete().where(drafts.c.operator == operator, drafts.c.function == function))


def one(connection: Connection, operator: str, function: str) -> Draft | None:
    """The operator's unfinished form of a function."""
    text = connection.execute(
        select(drafts.c.draft).where(drafts.c.operator == operator, drafts.c.function == function)
    ).scalar()
    return unpack(Draft, text) if text else None


def of_operator(connection: Connection, operator: str) -> Sequence[Draft]:
    """All unfinished forms of an operator, newest first."""
    found = connection.execute(select(drafts.c.draft).where(drafts.c.operator == operator))
    return sorted((unpack(Draft, text) for (text,) in found), key=lambda draft: draft.saved_at, reverse=True)


def setting(connection: Connection, name: str) -> str:
    """A remembered choice of this host, empty when there is none."""
    return str(connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar() or "")


def remember(connection: Connection, name: str, value: str) -> None:
    """Keep a choice of this host."""
    if not connection.execute(settings.update().where(settings.c.name == name).values(value=value)).rowcount:
        connection.execute(settings.insert().values(name=name, value=value))
