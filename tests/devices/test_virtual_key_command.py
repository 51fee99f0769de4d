"""scripts/virtual_key: the training counter's keys as cards in a reader, pulled and inserted by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.training import training_bureau
from tests.devices.readers import card_in, until

if TYPE_CHECKING:
    from tests.devices.readers import Readers

pytestmark = pytest.mark.serial

TOP = Path(__file__).resolve().parents[2]


def command(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.devices.virtual", *options],
        cwd=TOP,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(TOP)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def hears(running: subprocess.Popen[str], key: str) -> None:
    assert running.stdin is not None
    running.stdin.write(f"{key}\n")
    running.stdin.flush()


def test_a_training_key_is_pulled_and_inserted_by_hand(virtual_readers: Readers, tmp_path: Path) -> None:
    training_bureau(tmp_path, now=datetime.now(UTC))
    running = command("--data-dir", str(tmp_path), "--operator", "0011")
    until(lambda: card_in(0), "the key is not in")
    hears(running, "p")
    until(lambda: not card_in(0), "the key is still in")
    hears(running, "i")
    until(lambda: card_in(0), "the key is not in again")
    told = running.communicate("q\n", timeout=30)[0]

    assert running.returncode == 0
    assert "仅供测试与演练" in told
    assert "已插入读卡器 0：演练柜员 0011，PIN 123456" in told
    assert [word in told for word in ("已拔出", "已插入", "p 拔出")] == [True] * 3
    assert virtual_readers.names[0] == "Virtual PCD 00 00"


def test_a_social_security_card_lies_in_the_second_reader(virtual_readers: Readers) -> None:
    running = command("--social-card", "--reader", "1")
    until(lambda: card_in(1), "the card is not in")
    assert not card_in(0)
    assert "社会保障卡" in running.communicate("q\n", timeout=30)[0]
    assert len(virtual_readers.names) == 2


@pytest.mark.usefixtures("virtual_readers")
def test_it_says_what_is_missing(tmp_path: Path) -> None:
    assert "演练密钥在首次运行" in command("--data-dir", str(tmp_path)).communicate(timeout=30)[0]


def test_it_says_that_no_service_runs(virtual_readers: Readers) -> None:
    virtual_readers.service.end()

    assert "读卡服务未启动" in command("--social-card").communicate(timeout=30)[0]
