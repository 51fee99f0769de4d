"""How an amount came about, line by line, so that the clerk can read it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from counter_tui.policy.dated import Confidence, weaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from counter_tui.policy.dated import Value

UNCONFIRMED = "未确认"
"""Mark of a figure that the bureau has not confirmed."""
INVENTED = "演练数据"
"""Mark of a figure from the training overlay."""
CARRIED = "暂定"
"""Mark of last year's figure, carried on until this year's is published."""
SIGNS = {UNCONFIRMED: "*", INVENTED: "#", CARRIED: "~"}
"""Short forms of the marks, one cell each, for columns of amounts; `legend` says what they mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step: its name, the formula with the figures put in, the result and the authority."""

    label: str
    value: str
    formula: str = ""
    by: str = ""
    confidence: Confidence = Confidence.HIGH
    training: bool = False
    provisional: bool = False
    below: Callable[[], Explanation] | None = field(default=None, compare=False, repr=False)
    """How this step itself came about, worked out only when somebody asks: one level down, to the law in the end."""

    @classmethod
    def resting_on(
        cls,
        *figures: Value[object],
        label: str,
        value: str,
        formula: str = "",
        below: Callable[[], Explanation] | None = None,
    ) -> Line:
        """Make a step that rests on dated figures: the first is its authority, the weakest tells how sure it is."""
        confidence = Confidence.HIGH
        for figure in figures:
            # An invented figure says so by a mark of its own.
            confidence = confidence if figure.training else weaker(confidence, figure.confidence)
        return cls(
            label=label,
            value=value,
            formula=formula,
            by=figures[0].by,
            confidence=confidence,
            training=any(figure.training for figure in figures),
            provisional=any(figure.provisional for figure in figures),
            below=below,
        )

    @classmethod
    def bearing(
        cls,
        marks: Iterable[str],
        *,
        label: str,
        value: str,
        formula: str = "",
        below: Callable[[], Explanation] | None = None,
    ) -> Line:
        """Make a step whose figures are known by their marks only."""
        borne_here = tuple(marks)
        return cls(
            label=label,
            value=value,
            formula=formula,
            confidence=Confidence.LOW if UNCONFIRMED in borne_here else Confidence.HIGH,
            training=INVENTED in borne_here,
            provisional=CARRIED in borne_here,
            below=below,
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """What the reader must know about the figures: invented, not confirmed, carried on."""
        borne_here = {
            INVENTED: self.training,
            UNCONFIRMED: self.confidence is Confidence.LOW,
            CARRIED: self.provisional,
        }
        return tuple(mark for mark, bears in borne_here.items() if bears)

    def text(self) -> str:
        """The step on one line of screen or paper."""
        result = f"{self.formula} = {self.value}" if self.formula else self.value
        marks = "".join(f"〔{mark}〕" for mark in self.marks)
        authority = f"（{self.by}）" if self.by else ""
        return f"{self.label}：{result}{marks}{authority}"

    def plain(self, depth: int = 0) -> dict[str, Any]:
        """The step as text for JSON, with so many levels below it."""
        said: dict[str, Any] = {
            "label": self.label,
            "formula": self.formula,
            "value": self.value,
            "by": self.by,
            "marks": list(self.marks),
        }
        if depth > 0 and self.below is not None:
            said["below"] = self.below().plain(depth - 1)
        return said


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

    def plain(self, depth: int = 0) -> dict[str, Any]:
        """Title, steps and marks as text for JSON, with so many levels below each step."""
        return {
            "title": self.title,
            "lines": [line.plain(depth) for line in self.lines],
            "marks": list(self.marks),
        }


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


def borne(sayings: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Read back what `rested_on` said: names with their marks."""
    for saying in sayings:
        mark, _, names = saying.removeprefix("〔").partition("〕")
        for name in names.split("、"):
            yield name, (mark,)


def marks_of(name: str, sayings: Iterable[str]) -> tuple[str, ...]:
    """Marks that a name bears in what `rested_on` said."""
    return united(marks for bearer, marks in borne(sayings) if bearer == name)


def signed(amount: str, marks: Iterable[str]) -> str:
    """Put the short marks behind an amount: `1,234.50#`."""
    return amount + "".join(SIGNS[mark] for mark in SIGNS if mark in tuple(marks))


def legend(marks: Iterable[str]) -> str:
    """Say what the short marks mean, `* 未确认  # 演练数据`; empty without marks."""
    present = tuple(marks)
    return "  ".join(f"{sign} {mark}" for mark, sign in SIGNS.items() if mark in present)


def percent(rate: Decimal) -> str:
    """Write a rate as clerks say it: `0.075` is `7.5%`."""
    return f"{(rate * Decimal(100)).normalize():f}%"
