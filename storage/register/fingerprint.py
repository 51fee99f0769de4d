"""One hash over a whole register: a quiet mirror and the hub must show the same."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.register.records import KEPT
from storage.register.tables import unit_versions

if TYPE_CHECKING:
    from sqlalchemy import Connection


def fingerprint(connection: Connection, bureau: str) -> str:
    """SHA-256 over every row of the bureau, table by table in the order of the keys, hex."""
    hashed = hashlib.sha256()
    for table in (*(kept.table for kept in KEPT.values()), unit_versions):
        question = select(table).where(table.c.bureau_id == bureau).order_by(*table.primary_key.columns)
        hashed.update(table.name.encode())
        for row in connection.execute(question):
            hashed.update(repr(tuple(row)).encode())
    return hashed.hexdigest()
