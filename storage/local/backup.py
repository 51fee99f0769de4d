"""Copies of a counter's file, taken while clerks go on working."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from counter_tui.own_files import file_mode
from storage.trouble import spoken

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


def copy_to(connection: Connection, target: Path) -> None:
    """Write a compact, consistent copy; an older copy under that name is replaced only by a whole one.

    Args:
        connection: open, outside any transaction.
        target: file that the copy gets; its folder exists.
    """
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    with spoken(target):
        # Past SQLAlchemy: it would open a transaction, inside which SQLite makes no copy.
        driver.execute("VACUUM INTO ?", (str(partial),)).close()
    descriptor = os.open(partial, os.O_RDWR)
    try:
        os.fchmod(descriptor, file_mode(target.parent))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    partial.replace(target)
