"""A program that puts each payload into every widget at once; Enter goes to the next."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from counter_tui.__main__ import set_environment

set_environment()

from counter_tui.app import CounterApp  # noqa: E402 - after the environment
from counter_tui.errors import CounterError  # noqa: E402
from screens.base import CounterScreen  # noqa: E402
from screens.widgets.choice_field import Choice, ChoiceField  # noqa: E402
from screens.widgets.field_input import FieldInput  # noqa: E402
from screens.widgets.field_row import FieldRow  # noqa: E402
from screens.widgets.line import Line, Words  # noqa: E402
from screens.widgets.message_line import Grade  # noqa: E402
from screens.widgets.record_table import Column, RecordTable, Row  # noqa: E402
from screens.widgets.section import Section  # noqa: E402
from screens.widgets.ticks_field import TicksField  # noqa: E402
from tests.security.escape_corpus import PAYLOADS  # noqa: E402

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Bad(CounterError):
    """不收 {text}"""


class Everything(CounterScreen):
    """Every widget with one payload."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place
        self.payload = PAYLOADS[place]
        type(self).LABELS = {"clear": self.payload}

    def heading(self) -> str:
        return self.payload

    def heading_right(self) -> str:
        return self.payload

    def status_text(self) -> str:
        return f"第 {self.place} 件 {self.payload}"

    def compose_work(self) -> ComposeResult:
        text = self.payload
        choices = (Choice("1", text, "zs"), Choice("2", f"{text}二", "zs"))
        yield Words(f"{text}\n{text}")
        yield Line(text)
        with Section(text):
            yield FieldRow(text, FieldInput("first", value=text, cells=30, hint=text), required=True)
            yield FieldRow("选", ChoiceField("choice", choices, code="1"))
            yield FieldRow("勾", TicksField("ticks", choices, codes=("1", "2")))
        yield RecordTable(
            "table", (Column(label=text, cells=20), Column(label="金额", cells=9, right=True)), tickable=True
        )

    def on_mount(self) -> None:
        self.query_one(RecordTable).show([Row(key="1", texts=(self.payload, self.payload), mark=self.payload[1:2])])
        for row in self.query(FieldRow):
            row.note(self.payload)
        self.go_to(self.query_one("#first"))

    async def act_clear(self) -> None:
        self.ask(self.payload, "clear", lambda: None)

    async def act_look(self) -> None:
        self.open_panel([self.payload, self.payload], lambda _row: None)

    async def act_save(self) -> None:
        self.stop([("first", self.payload), (None, self.payload)])

    async def act_send(self) -> None:
        raise Bad(text=self.payload)

    async def act_query(self) -> None:
        self.say(self.payload, Grade.DONE)

    async def act_page_down(self) -> None:
        if self.place + 1 < len(PAYLOADS):
            await self.app.switch_screen(Everything(self.place + 1))
        else:
            self.app.exit(0)


if __name__ == "__main__":
    sys.exit(asyncio.run(CounterApp(object(), lambda: Everything(0)).run_session()))
