"""What a file of figures changes, old against new, and the word of the one who hands it in or answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.figures import FiguresState
from counter_tui.errors import CounterError
from counter_tui.operations.figures import SECOND_PERSONS
from screens.decisive import Decide, Decision, Figure
from screens.reading import ReadingScreen
from screens.widgets.field_input import FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Words
from screens.widgets.message_line import Grade
from screens.widgets.reader import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.domain.figures import FiguresFile
    from counter_tui.policy.figure_changes import Change
    from counter_tui.services.figures import Looked
    from counter_tui.services.recording import Recorded

_LABEL_CELLS: Final = 10
_REASON_CELLS: Final = 200


class NotSecondPerson(CounterError):
    """您的岗位不能确认载入的数值，请由另一名系统管理员或主管办理"""


def change_lines(changes: Sequence[Change]) -> list[str]:
    """Changes as they are read: the figure and its months, old and new, the authority."""
    lines: list[str] = []
    for number, each in enumerate(changes, 1):
        published = f"，{each.known_from} 公布" if each.known_from else ""
        lines += [
            f"{number:>3}. {each.figure}  {each.months}",
            f"     现行：{each.before}",
            f"     改为：{each.after}",
            f"     依据：{each.by}{published}",
        ]
    return lines


class _Comparison(ReadingScreen):
    """Old and new, figure by figure."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self.changes: tuple[Change, ...] = ()
        self._head = Words("", classes="derived")

    def compose_work(self) -> ComposeResult:
        """Whose file, then what it changes."""
        yield self._head
        yield self.reader

    def heading(self) -> str:
        """What this is."""
        return "载入数值  现行与新值对照"

    def on_resize(self, event: events.Resize) -> None:
        """Lines are broken anew."""
        del event
        self.show_changes()

    def head_lines(self) -> list[str]:
        """Whose file it is."""
        return []

    def show_changes(self) -> None:
        """Paint both."""
        cells = max(self.app.size.width - 1, 20)
        self._head.show("\n".join(folded(self.head_lines(), cells)))
        self.reader.show(folded(change_lines(self.changes), cells))


class ProposeFigures(_Comparison):
    """A file that was read and is not handed in yet."""

    LABELS = {"send": "申请"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str, looked: Looked, told: Callable[[str], None]) -> None:
        """Show what a file changes; `told` what was done, once this screen has gone."""
        super().__init__(code)
        self._looked = looked
        self._told = told
        self.changes = looked.changes

    def head_lines(self) -> list[str]:
        """The file, and what happens next."""
        return [f"{self._looked.name}：{len(self.changes)} 项变化。核对后按 F8 申请，另一人确认后才生效"]

    async def act_send(self) -> None:
        """Hand it in: the count typed, the PIN."""

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            return await self.counter.figures.propose(self._looked, seat=self.seat, pin=pin)

        decision = Decision(
            title="申请载入数值",
            figures=(self._looked.name, f"变化 {len(self.changes)} 项"),
            figure=Figure(what="变化项数", count=len(self.changes)),
            act=act,
            then=self._proposed,
        )
        await self.app.push_screen(Decide(self.code, decision))

    async def _proposed(self, _: Recorded) -> None:
        self.app.pop_screen()
        self._told(f"已申请载入 {self._looked.name}，等待另一名系统管理员或主管确认")


class AnswerFigures(_Comparison):
    """A file that was handed in: F8 agrees, F6 refuses with a reason; nobody answers his own."""

    LABELS = {"send": "同意", "clear": "不同意"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str, file: FiguresFile, told: Callable[[str], None]) -> None:
        """Show a file; `told` what was done, once this screen has gone."""
        super().__init__(code)
        self._file = file
        self._told = told
        self._reason = FieldInput("reason", cells=50, limit=_REASON_CELLS, hint="不同意的原因；同意请直接按 F8")

    def compose_work(self) -> ComposeResult:
        """The comparison, and the reason of a refusal."""
        yield from super().compose_work()
        if self._waits:
            yield FieldRow("不同意原因", self._reason, label_cells=_LABEL_CELLS)

    @property
    def _waits(self) -> bool:
        return self._file.state is FiguresState.PROPOSED

    def on_mount(self) -> None:
        """Hold it against the law of today."""
        if self._waits:
            self.work_held(self.counter.figures.changes_of(self._file), self._compared)
        else:
            self.reader.show(folded(self._file.text.split("\n"), max(self.app.size.width - 1, 20)))

    def _compared(self, changes: tuple[Change, ...]) -> None:
        self.changes = changes
        self.show_changes()

    def show_changes(self) -> None:
        """What was decided is shown as it was handed in: the law has moved on."""
        super().show_changes()
        if not self._waits:
            self.reader.show(folded(self._file.text.split("\n"), max(self.app.size.width - 1, 20)))

    def head_lines(self) -> list[str]:
        """Name, state, both persons, the reason."""
        file, by = self._file, self._file.decided
        lines = [f"{file.name}  {file.state.label}  申请人 {file.proposed.operator}"]
        if by is not None:
            lines[0] += f"  确认人 {by.operator} {by.at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        if file.reason:
            lines.append(f"不同意原因：{file.reason}")
        return lines

    def offers(self, action: str) -> bool:
        """What is decided is only read."""
        return super().offers(action) and (self._waits or action not in {"send", "clear"})

    async def act_send(self) -> None:
        """Agree: the count typed, the PIN."""
        if not self._may_answer():
            return

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            kept = await self.counter.figures.confirm(self._file, seat=self.seat, pin=pin)
            await self.counter.refresh()
            return kept

        decision = Decision(
            title="同意载入数值",
            figures=(self._file.name, f"变化 {len(self.changes)} 项，自今日起按公布日和所属期执行"),
            figure=Figure(what="变化项数", count=len(self.changes)),
            act=act,
            then=lambda _: self._answered(f"{self._file.name} 已生效"),
        )
        await self.app.push_screen(Decide(self.code, decision))

    async def act_clear(self) -> None:
        """Refuse, with a reason and the PIN."""
        if not self._may_answer():
            return
        reason = self._reason.value.strip()
        if not reason:
            self.go_to(self._reason)
            self.say("请填写不同意的原因，再按 F6", Grade.PROBLEM)
            return

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            return await self.counter.figures.refuse(self._file, reason=reason, seat=self.seat, pin=pin)

        decision = Decision(
            title="不同意载入数值",
            figures=(self._file.name, f"原因：{reason}", "现行数值不变"),
            act=act,
            then=lambda _: self._answered(f"已不同意 {self._file.name}，现行数值不变"),
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _may_answer(self) -> bool:
        """Whether it waits, for somebody of this post. Raises NotSecondPerson."""
        if not self.seat.session.operator.roles & SECOND_PERSONS:
            raise NotSecondPerson
        if not self._waits:
            self.say("该载入申请已处理")
        return self._waits

    async def _answered(self, said: str) -> None:
        self.app.pop_screen()
        self._told(said)
