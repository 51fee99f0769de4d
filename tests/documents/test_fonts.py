from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.documents.fonts import FontChain, NoGlyph, draws, font_files, font_report
from tests.documents.samples import RARE

TOP = Path(__file__).parents[2]
MISSING = "\U0003134a"
"""Han character of the newest plane: none of the fonts that a test machine has draws it."""


@pytest.fixture(scope="module")
def chain() -> FontChain:
    return FontChain()


def outline(folder: Path, name: str, head: bytes) -> Path:
    path = folder / name
    path.write_bytes(head + b"\0" * 60)
    return path


def test_importing_the_documents_does_not_load_reportlab() -> None:
    program = """
import sys
import counter_tui.documents, counter_tui.documents.families, counter_tui.documents.preview
import counter_tui.documents.rendering, counter_tui.devices.printer
assert not [name for name in sys.modules if name.partition(".")[0] in {"reportlab", "PIL", "segno"}]
import counter_tui.documents.fonts
assert "reportlab" in sys.modules
"""
    outcome = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr


@given(st.text(alphabet=st.sampled_from("张䶮𬭚𠅤 Aa0.·，\u3000")))
def test_runs_joined_are_the_text(chain: FontChain, text: str) -> None:
    runs = chain.runs(text)
    assert "".join(piece for _, piece in runs) == text
    assert all(draws(font, character) for font, piece in runs for character in piece)


def test_rare_names_are_drawn_by_the_carried_font_alone(chain: FontChain) -> None:
    assert chain.runs(RARE) == [(chain.first, RARE)]


def test_digits_are_as_wide_as_each_other(chain: FontChain) -> None:
    assert len({round(chain.width(digit, 9), 6) for digit in "0123456789"}) == 1


def test_a_character_without_glyph_is_named_and_its_cure_too(chain: FontChain) -> None:
    with pytest.raises(NoGlyph) as refusal:
        chain.runs(f"王{MISSING}")
    assert refusal.value.sentence == "字库缺少字形 U+3134A，请管理员安装字体（fonts-hanazono）后再打印"


def test_fonts_of_the_settings_come_first(tmp_path: Path) -> None:
    carried = next(font.path for font in font_files() if font.name == "NotoSansSC-Regular.ttf")
    assert carried is not None
    own = tmp_path / "BureauSong.ttf"
    own.write_bytes(carried.read_bytes())
    assert FontChain((own,)).first == "BureauSong"


@pytest.mark.parametrize(
    "head",
    [b"OTTO", b"ttcf" + bytes.fromhex("00010000 00000001 00000010") + b"OTTO"],
    ids=["otf", "collection"],
)
def test_postscript_outlines_are_skipped_and_the_doctor_says_so(tmp_path: Path, head: bytes) -> None:
    path = outline(tmp_path, "SourceHan.otf", head)
    assert FontChain((path,)).first != "SourceHan"
    assert font_report((path,))[0].startswith("SourceHan.otf：跳过（PostScript 轮廓")


def test_the_doctor_names_the_package_of_each_font() -> None:
    report = "\n".join(font_report((Path("/nowhere/Song.ttf"),)))
    assert "Song.ttf：未安装" in report
    assert "NotoSansSC-Regular.ttf：可用，来源 zhplot（SIL OFL 1.1）" in report
    assert report.count("fonts-hanazono") == 2


def test_reportlab_still_needs_our_map_of_characters_above_the_first_plane() -> None:
    program = """
from reportlab.pdfbase import ttfonts
assert "<4E00>" in ttfonts.makeToUnicodeCMap("F", [0x4E00])
assert "<D840DC00>" not in ttfonts.makeToUnicodeCMap("F", [0x20000])
import counter_tui.documents.fonts
assert "<D840DC00>" in ttfonts.makeToUnicodeCMap("F", [0x20000])
"""
    outcome = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
