"""Text: what is refused, what is painted, how wide it is, and amounts in capitals."""

from __future__ import annotations

import unicodedata
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from counter_tui.domain.text import (
    AmountTooLarge,
    BrokenCharset,
    Unclean,
    capitals,
    clean_text,
    fit,
    pad,
    plain,
    safe,
    width,
)

CAPITALS = (
    (6007_14, "人民币陆仟零柒元壹角肆分"),
    (16409_02, "人民币壹万陆仟肆佰零玖元零贰分"),
    (325_04, "人民币叁佰贰拾伍元零肆分"),
    (0, "人民币零元整"),
    (1_00, "人民币壹元整"),
    (10_00, "人民币壹拾元整"),
    (15_50, "人民币壹拾伍元伍角"),
    (110_00, "人民币壹佰壹拾元整"),
    (1000_00, "人民币壹仟元整"),
    (1001_10, "人民币壹仟零壹元壹角"),
    (1010_01, "人民币壹仟零壹拾元零壹分"),
    (10000_00, "人民币壹万元整"),
    (10001_00, "人民币壹万零壹元整"),
    (20000_20, "人民币贰万元零贰角"),
    (100001_00, "人民币壹拾万零壹元整"),
    (101000_00, "人民币壹拾万壹仟元整"),
    (1000000_00, "人民币壹佰万元整"),
    (1000001_00, "人民币壹佰万零壹元整"),
    (10000010_00, "人民币壹仟万零壹拾元整"),
    (10010010_10, "人民币壹仟零壹万零壹拾元零壹角"),
    (100000000_00, "人民币壹亿元整"),
    (100000001_00, "人民币壹亿零壹元整"),
    (100010000_00, "人民币壹亿零壹万元整"),
    (100100000_00, "人民币壹亿零壹拾万元整"),
    (1000000000000_00, "人民币壹万亿元整"),
    (999999999999_99, "人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    (5136_90, "人民币伍仟壹佰叁拾陆元玖角"),
    (-100_00, "人民币负壹佰元整"),
    (50, "人民币伍角"),
    (5, "人民币伍分"),
    (55, "人民币伍角伍分"),
    (107000_53, "人民币壹拾万柒仟元零伍角叁分"),
    (1234567890123_00, "人民币壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元整"),
)

VALUES = {"零": 0, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
TENS = {"拾": 1000, "佰": 10_000, "仟": 100_000}


def read_back(capital: str) -> int:
    """Fen of a canonical 大写 below 10^12 yuan: an independent reader."""
    text = capital.removeprefix("人民币").removesuffix("整")
    sign = -1 if text.startswith("负") else 1
    total = group = digit = 0
    for character in text.lstrip("负"):
        if character in VALUES:
            digit = VALUES[character]
        elif character in TENS:
            group, digit = group + digit * TENS[character], 0
        elif character in "万亿元":
            group, digit = group + digit * 100, 0
            if character == "元":
                total, group = total + group, 0
            elif character == "万":
                total, group = total + group * 10_000, 0
            else:
                total, group = (total + group) * 10**8, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[character], 0
    return sign * total


@pytest.mark.parametrize(("fen", "capital"), CAPITALS)
def test_an_amount_is_written_in_capitals_as_the_payment_rules_say(fen: int, capital: str) -> None:
    assert capitals(fen) == capital


@given(st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1))
def test_capitals_say_the_amount_and_never_two_zeros_in_a_row(fen: int) -> None:
    capital = capitals(fen)
    assert read_back(capital) == fen
    assert "零零" not in capital
    assert ("整" in capital) == (fen % 100 == 0)


def test_an_amount_beyond_the_words_is_refused() -> None:
    with pytest.raises(AmountTooLarge):
        capitals(10**18)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("１２３４", "1234"),
        ("12。5", "12.5"),
        ("2026、07、01", "2026/07/01"),
        ("0310——3112345", "0310-3112345"),
        ("　８４３２　", "8432"),
        ("ｘ", "x"),
        ("８，４３２．５０", "8,432.50"),
    ],
)
def test_what_an_input_method_makes_of_a_value_is_read_as_the_keys_meant(typed: str, value: str) -> None:
    assert plain(typed) == value


@pytest.mark.parametrize(
    "code_point", [0x00, 0x07, 0x1B, 0x7F, 0x9B, 0x9D, 0x200B, 0x200D, 0x202E, 0x2066, 0x2028, 0xFE0F]
)
def test_a_character_that_steers_is_refused_and_named(code_point: int) -> None:
    with pytest.raises(Unclean) as refusal:
        clean_text(f"张{chr(code_point)}三")
    assert refusal.value.code_point == code_point
    assert f"U+{code_point:04X}" in refusal.value.sentence


def test_a_wrong_charset_is_called_by_its_name() -> None:
    with pytest.raises(BrokenCharset) as refusal:
        clean_text("张\ufffd")
    assert "GB18030" in refusal.value.sentence


@pytest.mark.parametrize("name", ["张䶮𬭚", "阿依古丽·买买提", "葛\U000e0100", "\ue863", "𠮷"])
def test_rare_names_pass_unchanged(name: str) -> None:
    assert clean_text(name) == name


def test_text_is_kept_composed() -> None:
    assert clean_text("e\u0301") == "\u00e9"


def test_escape_is_painted_as_a_picture_of_escape() -> None:
    assert safe("张\x1b[2J\x07\u202e") == "张␛[2J??"


@given(st.text())
def test_what_may_be_painted_may_also_be_kept(text: str) -> None:
    painted = safe(text)
    assert clean_text(painted) == unicodedata.normalize("NFC", painted)


@given(st.text(), st.integers(min_value=0, max_value=40))
def test_fitted_text_is_a_beginning_that_fits(text: str, cells: int) -> None:
    fitted = fit(text, cells)
    assert text.startswith(fitted)
    assert width(fitted) <= cells
    assert fitted == text or width(text[: len(fitted) + 1]) > cells


@given(st.text(alphabet="张𠮷a1·。，"), st.integers(min_value=0, max_value=30), st.booleans())
def test_padded_text_fills_its_column_exactly(text: str, cells: int, right: bool) -> None:  # noqa: FBT001  drawn by Hypothesis
    assert width(pad(text, cells, right=right)) == cells


def test_padding_to_the_right_edge_puts_the_blanks_first() -> None:
    assert pad("元", 4, right=True) == "  元"
    assert pad("张三丰", 5) == "张三 "


def assigned(*ranges: tuple[int, int]) -> list[str]:
    points = chain.from_iterable(range(first, last + 1) for first, last in ranges)
    return [chr(point) for point in points if unicodedata.category(chr(point)) not in {"Cn", "Cf", "Cs"}]


def test_cells_agree_with_the_screen_for_every_character_of_the_counter() -> None:
    met = assigned(
        (0x20, 0x24FF),  # Latin, Greek, Cyrillic, punctuation, numbers
        (0x2500, 0x27BF),  # drawing, symbols
        (0x2E80, 0xA4CF),  # radicals, kana, Han, Yi
        (0xAC00, 0xD7A3),
        (0xE000, 0xFFFD),  # private use, compatibility, half and full width
        (0x1F100, 0x1F6FF),
    )
    planes = [chr(point) for first in (0x20000, 0x2EBF0, 0x30000, 0x31350) for point in range(first, first + 0x400)]
    assert [character for character in met + planes if width(character) != cell_len(character)] == []
