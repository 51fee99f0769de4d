"""Shorthand and full-width digits, as a clerk types them."""

from __future__ import annotations

from datetime import date

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import AmountTooFine
from counter_tui.forms.kinds import Count, Day, DocumentNumber, Email, Month, Phone, Postcode, YesNo, Yuan
from tests.forms.cases import EMPLOYER, FACTS, INSURED, ZHANG, id_number, in_region, problems, read, texts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (".", date(2026, 7, 26)),
        ("+5", date(2026, 7, 31)),
        ("-10", date(2026, 7, 16)),
        ("3", date(2026, 7, 3)),
        ("502", date(2026, 5, 2)),
        ("5-2", date(2026, 5, 2)),
        ("260502", date(2026, 5, 2)),
        ("２０２６０５０２", date(2026, 5, 2)),
        ("2026。5。2", date(2026, 5, 2)),
    ],
)
def test_a_date_may_be_typed_short(typed: str, kept: date) -> None:
    assert Day().read(typed, FACTS) == kept
    assert Day().read(Day().show(kept), FACTS) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("7", (2026, 7)), ("-1", (2026, 6)), ("2607", (2026, 7)), ("２６０７", (2026, 7))]
)
def test_a_month_counts_from_the_settlement_month(typed: str, kept: tuple[int, int]) -> None:
    assert Month().read(typed, FACTS) == YearMonth(*kept)


@pytest.mark.parametrize("typed", ["8432.5", "8,432.50", "8432。50", "８４３２．５"])
def test_yuan_are_kept_in_fen(typed: str) -> None:
    assert Yuan().read(typed, FACTS) == 843250


def test_a_third_decimal_is_refused_not_rounded() -> None:
    with pytest.raises(AmountTooFine):
        Yuan().read("8432.505", FACTS)


@pytest.mark.parametrize("typed", ["13040019900101001*", "13040019900101001x", "１３０４００１９９００１０１００１Ｘ"])
def test_the_last_character_of_an_identity_number_is_written_as_a_capital(typed: str) -> None:
    assert DocumentNumber().read(typed, FACTS) == "13040019900101001X"


def test_a_small_x_is_put_right_and_the_clerk_is_told() -> None:
    number = next(n for year in range(1960, 2000) if (n := id_number(f"{year}0101")).endswith("X"))
    asked = in_region("P01")
    notes = asked.leaving("id_number", {"id_number": number.lower()}, FACTS)
    assert [problem.message for problem in notes] == ["M02"]
    assert not asked.leaving("id_number", {"id_number": number}, FACTS)


def test_birth_date_and_sex_follow_from_the_number_at_once() -> None:
    filled = in_region("P01").filled(texts("P01", id_number=id_number("19920315", "2")), FACTS)
    assert (filled["born"], filled["sex"]) == ("1992-03-15", "2 女性")
    assert filled["file_born"] == "1992-03-15"


def test_codes_are_found_by_code_name_or_initials() -> None:
    nation = in_region("P01").field("nation")
    assert {nation.read(typed, FACTS) for typed in ("11", "１１", "满族", "11 满族")} == {"11"}
    reason = in_region("P05").field("reason")
    assert reason.read("参军", INSURED) == "224"


@pytest.mark.parametrize(
    ("typed", "ticked"),
    [
        ("0", ("110", "210", "310", "410")),
        ("1 3", ("110", "310")),
        ("３ １", ("110", "310")),
        ("1,3", ("110", "310")),
        ("410 110", ("110", "410")),
        ("养老 工伤", ("110", "410")),
    ],
)
def test_schemes_are_ticked_by_their_place_in_the_panel(typed: str, ticked: tuple[str, ...]) -> None:
    assert in_region("P01").field("schemes").read(typed, FACTS) == ticked


def test_yes_and_no_are_one_and_zero() -> None:
    assert [YesNo().read(typed, FACTS) for typed in ("1", "0", "１", "是", "否")] == [True, False, True, True, False]


def test_contact_data_are_kept_in_one_form() -> None:
    assert Phone().read("（0310）3112345", FACTS) == "0310-3112345"
    assert Postcode().read("０５６０００", FACTS) == "056000"
    assert Email().read("zhang@example.com", FACTS) == "zhang@example.com"
    assert Count(1, 9).read("３", FACTS) == 3


@pytest.mark.parametrize(
    ("field", "typed"),
    [("phone", "12345"), ("postcode", "956000"), ("email", "zhang@"), ("first_job", "20260230"), ("hukou", "99")],
)
def test_what_cannot_be_read_is_said_at_its_field(field: str, typed: str) -> None:
    assert [problem.field for problem in problems("P01", also={field: typed})] == [field]


def test_all_problems_are_told_in_the_order_of_the_form() -> None:
    found = problems("P01", id_number="1", phone="1", first_job="", wage="x")
    fields = [problem.field for problem in found]
    assert fields == ["id_number", "sex", "born", "first_job", "phone", "wage"]


def test_an_employer_is_received_by_number_or_credit_code() -> None:
    assert read("P85", employer=EMPLOYER.credit_code)
    assert [problem.field for problem in problems("P85", employer="91130400MA0000015A")] == ["employer"]
    assert [problem.field for problem in problems("P85", employer="12")] == ["employer"]


def test_a_person_who_comes_himself_needs_no_agent() -> None:
    alone = {"employer": "", "visitor": "", "visitor_id": "", "letter": ""}
    assert read("P85", subject="2", id_number=ZHANG, in_person="1", also=alone)
    found = problems("P85", subject="2", id_number=ZHANG, in_person="0", also=alone)
    assert [problem.field for problem in found] == ["visitor", "visitor_id", "letter"]


def test_an_agents_identity_number_is_checked() -> None:
    assert [problem.field for problem in problems("P85", visitor_id="130400199001010018")] == ["visitor_id"]
