"""The step before an act that costs something: the figures, then the count or the yuan typed, then the PIN."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counter_tui import jobs
from counter_tui.domain.money import read_yuan
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from counter_tui.forms.facts import Facts
from screens.business import BusinessScreen
from screens.form_view import FormView
from screens.tries import MindsTries
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line, Words
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping

    from textual.app import ComposeResult

    from counter_tui.forms.spec import Form
    from counter_tui.services.signing import SigningOn

_LABEL_CELLS = 18


class WrongFigure(CounterError):
    """与上面所列的{what}不一致，请核对后重新输入；不办理请按 F12"""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What the clerk types to show that he has read the figures: a count, or an amount in fen."""

    what: str
    count: int | None = None
    fen: int | None = None

    def check(self, typed: str) -> None:
        """Raise WrongFigure unless what was typed is the figure shown."""
        try:
            same = int(plain(typed)) == self.count if self.fen is None else read_yuan(plain(typed)) == self.fen
        except (ValueError, CounterError):
            same = False
        if not same:
            raise WrongFigure(what=self.what)


def cases(count: int) -> Figure:
    """So many cases."""
    return Figure(what="笔数", count=count)


def money(fen: int) -> Figure:
    """So much money, typed in yuan."""
    return Figure(what="应缴合计（元）", fen=fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision to be made, with everything that it takes."""

    title: str
    figures: tuple[str, ...]
    """Lines that say what it means."""
    act: Callable[[bytearray, Mapping[str, Any]], Coroutine[Any, Any, Any]]
    """Does it; takes the PIN and the values of the fields asked with it."""
    then: Callable[[Any], Awaitable[None] | None]
    """Told the result, once the screen has gone."""
    figure: Figure | None = None
    """What must be typed before anything is done."""
    asked: Form | None = None
    """Fields asked with the act: a reason, received pages."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Texts of fields that are decided already; shown and skipped."""
    pin: bool = True


class Decide(BusinessScreen, MindsTries):
    """Figures, figure typed, PIN. The act runs while keys go on; its refusals are shown here."""

    LABELS = {"send": "确定"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str, decision: Decision) -> None:
        """Ask for one decision of a business function."""
        super().__init__(code)
        self._decision = decision
        self._under_way = False
        what = decision.figure.what if decision.figure else ""
        hint = f"照上面所列，输入{what}，回车"
        self._typed = FieldInput("figure", cells=20, kind=FieldKind.NUMERIC, hint=hint)
        self._pin = PinField(hint="输入本人证书 PIN，回车确定；F12 返回，不办理")
        self._view = FormView(decision.asked, label_cells=_LABEL_CELLS) if decision.asked else None

    @property
    def keys_port(self) -> SigningOn:
        """The counter's."""
        return self.counter.signing

    def compose_work(self) -> ComposeResult:
        """The figures, then what is asked."""
        yield Words("\n".join(self._decision.figures), classes="derived")
        yield Line("")
        if self._view is not None:
            yield self._view
        if self._decision.figure is not None:
            yield FieldRow(self._decision.figure.what, self._typed, required=True, label_cells=_LABEL_CELLS)
        if self._decision.pin:
            yield FieldRow("PIN", self._pin, required=True, label_cells=_LABEL_CELLS)

    def on_mount(self) -> None:
        """Put in what is decided already."""
        if self._view is not None:
            self._view.take(self._facts(), self.counter.policy)
            self._view.put(self._decision.given)
            self._view.settle()
            for name in self._decision.given:
                self._view.rows[name].freeze(derived=True)

    def _facts(self) -> Facts:
        return plain_facts(self)

    def heading(self) -> str:
        """What is decided."""
        return self._decision.title

    # Keys

    async def entered(self, field: FieldInput) -> bool:
        """The figure must be the one shown before the cursor goes on."""
        if field is self._typed and self._decision.figure is not None:
            field.select_all()
            self._decision.figure.check(field.value)
        return await super().entered(field)

    async def act_enter(self) -> None:
        """Behind the last field: do it."""
        if self.focused is self.fields()[-1]:
            self._do()
        else:
            await super().act_enter()

    async def act_send(self) -> None:
        """Do it, when everything stands there."""
        self._do()

    async def repeat(self, field: FieldInput) -> None:
        """`*`: the reason of the last decision of this kind."""
        previous = self.counter.previous.get(self._memory, {}).get(field.field_name, "")
        if not previous:
            await super().repeat(field)
            return
        field.load(previous)
        self.go_next()

    @property
    def _memory(self) -> str:
        return f"{self.code} act"

    def _do(self) -> None:
        if self._under_way:
            self.say("正在办理，请稍候")
            return
        values = self._values()
        if values is None:
            return
        if self._decision.pin and not len(self._pin):
            self.go_to(self._pin)
            self.say("请输入 PIN 后按回车", Grade.PROBLEM)
            return
        self._under_way = True
        self.say("正在办理，请稍候")
        self.work(jobs.finish(self._done_or_refused(self._pin.take(), values)), self._finished)

    def _values(self) -> Mapping[str, Any] | None:
        problems: list[tuple[str | None, str]] = []
        values: Mapping[str, Any] = {}
        if self._view is not None:
            texts = {**self._view.texts(), **self._decision.given}
            values, found = self._view.form.values(texts, self._facts())
            problems.extend((each.field, each.sentence) for each in found)
            self.counter.previous[self._memory] = {name: text for name, text in texts.items() if text}
        if self._decision.figure is not None:
            try:
                self._decision.figure.check(self._typed.value)
            except WrongFigure as refusal:
                problems.append(("figure", refusal.sentence))
        if not problems:
            return values
        self._pin.wipe()
        self.stop(problems)
        return None

    async def _done_or_refused(self, pin: bytearray, values: Mapping[str, Any]) -> tuple[Any, Exception | None]:
        try:
            return await self._decision.act(pin, values), None
        except Exception as error:  # noqa: BLE001 - told by the handler, which lets the clerk try again
            return None, error

    async def _finished(self, result: tuple[Any, Exception | None]) -> None:
        self._under_way = False
        value, error = result
        if error is not None:
            self.go_to(self._pin if self._decision.pin else self.fields()[-1])
            raise error
        self.app.pop_screen()
        outcome = self._decision.then(value)
        if outcome is not None:
            await outcome

    async def act_back(self) -> None:
        """Not decided; nothing is sent."""
        if self._under_way:
            self.say("正在办理，请稍候，结果马上显示")
            return
        self._pin.wipe()
        await super().act_back()


def plain_facts(screen: BusinessScreen) -> Facts:
    """What criteria may know: the day, the month and the employer in reception; nothing is read for it."""
    counter = screen.counter
    return Facts(
        today=counter.clock.today(),
        month=screen.month,
        employer=counter.employer,
        training=counter.policy.training,
    )
