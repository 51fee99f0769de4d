"""Figures of a new year at the real program: one person hands them in, the program dies, a second one confirms."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.story.window import ADMINISTRATOR, PIN, SUPERVISOR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.story.cities import City
    from tests.story.window import Window

pytestmark = pytest.mark.serial

FILE = """region = "handan"

[[limits]]
schemes = ["110"]
values = [
  { since = "2031-01", until = "2031-12", floor = "4200", ceiling = "21000", by = "演练数据", confidence = "low", known_from = "2020-11-20" },
]
"""  # noqa: E501  # one value on a line, as the files have them


def laid_in(folder: Path) -> None:
    """Somebody puts the file where the program reads."""
    (folder / "incoming").mkdir()
    (folder / "incoming" / "2031.toml").write_text(FILE, encoding="utf-8")


def opens_loading(window: Window, operator: str) -> None:
    window.signs_on(operator)
    window.does("99<enter>", until="在用数值")
    window.does("<f8>", until="载入目录")


def test_figures_handed_in_before_a_sudden_end_are_confirmed_by_a_second_person_afterwards(
    city: City, window: Window, other_window: Window
) -> None:
    folder = city()
    laid_in(folder)
    window.starts(folder)
    opens_loading(window, ADMINISTRATOR)
    window.does("2031.toml<enter>", until="2 项变化")
    assert "现行：无数据" in window.text
    window.does("<f8>", until="申请载入数值")
    window.does(f"2<enter>{PIN}<enter>", until="等待另一名系统管理员或主管确认")
    window.signals(signal.SIGKILL)
    window.ends()

    other_window.starts(folder)
    opens_loading(other_window, ADMINISTRATOR)
    other_window.does("<tab><enter>", until="申请人 0031")
    other_window.does("<f8>", until="同意载入数值")
    other_window.does(f"2<enter>{PIN}<enter>")
    other_window.hears("不能为同一人")
    other_window.does("<f12>", until="申请人 0031")
    other_window.does("<f12>", until="待确认")
    other_window.does("<f12>", until="在用数值")
    other_window.does("<f12>", until="今日待办（05）")
    other_window.signs_off()

    opens_loading(other_window, SUPERVISOR)
    other_window.does("<tab><enter>", until="申请人 0031")
    other_window.does("<f8>", until="同意载入数值")
    other_window.does(f"2<enter>{PIN}<enter>", until="2031.toml 已生效")
    other_window.does("<f12>", until="在用数值")
    assert "4,200.00" not in other_window.text
    other_window.does("<shift+tab><shift+tab>203106<enter>", until="（2031-06）")
    assert "企业职工基本养老保险缴费基数下限  4,200.00 元〔演练数据〕" in other_window.text
