from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.documents.preview import NARROW, WIDE, preview
from counter_tui.documents.rendering import WaitsForHub, render
from counter_tui.domain.text import width
from tests.documents.reading import Paper, squeezed
from tests.documents.samples import (
    ASSESSMENT,
    CHANGES,
    DOCUMENTS,
    ID_NUMBER,
    LONGEST_EMPLOYER,
    LONGEST_NAME,
    NOTICE,
    RARE,
    RECEIPT,
    STAMP,
    change_line,
    changes_with,
    notice_line,
)

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.documents.families import Document

EVERY = pytest.mark.parametrize("document", list(DOCUMENTS.values()), ids=list(DOCUMENTS))
BOTH = pytest.mark.parametrize("columns", [NARROW, WIDE])
AMOUNT = re.compile(r"-?\d+\.\d\d(?!%)")
BOX_DRAWING = re.compile("[\u2500-\u259f]")


def shown(document: Document, columns: int = NARROW) -> str:
    return "\n".join(line for page in preview(document, STAMP, columns=columns) for line in page)


@EVERY
@BOTH
def test_the_screen_shows_the_amounts_of_the_paper(document: Document, columns: int, tmp_path: Path) -> None:
    paper = Paper(render(document, STAMP).pdf, tmp_path)
    on_paper = [word for page in paper.pages() for word in page.words]
    amounts = sorted(word.text for word in on_paper if AMOUNT.fullmatch(word.text))
    assert sorted(AMOUNT.findall(shown(document, columns).replace("￥", "￥ "))) == sorted(
        [*amounts, *(word.text[1:] for word in on_paper if word.text.startswith("￥"))]
    )


@EVERY
def test_every_word_on_the_screen_is_on_the_paper(document: Document, tmp_path: Path) -> None:
    paper = Paper(render(document, STAMP).pdf, tmp_path).text()
    for word in re.split(r"[\s|：]+", shown(document, WIDE)):
        if re.search(r"[^-+_*\d]", word) and "*" not in word and word != "二维码":
            assert all(part in paper for part in re.split("[，。（）、]", word)), word


@EVERY
@BOTH
def test_no_full_id_number_is_on_the_screen(document: Document, columns: int) -> None:
    assert ID_NUMBER not in squeezed(shown(document, columns))


@BOTH
def test_the_screen_masks_even_where_the_paper_identifies(columns: int) -> None:
    assert "130***********0015" in shown(CHANGES, columns)


@EVERY
@BOTH
def test_nothing_on_the_screen_is_drawn_with_boxes(document: Document, columns: int) -> None:
    assert not BOX_DRAWING.search(shown(document, columns))


@BOTH
@pytest.mark.parametrize("lines", [8, 17, 40])
@given(
    name=st.text(alphabet=st.sampled_from("张䶮𬭚𠅤aé·\u0301"), max_size=60),
    fen=st.integers(-(10**14), 10**14),
    rows=st.integers(0, 12),
)
def test_no_line_is_wider_and_no_page_longer_than_asked(
    columns: int, lines: int, name: str, fen: int, rows: int
) -> None:
    line = replace(notice_line(name), employer_base=fen, person_due=fen)
    for document in (
        replace(NOTICE, employer_name=name, lines=(line,) * rows),
        replace(CHANGES, lines=(replace(change_line(1, name), wage=fen, reason=name),) * rows),
        replace(RECEIPT, employer_name=name, hint=name),
    ):
        pages = preview(document, STAMP, columns=columns, lines=lines)
        assert all(len(page) <= lines for page in pages)
        assert all(width(line) <= columns for page in pages for line in page)


@BOTH
def test_the_longest_names_are_shown_whole(columns: int) -> None:
    changes = replace(CHANGES, employer_name=LONGEST_EMPLOYER, lines=(change_line(1, LONGEST_NAME),))
    assert LONGEST_EMPLOYER in squeezed(shown(changes, columns))
    assert LONGEST_NAME in squeezed(shown(changes, NARROW))


def test_a_rare_name_keeps_the_columns_in_line() -> None:
    page = preview(CHANGES, STAMP, columns=WIDE, lines=60)[0]
    (rare,) = [line for line in page if RARE in line]
    (common,) = [line for line in page if "赵小满" in line]
    assert [width(rare[: at.start()]) for at in re.finditer(r"\|", rare)] == [
        width(common[: at.start()]) for at in re.finditer(r"\|", common)
    ]


def test_a_long_table_repeats_its_head_on_each_screen() -> None:
    pages = preview(changes_with(60), STAMP, columns=WIDE, lines=20)
    with_rows = [page for page in pages if any("10002003" in line for line in page)]
    assert len(with_rows) > 2
    assert all(any(line.startswith("序号 | 姓名") for line in page) for page in with_rows)


def test_the_screen_says_training_void_offline_and_again() -> None:
    stamp = replace(STAMP, training=True, offline=True, print_number=2)
    assert preview(CHANGES, stamp)[0][0] == "演练  离线打印 待同步核验  补打 第1次"
    assert preview(ASSESSMENT, replace(STAMP, void=True))[0][0] == "已作废"
    assert "离线打印" not in preview(RECEIPT, stamp)[0][0]


def test_what_may_not_be_printed_offline_is_not_previewed_either() -> None:
    with pytest.raises(WaitsForHub):
        preview(NOTICE, replace(STAMP, offline=True))
