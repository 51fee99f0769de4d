"""What a print costs: a receipt against the plainest canvas with the same words, and a roster at three sizes."""

from __future__ import annotations

import statistics
import time
from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.pdfgen.canvas import Canvas

from counter_tui.documents.fonts import chain
from counter_tui.documents.preview import preview
from counter_tui.documents.rendering import render
from tests.bench.measures import Comparison, Growth, in_turns, seconds_of
from tests.documents.samples import RECEIPT, STAMP, changes_with

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 15
ROWS = (200, 2_000, 20_000)
LINE = 14


def plain_canvas(words: list[str]) -> bytes:
    """The words of a document line by line, with a stock canvas: no rules, no layout, no hashes."""
    file = BytesIO()
    canvas = Canvas(file, invariant=1, pageCompression=1)
    fonts = chain(())
    for at, line in enumerate(words):
        x = 40.0
        for font, piece in fonts.runs(line):
            canvas.setFont(font, 9)
            canvas.drawString(x, 800 - at * LINE, piece)
            x += fonts.width(piece, 9)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _milliseconds(samples: dict[str, list[float]]) -> dict[str, list[float]]:
    return {program: [second * 1000 for second in seconds] for program, seconds in samples.items()}


def receipt() -> Comparison:
    """One receipt, warm."""
    words = [line for page in preview(RECEIPT, STAMP) for line in page if line.strip()]
    programs = {
        "plain canvas": lambda: seconds_of(lambda: plain_canvas(words)),
        "counter": lambda: seconds_of(lambda: render(RECEIPT, STAMP)),
    }
    in_turns(programs, 1)
    samples = _milliseconds(in_turns(programs, ROUNDS))
    return Comparison(title="receipt D17", unit="ms", reference="plain canvas", samples=samples)


def roster() -> Growth:
    """A change form of nine columns at three sizes."""
    medians = {}
    for rows in ROWS:
        document = changes_with(rows)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            render(document, STAMP)
            times.append(time.perf_counter() - start)
        medians[rows] = statistics.median(times)
    return Growth(program="roster D05", seconds=medians)


def suite() -> Iterator[Comparison | Growth]:
    """Receipt and roster."""
    yield receipt()
    yield roster()
