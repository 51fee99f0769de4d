"""载入数值 at the screen: handed in by the administrator, answered by a second person, refused with reasons."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.figures import FiguresState
from counter_tui.policy.dated import NotInForce
from screens.figure_loading import FigureLoading
from tests.screens.stories import CLERK, PIN, REVIEWER, SMALL, SUPERVISOR, Clerk, Stories, StoryApp, open_counter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ADMINISTRATOR = "0031"
JANUARY = YearMonth(2027, 1)
FILE = """region = "handan"

[[limits]]
schemes = ["110"]
values = [
  { since = "2027-01", until = "2027-12", floor = "4200", ceiling = "21000", by = "演练数据", confidence = "low", known_from = "2026-11-20" },
]
"""  # noqa: E501  # one value on a line, as the files have them


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Stories]:
    async with open_counter(tmp_path) as stories:
        folder = tmp_path / "incoming"
        folder.mkdir()
        (folder / "2027.toml").write_text(FILE, encoding="utf-8")
        await stories.sits(ADMINISTRATOR)
        yield stories


@asynccontextmanager
async def loading(counter: Stories) -> AsyncIterator[Clerk]:
    app = StoryApp(counter.counter)
    async with app.run_test(size=counter.size) as pilot:
        clerk = Clerk(app, pilot)
        await clerk.settled()
        await app.push_screen(FigureLoading())
        await clerk.settled()
        yield clerk
    for fault in app.faults:
        raise fault


async def proposed(counter: Stories) -> None:
    async with loading(counter) as clerk:
        await clerk.enters("2027.toml")
        await clerk.presses("f8")
        await clerk.enters("2")
        await clerk.enters(PIN)
        assert clerk.reads("等待另一名系统管理员或主管确认"), clerk.page


async def state(counter: Stories) -> FiguresState:
    (file,) = await counter.counter.figures.files()
    return file.state


@pytest.mark.parametrize("size", [(80, 24), SMALL], ids=["usual", "small"])
async def test_a_file_goes_from_the_folder_through_two_persons_into_force(
    counter: Stories, size: tuple[int, int]
) -> None:
    counter.size = size
    async with loading(counter) as clerk:
        assert clerk.reads("载入目录")
        await clerk.presses("f4")
        assert clerk.reads("2027.toml")
        await clerk.presses("1", "enter", "enter")
        assert clerk.reads("2 项变化")
        assert clerk.reads("现行：无数据")
        assert clerk.reads("改为：4,200.00 元")
        await clerk.presses("f8")
        await clerk.enters("3")
        assert clerk.reads("与上面所列的变化项数不一致")
        await clerk.presses("escape")
        await clerk.enters("2")
        await clerk.enters(PIN)
        assert clerk.reads("待确认"), clerk.page
    assert await state(counter) is FiguresState.PROPOSED
    with pytest.raises(NotInForce):
        counter.counter.policy.limits("110", JANUARY)

    await counter.sits(SUPERVISOR)
    async with loading(counter) as clerk:
        await clerk.presses("tab", "enter")
        assert clerk.reads("申请人 0031"), clerk.page
        await clerk.presses("f8")
        await clerk.enters("2")
        await clerk.enters(PIN)
        assert clerk.reads("2027.toml 已生效"), clerk.page
        assert clerk.reads("2026-11-23")
    assert await state(counter) is FiguresState.CONFIRMED
    assert counter.counter.policy.limits("110", JANUARY).floor == 420_000


async def test_nobody_answers_his_own_file(counter: Stories) -> None:
    await proposed(counter)
    async with loading(counter) as clerk:
        await clerk.presses("tab", "enter", "f8")
        await clerk.enters("2")
        await clerk.enters(PIN)
        assert clerk.reads("不能为同一人"), clerk.page
    assert await state(counter) is FiguresState.PROPOSED


async def test_a_refusal_needs_a_reason_and_is_read_afterwards(counter: Stories) -> None:
    await proposed(counter)
    await counter.sits(SUPERVISOR)
    async with loading(counter) as clerk:
        await clerk.presses("tab", "enter", "f6")
        assert clerk.reads("请填写不同意的原因")
        await clerk.types("与公布的文件不符")
        await clerk.presses("f6")
        await clerk.enters(PIN)
        assert clerk.reads("现行数值不变"), clerk.page
        await clerk.presses("tab", "enter")
        assert clerk.reads("不同意原因：与公布的文件不符"), clerk.page
        assert clerk.reads("确认人 0021")
        await clerk.presses("f8")
        assert clerk.reads("已处理")
    assert await state(counter) is FiguresState.REFUSED


@pytest.mark.parametrize("operator", [CLERK, REVIEWER])
async def test_other_posts_neither_hand_in_nor_answer(counter: Stories, operator: str) -> None:
    await proposed(counter)
    await counter.sits(operator, window="004")
    async with loading(counter) as clerk:
        await clerk.enters("2027.toml")
        assert clerk.reads("请由系统管理员办理")
        await clerk.presses("tab", "enter", "f8")
        assert clerk.reads("请由另一名系统管理员或主管办理"), clerk.page
        await clerk.presses("f6")
        assert clerk.reads("请由另一名系统管理员或主管办理")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../2027.toml", "只能载入"),
        ("/etc/passwd", "只能载入"),
        ("nothing.toml", "没有可读的文件"),
        ("link.toml", "没有可读的文件"),
        ("folder", "不是普通文件"),
        ("large.toml", "不是普通文件，或大于 1 MB"),
        ("bad.toml", "第 6 行"),
        ("gbk.toml", "不是 UTF-8"),
    ],
)
async def test_what_may_not_be_loaded_is_refused_and_nothing_is_kept(
    counter: Stories, tmp_path: Path, name: str, said: str
) -> None:
    folder = tmp_path / "incoming"
    (folder / "link.toml").symlink_to(folder / "2027.toml")
    (folder / "folder").mkdir()
    (folder / "large.toml").write_bytes(b"#" * ((1 << 20) + 1))
    (folder / "bad.toml").write_text(FILE.replace("4200", "42000"), encoding="utf-8")
    (folder / "gbk.toml").write_text(FILE, encoding="gb18030")
    async with loading(counter) as clerk:
        await clerk.enters(name)
        assert clerk.reads(said), clerk.page
        assert clerk.at == "file"
    assert await counter.counter.figures.files() == ()


async def test_an_empty_folder_is_said(counter: Stories, tmp_path: Path) -> None:
    (tmp_path / "incoming" / "2027.toml").unlink()
    async with loading(counter) as clerk:
        await clerk.presses("f4")
        assert clerk.reads("载入目录中没有文件")
