"""What one transaction of the hub tells through the feed: each outcome at the next position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.operations.canonical import builtins
from storage.hub import feed
from storage.wire import FeedRow, outcome_builtins

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from counter_tui.operations.suites import Suite
    from storage.hub.judging import Judged

ACCESS = "access."
"""Kinds that tell who saw whose data: other counters learn their hash only."""


class Telling:
    """The rows to come, at positions that are held until the commit."""

    def __init__(self, connection: Connection, bureau: str, suite: Suite) -> None:
        """Take the end of the feed; see `feed.take`."""
        self._connection = connection
        self._bureau = bureau
        self._suite = suite
        self._end = feed.take(connection, bureau, suite)
        self._rows: dict[int, FeedRow] = {}

    def place(self) -> int:
        """The next position, to be filled before `end`."""
        self._end += 1
        return self._end

    def tell(self, entry: Judged, pos: int) -> None:
        """What became of an operation."""
        self._rows[pos] = _feed_row(entry, pos)

    def end(self) -> None:
        """Append the rows to the feed."""
        feed.append(self._connection, self._bureau, [self._rows[pos] for pos in sorted(self._rows)], self._suite)


def _feed_row(entry: Judged, pos: int) -> FeedRow:
    operation = entry.operation
    return FeedRow(
        pos=pos,
        op_id=operation.op_id,
        op_hash=entry.op_hash,
        device=operation.device_id,
        dev_seq=operation.dev_seq,
        unit_id=operation.unit_id,
        unit_ver=entry.unit_ver,
        operation=None if operation.kind.startswith(ACCESS) else builtins(operation),
        outcome=outcome_builtins(entry.outcome),
        operators=entry.outcome.operators,
    )
