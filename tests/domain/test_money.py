"""Money in whole fen."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.money import (
    MOST_FEN,
    AmountTooFine,
    AmountTooLarge,
    BadAmount,
    Rounding,
    SignedAmount,
    grouped,
    read_signed_yuan,
    read_yuan,
    round_fen,
    round_ratio,
    yuan,
)

amounts = st.integers(0, MOST_FEN)
exact = st.decimals(min_value=0, max_value=10**10, places=4)


def test_fen_are_shown_as_yuan() -> None:
    assert [yuan(fen) for fen in (123450, 5, 0, -123450, -5)] == ["1234.50", "0.05", "0.00", "-1234.50", "-0.05"]
    assert [grouped(fen) for fen in (123450, 100000000, -123456789)] == ["1,234.50", "1,000,000.00", "-1,234,567.89"]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("8432", 843200),
        ("8432.5", 843250),
        ("8432.50", 843250),
        ("8,432.50", 843250),
        ("1,008,432", 100843200),
        ("0.05", 5),
        ("0", 0),
    ],
)
def test_a_clerk_types_an_amount(text: str, fen: int) -> None:
    assert read_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", ".", ".5", "8432.", "84,32", "8,4320", ",432", "12a", "1 000", "１２", "1e3", "--1", "nan", "1.2.3"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises((BadAmount, SignedAmount)):
        read_yuan(text)


def test_a_third_decimal_is_refused_and_not_rounded() -> None:
    with pytest.raises(AmountTooFine, match=r"8432\.505"):
        read_yuan("8432.505")
    with pytest.raises(AmountTooFine):
        read_yuan("8432.500")


def test_an_amount_has_a_limit() -> None:
    assert read_yuan("999,999,999,999.99") == MOST_FEN
    with pytest.raises(AmountTooLarge):
        read_yuan("1000000000000")


def test_only_a_refund_takes_a_minus() -> None:
    for signed in ("-5", "+5"):
        with pytest.raises(SignedAmount):
            read_yuan(signed)
    assert read_signed_yuan("-1,234.5") == -123450
    with pytest.raises(SignedAmount):
        read_signed_yuan("+5")


def test_an_amount_of_thousands_of_digits_is_refused_like_any_that_is_too_large() -> None:
    with pytest.raises(AmountTooLarge):
        read_yuan("9" * 5000)
    assert read_yuan("0" * 5000 + "1.5") == 150
    assert read_signed_yuan("1000000000000.00", 10**14) == 10**14


@given(fen=amounts)
def test_a_shown_amount_reads_back(fen: int) -> None:
    assert read_yuan(yuan(fen)) == fen == read_yuan(grouped(fen))
    assert read_signed_yuan(yuan(-fen)) == -fen


# Exact amounts in fen: 1234.56 is 12.3456 yuan.
@pytest.mark.parametrize(
    ("rounding", "pairs"),
    [
        (Rounding.HALF_UP_FEN, {"1234.5": 1235, "1234.4999": 1234}),
        (Rounding.HALF_UP_JIAO, {"1235": 1240, "1234.99": 1230}),
        (Rounding.HALF_UP_YUAN, {"1250": 1300, "1249.99": 1200}),
        (Rounding.LI_UP_TO_FEN, {"1234.1": 1235, "1234.09": 1234, "1234": 1234}),
        (Rounding.FEN_UP_TO_JIAO, {"1231": 1240, "1230.9": 1230, "1230": 1230}),
        (Rounding.JIAO_UP_TO_YUAN, {"1210": 1300, "1209.9": 1200, "1200": 1200}),
        (Rounding.TRUNCATE_FEN, {"1234.99": 1234}),
        (Rounding.TRUNCATE_JIAO, {"1239.99": 1230}),
        (Rounding.TRUNCATE_YUAN, {"1299.99": 1200}),
        (Rounding.UP_TO_EVEN, {"1234.01": 1236, "1233": 1234, "1234": 1234}),
    ],
)
def test_each_mode_rounds_as_its_name_says(rounding: Rounding, pairs: dict[str, int]) -> None:
    assert {text: round_fen(Decimal(text), rounding) for text in pairs} == pairs
    assert rounding.label


@given(amount=exact)
def test_halves_and_cuts_agree_with_decimal(amount: Decimal) -> None:
    assert round_fen(amount, Rounding.HALF_UP_FEN) == int(amount.quantize(Decimal(1), ROUND_HALF_UP))
    assert round_fen(amount, Rounding.TRUNCATE_FEN) == int(amount.quantize(Decimal(1), ROUND_DOWN))
    assert round_fen(amount, Rounding.HALF_UP_YUAN) == int((amount / 100).quantize(Decimal(1), ROUND_HALF_UP)) * 100


@given(one=exact, other=exact, rounding=st.sampled_from(Rounding))
def test_more_money_never_rounds_to_less(one: Decimal, other: Decimal, rounding: Rounding) -> None:
    low, high = sorted((one, other))
    assert round_fen(low, rounding) <= round_fen(high, rounding)


@given(amount=exact, rounding=st.sampled_from(Rounding))
def test_a_refund_is_rounded_as_the_collection_it_undoes(amount: Decimal, rounding: Rounding) -> None:
    assert round_fen(-amount, rounding) == -round_fen(amount, rounding)


@given(ppm=st.integers(0, 1_000_000), base=st.integers(0, 10**9), rounding=st.sampled_from(Rounding))
def test_whole_numbers_and_exact_decimals_round_alike(ppm: int, base: int, rounding: Rounding) -> None:
    assert round_ratio(base * ppm, 1_000_000, rounding) == round_fen(base * (Decimal(ppm) / 1_000_000), rounding)
