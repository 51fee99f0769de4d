"""Showing a masked value: the purpose is asked with a digit and recorded, then it stands there for 20 seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.codes import codelist
from screens.business import BusinessScreen
from screens.decisive import Decide, Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events

SHOWN_SECONDS: Final = 20
OTHER: Final = "9"
"""CL-PURPOSE: other, in words."""


class RevealingScreen(BusinessScreen):
    """A screen with masked values."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._asks_purpose = False

    def ask_purpose(self, what: str, subject: str, show: Callable[[], None], hide: Callable[[], None]) -> None:
        """Ask why, record it, then show the value and hide it again.

        Args:
            what: name of the field.
            subject: the item, person or employer it belongs to.
            show: puts the full value there.
            hide: masks it again.
        """
        purposes = codelist("CL-PURPOSE").choices()

        async def picked(row: int) -> None:
            self._asks_purpose = False
            if purposes[row].code == OTHER:
                await self._ask_note(what, subject, show, hide)
            else:
                self._record(what, subject, purposes[row].code, show, hide)

        self.open_panel([f"{each.code} {each.name}" for each in purposes], picked)
        self._asks_purpose = True
        self.say("查看目的：输入数字选择，回车；查看将留有记录")

    async def take_key(self, event: events.Key | events.Paste) -> bool:
        """The purpose's own digit picks it, whatever its row number."""
        if self._asks_purpose and not self.panel.is_open:
            self._asks_purpose = False
        if self._asks_purpose and getattr(event, "character", None) == OTHER:
            self.panel.move(len(codelist("CL-PURPOSE").choices()))
            return False
        return await super().take_key(event)

    async def _ask_note(self, what: str, subject: str, show: Callable[[], None], hide: Callable[[], None]) -> None:
        from screens.notes import note_form

        async def record(_: bytearray, values: Mapping[str, Any]) -> None:
            await self.counter.enquiries.reveal(what, subject, purpose=OTHER, note=str(values["note"]), seat=self.seat)

        decision = Decision(
            title="查看目的",
            figures=("请写明查看的目的，本次查看将留有记录。",),
            act=record,
            then=lambda _: self._shown(show, hide),
            asked=note_form("查看目的"),
            pin=False,
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _record(
        self, what: str, subject: str, purpose: str, show: Callable[[], None], hide: Callable[[], None]
    ) -> None:
        recorded = self.counter.enquiries.reveal(what, subject, purpose=purpose, note="", seat=self.seat)
        self.book(recorded, lambda _: self._shown(show, hide))

    def _shown(self, show: Callable[[], None], hide: Callable[[], None]) -> None:
        show()
        self.set_timer(SHOWN_SECONDS, hide)
        self.say(f"显示 {SHOWN_SECONDS} 秒，本次查看已记录")
