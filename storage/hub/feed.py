"""The feed: gap-free positions in the order of commits, each row a leaf of the bureau's log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from counter_tui.operations.canonical import pack
from storage.hub.tables import feed, feed_head
from storage.register import log
from storage.wire import Fed, FeedRow, SignedHead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from counter_tui.operations.suites import Suite

PAGE_ROWS = 1_000
PAGE_BYTES = 4 << 20
"""A page ends with the row that passes this size."""


def take(connection: Connection, bureau: str, suite: Suite) -> int:
    """Hold the end of the bureau's feed until the commit and return the last position.

    Taken before anything is decided: on an engine without a single writer it also puts the bureau's decisions in
    the order of the feed.
    """
    row = connection.execute(
        select(feed_head.c.pos).where(feed_head.c.bureau_id == bureau).with_for_update()
    ).one_or_none()
    if row is None:
        connection.execute(
            feed_head.insert().values(bureau_id=bureau, epoch=1, pos=0, frontier="[]", root=log.root((), suite))
        )
        return 0
    return int(row.pos)


def append(connection: Connection, bureau: str, rows: Sequence[FeedRow], suite: Suite) -> None:
    """Append rows whose positions follow the one that `take` gave."""
    if not rows:
        return
    here = feed_head.c.bureau_id == bureau
    head = connection.execute(select(feed_head.c.pos, feed_head.c.frontier).where(here)).one()
    size, frontier, written = head.pos, tuple(json.loads(head.frontier)), []
    for row in rows:
        if row.pos != size + 1:
            raise RuntimeError(f"feed position {row.pos} does not follow {size}")
        text = pack(row).decode()
        leaf = log.leaf(text, suite)
        frontier = log.extended(frontier, size, leaf, suite)
        size += 1
        written.append({"bureau_id": bureau, "pos": size, "row": text, "leaf": leaf})
    connection.execute(feed.insert(), written)
    connection.execute(
        feed_head.update().where(here).values(pos=size, frontier=json.dumps(frontier), root=log.root(frontier, suite))
    )


def head(connection: Connection, bureau: str, suite: Suite, at: str = "") -> SignedHead:
    """Where the feed ends."""
    row = connection.execute(
        select(feed_head.c.epoch, feed_head.c.pos, feed_head.c.root).where(feed_head.c.bureau_id == bureau)
    ).one_or_none()
    if row is None:
        return SignedHead(bureau_id=bureau, epoch=1, pos=0, root=log.root((), suite), at=at)
    return SignedHead(bureau_id=bureau, epoch=row.epoch, pos=row.pos, root=row.root, at=at)


def page(connection: Connection, bureau: str, after: int, limit: int, suite: Suite, at: str = "") -> Fed:
    """Rows behind a position, oldest first."""
    found = connection.execute(
        select(feed.c.row)
        .where(feed.c.bureau_id == bureau, feed.c.pos > after)
        .order_by(feed.c.pos)
        .limit(max(1, min(limit, PAGE_ROWS)))
    )
    rows, size = [], 0
    for (row,) in found:
        rows.append(row)
        size += len(row)
        if size > PAGE_BYTES:
            break
    found.close()
    return Fed(rows=tuple(rows), head=head(connection, bureau, suite, at))
