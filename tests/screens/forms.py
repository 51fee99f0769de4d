"""Small screens for the widget tests."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError
from screens.base import CounterScreen
from screens.widgets.choice_field import Choice, ChoiceField
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.pin_field import PinField
from screens.widgets.record_table import Column, RecordTable, Row
from screens.widgets.section import Section
from screens.widgets.ticks_field import TicksField

if TYPE_CHECKING:
    from textual.app import ComposeResult

REASONS = (
    Choice("11", "在职转退休", "zztx"),
    Choice("12", "解除合同", "jcht"),
    Choice("13", "解除聘用", "jcpy"),
    Choice("21", "死亡", "sw"),
)
SCHEMES = (Choice("110", "养老", "yl"), Choice("210", "失业", "sy"), Choice("310", "医疗", "yl"))


class NotFound(CounterError):
    """没有 {number} 的参保记录，请核对后按回车"""


class Form(CounterScreen):
    """One field of each kind."""

    HELP_PAGE = None  # help pages belong to the counter's own screens

    def __init__(self) -> None:
        super().__init__()
        self.saved: list[str] = []
        self.drafts = 0
        self.helped = 0

    def heading(self) -> str:
        return "11 人员参保"

    def compose_work(self) -> ComposeResult:
        with Section("人员"):
            yield FieldRow("姓名", FieldInput("name", cells=12, hint="与身份证一致"), required=True)
            yield FieldRow("证件号码", FieldInput("identity", cells=18, kind=FieldKind.IDENTITY))
            yield FieldRow("工资", FieldInput("wage", cells=12, kind=FieldKind.NUMERIC, dup=True))
        with Section("变更"):
            yield FieldRow("原因", ChoiceField("reason", REASONS))
            yield FieldRow("险种", TicksField("schemes", SCHEMES, codes=("110",)))
            yield FieldRow("PIN", PinField())

    def field(self, name: str) -> FieldInput:
        return self.query_one(f"#{name}", FieldInput)

    async def entered(self, field: FieldInput) -> bool:
        if field.name == "identity" and field.value == "404":
            self.work_held(self.look_up(field.value), lambda _: None)
            return False
        return await super().entered(field)

    async def look_up(self, number: str) -> None:
        await asyncio.sleep(0)
        raise NotFound(number=number)

    async def repeat(self, field: FieldInput) -> None:
        field.load("8432")
        self.go_next()

    async def act_save(self) -> None:
        self.book(self.keep(), self.kept)

    async def keep(self) -> str:
        await asyncio.sleep(0)
        return self.field("name").value

    def kept(self, name: str) -> None:
        self.saved.append(name)
        self.say(f"已存本机，{name}")

    async def act_clear(self) -> None:
        self.ask("清除全部栏目", "clear", lambda: self.field("name").load(""))

    async def act_query(self) -> None:
        raise ZeroDivisionError("with 110105199001011237")

    async def keep_draft(self) -> None:
        self.drafts += 1


class People(CounterScreen):
    """A table of forty people in two pages."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.page = 0

    def compose_work(self) -> ComposeResult:
        yield RecordTable(
            "people", (Column(label="姓名", cells=8), Column(label="金额", cells=10, right=True)), tickable=True
        )

    @property
    def table(self) -> RecordTable:
        return self.query_one(RecordTable)

    def on_mount(self) -> None:
        self.fill()

    def fill(self) -> None:
        first = self.page * 20
        self.table.show(
            [
                Row(key=str(n), texts=(f"张{n}", f"{n}.00"), mark="!" if n == 2 else " ", tickable=n != 3)
                for n in range(first, first + 20)
            ],
            numbered_from=first + 1,
        )

    async def turn_page(self, table: RecordTable, by: int) -> None:
        del table
        self.page = min(max(self.page + by, 0), 1)
        self.fill()

    async def open_row(self, table: RecordTable) -> None:
        if table.current is not None:
            self.opened.append(table.current.key)
