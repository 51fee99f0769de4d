"""A small program for the wire tests: ten fields, saves, look-ups, a second screen, a table, questions, faults."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.__main__ import set_environment

set_environment()

from textual._compositor import Compositor  # noqa: E402 - after the environment
from textual.app import App  # noqa: E402
from textual.geometry import Offset  # noqa: E402

from counter_tui import app as program  # noqa: E402
from counter_tui.errors import CounterError  # noqa: E402
from counter_tui.terminal import NoTerminal, require_terminal  # noqa: E402
from screens import fixed_rows  # noqa: E402
from screens.base import CounterScreen  # noqa: E402
from screens.widgets.choice_field import Choice, ChoiceField  # noqa: E402
from screens.widgets.field_input import FieldInput, FieldKind  # noqa: E402
from screens.widgets.field_row import FieldRow  # noqa: E402
from screens.widgets.message_line import Grade  # noqa: E402
from screens.widgets.record_table import Column, RecordTable, Row  # noqa: E402

if TYPE_CHECKING:
    from textual.app import ComposeResult

FIELDS = tuple(f"f{number}" for number in range(10))
REASONS = (Choice("11", "在职转退休", "zztx"), Choice("12", "解除合同", "jcht"), Choice("13", "死亡", "sw"))
OUT = Path(os.environ.get("TEN_FIELDS_OUT", "/dev/null"))


class Refused(CounterError):
    """第一栏不能是 {value}，改正后按 F2"""


class Second(CounterScreen):
    """One field; Enter saves it and leaves."""

    def heading(self) -> str:
        return "12 第二页"

    def compose_work(self) -> ComposeResult:
        yield FieldRow("金额", FieldInput("amount", kind=FieldKind.NUMERIC, hint="金额，元"))

    async def act_save(self) -> None:
        log({"second": self.query_one("#amount", FieldInput).value})
        await self.act_back()


class Table(CounterScreen):
    """Sixty rows in pages of twenty."""

    page = 0

    def heading(self) -> str:
        return "13 列表"

    def compose_work(self) -> ComposeResult:
        columns = (Column(label="姓名", cells=12), Column(label="金额", cells=14, right=True))
        yield RecordTable("people", columns, tickable=True)

    def on_mount(self) -> None:
        self.fill()

    def fill(self) -> None:
        first = self.page * 20
        rows = [Row(key=str(n), texts=(f"张三{n}", f"{n * 1000 + 1}.00")) for n in range(first, first + 20)]
        self.query_one(RecordTable).show(rows, numbered_from=first + 1)

    async def turn_page(self, table: RecordTable, by: int) -> None:
        del table
        self.page = max(self.page + by, 0)
        self.fill()

    async def open_row(self, table: RecordTable) -> None:
        self.say("打开 " + (table.current.key if table.current else ""))


class Ten(CounterScreen):
    """Ten fields and what clerks do with them."""

    def __init__(self) -> None:
        super().__init__()
        self.saves = 0

    def heading(self) -> str:
        return "11 人员参保"

    def heading_right(self) -> str:
        return "2026-07"

    def status_text(self) -> str:
        return "3号窗 0007 经办 证书在位  草稿 1  未送 3  未决 2  冲突 1  拒收 0  同步 09:41"

    def compose_work(self) -> ComposeResult:
        for name in FIELDS[:-1]:
            kind = FieldKind.TEXT if name in ("f0", "f2") else FieldKind.NUMERIC
            yield FieldRow(
                f"栏目{name[1]}", FieldInput(name, cells=24, kind=kind, dup=name == "f3", hint=f"第 {name} 栏")
            )
        yield FieldRow("原因", ChoiceField("f9", REASONS))

    def typed(self) -> list[str]:
        return [self.query_one(f"#{name}", FieldInput).value for name in FIELDS]

    async def entered(self, field: FieldInput) -> bool:
        if field.name == "f1" and field.value == "77":
            self.work_held(asyncio.sleep(0.03, "查到"), self.found)
            return False
        return await super().entered(field)

    def found(self, name: str) -> None:
        self.query_one("#f2", FieldInput).load(name)
        self.go_to(self.query_one("#f3", FieldInput))

    async def repeat(self, field: FieldInput) -> None:
        field.load("88")
        self.go_next()

    async def act_save(self) -> None:
        values = self.typed()
        delay = (self.saves % 5) * 0.02
        self.saves += 1
        self.book(self.save(values, delay), self.saved)

    async def save(self, values: list[str], delay: float) -> int:
        await asyncio.sleep(delay)
        if values[0] == "bad":
            raise Refused(value="bad")
        log(values)
        return len(values)

    def saved(self, count: int) -> None:
        for name in FIELDS:
            self.query_one(f"#{name}", FieldInput).load("")
        self.clear_problems()
        self.go_to(self.query_one("#f0", FieldInput))
        self.say(f"已存本机，{count} 栏", Grade.DONE)

    async def act_clear(self) -> None:
        self.ask("清除全部栏目", "clear", self.cleared)

    def cleared(self) -> None:
        for name in FIELDS:
            self.query_one(f"#{name}", FieldInput).load("")
        self.go_to(self.query_one("#f0", FieldInput))

    async def act_switch(self) -> None:
        await self.app.push_screen(Second())

    async def act_send(self) -> None:
        await self.app.push_screen(Table())

    async def act_print(self) -> None:
        value = self.query_one("#f0", FieldInput).value
        if value == "crash":
            identity = "110105199001011237"
            self.app.call_later(self.crash, identity)
        elif value == "quit":
            self.app.exit(0)
        else:
            raise ValueError(f"fault with 110105199001011237 {value}")

    def crash(self, identity: str) -> None:
        raise RuntimeError(f"with {identity}")

    async def act_query(self) -> None:
        self.stop([("f1", "栏目1 不对"), ("f4", "栏目4 不对")])

    async def keep_draft(self) -> None:
        log({"draft": self.typed()})


def log(value: object) -> None:
    with OUT.open("a") as file:
        file.write(json.dumps(value, ensure_ascii=False) + "\n")


class Program(program.CounterApp):
    pass


class Stock(Program):
    """Composed and painted by the library, for the comparison of cells."""

    _display = App._display
    cursor_position = property(lambda self: Offset(*(self._cursor() or (0, 0))), lambda _self, _place: None)


def main() -> int:
    try:
        require_terminal()
    except NoTerminal as refusal:
        sys.stderr.write(f"{refusal.sentence}\n")
        return 2
    made = Stock if "--stock" in sys.argv else Program
    if made is Stock:
        setattr(fixed_rows, "SparingCompositor", Compositor)  # noqa: B010 - the name is another's, on purpose
    theme = "light" if "--light" in sys.argv else "dark"
    log_file = OUT.with_suffix(".log") if OUT.name != "null" else None
    return asyncio.run(made(object(), Ten, log_file=log_file, theme=theme).run_session())


if __name__ == "__main__":
    sys.exit(main())
