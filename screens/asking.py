"""Problems and questions: what is said when the clerk must look up, and which keys then count."""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on

from counter_tui.errors import CounterError
from screens.fixed_rows import FixedRows
from screens.widgets.field_input import FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_DROPPED: Final = "（先前键入的 {} 键未收）"


@dataclass(slots=True)
class _Question:
    action: str
    then: Callable[[], Awaitable[None] | None]
    painted: float | None = None


class Asking(FixedRows):
    """A screen that can refuse, ask, and admit a fault."""

    QUESTION_PAUSE: ClassVar[float] = 0.3
    """Seconds before the same key confirms: key repeat never answers."""

    def __init__(self) -> None:
        super().__init__()
        self._question: _Question | None = None
        self._stopped = False
        self._problems: tuple[tuple[str | None, str], ...] = ()
        self._problem = 0

    def ask(self, question: str, action: str, then: Callable[[], Awaitable[None] | None]) -> None:
        """Ask `question，再按一次 F6 确认`. Typed-ahead keys are dropped; any other key withdraws.

        The same key counts only `QUESTION_PAUSE` seconds after the question was painted.
        """
        self._question = asked = _Question(action, then)
        self._say_and_drop(f"{question}，再按一次 {self.desk.keymap.name(action)} 确认", Grade.QUESTION)

        def painted() -> None:
            asked.painted = time.monotonic()
            if self._question is asked:
                self.say_dropped(self.desk.drop_keys())

        self.call_after_refresh(painted)

    def stop(self, problems: Sequence[tuple[str | None, str]]) -> None:
        """Refuse: show one problem of all, cursor on its field, keys dropped; printing keys ring until reset.

        Each problem is (field name or None, sentence). The same problems again: the next one is shown.
        """
        given = tuple(problems)
        self._problem = (self._problem + 1) % len(given) if given == self._problems else 0
        self._problems = given
        name, sentence = given[self._problem]
        count = f"{self._problem + 1}/{len(given)} " if len(given) > 1 else ""
        marked = {problem[0] for problem in given}
        for row in self.query(FieldRow):
            (row.mark_problem if row.field.name in marked else row.clear_problem)()
        if name is not None and (found := next((one for one in self.focus_chain if one.name == name), None)):
            self.set_focus(found)
        self._stopped = True
        self.desk.bell()
        self._say_and_drop(count + sentence, Grade.PROBLEM)

    def clear_problems(self) -> None:
        """Forget problems and take their marks away (after a save)."""
        self._problems, self._problem, self._stopped = (), 0, False
        for row in self.query(FieldRow):
            row.clear_problem()

    def fault(self, error: BaseException) -> None:
        """An unknown error: a reference number for the clerk, the masked rest for the log."""
        reference = self.desk.note_fault(error)
        self.desk.bell()
        self._say_and_drop(f"程序出错，编号 {reference}。已录内容保留，请记下编号联系管理员", Grade.PROBLEM)

    def say_dropped(self, keys: int) -> None:
        """So many keys were typed ahead of what the message line says, and were not taken."""
        if not keys:
            return
        text = self._message.text.removesuffix(_DROPPED.format(self._dropped))
        self._dropped += keys
        self._message.show(text + _DROPPED.format(self._dropped))

    def _say_and_drop(self, text: str, grade: Grade) -> None:
        self.say(text, grade)
        if dropped := self.desk.drop_keys():
            self.desk.bell()
            self.say_dropped(dropped)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, CounterError):
            self.desk.bell()
            self._say_and_drop(error.sentence, Grade.PROBLEM)
        else:
            self.fault(error)

    async def _answer(self, action: str) -> bool:
        """True when the key was the answer, or came too early to be one."""
        question = self._question
        if question is None:
            return False
        early = question.painted is None
        same = action == question.action
        if early or (same and time.monotonic() - cast("float", question.painted) < self.QUESTION_PAUSE):
            self.desk.bell()
            return True
        self._question = None
        if same:
            self.say("")
            await done(question.then())
            return True
        self.say("已撤回")
        return action == "escape"

    @on(FieldInput.Refused)
    def _field_refused(self, refusal: FieldInput.Refused) -> None:
        refusal.stop()
        self.desk.bell()
        self.say(refusal.sentence, Grade.PROBLEM)


async def done(outcome: Awaitable[None] | None) -> None:
    """Wait for what a callback returned, when there is something to wait for."""
    if inspect.isawaitable(outcome):
        await outcome
