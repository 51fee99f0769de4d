"""A key used at another host: the hub tells both, whichever was delivered first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.operations import rules  # noqa: F401  # makes decide() complete
from counter_tui.operations.signed_on import superseded
from storage.local import SqliteLocalStore, open_local
from storage.sync import InProcessHub
from storage.sync.pull import Puller
from storage.sync.push import Pusher
from tests.storage.bureau import BUREAU, Clerk, StillClock, act

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.hub import Hub


class Host:
    """One host of the bureau, whose line to the hub is used by hand."""

    def __init__(self, folder: Path, hub: Hub, device: str, window: str) -> None:
        self.store: SqliteLocalStore = open_local(folder / f"{device}.db", bureau=BUREAU, device=device)
        client, clock = InProcessHub(hub), StillClock()
        self._clerk = Clerk(device=device, window=window)
        self._push = Pusher(store=self.store, client=client, clock=clock)
        self._pull = Puller(store=self.store, client=client, clock=clock)
        self.client = client

    async def signs_on(self, session: str) -> str:
        """The opening operation; every clerk of these tests has the same key."""
        opening = act("signon.open", window=self._clerk.window, session=session)
        (kept,) = await self.store.write(self._clerk.saves(opening, numbered=False))
        return kept.op_id

    async def talks(self) -> None:
        """The line is there: everything goes up and comes down."""
        while await self._push.push():
            pass
        while await self._pull.pull():
            pass

    async def told(self, signon: str) -> str:
        """What the clerk of that sign-on is told; empty while it lasts."""
        found = await self.store.read(lambda reading: superseded(reading.register, signon))
        return found.sentence if found else ""


@pytest.fixture
def hosts(tmp_path: Path, hub: Hub) -> Iterator[tuple[Host, Host]]:
    both = Host(tmp_path, hub, "host-1", "003"), Host(tmp_path, hub, "host-2", "005")
    yield both
    for host in both:
        host.client.close()
        host.store.close()


async def test_a_key_used_at_another_host_ends_the_first_sign_on_when_the_feed_tells_it(
    hosts: tuple[Host, Host],
) -> None:
    here, there = hosts
    first = await here.signs_on("s1")
    await here.talks()
    second = await there.signs_on("s2")
    assert await here.told(first) == ""

    await there.talks()
    await here.talks()

    assert "在 5 号窗口登录，这里的登录已结束" in await here.told(first)
    assert await there.told(second) == ""


async def test_of_two_sign_ons_without_a_line_the_one_delivered_last_lasts_on_both_hosts(
    hosts: tuple[Host, Host],
) -> None:
    here, there = hosts
    first, second = await here.signs_on("s1"), await there.signs_on("s2")
    await there.talks()
    await here.talks()
    await there.talks()

    assert await here.told(first) == ""
    assert "在 3 号窗口登录" in await there.told(second)
