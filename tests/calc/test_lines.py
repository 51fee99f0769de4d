"""What a line may be: everything gets one answer, and money is never read from a floating number."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui import calc, calc_kinds
from counter_tui.calc import LINE_LIMIT, answer, answer_all
from counter_tui.calc_kinds import CALCULATIONS
from counter_tui.domain.check_characters import citizen_check_character, credit_code_check, org_code_check
from tests.calc.lines import TODAY, asked, told

PENSION = json.loads(CALCULATIONS["pension"].example)
INTEREST = json.loads(CALCULATIONS["account_interest"].example)
CONTRIBUTION = json.loads(CALCULATIONS["contribution"].example)


def answers(sent: bytes) -> list[bytes]:
    out = io.BytesIO()
    answer_all(io.BytesIO(sent), out, lambda: TODAY)
    return out.getvalue().splitlines()


def refused(line: dict[str, object] | str | bytes) -> str:
    found = told(json.dumps(line) if isinstance(line, dict) else line)
    assert set(found) == {"ok", "error"}
    assert found["ok"] is False
    return str(found["error"])


@pytest.mark.parametrize("value", [1409.5, 1409, 10**30, True, None, ["1409.50"], {"yuan": "1409.50"}])
def test_an_amount_without_quotes_is_refused_by_the_name_of_its_field(value: object) -> None:
    sentence = refused({"calc": "capital", "amount": value})
    assert sentence.startswith('字段 amount 应为加引号的金额（元），如 "1409.50"')


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({**PENSION, "pension_base": 7000}, "pension_base"),
        ({**PENSION, "index": 1.1}, "index"),
        ({**PENSION, "index": "1e0"}, "index"),
        ({**PENSION, "index": "NaN"}, "index"),
        ({**PENSION, "index": "-1"}, "index"),
        ({**PENSION, "months": 250.0}, "months"),
        ({**PENSION, "months": 10**40}, "months"),
        ({**PENSION, "months": True}, "months"),
        ({**PENSION, "months": 0}, "months"),
        ({**PENSION, "account_balance": "-1.00"}, "account_balance"),
        ({**PENSION, "payout_months": 139}, "payout_months"),
        ({**PENSION, "transitional": "2.50"}, "transitional"),
        ({**PENSION, "transitional": {"years": 2.5, "coefficient": "0.013"}}, "transitional.years"),
        ({**PENSION, "transitional": {"years": "2.5"}}, "transitional.coefficient"),
        ({**PENSION, "transitional": {"years": "2.5", "coefficient": "0.01", "by": ""}}, "transitional.by"),
        ({**INTEREST, "credits": "0.00"}, "credits"),
        ({**INTEREST, "credits": [0] * 12}, "credits[0]"),
        ({**INTEREST, "credits": ["0"] * 11 + ["x"]}, "credits[11]"),
        ({**INTEREST, "credits": ["0"] * 10_000}, "credits"),
        ({**INTEREST, "year": "二〇二四"}, "year"),
        ({**CONTRIBUTION, "schemes": []}, "schemes"),
        ({**CONTRIBUTION, "schemes": ["110", "110"]}, "schemes"),
        ({**CONTRIBUTION, "fee_month": "2026-13"}, "fee_month"),
        ({**CONTRIBUTION, "fee_month": 202603}, "fee_month"),
        ({**CONTRIBUTION, "wage": "1.234"}, "wage"),
        ({"calc": "late_fee", "principal": "1", "due": "2026-02-30", "paid": "2026-03-01"}, "due"),
        ({"calc": "late_fee", "principal": "1", "due": "2026-02-20", "paid": "2026-0301"}, "paid"),
        ({"calc": "late_fee", "principal": "1", "due": "0000-02-20", "paid": "2026-03-01"}, "due"),
        ({"calc": "retirement", "category": "M60"}, "birth"),
        ({"calc": "check", "kind": "uscc"}, "value"),
        ({"calc": "capital", "amount": "1", "amuont": "1"}, "amuont"),
        ({"calc": "capital", "amount": "9" * 201}, "amount"),
        ({"calc": "capital", "amount": "1", "text": "人民币壹元整"}, "text"),
        ({"calc": "capital", "text": 1}, "text"),
        ({"calc": "capital", "amount": None, "text": None}, "amount"),
        ({"calc": 1}, "calc"),
        ({}, "calc"),
    ],
)
def test_the_field_that_is_wrong_is_named(line: dict[str, object], field: str) -> None:
    assert refused(line).startswith(f"字段 {field} ")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"[]", "JSON 对象"),
        (b"12", "JSON 对象"),
        (b'"capital"', "JSON 对象"),
        (b"null", "JSON 对象"),
        (b'{"calc":"capital"', "第 18 个字符"),
        (b"{'calc':'capital'}", "第 2 个字符"),
        (b'{"calc":"capital","amount":NaN}', "NaN 不是数字"),
        (b'{"calc":"capital","amount":-Infinity}', "-Infinity 不是数字"),
        (b'{"calc":"capital","amount":"1","amount":"2"}', "出现了两次"),
        (b'{"calc":"capital","amount":"\xc0\xaf"}', "不是 UTF-8"),
        ('{"calc":"capital","amount":"人民币"}'.encode("gb18030"), "不是 UTF-8"),
        (b"[" * 50_000, "嵌套过深"),
        (b'{"a":' * 10_000, "嵌套过深"),
        (b" " * LINE_LIMIT + b"{}", "超过 65536 字节"),
        (b'{"calc":"capital","amount":' + b"9" * 60_000 + b"}", "位数过多"),
        (b'{"calc":"lottery"}', "account_interest"),
        (b'{"calc":"check","kind":"lottery","value":""}', "bank_card"),
        (b'{"calc":"retirement","category":"M61","birth":"1970-05"}', "M60"),
        (b'{"calc":"retirement","category":"M60","birth":"2199-05"}', "2199-05"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: bytes, word: str) -> None:
    assert word in refused(line)


@pytest.mark.parametrize("amount", ["1409.50", "1409.5", "1,409.50", " 1409.50 "])
def test_an_amount_may_be_written_with_or_without_thousands_and_decimals(amount: str) -> None:
    assert asked("capital", amount=amount)["text"] == "人民币壹仟肆佰零玖元伍角"


def test_months_and_whole_numbers_may_be_written_in_both_usual_ways() -> None:
    assert asked("retirement", category="F50", birth="198001") == asked("retirement", category="F50", birth="1980-01")
    assert told(json.dumps({**PENSION, "months": "250"})) == told(json.dumps(PENSION))


@pytest.mark.parametrize("value", ["", " ", "9" * 201, "\x00", "\u202e123456789", "\ud800", "一二三"])
def test_a_strange_number_is_a_wrong_number_and_no_fault_of_the_line(value: str) -> None:
    for kind in ("citizen_id", "citizen_id_15to18", "hmt_travel", "passport", "icao_731", "uscc", "bank_card", "phone"):
        found = asked("check", kind=kind, value=value)
        assert set(found) == {"ok", "reason"}
        assert found["ok"] is False


def test_no_region_is_read_from_outside_the_folder_of_regions() -> None:
    for region in ("../regions/handan", "training/handan", "/etc/passwd", "handan\x00", ""):
        assert "现有" in refused({**CONTRIBUTION, "region": region})


def test_a_conversation_answers_every_line_in_order_and_passes_over_empty_ones() -> None:
    sent = (
        b'\xef\xbb\xbf{"calc":"capital","amount":"1"}\r\n\r\n  \n[\n'
        + b"x" * 1_000_000
        + b'\n{"calc":"capital","amount":"2"}'
    )
    texts = [json.loads(line).get("text") for line in answers(sent)]
    assert texts == ["人民币壹元整", None, None, "人民币贰元整"]


def test_a_line_of_exactly_the_limit_is_read_with_either_end_of_line() -> None:
    line = b'{"calc":"capital","amount":"1"}'.ljust(LINE_LIMIT)
    assert all(json.loads(found)["ok"] for found in answers(line + b"\n" + line + b"\r\n" + line))
    for longer in (b" \n", b"\r]\n", b"\r\r\n", b"\r\r]"):
        assert [json.loads(found)["ok"] for found in answers(line + longer)] == [False]


def test_a_fault_of_the_program_is_one_answer_under_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[Exception] = []

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    def note(error: Exception) -> str:
        noted.append(error)
        return "ABC234"

    monkeypatch.setattr(calc_kinds, "capitals", broken)
    monkeypatch.setattr(calc, "_noted", note)
    assert "ABC234" in refused({"calc": "capital", "amount": "1"})
    assert [type(each) for each in noted] == [ZeroDivisionError]


FIELDS = sorted({name for each in CALCULATIONS.values() for name in json.loads(each.example)})
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["1", "2026-03", "110", "M60"]),
    lambda inner: st.lists(inner, max_size=13) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner),
    max_leaves=20,
)


@given(st.binary(max_size=300))
def test_any_bytes_get_one_answer_for_each_line_that_is_not_empty(sent: bytes) -> None:
    found = answers(sent)
    lines = [line.removeprefix(b"\xef\xbb\xbf").strip() for line in sent.split(b"\n")]
    assert len(found) == sum(map(bool, lines))
    assert all(json.loads(line)["ok"] is False for line in found)


@given(st.sampled_from(sorted(CALCULATIONS)), st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4))
def test_any_values_in_the_fields_get_an_answer_in_words(kind: str, changed: dict[str, object]) -> None:
    line = {**json.loads(CALCULATIONS[kind].example), **changed, "calc": kind}
    found = json.loads(answer(json.dumps(line).encode(), TODAY))
    assert type(found["ok"]) is bool
    if not found["ok"]:
        assert "程序意外" not in found.get("error", "")
        assert found.get("error") or found.get("reason")


@given(
    st.sampled_from(["130402", "120101", "210202", "130421"]),
    st.dates(date(1880, 1, 1), TODAY),
    st.integers(0, 999),
    st.integers(0, 16),
)
def test_a_citizen_number_passes_and_none_of_its_slips_does(region: str, born: date, sequence: int, place: int) -> None:
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    number = body + citizen_check_character(body)
    assert asked("check", kind="citizen_id", value=number)["ok"] is True
    slips = {number[:place] + digit + number[place + 1 :] for digit in "0123456789X"} - {number}
    slips |= {number[:place] + number[place + 1] + number[place] + number[place + 2 :]} - {number}
    assert not any(asked("check", kind="citizen_id", value=slip)["ok"] for slip in slips)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8).filter(lambda part: bool(part.strip("0"))))
def test_a_right_check_character_always_passes(eight: str) -> None:
    organisation = eight + org_code_check(eight)
    code = f"91130400{organisation}"
    assert asked("check", kind="org_code", value=f"{eight}-{organisation[-1]}")["ok"] is True
    assert asked("check", kind="uscc", value=code + credit_code_check(code))["ok"] is True
