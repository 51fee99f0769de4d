"""The training city in the national suite, as the settings ask for it: opened, worked in, told from the other."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.loaded_law import loaded_law
from counter_tui.operations.suites import NATIONAL, OtherSuite
from counter_tui.settings import Settings, read_settings
from counter_tui.wiring.training import open_training
from storage.local import journal
from storage.local.inspection import verify_file
from tests.services.bureau import sign_on

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 23)


async def test_a_city_of_the_national_suite_is_worked_in_and_not_opened_in_the_other(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[trust]\nsuite = "national"\n', encoding="utf-8")
    national, folder = read_settings(tmp_path / "settings.toml"), tmp_path / "city"

    opened = await open_training(national, "handan", folder, real_today=TODAY)
    try:
        await sign_on(opened.counter, "0007")
        assert {key.algorithm for key in await opened.counter.signing.keys()} == {"SM2"}
        assert await opened.store.look(journal.suite) == NATIONAL.envelope
        await opened.counter.leave_seat()
    finally:
        await opened.close()

    report = verify_file(folder / "counter.sqlite")
    assert report.sound
    assert report.operations > 0
    with pytest.raises(OtherSuite, match="数据目录用的是国密算法套件"):
        await open_training(Settings(), "handan", folder, real_today=TODAY)
    assert (await asyncio.to_thread(loaded_law, "handan", folder, TODAY)).training
