"""上级暂缓: what the hub holds in the bureau; a supervisor releases or refuses it, others see their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from counter_tui.domain.posts import Right
from counter_tui.errors import CounterError
from counter_tui.forms.help import key_lines
from screens.decisive import Decide, Decision, cases
from screens.held_words import COLUMNS, HELP, held_row
from screens.help import Help
from screens.keymap import ACTIONS
from screens.paged_table import PagedTable
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from counter_tui.operations.held import Held
    from counter_tui.services.recording import Recorded
    from screens.base import CounterScreen
    from screens.seated import Seated
    from screens.widgets.record_table import RecordTable

CODE = "held"
"""What the screens of held work go by; no function of the menu."""


class SupervisorAnswers(CounterError):
    """上级暂缓的业务由主管核实，请由主管登录后办理，按 F12 返回"""


class HeldList(PagedTable):
    """Oldest first, in pages. Enter opens a row; a supervisor ticks and releases or refuses."""

    LABELS: ClassVar[Mapping[str, str]] = {"send": "放行", "clear": "不同意", "switch": "待办"}

    def __init__(self) -> None:
        super().__init__(CODE, COLUMNS, hint="回车打开所在行，看内容和原因；F5 刷新，F7 回今日待办", tickable=True)
        self._held: tuple[Held, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether this operator is a supervisor: the others see what they made themselves."""
        return self.seat.session.operator.holds(Right.ANSWER_HELD)

    def heading(self) -> str:
        """What it is, and whose."""
        return f"05 今日待办  上级暂缓  {'全机构' if self.answers else '本人'} {len(self._held)} 笔"

    def on_mount(self) -> None:
        """Name the keys of a supervisor."""
        if self.answers:
            self.table.hint = "空格勾选，* 全选；回车打开；F8 放行，F6 不同意；F7 回今日待办"
        else:
            self.table.tickable = False

    def read_rows(self) -> None:
        """What is held."""
        held, human = self.counter.held, self.seat.session.operator.human
        self.work_held(held.everything() if self.answers else held.made_by(human), self._show)

    def _show(self, found: tuple[Held, ...]) -> None:
        self._held = found
        self.table.ticks &= {each.operation.op_id for each in found}
        now, maker = self.counter.clock.now(), self.seat.maker
        self.show_rows(held_row(each, maker, now, answers=self.answers) for each in found)
        self.refresh_status()
        if not self.answers and found and not self.message:
            self.say("由主管核实后放行或不同意，经办无须操作")

    def told(self, said: str, grade: Grade = Grade.DONE) -> None:
        """Say what was done by the screen that has just gone; the rows are read as this one is seen again."""
        self.table.ticks.clear()
        self.say(said, grade)

    # Opening

    async def open_row(self, table: RecordTable) -> None:
        """One operation: what was made, and why it is held."""
        found = [each for each in self._held if table.current and each.operation.op_id == table.current.key]
        if found:
            await self._open(found[0])
        else:
            self.say("没有暂缓的业务")

    async def _open(self, *held: Held) -> None:
        from screens.held_case import opened

        await self.app.push_screen(opened(held, self.told, answers=self.answers))

    # Deciding

    @property
    def _ticked(self) -> tuple[Held, ...]:
        return tuple(each for each in self._held if each.operation.op_id in self.table.ticks)

    def offers(self, action: str) -> bool:
        """Answers are a supervisor's."""
        return self.answers if action in {"send", "clear"} else super().offers(action)

    async def act_send(self) -> None:
        """Release the ticked ones."""
        if self._may_answer():
            await self.app.push_screen(Decide(CODE, releasing(self, self._ticked, self.told)))

    async def act_clear(self) -> None:
        """Refuse the ticked ones, with a reason."""
        if self._may_answer():
            await self._open(*self._ticked)

    def _may_answer(self) -> bool:
        """Whether something is ticked, by somebody who may answer. Raises SupervisorAnswers."""
        if not self.answers:
            raise SupervisorAnswers
        if not self._ticked:
            self.say("请先用空格勾选，或按回车打开一笔；不是证书原因的不能勾选，打开后再判或不同意", Grade.PROBLEM)
        return bool(self._ticked)

    # Other keys

    async def act_query(self) -> None:
        """Ask the hub for news and read again."""
        self.counter.line.wake()
        self.read_rows()
        self.say("已刷新")

    async def act_switch(self) -> None:
        """Back to the worklist."""
        await self.act_back()

    async def act_help(self) -> None:
        """What this is for, and its keys."""
        await self.app.push_screen(held_help(self))


def held_help(screen: CounterScreen) -> Help:
    """The rules of held work, and the keys of the screen."""
    name = screen.desk.keymap.name
    keys = [
        (name(each.id), screen.LABELS.get(each.id, each.label), each.help) for each in ACTIONS if screen.offers(each.id)
    ]
    return Help(screen.heading(), [*HELP, *key_lines(keys)])


def releasing(screen: Seated | Any, held: Sequence[Held], told: Callable[[str, Grade], None]) -> Decision:
    """The supervisor's word for a set: the count for more than one, the PIN."""
    makers = sorted({each.operation.maker.operator for each in held})

    async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
        kept: Recorded = await screen.counter.held.release(held, seat=screen.seat, pin=pin)
        await screen.counter.refresh()
        return kept

    return Decision(
        title="放行暂缓业务",
        figures=(
            f"共 {len(held)} 笔，经办 {'、'.join(makers)}",
            "本人已核实：以上业务确由经办柜员在证书失效前办理",
            "放行后上级随即裁定，其余规则照常，仍可能冲突或拒收",
        ),
        figure=cases(len(held)) if len(held) > 1 else None,
        act=act,
        then=lambda kept: told(*outcome_of(kept, f"已放行 {len(held)} 笔")),
    )


def outcome_of(kept: Recorded, said: str) -> tuple[str, Grade]:
    """What is said when all went well, or what stayed behind, with its reason."""
    left = kept.problems
    if not left:
        return said, Grade.DONE
    more = f"（共 {len(left)} 笔）" if len(left) > 1 else ""
    return f"{said}，其中{left[0].sentence}{more}", Grade.PROBLEM
