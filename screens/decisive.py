"""The step before an act that costs something: the figures, then the count or the yuan typed, then the PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_tui import jobs
from counter_tui.domain.money import grouped, read_yuan
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from counter_tui.services.keys import WrongPin
from screens.base import CounterScreen
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line, Words
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from textual.app import ComposeResult


class WrongFigure(CounterError):
    """与上面所列的{what}不一致，请核对后重新输入；不办理请按 F12"""

    what: str


class Figure:
    """What the clerk types to show that he has read the figures: a count, or an amount in fen."""

    def __init__(self, what: str, *, count: int | None = None, fen: int | None = None) -> None:
        """Ask for a count or for an amount; with neither, only the PIN is asked."""
        self.what = what
        self._count = count
        self._fen = fen

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to type."""
        return self._count is not None or self._fen is not None

    @property
    def hint(self) -> str:
        """What is to be typed."""
        return f"照上面所列，输入{self.what}，回车"

    def check(self, typed: str) -> None:
        """Raise WrongFigure unless what was typed is the figure shown."""
        try:
            same = int(plain(typed)) == self._count if self._fen is None else read_yuan(plain(typed)) == self._fen
        except (ValueError, CounterError):
            same = False
        if not same:
            raise WrongFigure(what=self.what)

    @staticmethod
    def of_count(count: int) -> Figure:
        """So many cases."""
        return Figure("笔数", count=count)

    @staticmethod
    def of_money(fen: int) -> Figure:
        """So much money, typed in yuan."""
        return Figure("应缴合计（元）", fen=fen)

    @staticmethod
    def none() -> Figure:
        """Nothing but the PIN."""
        return Figure("")

    def __str__(self) -> str:
        return grouped(self._fen) if self._fen is not None else str(self._count or "")


class Decide(CounterScreen):
    """Figures, figure typed, PIN. The act runs while keys go on; its refusals are shown here."""

    LABELS = {"send": "确定"}  # noqa: RUF012 - as the base declares it

    def __init__(
        self,
        title: str,
        figures: Sequence[str],
        figure: Figure,
        act: Callable[[bytearray], Coroutine[Any, Any, Any]],
        then: Callable[[Any], Awaitable[None] | None],
    ) -> None:
        """Ask for one decision.

        Args:
            title: what is decided.
            figures: lines that say what it means.
            figure: what must be typed before the PIN.
            act: does it; takes the PIN and wipes it.
            then: told the result, after this screen has gone.
        """
        super().__init__()
        self._name = title
        self._figures = tuple(figures)
        self._figure = figure
        self._act = act
        self._then = then
        self._under_way = False
        self._typed = FieldInput("figure", cells=20, kind=FieldKind.NUMERIC, hint=figure.hint)
        self._pin = PinField(hint="输入本人证书 PIN，回车确定；F12 返回，不办理")

    def compose_work(self) -> ComposeResult:
        """The figures, then what is asked."""
        yield Words("\n".join(self._figures), classes="derived")
        yield Line("")
        if self._figure.is_asked:
            yield FieldRow(self._figure.what, self._typed, required=True, label_cells=14)
        yield FieldRow("PIN", self._pin, required=True, label_cells=14)

    def heading(self) -> str:
        """What is decided."""
        return self._name

    async def entered(self, field: FieldInput) -> bool:
        """The figure must be the one shown before the cursor goes on."""
        if field is self._typed:
            self._figure.check(field.value)
        return await super().entered(field)

    async def act_enter(self) -> None:
        """Behind the PIN: do it."""
        if self.focused is self._pin:
            self._do()
        else:
            await super().act_enter()

    async def act_send(self) -> None:
        """Do it, when figure and PIN stand there."""
        self._do()

    def _do(self) -> None:
        if self._under_way:
            self.say("正在办理，请稍候")
            return
        if self._figure.is_asked:
            try:
                self._figure.check(self._typed.value)
            except WrongFigure as refusal:
                self._pin.wipe()
                self.stop([("figure", refusal.sentence)])
                return
        if not len(self._pin):
            self.go_to(self._pin)
            self.say("请输入 PIN 后按回车", Grade.PROBLEM)
            return
        self._under_way = True
        self.say("正在办理，请稍候")
        self.work(jobs.finish(self._done_or_refused(self._pin.take())), self._finished)

    async def _done_or_refused(self, pin: bytearray) -> tuple[Any, Exception | None]:
        try:
            return await self._act(pin), None
        except Exception as error:  # noqa: BLE001 - told by the handler, which lets the clerk try again
            return None, error

    async def _finished(self, result: tuple[Any, Exception | None]) -> None:
        self._under_way = False
        value, error = result
        if error is not None:
            self.go_to(self._pin)
            if isinstance(error, WrongPin):
                self.say(error.sentence, Grade.PROBLEM)
                return
            raise error
        self.app.pop_screen()
        outcome = self._then(value)
        if outcome is not None:
            await outcome

    async def act_back(self) -> None:
        """Not decided; nothing is sent."""
        self._pin.wipe()
        if self._under_way:
            self.say("正在办理，请稍候，结果马上显示")
            return
        await super().act_back()
