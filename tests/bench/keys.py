"""What a key costs: time and bytes in a form of ten fields, against curses and stock Textual."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measures import ROUNDS, Comparison
from tests.bench.ptys import Answer, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PROGRAMS = Path(__file__).parent
RECORD = "421000"
"""Digits typed into each field, one key at a time."""
FIELDS = 10
IDLE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program with ten fields, and what shows that it is ready."""

    name: str
    command: Sequence[str]
    mark: str


@dataclass(slots=True, kw_only=True)
class Answers:
    """What one program answered in all rounds."""

    to_digits: list[Answer] = field(default_factory=list)
    to_enter: list[Answer] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    """Bytes a second while nobody types, one figure a round."""


FORMS = (
    Program(name="curses", command=(sys.executable, str(PROGRAMS / "curses_form.py")), mark="Field 10:"),
    Program(name="stock Textual", command=(sys.executable, str(PROGRAMS / "stock_form.py")), mark="Field 10:"),
    Program(name="counter", command=(sys.executable, str(PROGRAMS.parent / "wire" / "ten_fields.py")), mark="原因"),
)


def typed(line: Line, answers: Answers) -> None:
    """Fill all fields once, key by key."""
    for at in range(FIELDS):
        answers.to_digits += [line.sends(digit) for digit in RECORD]
        if at < FIELDS - 1:
            answers.to_enter.append(line.sends("\r"))


def run(columns: int, rows: int, rounds: int = ROUNDS) -> dict[str, Answers]:
    """Each program opened, filled and left idle once in each round."""
    measured = {program.name: Answers() for program in FORMS}
    for _ in range(rounds):
        for program in FORMS:
            with Line(program.command, columns=columns, rows=rows) as line:
                line.shows(program.mark)
                line.settles()
                typed(line, measured[program.name])
                measured[program.name].idle.append(line.idles(IDLE_SECONDS) / IDLE_SECONDS)
    return measured


def _times(answers: Sequence[Answer]) -> list[float]:
    return [answer.milliseconds for answer in answers]


def _bytes(answers: Sequence[Answer]) -> list[float]:
    return [len(answer.received) for answer in answers]


def comparisons(measured: Mapping[str, Answers], size: str) -> Iterator[Comparison]:
    """The five figures of a form at one size of the screen."""
    for title, unit, samples in (
        ("key", "ms", {name: _times(of.to_digits) for name, of in measured.items()}),
        ("key", "bytes", {name: _bytes(of.to_digits) for name, of in measured.items()}),
        ("next field", "ms", {name: _times(of.to_enter) for name, of in measured.items()}),
        ("next field", "bytes", {name: _bytes(of.to_enter) for name, of in measured.items()}),
        ("idle", "bytes/s", {name: of.idle for name, of in measured.items()}),
    ):
        yield Comparison(title=f"{title}, {size}", unit=unit, reference="curses", samples=samples)


def suite() -> Iterator[Comparison]:
    """Keys at both sizes of screen a counter uses."""
    for columns, rows in ((80, 24), (132, 43)):
        yield from comparisons(run(columns, rows), f"{columns}×{rows}")
