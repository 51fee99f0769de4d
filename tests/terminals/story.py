"""One short story told on every terminal: sign on, resume a person's contributions, look something up, save."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from tests.story.cities import facts_of
from tests.story.window import PIN

if TYPE_CHECKING:
    from tests.story.window import Window

Picture: TypeAlias = tuple[tuple[str, ...], ...]
"""The text of every cell; the right half of a wide character is empty."""


def picture(window: Window) -> Picture:
    """Every cell that stands on the screen now; counts and clock of the last row, which run by themselves, as 0."""
    window.quiet()
    *rows, status = (tuple(window.columns(row)) for row in range(1, window.screen.lines + 1))
    return (*rows, tuple("0" if cell.isdigit() else cell for cell in status))


def text(shown: Picture) -> str:
    """A picture as lines, to be read by whoever looks for a difference."""
    return "\n".join("".join(row).rstrip() for row in shown)


def works(window: Window) -> dict[str, Picture]:
    """From the list of keys to the saved record; what was seen on the way. Ends at home."""
    facts, seen = facts_of("handan"), {}

    def look(name: str) -> None:
        seen[name] = picture(window)

    window.waits("证书尾号 0007")
    look("证书")
    window.does("1<enter><enter>12")
    window.does(f"{PIN[2:]}", until="******")
    look("PIN")
    window.does("<enter>", until="今日待办（05）")
    look("首页")
    window.does("11<enter>", until="证件号码")
    look("空表")
    window.does(f"{facts.resume_id[:17]}<backspace>{facts.resume_id[16:]}<enter>", until="业务类别：续保")
    window.does("5200<enter>", until="每月合计")
    look("金额")
    window.does("<down><f4>", until="计算过程")
    look("计算过程")
    window.does("<f12>", until="每月合计")
    window.does("<up><f1>", until="帮助")
    look("帮助")
    window.does("<f12>", until="每月合计")
    window.does("<f2>", until="已存本机")
    look("已存")
    window.does("<f12>", until="今日待办（05）")
    return seen
