"""How an amount came about: the steps of a calculation, and level by level what each of them rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.domain.text import width
from screens.base import CounterScreen
from screens.widgets.steps import Step, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.policy.explanation import Explanation, Line

HINT: Final = "上下箭头选一步，回车看有 ＞ 的一步从何而来，F12 返回上一层"
_NAME: Final = "计算过程"
_NEAR: Final = 3
"""Steps among which the cursor looks for one that leads on."""
_RIGHT_CELLS: Final = 20
"""Cells of the title row that are left to the count of steps."""


@dataclass(slots=True)
class _Level:
    """One level of the way down, and where the cursor was on it."""

    name: str
    explanations: tuple[Explanation, ...]
    at: int = 0

    def lines(self) -> list[Line | None]:
        """The steps in the order shown; None for a heading."""
        return [line for each in self.explanations for line in (None, *each.lines)]

    def steps(self) -> Iterator[Step]:
        """What is shown."""
        for each in self.explanations:
            yield Step(each.title, heading=True)
            for line in each.lines:
                yield Step(line.text(), opens=line.below is not None)

    def entrance(self) -> int:
        """Where the cursor stands at first: on a step near the top that leads on, else on the first one."""
        steps = [(place, line) for place, line in enumerate(self.lines()) if line is not None]
        leading = (place for place, line in steps[:_NEAR] if line.below is not None)
        return next(leading, steps[0][0] if steps else 0)


class ExplanationPages(CounterScreen):
    """Formula, figures and source of law of one amount, or of several; each step leads to what it rests on."""

    def __init__(self, explanations: Sequence[Explanation]) -> None:
        """Explain these calculations, one after the other."""
        super().__init__()
        self._steps = Steps()
        found = tuple(explanations)
        self._levels = [_Level(found[0].title if len(found) == 1 else "", found)]

    def compose_work(self) -> ComposeResult:
        """The steps."""
        yield self._steps

    def heading(self) -> str:
        """What this is, and the way that led here."""
        names = [level.name for level in self._levels if level.name]
        trail = "  ".join((_NAME, "＞".join(names))) if names else _NAME
        while len(names) > 1 and width(trail) > max(self.size.width - _RIGHT_CELLS, _RIGHT_CELLS):
            names = names[1:]
            trail = f"{_NAME}  ..＞{'＞'.join(names)}"
        return trail

    def heading_right(self) -> str:
        """Which level, and which of its steps."""
        lines = self._levels[-1].lines()
        place = sum(line is not None for line in lines[: self._steps.at + 1])
        count = sum(line is not None for line in lines)
        return f"第 {len(self._levels)} 层  {place}/{count}"

    def on_mount(self) -> None:
        """Show the first level."""
        level = self._levels[-1]
        level.at = level.entrance()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """The way is shortened to the new width."""
        del event
        self.retitle()

    def _show(self) -> None:
        level = self._levels[-1]
        self._steps.show(list(level.steps()), level.at)
        self.go_to(self._steps)
        self.retitle()
        self.hint(HINT)

    async def act_look(self) -> None:
        """One level down."""
        level = self._levels[-1]
        lines = level.lines()
        line = lines[self._steps.at] if lines else None
        if line is None or line.below is None:
            self.say("这一步没有下一层")
            return
        below = line.below()
        level.at = self._steps.at
        self._levels.append(_Level(line.label, (below,)))
        self._levels[-1].at = self._levels[-1].entrance()
        self.say("")
        self._show()

    act_enter = act_look

    async def act_back(self) -> None:
        """One level up; from the first one back to where the amount stands."""
        if len(self._levels) == 1:
            await super().act_back()
            return
        self._levels.pop()
        self.say("")
        self._show()

    async def take_key(self, event: events.Key | events.Paste) -> bool:
        """Right and left go down and up, as the levels are written."""
        ways = {"right": "look", "left": "back"}
        if (action := ways.get(getattr(event, "key", ""))) is not None:
            await self.act(action)
            return False
        return await super().take_key(event)

    def _moved(self, *, found: bool) -> None:
        if not found:
            self.say("已到头")
            return
        self.say("")
        self.retitle()

    async def act_down(self) -> None:
        """The next step."""
        self._moved(found=self._steps.move(1))

    async def act_up(self) -> None:
        """The step before."""
        self._moved(found=self._steps.move(-1))

    async def act_page_down(self) -> None:
        """A screenful on."""
        self._moved(found=self._steps.turn(1))

    async def act_page_up(self) -> None:
        """A screenful back."""
        self._moved(found=self._steps.turn(-1))

    act_next, act_previous = act_down, act_up
