"""Print preview: pages, finding, printing beside the keyboard."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.domain.text import width
from counter_tui.services.printing import PrinterTrouble
from screens.home import Home
from screens.preview import Preview
from tests.screens.desks import at_home, fits, opens
from tests.screens.stories import LARGE, SMALL, USUAL, Stories, receive
from tests.services.bureau import PAYING, counter_of, sign_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from counter_tui.services.counter import Counter
    from counter_tui.services.ports import RenderedPaper
    from counter_tui.services.printing import Imprint, Paper


@asynccontextmanager
async def with_receipt(folder: Path) -> AsyncIterator[tuple[Counter, Paper]]:
    """A counter that has saved a suspension, and its receipt."""
    async with counter_of(folder) as counter:
        await sign_on(counter, "0007", window="001")
        await receive(counter)
        number = await Stories(counter).declares("P05", PAYING)
        yield counter, await counter.printing.receipt(number)


@dataclass(frozen=True)
class LongPaper:
    """Forty pages of numbered lines, wider than any terminal."""

    document: str = "D17"
    serial: str = "1"
    subject: str = ""
    month: None = None
    title: str = "长表"
    copies: int = 1

    def preview(self, imprint: Imprint, *, columns: int, lines: int) -> list[tuple[str, ...]]:
        del imprint, columns
        return [tuple(f"页{page} 行{line} {'宽' * 100}" for line in range(lines)) for page in range(1, 41)]

    async def draw(self, imprint: Imprint) -> RenderedPaper:
        raise NotImplementedError


class NoPaper:
    """A spooler that takes nothing."""

    async def spool(self, path: Path, *, print_id: str, copies: int) -> Any:
        del path, print_id, copies
        raise PrinterTrouble(why="缺纸")


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_a_receipt_is_read_as_text_with_its_numbers_masked(tmp_path: Path, size: tuple[int, int]) -> None:
    async with with_receipt(tmp_path) as (counter, paper), at_home(counter, size=size) as clerk:
        await opens(clerk, Preview([paper]))
        assert clerk.reads("邯郸市社会保险业务受理回执")
        assert clerk.reads("130***********")
        assert PAYING not in clerk.page
        assert fits(clerk)


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_no_line_is_wider_than_the_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with with_receipt(tmp_path) as (counter, _), at_home(counter, size=size) as clerk:
        await opens(clerk, Preview([LongPaper()]))
        assert all(width(row) <= size[0] for row in clerk.page.split("\n"))
        assert clerk.reads("第 1 页，共 40 页")


async def test_pages_turn_by_keys_and_by_number(tmp_path: Path) -> None:
    async with with_receipt(tmp_path) as (counter, _), at_home(counter) as clerk:
        await opens(clerk, Preview([LongPaper()]))
        await clerk.presses("pagedown")
        assert clerk.reads("页2 行0")
        await clerk.presses("enter")
        assert clerk.reads("页3 行0")
        await clerk.enters("12")
        assert clerk.reads("页12 行0")
        await clerk.presses("pageup")
        assert clerk.reads("页11 行0")
        await clerk.enters("41")
        assert clerk.reads("没有第 41 页，共 40 页")
        await clerk.enters("40")
        await clerk.presses("pagedown")
        assert clerk.reads("已是最后一页")
        assert clerk.reads("页40 行0")


async def test_f5_finds_the_next_place_and_begins_again_after_the_last(tmp_path: Path) -> None:
    async with with_receipt(tmp_path) as (counter, _), at_home(counter) as clerk:
        await opens(clerk, Preview([LongPaper()]))
        await clerk.presses("f5")
        assert clerk.reads("请先输入要查找的文字")
        await clerk.types("行1 ")
        await clerk.presses("f5")
        assert clerk.reads("第 1 页，第 1 处")
        await clerk.presses("f5")
        assert clerk.reads("页2 行0") or clerk.reads("第 2 处")
        await clerk.presses("f6")
        await clerk.types("无此字")
        await clerk.presses("f5")
        assert clerk.reads("没有找到「无此字」")


async def test_f7_lists_the_papers_and_opens_the_one_picked(tmp_path: Path) -> None:
    async with with_receipt(tmp_path) as (counter, paper), at_home(counter) as clerk:
        await opens(clerk, Preview([paper, LongPaper()]))
        assert clerk.reads("打印预览  受理回执  1/2")
        await clerk.presses("f7")
        await clerk.enters("2")
        assert clerk.reads("打印预览  长表  2/2")
        assert clerk.reads("页1 行0")


async def test_printing_tells_the_file_and_the_second_print_that_it_is_one(tmp_path: Path) -> None:
    async with with_receipt(tmp_path) as (counter, paper), at_home(counter) as clerk:
        await opens(clerk, Preview([paper]))
        await clerk.presses("f9")
        assert "已打印 1 份：D17_" in clerk.message
        assert "补打" not in clerk.message
        await clerk.presses("f9")
        assert "（补打 1）：D17_" in clerk.message


async def test_f2_tells_where_the_file_lies(tmp_path: Path) -> None:
    async with with_receipt(tmp_path) as (counter, paper), at_home(counter) as clerk:
        await opens(clerk, Preview([paper]))
        await clerk.presses("f2")
        where = clerk.message.removeprefix("已存为文件：")
        assert where.startswith("/")
        assert Path(where).read_bytes().startswith(b"%PDF-")  # noqa: ASYNC240 - a small file of a test


async def test_a_printer_that_refuses_is_told_and_the_preview_stays(tmp_path: Path) -> None:
    async with with_receipt(tmp_path) as (counter, paper):
        counter.printing = replace(counter.printing, printer=NoPaper())
        async with at_home(counter) as clerk:
            await opens(clerk, Preview([paper]))
            await clerk.presses("f9")
            assert clerk.reads("打印机未接受：缺纸")
            await clerk.presses("f12")
            assert isinstance(clerk.screen, Home)


async def test_a_question_mark_in_the_empty_field_is_help(tmp_path: Path) -> None:
    async with with_receipt(tmp_path) as (counter, paper), at_home(counter) as clerk:
        await opens(clerk, Preview([paper]))
        await clerk.enters("?")
        assert clerk.reads("帮助  打印预览")


def test_a_preview_without_a_paper_is_a_fault() -> None:
    with pytest.raises(ValueError, match="needs a paper"):
        Preview([])
