"""Held operations in full: F8 releases them or has them judged again, F6 refuses them with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.operations.holding import items_of
from screens.decisive import Decide, Decision, cases
from screens.held import CODE, SupervisorAnswers, held_help, outcome_of, releasing
from screens.held_words import held_lines, way_out
from screens.reading import ReadingScreen
from screens.widgets.field_input import FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.message_line import Grade
from screens.widgets.reader import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.domain.declarations import Item
    from counter_tui.operations.held import Held
    from counter_tui.services.ports import Reading
    from counter_tui.services.recording import Recorded

_LABEL_CELLS: Final = 10
_REASON_CELLS: Final = 200


class HeldCase(ReadingScreen):
    """What a supervisor may vouch for: one operation, or a ticked set."""

    LABELS = {"send": "放行", "clear": "不同意"}  # noqa: RUF012 - as the base declares it

    def __init__(self, held: Sequence[Held], told: Callable[[str, Grade], None], *, answers: bool) -> None:
        """Show held operations; `told` what was done, once this screen has gone."""
        super().__init__(CODE)
        self.held = tuple(held)
        self._told = told
        self._answers = answers
        self._items: dict[str, dict[str, Item]] = {}
        self._reason = FieldInput("reason", cells=50, limit=_REASON_CELLS, hint=self._reason_hint)

    @property
    def _reason_hint(self) -> str:
        return f"不同意的原因，再按 F6；{self.LABELS['send']}请直接按 F8"

    def compose_work(self) -> ComposeResult:
        """What was made, and the reason of a refusal."""
        yield self.reader
        if self._answers:
            yield FieldRow("不同意原因", self._reason, label_cells=_LABEL_CELLS)

    def heading(self) -> str:
        """How many."""
        return f"05 今日待办  上级暂缓  {len(self.held)} 笔"

    def on_mount(self) -> None:
        """Read the declaration items that are named."""
        self.work_held(self.counter.store.read(self._read), self._found)

    def _read(self, reading: Reading) -> dict[str, dict[str, Item]]:
        return {
            each.operation.op_id: {
                name: item for name in sorted(items_of(each.operation)) if (item := reading.register.item(name))
            }
            for each in self.held
        }

    def _found(self, items: dict[str, dict[str, Item]]) -> None:
        self._items = items
        self._paint()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are broken anew."""
        del event
        self._paint()

    def _paint(self) -> None:
        policy, now = self.counter.policy, self.counter.clock.now()
        lines: list[str] = []
        for each in self.held:
            lines += held_lines(each, self._items.get(each.operation.op_id, {}), policy, now)
            lines += [f"办法：{way_out(each, self.seat.maker, answers=self._answers)}", ""]
        self.reader.show(folded(lines, max(self.app.size.width - 1, 20)))

    # Deciding

    def offers(self, action: str) -> bool:
        """Answers are a supervisor's."""
        return super().offers(action) and (self._answers or action not in {"send", "clear"})

    async def act_send(self) -> None:
        """Vouch for them, with the PIN."""
        self.check_post()
        await self.app.push_screen(Decide(CODE, releasing(self, self.held, self.done_with)))

    async def act_clear(self) -> None:
        """Refuse them, with the reason and the PIN."""
        self.check_post()
        reason, held = self._reason.value.strip(), self.held
        if not reason:
            self.go_to(self._reason)
            self.say("请填写不同意的原因，再按 F6", Grade.PROBLEM)
            return

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            kept = await self.counter.held.refuse(held, reason=reason, seat=self.seat, pin=pin)
            await self.counter.refresh()
            return kept

        decision = Decision(
            title="不同意暂缓业务",
            figures=(f"共 {len(held)} 笔", f"原因：{reason}", "拒收后不再生效，须由经办重新办理"),
            figure=cases(len(held)) if len(held) > 1 else None,
            act=act,
            then=lambda kept: self.done_with(*outcome_of(kept, f"已不同意 {len(held)} 笔")),
        )
        await self.app.push_screen(Decide(CODE, decision))

    def check_post(self) -> None:
        """Raise SupervisorAnswers for every other post."""
        if not self._answers:
            raise SupervisorAnswers

    def done_with(self, said: str, grade: Grade) -> None:
        """Back to the list, which says it."""
        self.app.pop_screen()
        self._told(said, grade)

    async def act_help(self) -> None:
        """What this is for, and its keys."""
        await self.app.push_screen(held_help(self))


class HeldForOtherCause(HeldCase):
    """What nobody can vouch for: judged again when its cause has gone."""

    LABELS = {"send": "再判", "clear": "不同意"}  # noqa: RUF012 - as the base declares it

    async def act_send(self) -> None:
        """Have the hub judge it now."""
        self.check_post()
        self.say("正在再判，请稍候")
        self.book(self._again(), lambda kept: self.done_with(*outcome_of(kept, "已再判")))

    async def _again(self) -> Recorded:
        kept = await self.counter.held.again(self.held, seat=self.seat)
        await self.counter.refresh()
        return kept


def opened(held: Sequence[Held], told: Callable[[str, Grade], None], *, answers: bool) -> HeldCase:
    """The screen for one held operation or a ticked set, not yet shown."""
    kind = HeldCase if all(each.hold.releasable for each in held) else HeldForOtherCause
    return kind(held, told, answers=answers)
