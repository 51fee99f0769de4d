"""Amounts in capitals read back from paper."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.capital_reading import WrongCapitals, read_capitals
from counter_tui.domain.text import AmountTooLarge, capitals
from counter_tui.errors import CounterError

ROWS = list(csv.DictReader((Path(__file__).parent / "data" / "capitals.csv").read_text(encoding="utf-8").splitlines()))
OLD = str.maketrans("元整贰陆万亿叁", "圓正貳陸萬億參")
EVERY_AMOUNT = st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1)


def fen(amount: str) -> int:
    return int(Decimal(amount) * 100)


def test_the_table_of_capitals_is_whole() -> None:
    assert len(ROWS) == 28


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["amount"])
def test_every_amount_of_the_table_is_written_and_read_back(row: dict[str, str]) -> None:
    assert capitals(fen(row["amount"])) == row["capital"]
    assert read_capitals(row["capital"]) == fen(row["amount"])


@given(EVERY_AMOUNT)
def test_what_is_written_is_read_back_in_new_and_old_characters(amount: int) -> None:
    written = capitals(amount)
    assert read_capitals(written) == amount
    assert read_capitals(written.removeprefix("人民币").translate(OLD)) == amount


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("人民币壹仟陆佰捌拾元零叁角贰分", "1680.32"),
        ("人民币壹仟陆佰捌拾元叁角贰分", "1680.32"),
        ("人民币壹拾万柒仟元零伍角叁分", "107000.53"),
        ("人民币壹拾万零柒仟元伍角叁分", "107000.53"),
        ("壹拾伍圆伍角正", "15.50"),
        ("壹拾伍元伍角整", "15.50"),
        ("叁佰圆正", "300.00"),
        ("壹拾亿零壹仟万元整", "1010000000.00"),
        ("零元伍角", "0.50"),
        ("零元零伍分", "0.05"),
        ("人民币 负壹佰元整", "-100.00"),
    ],
)
def test_the_other_allowed_writings_are_read_too(written: str, amount: str) -> None:
    assert read_capitals(written) == fen(amount)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "人民币",
        "整",
        "负零元整",
        "拾伍元整",
        "壹仟壹元整",
        "壹仟零零壹元整",
        "壹佰元",
        "壹分整",
        "壹元伍分",
        "伍角壹元",
        "壹佰壹佰元整",
        "壹万零壹仟元整",
        "100元整",
        "1409.50",
        "壹元整整",
        "柒佰元\x1b整",
    ],
)
def test_what_is_no_amount_in_capitals_is_refused(written: str) -> None:
    with pytest.raises(WrongCapitals):
        read_capitals(written)


def test_an_amount_beyond_the_words_is_not_read_either() -> None:
    with pytest.raises(AmountTooLarge):
        read_capitals("玖仟亿亿元整")


@given(st.text("零壹贰玖拾佰仟万亿元角分整正负圆", max_size=12))
def test_nothing_is_read_as_an_amount_that_it_does_not_say(written: str) -> None:
    try:
        amount = read_capitals(written)
    except CounterError:
        return
    shown = written.replace("圆", "元").removesuffix("正").removesuffix("整")
    said = capitals(amount).removeprefix("人民币").removesuffix("整")
    assert re.sub("零元?", "", shown) == re.sub("零元?", "", said)
