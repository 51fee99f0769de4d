"""Paper on record: every sheet is written down before it is spooled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from counter_tui.operations.canonical import pack, unpack
from counter_tui.services.ports import Print
from storage.local.tables import prints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def keep(connection: Connection, entry: Print) -> None:
    """Record a print, or its new state."""
    connection.execute(prints.delete().where(prints.c.id == entry.id))
    connection.execute(
        prints.insert().values(
            id=entry.id, document=entry.document, serial=entry.serial, nth=entry.nth, print=pack(entry).decode()
        )
    )


def of_document(connection: Connection, document: str, serial: str) -> Sequence[Print]:
    """Prints of a document so far, oldest first."""
    found = connection.execute(
        select(prints.c.print)
        .where(prints.c.document == document, prints.c.serial == serial)
        .order_by(prints.c.nth, prints.c.id)
    )
    return [unpack(Print, text) for (text,) in found]
