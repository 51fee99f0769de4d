"""Keys of several kinds are listed as one; a kind that fails hides no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.several import SeveralKeys
from counter_tui.devices.keys.soft import SoftKeys
from counter_tui.devices.keys.training import training_bureau
from counter_tui.devices.watches import WatchOf
from counter_tui.services.keys import KeyGone, NoReaderService
from tests.devices.training_kit import NOON

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.services.keys import KeyRing, KeyWatch, PresentKey


class NoService:
    """Readers whose service is not running."""

    def present(self) -> tuple[PresentKey, ...]:
        raise NoReaderService

    def open(self, fingerprint: str) -> KeyRing:
        del fingerprint
        raise NoReaderService

    def watch(self) -> KeyWatch:
        return WatchOf()


@pytest.fixture(scope="module")
def soft(tmp_path_factory: pytest.TempPathFactory) -> SoftKeys:
    folder: Path = tmp_path_factory.mktemp("bureau")
    return SoftKeys(training_bureau(folder, now=NOON).folder, training=True)


def test_a_dead_reader_service_hides_no_other_kind_of_key(soft: SoftKeys) -> None:
    both = SeveralKeys(NoService(), soft)

    assert both.present() == soft.present()
    assert [type(trouble) for trouble in both.look().troubles] == [NoReaderService]
    assert both.open(soft.present()[0].fingerprint).present() == soft.present()[0].fingerprint


def test_without_any_key_the_clerk_reads_why_none_can_be_read() -> None:
    with pytest.raises(NoReaderService, match="读卡服务未启动"):
        SeveralKeys(NoService()).present()
    with pytest.raises(NoReaderService):
        SeveralKeys(NoService()).open("00")


def test_a_key_that_two_kinds_reach_stands_once(soft: SoftKeys) -> None:
    assert SeveralKeys(soft, soft).present() == soft.present()


def test_a_key_nobody_has_is_gone(soft: SoftKeys) -> None:
    with pytest.raises(KeyGone):
        SeveralKeys(soft, soft).open("00")
