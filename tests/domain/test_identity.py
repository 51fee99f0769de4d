"""Numbers and names: what is accepted, what is refused and what the clerk is told."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from counter_tui.domain.check_characters import CREDIT_ALPHABET, passes_luhn
from counter_tui.domain.identity import (
    BirthDateInFuture,
    BirthDateTooEarly,
    CitizenId,
    CreditCode,
    NameMissing,
    NoSuchBirthDate,
    NoSuchProvince,
    NotAsKept,
    SpaceInName,
    WrongCharacter,
    WrongCheckCharacter,
    WrongLength,
    WrongNameCharacter,
    WrongNumber,
    bank_card,
    citizen_check_character,
    clean_name,
    credit_code_check,
    document,
    fpr15,
    fpr18,
    hmt_residence,
    icao_731,
    iso7064_mod11_10,
    org_code,
    org_code_check,
    phone,
    upgrade_citizen_id,
)
from counter_tui.domain.identity_checks import check, machine_readable
from counter_tui.domain.text import Unclean

if TYPE_CHECKING:
    from counter_tui.errors import CounterError

TODAY = date(2026, 11, 23)
ROWS = list(csv.DictReader((Path(__file__).parent / "data" / "numbers.csv").read_text(encoding="utf-8").splitlines()))
STORED = [row for row in ROWS if "->" not in row["value"]]
DERIVED = [row for row in ROWS if "->" in row["value"]]


def test_the_table_of_examples_is_whole() -> None:
    assert (len(STORED), len(DERIVED)) == (109, 11)


@pytest.mark.parametrize("row", STORED, ids=lambda row: f"{row['kind']} {row['value']}")
def test_a_number_is_accepted_or_refused_as_its_standard_says(row: dict[str, str]) -> None:
    if row["expected"] == "valid":
        check(row["kind"], row["value"], TODAY)
    else:
        with pytest.raises(WrongNumber) as refusal:
            check(row["kind"], row["value"], TODAY)
        assert "{" not in refusal.value.sentence


@pytest.mark.parametrize("row", DERIVED, ids=lambda row: f"{row['kind']} {row['value']}")
def test_what_follows_from_a_number_follows(row: dict[str, str]) -> None:
    given_, expected = row["value"].split(" -> ")
    if row["kind"] == "icao_731":
        assert icao_731(given_) == expected
    else:
        assert upgrade_citizen_id(given_, TODAY).number == expected


@pytest.mark.parametrize(
    "row", [row for row in STORED if row["reason"] in {"sex M", "sex F"}], ids=lambda row: row["value"]
)
def test_a_citizen_number_tells_sex_birth_and_region(row: dict[str, str]) -> None:
    citizen = CitizenId.parse(row["value"], TODAY)
    assert citizen.sex == {"sex M": "1", "sex F": "2"}[row["reason"]]
    assert f"{citizen.born:%Y%m%d}" == row["value"][6:14]
    assert citizen.region == row["value"][:6]


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002x", "１１０１０５１９４９１２３１００２ｘ", "11010519491231002*", " 110105 19491231 002x "],
)
def test_a_small_x_is_put_right_and_said(typed: str) -> None:
    citizen = CitizenId.parse(typed, TODAY)
    assert citizen.number == "11010519491231002X"
    assert citizen.notes == ("M02",)


def test_a_number_typed_right_needs_no_note() -> None:
    assert CitizenId.parse("11010519491231002X", TODAY).notes == ()


@pytest.mark.parametrize("last", ["\u0425", "\u0445", "\u00d7"])
def test_what_only_looks_like_x_is_refused_by_its_place(last: str) -> None:
    with pytest.raises(WrongCharacter) as refusal:
        CitizenId.parse(f"11010519491231002{last}", TODAY)
    assert refusal.value.position == 18


@pytest.mark.parametrize(
    ("seventeen", "refusal"),
    [
        ("99040219850314123", NoSuchProvince),
        ("13040219931301123", NoSuchBirthDate),
        ("13040219900229001", NoSuchBirthDate),
        ("13040220261124123", BirthDateInFuture),
        ("13040218791231123", BirthDateTooEarly),
    ],
)
def test_each_fault_of_a_citizen_number_has_its_own_name(seventeen: str, refusal: type[WrongNumber]) -> None:
    with pytest.raises(refusal):
        CitizenId.parse(seventeen + citizen_check_character(seventeen), TODAY)


def test_a_child_born_today_has_a_number() -> None:
    assert CitizenId.parse("13040220261123123" + citizen_check_character("13040220261123123"), TODAY).born == TODAY


def test_an_old_number_of_somebody_born_before_1900_gets_its_century() -> None:
    assert upgrade_citizen_id("210281601010996", TODAY).born == date(1860, 10, 10)


def test_the_clerk_reads_how_many_digits_are_missing() -> None:
    with pytest.raises(WrongLength) as refusal:
        CitizenId.parse("1304021985031412", TODAY)
    assert refusal.value.sentence == "居民身份证号码应为18位，实为16位，请核对后重新输入"


def test_the_right_check_character_is_never_told() -> None:
    with pytest.raises(WrongCheckCharacter) as refusal:
        CitizenId.parse("130402198503141231", TODAY)
    assert "6" not in refusal.value.sentence


seventeens = st.builds(
    lambda region, born, sequence: f"{region}{born:%Y%m%d}{sequence:03d}",
    st.sampled_from(["130402", "120101", "210202", "130421"]),
    st.dates(date(1880, 1, 1), TODAY),
    st.integers(0, 999),
)


@given(seventeens, st.integers(0, 16), st.integers(0, 9))
def test_one_wrong_digit_never_passes(seventeen: str, place: int, digit: int) -> None:
    number = seventeen + citizen_check_character(seventeen)
    assert CitizenId.parse(number, TODAY).number == number
    assume(number[place] != str(digit))
    with pytest.raises(WrongNumber):
        CitizenId.parse(number[:place] + str(digit) + number[place + 1 :], TODAY)


@given(seventeens, st.integers(0, 15))
def test_two_neighbours_swapped_never_pass(seventeen: str, place: int) -> None:
    number = seventeen + citizen_check_character(seventeen)
    assume(number[place] != number[place + 1])
    with pytest.raises(WrongNumber):
        CitizenId.parse(number[:place] + number[place + 1] + number[place] + number[place + 2 :], TODAY)


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(CREDIT_ALPHABET))
def test_one_wrong_character_of_a_credit_code_never_passes(seventeen: str, place: int, character: str) -> None:
    assume(seventeen.strip("0"))
    code = seventeen + credit_code_check(seventeen)
    assert CreditCode.parse(code.lower()).number == code
    assume(code[place] != character)
    with pytest.raises(WrongNumber):
        CreditCode.parse(code[:place] + character + code[place + 1 :])


def test_a_credit_code_shows_the_organisation_code_inside() -> None:
    code = CreditCode.parse("91130400MA07ABCD0Y")
    assert code.organisation_part_fits
    assert org_code(code.organisation_code) == "MA07ABCD0"


def test_a_credit_code_without_a_fitting_organisation_part_is_only_marked() -> None:
    seventeen = "91130400MA07ABCD1"
    assert not CreditCode.parse(seventeen + credit_code_check(seventeen)).organisation_part_fits


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_code_is_the_same_with_and_without_hyphen(eight: str) -> None:
    assume(eight.strip("0"))
    mark = org_code_check(eight)
    assert org_code(f"{eight}-{mark}") == org_code(eight + mark) == eight + mark


@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 17), st.integers(0, 9))
def test_one_wrong_digit_of_a_card_never_passes(body: str, place: int, digit: int) -> None:
    assume(body.strip("0"))
    card = next(body + last for last in "0123456789" if passes_luhn(body + last))
    assert bank_card(card) == card
    assume(place < len(card) and card[place] != str(digit))
    with pytest.raises(WrongNumber):
        bank_card(card[:place] + str(digit) + card[place + 1 :])


def test_the_standards_own_sample_of_mod_11_10_comes_out() -> None:
    assert iso7064_mod11_10("0794") == "5"


@given(st.text("0123456789", min_size=1, max_size=19), st.integers(0, 18), st.integers(0, 9))
def test_one_wrong_digit_of_an_acceptance_number_shows(digits: str, place: int, digit: int) -> None:
    assume(place < len(digits) and digits[place] != str(digit))
    wrong = digits[:place] + str(digit) + digits[place + 1 :]
    assert iso7064_mod11_10(wrong) != iso7064_mod11_10(digits)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+86 138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("03103112345", "0310-3112345"),
        ("（0310）3112345", "0310-3112345"),
        ("02223456789", "022-23456789"),
        ("12333", "12333"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0123-1234567", "0123-1234567"), ("022-2345678", "022-2345678"), ("+86-0310-3112345", "0310-3112345")],
)
def test_the_hyphen_that_was_typed_ends_the_area_code(typed: str, kept: str) -> None:
    assert phone(typed) == kept


@pytest.mark.parametrize("row", DERIVED, ids=lambda row: f"{row['kind']} {row['value']}")
def test_what_a_number_becomes_is_checked_as_well(row: dict[str, str]) -> None:
    check(row["kind"], row["value"], TODAY)
    wrong = row["value"][:-1] + ("1" if row["value"][-1] != "1" else "2")
    with pytest.raises(WrongNumber):
        check(row["kind"], wrong, TODAY)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("citizen_id", "11010519491231002*"),
        ("hmt_residence", "81000019700101335*"),
        ("bank_card", "6205-5000-0000-0000-004"),
        ("bank_card", "6205 5000 0000 0000 004"),
        ("uscc", " 91130400MA07ABCD0Y"),
        ("phone", "１３８００１３８０００"),
    ],
)
def test_a_stored_number_must_be_in_the_form_that_is_kept(kind: str, value: str) -> None:
    with pytest.raises(NotAsKept):
        check(kind, value, TODAY)


@pytest.mark.parametrize(
    "value", ["+8613800138000", "+86 138 0013 8000", "138-0013-8000", "(0310)3112345", "0310 3112345", "12366"]
)
def test_a_telephone_number_is_right_in_every_way_of_writing_it(value: str) -> None:
    check("phone", value, TODAY)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uscc", "0" * 18),
        ("org_code", "00000000-0"),
        ("bank_card", "0" * 19),
        ("citizen_id", "0" * 18),
        ("citizen_id_15to18", "0" * 15),
    ],
)
def test_nothing_but_zeros_is_no_number(kind: str, value: str) -> None:
    with pytest.raises(WrongNumber):
        check(kind, value, TODAY)


@pytest.mark.parametrize("sequence", ["996", "997", "998", "999"])
def test_the_sequences_of_centenarians_belong_to_the_century_before(sequence: str) -> None:
    assert upgrade_citizen_id(f"210281900101{sequence}", TODAY).born == date(1890, 1, 1)
    assert upgrade_citizen_id("210281900101995", TODAY).born == date(1990, 1, 1)


LINE = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_the_machine_readable_line_of_the_standard_passes() -> None:
    assert machine_readable(LINE) == LINE
    check("icao_731", LINE, TODAY)


@given(st.sampled_from([*range(10), *range(13, 20), *range(21, 44)]), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_the_machine_readable_line_never_passes(place: int, digit: str) -> None:
    assume(LINE[place].isdigit() and LINE[place] != digit)
    with pytest.raises(WrongCheckCharacter):
        machine_readable(LINE[:place] + digit + LINE[place + 1 :])


def test_an_empty_optional_field_of_a_passport_may_leave_its_check_digit_out() -> None:
    body = f"{LINE[:28]}{'<' * 15}"
    line = body + icao_731(body[:10] + body[13:20] + body[21:43])
    assert machine_readable(line) == line


def test_a_residence_permit_tells_birth_and_sex() -> None:
    permit = hmt_residence("81000019700101335x", TODAY)
    assert (permit.number, permit.born, permit.sex, permit.notes) == (
        "81000019700101335X",
        date(1970, 1, 1),
        "1",
        ("M02",),
    )


def test_a_foreigners_card_tells_nationality_in_both_forms() -> None:
    assert fpr15("KAZ110090123105", TODAY).nationality == "KAZ"
    assert fpr18("912392197811050020", TODAY).nationality == "392"


def test_a_two_digit_year_means_the_later_century_already_past() -> None:
    assert fpr15("DEU310101022809", TODAY).born == date(2001, 2, 28)
    assert fpr15("KAZ110090123105", TODAY).born == date(1990, 12, 31)


@pytest.mark.parametrize(
    ("id_type", "number", "kind"),
    [
        ("01", "130403199202290044", "citizen_id"),
        ("16", "830000199201300022", "hmt_residence"),
        ("04", "H12345678", "hmt_travel"),
        ("05", "MA1234567", "passport"),
        ("06", "12345678", "hmt_travel"),
        ("07", "KAZ110090123105", "fpr15"),
        ("07", "912392197811050020", "fpr18"),
        ("08", "E12345678", "passport"),
        ("02", "军字第1234567号", "other"),
    ],
)
def test_a_document_is_read_by_the_rule_of_its_type(id_type: str, number: str, kind: str) -> None:
    read = document(id_type, number, TODAY)
    assert (read.kind, read.number) == (kind, number)


def test_a_document_of_no_rule_is_still_limited() -> None:
    with pytest.raises(WrongLength):
        document("99", "9" * 21, TODAY)
    with pytest.raises(Unclean):
        document("99", "9\x1b9", TODAY)


@pytest.mark.parametrize("dot", "·•‧∙⋅・･")
def test_the_dot_of_a_minority_name_is_always_the_same(dot: str) -> None:
    assert clean_name(f"阿依古丽{dot}买买提", resident=True) == "阿依古丽\u00b7买买提"


@pytest.mark.parametrize("name", ["张䶮𬭚", "〇一", "葛\U000e0100", "\ue863明", "Ａ三"])
def test_a_rare_name_is_kept_as_written(name: str) -> None:
    assert clean_name(f" {name} ", resident=True) == name


def test_a_foreigners_name_may_have_spaces_and_marks() -> None:
    assert clean_name("O'BRIEN, JEAN-LUC", resident=False) == "O'BRIEN, JEAN-LUC"


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("  ", NameMissing),
        ("张 三", SpaceInName),
        ("张\u3000三", SpaceInName),
        ("张3", WrongNameCharacter),
        ("张*", WrongNameCharacter),
        ("张\u202e三", Unclean),
    ],
)
def test_a_name_that_cannot_be_a_residents_is_refused(name: str, refusal: type[CounterError]) -> None:
    with pytest.raises(refusal):
        clean_name(name, resident=True)
