"""A terminal whose keys are cards out of a drawer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.security.signing_on import KeySigningOn
from counter_tui.services.refused_proofs import NotedSigning
from tests.devices.drawer import DrawerKeys
from tests.screens.desks import looks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counter_tui.services.counter import Counter
    from tests.screens.stories import Clerk


@contextmanager
def with_cards(counter: Counter, folder: Path, *, tells_count: bool = True) -> Iterator[DrawerKeys]:
    """Put the training keys into a drawer and let the counter read and watch them there."""
    drawer = DrawerKeys(folder / "keys", tells_count=tells_count)
    noted = counter.signing
    assert isinstance(noted, NotedSigning)
    assert isinstance(noted.signing, KeySigningOn)
    watch = drawer.watch()
    watch.start()
    try:
        counter.signing = replace(noted, signing=replace(noted.signing, source=drawer, watch=watch))
        yield drawer
    finally:
        watch.close()


async def re_inserts(clerk: Clerk, drawer: DrawerKeys, operator: str) -> None:
    """Pull a card and put it in again, each noticed by the screen."""
    drawer.pull(operator)
    await looks(clerk)
    drawer.put_in(operator)
    await looks(clerk)
