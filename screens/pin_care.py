"""介质 PIN 维护: another PIN for a key, or a blocked key opened by its PUK; nobody need be signed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.text import plain
from counter_tui.services.pin_care import SetButNotNoted
from screens.key_list import KeyList
from screens.seated import AtCounter
from screens.widgets.choice_field import Choice, ChoiceField
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from screens.widgets.field_input import FieldInput

CHANGE, UNBLOCK = "1", "2"
_ACTS: Final = (Choice(CHANGE, "修改 PIN", "xg"), Choice(UNBLOCK, "用 PUK 解锁", "js"))
_CELLS: Final = 14


class PinCare(KeyList):
    """Which key, what is to be done, the PIN or PUK that allows it, and the new PIN twice."""

    OTHER_ROWS = 11

    def __init__(self, *, window: str) -> None:
        """At the window that its clerk sits at, or has typed."""
        super().__init__()
        typed = plain(window)
        self._window = f"{int(typed):03}" if typed.isdigit() else ""
        self._act = ChoiceField("act", _ACTS, code=CHANGE, hint="1 修改 PIN；2 介质已锁定，用解锁码（PUK）解锁")
        self._old = PinField("old", hint="修改：输入原 PIN；解锁：输入证书管理员给的解锁码（PUK）")
        self._new = PinField("new", hint="新 PIN，位数按介质的要求，一般 6 至 8 位数字")
        self._again = PinField("again", hint="新 PIN 再输一次，回车办理；F12 返回，不办理")

    def heading(self) -> str:
        """What this is."""
        return "介质 PIN 维护"

    def compose_work(self) -> ComposeResult:
        """Keys, what to do, and three times a PIN."""
        yield Line("证书介质", classes="heading")
        yield self._list
        yield self._key_row
        yield FieldRow("办理事项", self._act, required=True, label_cells=10)
        yield FieldRow("原PIN/PUK", self._old, required=True, label_cells=10)
        yield FieldRow("新 PIN", self._new, required=True, label_cells=10)
        yield FieldRow("再次输入", self._again, required=True, label_cells=10)

    # Keys of the keyboard

    async def entered(self, field: FieldInput) -> bool:
        """A key was chosen, or what to do with it."""
        if field is self._key:
            self._settle_key()
            self.say("")
            return True
        return await super().entered(field)

    async def act_enter(self) -> None:
        """Behind the last field: do it."""
        if self.focused is self._again:
            self._do()
        else:
            await super().act_enter()

    async def act_save(self) -> None:
        """Do it, when everything stands there."""
        self._do()

    async def act_back(self) -> None:
        """Nothing is changed."""
        self._wipe()
        self.app.pop_screen()

    # Doing

    def _do(self) -> None:
        key = self._settle_key()
        if problems := self._problems_found():
            self._wipe_new()
            self.stop(problems)
            return
        self.clear_problems()
        self.say("正在办理，请勿拔出介质")
        old, new, unblocks = self._old.take(), self._new.take(), self._act.code == UNBLOCK
        self._again.wipe()
        pins, window = self.counter.pins, self._window
        if unblocks:
            self.book(pins.unblock(key, old, new, window=window), lambda _: self._done("介质已解锁，请用新 PIN 登录"))
        else:
            self.book(pins.change(key, old, new, window=window), lambda _: self._done("PIN 已修改，请使用新 PIN"))

    def _problems_found(self) -> list[tuple[str | None, str]]:
        problems: list[tuple[str | None, str]] = []
        if not self._act.code:
            problems.append(("act", "请选择办理事项：1 修改 PIN，2 用 PUK 解锁"))
        if not len(self._old):
            problems.append(("old", "请输入原 PIN 或解锁码（PUK），再按回车"))
        if not len(self._new):
            problems.append(("new", "请输入新 PIN，再按回车"))
        elif not self._new.same_as(self._again):
            problems.append(("new", "两次输入的新 PIN 不一致，请重新输入"))
        return problems

    def _refused(self, error: Exception) -> None:
        self._wipe()
        if isinstance(error, SetButNotNoted):
            self.desk.bell()
            self._done(error.sentence, Grade.PROBLEM)
            return
        if self.focused in (self._new, self._again):
            self.go_to(self._old)
        super()._refused(error)

    def _done(self, sentence: str, grade: Grade = Grade.DONE) -> None:
        """Back to where it was asked for, which says how it went."""
        self.app.pop_screen()
        self.app.call_later(self._tell, sentence, grade)

    def _tell(self, sentence: str, grade: Grade) -> None:
        below = self.app.screen
        if isinstance(below, AtCounter):
            below.say(sentence, grade)

    def _wipe(self) -> None:
        self._old.wipe()
        self._wipe_new()

    def _wipe_new(self) -> None:
        self._new.wipe()
        self._again.wipe()
