"""The message catalogue: what the counter says, by number."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from counter_tui.errors import CounterError

_CATALOGUE: Final = Path(__file__).parent / "data" / "messages.toml"
_FACT: Final = re.compile(r"\{(\d)\}")


class Severity(StrEnum):
    """What a message does to the work."""

    STOPS = "E"
    ASKS = "W"
    INFORMS = "I"


class NoSuchMessage(CounterError):
    """没有编号为 {id} 的提示，请联系管理员"""

    id: str


class WrongFacts(CounterError):
    """提示 {id} 应有 {expected} 项内容，实有 {given} 项，请联系管理员"""

    id: str
    expected: int
    given: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing said to the clerk."""

    id: str
    severity: Severity
    text: str
    """What is wrong or done, facts filled in."""
    key: str
    """Which key helps; empty where no key does."""

    @property
    def sentence(self) -> str:
        """The text, and after it the key that helps."""
        return f"{self.text}。{self.key}" if self.key else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Template:
    severity: Severity
    text: str
    key: str
    facts: int


@cache
def _catalogue() -> dict[str, _Template]:
    with _CATALOGUE.open("rb") as file:
        entries = tomllib.load(file)
    return {
        id_: _Template(
            severity=Severity(entry["severity"]),
            text=entry["text"],
            key=entry.get("key", ""),
            facts=max(map(int, _FACT.findall(entry["text"])), default=0),
        )
        for id_, entry in entries.items()
    }


def message_ids() -> tuple[str, ...]:
    """Numbers of the catalogue, in its order."""
    return tuple(_catalogue())


def message(id_: str, *facts: object) -> Message:
    """The message of that number with its facts in place.

    Raises:
        NoSuchMessage: the number is not in the catalogue.
        WrongFacts: the text has another number of places for facts.
    """
    template = _catalogue().get(id_)
    if template is None:
        raise NoSuchMessage(id=id_)
    if len(facts) != template.facts:
        raise WrongFacts(id=id_, expected=template.facts, given=len(facts))
    # A fact is data: it may hold braces, so places are filled once, not formatted.
    text = _FACT.sub(lambda place: str(facts[int(place[1]) - 1]), template.text)
    return Message(id=id_, severity=template.severity, text=text, key=template.key)
