"""Personal data are shown by one rule, and never in a log."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.identity import citizen_check_character
from counter_tui.domain.masking import mask_account, mask_address, mask_id, mask_name, mask_phone, scrub


def test_an_identity_number_shows_three_and_four() -> None:
    assert mask_id("130402198503140011") == "130***********0011"


def test_a_short_document_number_does_not_show_most_of_itself() -> None:
    assert mask_id("E12345678") == "E******78"
    assert mask_id("123") == "***"


def test_a_telephone_number_shows_three_and_four() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("0310-3112345") == "031*****2345"


def test_an_account_shows_its_last_four() -> None:
    assert mask_account("6205500000000000004") == "***************0004"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("阿依古丽·买买提", "阿*"), ("葛\U000e0100明", "葛\U000e0100*"), ("𠮷", "𠮷*"), ("", "")],
)
def test_a_name_shows_its_first_character_and_hides_its_length(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("河北省邯郸市丛台区中华北大街19号", "河北省邯郸市丛台区***"),
        ("河北省邯郸市武安市矿山镇", "河北省邯郸市武安市***"),
        ("天津市滨海新区塘沽街道某小区3号楼", "天津市滨海新区***"),
        ("大连市长海县大长山岛镇", "大连市长海县***"),
        ("内蒙古自治区锡林郭勒盟苏尼特左旗满都拉图镇", "内蒙古自治区锡林郭勒盟苏尼特左旗***"),
        ("邯郸市和平路阳光小区2号", "邯郸市***"),
        ("中华大街19号", "***"),
        ("", ""),
    ],
)
def test_an_address_shows_its_district_at_most(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(
    st.dates(date(1930, 1, 1), date(2010, 1, 1)),
    st.integers(0, 999),
    st.text(max_size=20).filter(lambda text: not text[-1:].isdigit()),
    st.text(max_size=20).filter(lambda text: not text[:1].isdigit()),
)
def test_no_identity_number_reaches_a_log(born: date, sequence: int, before: str, after: str) -> None:
    seventeen = f"130402{born:%Y%m%d}{sequence:03d}"
    number = seventeen + citizen_check_character(seventeen)
    assert number[3:14] not in scrub(before + number + after)


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("证件130402198503140011重复", "证件130***********0011重复"),
        ("id=12010119960630021x.", "id=120***********021x."),
        ("旧号 130402650110011", "旧号 130********0011"),
        ("电话13800138000、0310-3112345", "电话138****8000、031*****2345"),
        ("卡6205500000000000004", "卡***************0004"),
        ("卡 6205 5000 0000 0000 004", "卡 ***************0004"),
        ("外籍 KAZ110090123105", "外籍 KAZ********3105"),
        ("护照 E12345678", "护照 E******78"),
        ("单位 20001234，4200.00 元，2026-11-23 09:30:00", "单位 20001234，4200.00 元，2026-11-23 09:30:00"),
        ("受理号 13040026112300001234", "受理号 13040026112300001234"),
    ],
)
def test_a_log_line_keeps_its_sense_without_personal_numbers(text: str, scrubbed: str) -> None:
    assert scrub(text) == scrubbed
