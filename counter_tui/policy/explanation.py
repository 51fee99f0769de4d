"""How an amount came about, line by line, so that the clerk can read it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from counter_tui.policy.dated import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

UNCONFIRMED = "未确认"
"""Mark of a figure that the bureau has not confirmed."""
INVENTED = "演练数据"
"""Mark of a figure from the training overlay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step: its name, the formula with the figures put in, the result and the authority."""

    label: str
    value: str
    formula: str = ""
    by: str = ""
    confidence: Confidence = Confidence.HIGH
    training: bool = False
    below: Callable[[], Explanation] | None = field(default=None, compare=False, repr=False)
    """How this step itself came about, worked out only when somebody asks: one level down, to the law in the end."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What the reader must know about the figure: invented, or not confirmed."""
        if self.training:
            return (INVENTED,)
        return (UNCONFIRMED,) if self.confidence is Confidence.LOW else ()

    def text(self) -> str:
        """The step on one line of screen or paper."""
        result = f"{self.formula} = {self.value}" if self.formula else self.value
        marks = "".join(f"〔{mark}〕" for mark in self.marks)
        authority = f"（{self.by}）" if self.by else ""
        return f"{self.label}：{result}{marks}{authority}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The steps of one calculation under its title."""

    title: str
    lines: tuple[Line, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        """Marks of all lines, each once."""
        return united(line.marks for line in self.lines)

    def text(self) -> list[str]:
        """Title and steps as lines of text."""
        return [self.title, *(line.text() for line in self.lines)]


def united(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Join groups of marks in the order met, each mark once."""
    return tuple(dict.fromkeys(mark for group in groups for mark in group))


def rested_on(named: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """Say of each mark what bears it, `〔演练数据〕失业保险、工伤保险`, from names with their marks."""
    bearers: dict[str, dict[str, None]] = {}
    for name, marks in named:
        for mark in marks:
            bearers.setdefault(mark, {})[name] = None
    return tuple(f"〔{mark}〕{'、'.join(names)}" for mark, names in bearers.items())


def percent(rate: Decimal) -> str:
    """Write a rate as clerks say it: `0.075` is `7.5%`."""
    return f"{(rate * Decimal(100)).normalize():f}%"
