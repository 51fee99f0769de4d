"""The law of a data directory: what the program brings along, with the figures that two persons have loaded there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from counter_tui.policy.regions import Policy


class NoDataThere(CounterError):
    """目录 {folder} 中没有演练数据，请核对 --data-dir，或先在该目录开始一次演练"""

    folder: str


def loaded_law(region: str, folder: Path, real_today: date) -> Policy:
    """Read the law of a region as the counter of a training directory has it on its business date; blocks.

    Raises:
        NoDataThere: nobody has trained in that directory.
        OtherRegion, UnknownRegion: it is another region's, or there is no such region.
        DamagedStore and the other refusals of opening a file.

    """
    from counter_tui.devices.keys.training import suite_there
    from counter_tui.policy.loaded import with_loaded
    from counter_tui.policy.regions import load_policy
    from counter_tui.training.plan import business_date
    from counter_tui.wiring.training import DEVICE, SEEDED, OtherRegion
    from storage.local.store import open_local

    shipped = load_policy(region, training=True)
    seeded, path = folder / SEEDED, folder / "counter.sqlite"
    if not (seeded.is_file() and path.is_file()):
        raise NoDataThere(folder=str(folder))
    if (made := seeded.read_text(encoding="utf-8").strip()) and made != region:
        raise OtherRegion(found=made, region=region)
    store = open_local(path, bureau=shipped.region.bureau, device=DEVICE, suite=suite_there(folder))
    try:
        files = asyncio.run(store.read(lambda reading: tuple(reading.register.figures_files())))
    finally:
        store.close()
    return with_loaded(shipped, files, business_date(shipped, real_today))
