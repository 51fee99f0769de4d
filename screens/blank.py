"""The blank screen: nothing to read and nothing to do while nobody can say whether the key is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.services.keys import GONE_AFTER
from screens.seated import AtCounter
from screens.widgets.line import Line, Words
from screens.widgets.message_line import Grade
from screens.widgets.reader import folded

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

WHY: Final = "读卡服务没有应答，屏幕暂时遮住；恢复后自动回到原处，{seconds} 秒内不恢复则锁定"
WAIT: Final = "读卡服务没有应答，请稍候；刚才的按键没有起作用"


@dataclass(slots=True)
class Silence:
    """Whether nobody can say where the key is; one for each sign-on."""

    lasts: bool = False


class Blank(AtCounter):
    """Lies over every other screen until the key is vouched for, or the terminal is locked."""

    def __init__(self, silence: Silence) -> None:
        """Cover what there is, as long as the silence lasts."""
        super().__init__()
        self._silence = silence
        self.waiting = []

    def heading(self) -> str:
        """Nothing but that it waits."""
        return "社保柜台终端  请稍候"

    def status_text(self) -> str:
        """Nothing: figures are work."""
        return ""

    def offers(self, action: str) -> bool:
        """No key does anything here."""
        del action
        return False

    def compose_work(self) -> ComposeResult:
        """Why there is nothing to see."""
        yield Line("")
        yield Words("\n".join(folded([WHY.format(seconds=round(GONE_AFTER))], self.app.size.width)), classes="heading")

    async def act(self, action: str) -> None:
        """Say why the key did nothing."""
        del action
        self._wait()

    async def take_key(self, event: events.Key | events.Paste) -> bool:
        """As `act`."""
        del event
        self._wait()
        return False

    def _wait(self) -> None:
        self.desk.bell()
        self.say(WAIT, Grade.PROBLEM)

    def on_screen_resume(self) -> None:
        """A lock that lay over it is open, or it was covered when the silence ended."""
        if self.is_mounted and not self._silence.lasts:
            self.call_later(self.give_way)
