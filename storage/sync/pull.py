"""Taking the feed down into the mirror: rows and cursor in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from counter_tui.errors import CounterError
from counter_tui.operations.canonical import unpack
from counter_tui.operations.outcome import Status, applied
from storage.local import held, mirror, outbox
from storage.local.register import keep_operators
from storage.local.tables import host
from storage.register import log
from storage.register.queries import raise_others, set_version
from storage.wire import Fed, FeedRow, outcome_read

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from counter_tui.services.ports import Clock
    from storage.local.store import SqliteLocalStore
    from storage.sync.hub_client import HubClient

PAGE = 1_000
"""Rows asked for at a time."""
SYNCED = timedelta(seconds=30)
"""How often an exchange that brought nothing is noted on disk."""


class FeedGap(CounterError):
    """上级下发的数据不连续，已停止更新，将自动重新获取"""


class HubWentBack(CounterError):
    """上级数据与本机已收到的不一致（上级可能恢复过备份），已停止更新，请联系管理员（M66）"""


@dataclass(slots=True, kw_only=True)
class Puller:
    """Pulls page after page of the feed."""

    store: SqliteLocalStore
    client: HubClient
    clock: Clock

    async def pull(self) -> int:
        """Take one page into the mirror; return the number of rows.

        Raises:
            FeedGap: rows do not follow the cursor.
            HubWentBack: the hub's log is not the one this counter has followed.
            Exception: whatever the client raises when the line is down.
        """
        cursor = await self.store.look(lambda connection: connection.execute(select(host.c.cursor)).scalar_one())
        page = unpack(Fed, await self.client.feed(cursor, PAGE))
        unnoted = await self.store.look(lambda connection: _unnoted(connection, page, self.clock.now()))
        if page.rows or unnoted:
            await self.store.change(lambda connection: self._take(connection, page, cursor))
        return len(page.rows)

    def _take(self, connection: Connection, page: Fed, cursor: int) -> None:
        here = connection.execute(select(host.c.cursor, host.c.epoch, host.c.frontier)).one()
        if here.cursor != cursor:
            return  # another program held the sync lock meanwhile and was faster
        if page.head.epoch < here.epoch or page.head.pos < cursor:
            raise HubWentBack
        frontier, size, suite = tuple(json.loads(here.frontier)), cursor, self.store.suite
        for text in page.rows:
            row = unpack(FeedRow, text)
            if row.pos != size + 1:
                raise FeedGap
            frontier = log.extended(frontier, size, log.leaf(text, suite), suite)
            size += 1
            self._apply(connection, row)
        if size == page.head.pos and log.root(frontier, suite) != page.head.root:
            raise HubWentBack
        connection.execute(
            host.update().values(
                cursor=size,
                epoch=page.head.epoch,
                frontier=json.dumps(frontier),
                synced_at=self.clock.now().isoformat(),
            )
        )

    def _apply(self, connection: Connection, row: FeedRow) -> None:
        keep_operators(connection, row.operators)
        outcome = outcome_read(row.outcome) if row.outcome else applied()
        if not row.op_id:
            mirror.take_in(connection, self.store.bureau, outcome.effects, own=None)
            return
        held.told(connection, row, outcome)
        own = row.device == self.store.device
        mirror.take_in(connection, self.store.bureau, outcome.effects, own=row.dev_seq if own else None)
        if outcome.status is Status.APPLIED and outcome.effects:
            set_version(connection, self.store.bureau, row.unit_id, row.device, row.unit_ver)
            raise_others(connection, self.store.bureau, row.unit_id, row.device, outcome.effects)
        if own:
            outbox.fed(connection, row.op_id, row.outcome)


def _unnoted(connection: Connection, page: Fed, now: datetime) -> bool:
    """Whether an exchange without rows must be looked at or written down all the same."""
    here = connection.execute(select(host.c.cursor, host.c.epoch, host.c.synced_at)).one()
    if page.head.pos < here.cursor or page.head.epoch != here.epoch or not here.synced_at:
        return True
    return now - datetime.fromisoformat(here.synced_at) > SYNCED
