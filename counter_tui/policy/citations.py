"""Citations taken apart: the document, the clause where one is named, and what was noted beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COUNT = "[一二三四五六七八九十百零〇0-9]+"
_CLAUSE = re.compile(f"第{_COUNT}条(?:第{_COUNT}款)?(?:第{_COUNT}项)?")
_NUMBERED = re.compile(r"[^，；：]*?〔[0-9]{4}〕[0-9]+号(?:、[0-9]+号)*")
_NAMED = re.compile(r"[^，；：]*?(?:法|条例|办法|规定)(?:（[^）]*令第[0-9]+号）)?(?=$|[，（：])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One authority of a figure, as the region file names it; nothing is added to it."""

    document: str
    """Number or name of a document; empty when only a source without one is named."""
    clause: str
    """Article, paragraph and item; empty when the citation names none."""
    note: str
    """What stands beside the document, or the source that is no document."""


def citations(by: str) -> tuple[Citation, ...]:
    """Take a citation apart, one part for each authority between semicolons."""
    return tuple(_citation(part.strip()) for part in by.split("；") if part.strip())


def _citation(text: str) -> Citation:
    if clause := _CLAUSE.search(text):
        return Citation(document=text[: clause.start()].strip(), clause=clause[0], note=_note(text[clause.end() :]))
    if document := _NUMBERED.search(text) or _NAMED.match(text):
        notes = (text[: document.start()].strip("，： "), _note(text[document.end() :]))
        return Citation(document=document[0], clause="", note="，".join(note for note in notes if note))
    return Citation(document="", clause="", note=text)


def _note(rest: str) -> str:
    rest = rest.strip("，： ")
    return rest[1:-1] if rest.startswith("（") and rest.endswith("）") else rest
