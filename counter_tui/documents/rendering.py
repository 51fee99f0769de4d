"""Documents made into PDF files, one at a time, with the hashes by which a print is recorded."""

from __future__ import annotations

import asyncio
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from counter_tui.documents.families import Document, Family, Offline, family_of
from counter_tui.errors import CounterError
from counter_tui.operations.canonical import builtins, canonical
from counter_tui.own_files import file_mode
from counter_tui.services.ports import RenderedPaper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counter_tui.documents.stamp import Stamp


class WaitsForHub(CounterError):
    """{title}须待上级入库后才能打印，请联网后再打印"""

    title: str


class AlreadyKept(CounterError):
    """打印文件 {name} 已存在，请再按 F9 打印"""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPdf:
    """A document as bytes."""

    pdf: bytes
    pages: int
    pdf_sha256: str
    content_sha256: str
    """Over the canonical JSON of the fields: the same for every print of the same content."""
    content: dict[str, Any]
    """The fields, as they are recorded."""


@lru_cache(maxsize=1)
def _press() -> ThreadPoolExecutor:
    """The one thread that draws: a font must not serve two documents at once."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="press")


def render(document: Document, stamp: Stamp, *, fonts: Sequence[Path] = ()) -> RenderedPdf:
    """Draw a document; waits for the rendering thread.

    Args:
        document: the content.
        stamp: circumstances of this print.
        fonts: font files of the settings, tried before the others.

    Raises:
        NoGlyph: no font draws a character of it.
        WaitsForHub: it may not be printed offline.
        TooMuchText: a text is too long for its page.
    """
    return _press().submit(_drawn, document, stamp, tuple(fonts)).result()


async def render_paper(document: Document, stamp: Stamp, *, serial: str, fonts: Sequence[Path] = ()) -> RenderedPaper:
    """Draw a document beside the event loop, with all that its record needs. Raises as `render`."""
    job = _press().submit(_drawn, document, stamp, tuple(fonts))
    rendered = await asyncio.wrap_future(job)
    return RenderedPaper(
        document=family_of(document).id,
        serial=serial,
        subject=document.subject,
        month=document.month,
        file_name=file_name(document, serial),
        pdf=rendered.pdf,
        pages=rendered.pages,
        pdf_hash=rendered.pdf_sha256,
        content_hash=rendered.content_sha256,
        content=rendered.content,
    )


def _drawn(document: Document, stamp: Stamp, fonts: tuple[Path, ...]) -> RenderedPdf:
    from counter_tui.documents.fonts import chain
    from counter_tui.documents.pages import draw_sheet
    from counter_tui.documents.paper import Paper

    family = family_of(document)
    stamp = permitted(family, stamp)
    paper = Paper(family.orientation, chain(fonts), family.title)
    pages = sum(draw_sheet(paper, sheet, stamp) for sheet in family.compose(document))
    pdf = paper.bound()
    return RenderedPdf(
        pdf=pdf,
        pages=pages,
        pdf_sha256=sha256(pdf).hexdigest(),
        content_sha256=sha256(canonical(document)).hexdigest(),
        content=builtins(document),
    )


def permitted(family: Family, stamp: Stamp) -> Stamp:
    """The stamp as this family bears it: no offline mark on paper that is valid offline, no paper that is not."""
    if stamp.offline and family.offline is Offline.NEVER:
        raise WaitsForHub(title=family.title)
    return replace(stamp, offline=False) if family.offline is Offline.ALWAYS else stamp


def file_name(document: Document, serial: str) -> str:
    """Document, unit number or masked id, month, serial: no name of a person, nothing that leads out of the folder."""
    parts = (family_of(document).id, document.subject, document.month.compact, serial)
    return "_".join(re.sub(r"[^0-9A-Za-z-]", "x", part) for part in parts) + ".pdf"


def keep(folder: Path, name: str, pdf: bytes) -> Path:
    """Write a file durably into the print folder, for the counter alone.

    Raises:
        AlreadyKept: a file, or a link, of this name is there.
    """
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(name, flags, 0o600, dir_fd=directory)
        try:
            os.fchmod(descriptor, file_mode(folder))
            _write(descriptor, pdf)
        except OSError:
            # Half a file would be taken for the print when its name comes up again.
            os.unlink(name, dir_fd=directory)
            raise
        os.fsync(directory)
    except FileExistsError as refusal:
        raise AlreadyKept(name=name) from refusal
    finally:
        os.close(directory)
    return folder / name


def _write(descriptor: int, pdf: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(descriptor)
