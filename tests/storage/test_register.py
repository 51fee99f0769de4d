"""Records go into the register and come out equal; whoever is there is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from counter_tui.domain.bills import (
    Bill,
    BillLine,
    BillState,
    MonthState,
    RollBack,
    Roster,
    RosterRow,
    UnitMonth,
)
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.contributions import ContributionSpan
from counter_tui.domain.coverage import Coverage, CoverageChange, CoverageState, Entitlement
from counter_tui.domain.declarations import Item, ItemState, Stamp, Transition
from counter_tui.domain.employers import Employer, EmployerScheme, EmployerState, SchemeState
from counter_tui.domain.figures import FiguresFile, FiguresState
from counter_tui.domain.grants import Grant, GrantAct, Granted, GrantState, LedgerAct, LedgerEntry
from counter_tui.domain.operators import LastSignOn
from counter_tui.domain.people import PersonChange
from counter_tui.domain.posts import Role
from counter_tui.domain.receptions import Reception, ReceptionState
from counter_tui.domain.sign_ons import SignOnRecord
from counter_tui.operations.outcome import RECORDS
from storage.register.bulk import load
from storage.register.fingerprint import fingerprint
from storage.register.queries import SqlRegister, fetch
from storage.register.records import KEPT
from storage.register.search import find_employers, find_persons
from storage.register.tables import register
from storage.register.writing import put
from tests.storage.bureau import BUREAU, person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

MONTH = YearMonth(2026, 11)
AT = datetime(2026, 11, 23, 1, 30, 0, 123456, tzinfo=UTC)
DAY = date(2026, 11, 23)
STAMP = Stamp(operator="0001", human="h", certificate="c", key_serial="k", signon="s", window="003", at=AT)

EMPLOYER = Employer(
    number="13040001",
    name="邯郸市丛台区第一机械厂",
    credit_code="91130400MA0000001X",
    state=EmployerState.ON_REGISTER,
    settlement_month=MONTH,
    joined=YearMonth(2020, 1),
    schemes=(
        EmployerScheme(scheme="110", state=SchemeState.PAYING, since=YearMonth(2020, 1)),
        EmployerScheme(scheme="410", state=SchemeState.PAYING, since=YearMonth(2020, 1), injury_class=3),
    ),
    sealed=True,
)
COVERAGE = Coverage(
    person="0001",
    scheme="110",
    employer="13040001",
    state=CoverageState.PAYING,
    since=DAY,
    first_month=MONTH,
    wage=500_000,
    changed_on=DAY,
)
ITEM = Item(
    id="i1",
    acceptance_number="1",
    item_no=0,
    function="P05",
    employer="13040001",
    id_number="130402199001010001",
    person_name="张三丰",
    person="0001",
    verdict="停保",
    month=MONTH,
    body={"reason": "1", "schemes": ["110"]},
    body_hash="h",
    state=ItemState.SUBMITTED,
    reception="r",
    made=STAMP,
    submitted=STAMP,
    undo={"person": None},
)
BILL = Bill(
    number="202611000001",
    employer="13040001",
    month=MONTH,
    fee_type="10",
    state=BillState.ASSESSED,
    lines=(BillLine(scheme="110", heads=1, wages=5, employer_base=5, person_base=5, employer=1, person=2),),
    assessed_at=AT,
    due_on=DAY,
    operation="o",
    maker="0001",
    function="P29",
    policy_version="v",
    marks=("演练数据",),
    items=("i1",),
)
SAMPLES: list[Any] = [
    EMPLOYER,
    person("0001", former_numbers=("130402900101001", "1"), file_born=DAY),
    PersonChange(operation="o", person="0001", field="name", before="a", after="b", on=DAY),
    COVERAGE,
    CoverageChange(
        operation="o",
        item="i1",
        employer="13040001",
        person="0001",
        id_number="1",
        name="张三丰",
        kind="1",
        schemes=("110", "210"),
        reason="",
        on=DAY,
        month=MONTH,
        wage=1,
    ),
    Entitlement(
        item="i1", employer="13040001", person="0001", schemes=("110",), since=MONTH, until=MONTH, wage=500_000
    ),
    ITEM,
    Transition(operation="o", item="i1", before=None, after=ItemState.TO_SUBMIT, by=STAMP, reception="r"),
    UnitMonth(employer="13040001", month=MONTH, state=MonthState.ASSESSED, bill="1", function="P29", settled_at=AT),
    BILL,
    Roster(
        bill="202611000001", rows=(RosterRow(person="0001", scheme="110", wage=1, base=2, employer=3, person_due=4),)
    ),
    RollBack(operation="o", employer="13040001", month=MONTH, bill="1", reason="错", state="asked", maker=STAMP),
    Reception(
        id="r",
        window="003",
        state=ReceptionState.OPEN,
        subject="1",
        employer="13040001",
        person="",
        visitor="李",
        visitor_id="1",
        letter=True,
        in_person=False,
        operator="0001",
        opened_at=AT,
    ),
    FiguresFile(
        id="f",
        region="handan",
        name="2027.toml",
        text='region = "handan"\n# 缴费基数\n',
        text_hash="0" * 64,
        figures=("floor:110", "ceiling:110"),
        state=FiguresState.CONFIRMED,
        proposed=STAMP,
        decided=STAMP,
        in_force=date(2026, 11, 23),
        known_from=None,
    ),
    Grant(
        id="g",
        act=GrantAct.ISSUE,
        granted=Granted(
            number="0101",
            name="钱多多",
            human="aa",
            roles=(Role.CLERK, Role.REVIEWER),
            issuer="CN=CA",
            certificate_number="c0",
            key_hash="00",
            certificate_until=DAY,
            since=DAY,
            until=DAY,
        ),
        granted_hash="0" * 64,
        state=GrantState.REVIEWED,
        signed=(STAMP, STAMP),
    ),
    LedgerEntry(
        id="l",
        act=LedgerAct.ISSUE,
        at=AT,
        number="0101",
        name="钱多多",
        roles=(Role.CLERK, Role.REVIEWER),
        certificate_number="c0",
        since=DAY,
        until=DAY,
        signed=(STAMP, STAMP, STAMP, STAMP),
    ),
    LastSignOn(operator="0101", at=AT),
    SignOnRecord(
        operation="op1", session="s1", key="k", operator="0101", window="003", device="host-1", at=AT, ended_by="op2"
    ),
    ContributionSpan(
        person="0001",
        scheme="110",
        employer="13040001",
        since=YearMonth(2024, 1),
        until=YearMonth(2024, 12),
        wage=1,
        base=2,
    ),
]


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        register.create_all(opened)
        yield opened
    engine.dispose()


def test_every_kind_of_record_has_a_sample_and_a_table() -> None:
    assert {type(sample) for sample in SAMPLES} == set(KEPT)
    assert set(RECORDS.values()) <= set(KEPT)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_a_record_comes_out_as_it_went_in(connection: Connection, sample: Any) -> None:
    put(connection, BUREAU, [sample])
    put(connection, BUREAU, [sample])
    assert list(fetch(connection, BUREAU, KEPT[type(sample)])) == [sample]
    assert list(fetch(connection, "999999", KEPT[type(sample)])) == []


def test_the_register_answers_what_the_rules_ask(connection: Connection) -> None:
    load(connection, BUREAU, SAMPLES)
    known = SqlRegister(connection, BUREAU)
    assert known.employer_by_credit_code("91130400MA0000001X") == EMPLOYER
    assert known.person_by_id("130402900101001") == known.person("0001")
    assert known.coverages("0001") == list(known.coverages_of_employer("13040001")) == [COVERAGE]
    assert known.open_items("130402199001010001") == known.items_of_month("13040001", MONTH) == [ITEM]
    assert known.items_in(frozenset({ItemState.SUBMITTED}), "13040001") == [ITEM]
    assert known.items_in(frozenset({ItemState.APPROVED})) == []
    assert known.bills("13040001", MONTH - 1, MONTH) == [BILL]
    assert known.bills("13040001", MONTH + 1, MONTH + 2) == []
    assert len(known.roll_backs()) == len(known.receptions_at("003")) == len(known.receptions_for("13040001")) == 1
    assert known.roll_back("13040001", MONTH) is not None
    assert known.unit_month("13040001", MONTH) is not None
    assert len(known.changes("13040001", MONTH)) == len(known.entitlements("13040001")) == 1
    assert [month.month for month in known.contributions("0001")[0].months()][-1] == YearMonth(2024, 12)


def test_open_sign_ons_are_found_by_key_and_by_operator_at_a_window(connection: Connection) -> None:
    ended = next(sample for sample in SAMPLES if isinstance(sample, SignOnRecord))
    lasting = replace(ended, operation="op3", session="s3", ended_by="")
    put(connection, BUREAU, [ended, lasting])
    known = SqlRegister(connection, BUREAU)
    assert known.open_sign_ons("k") == known.open_sign_ons_at("003", "0101") == [lasting]
    assert known.open_sign_ons("other") == known.open_sign_ons_at("004", "0101") == []
    assert known.open_sign_ons_at("003", "0102") == []


def one_by_one(connection: Connection, bureau: str, samples: list[Any]) -> None:
    for sample in samples:
        put(connection, bureau, [sample])


def test_loading_at_once_and_putting_one_by_one_give_the_same_register() -> None:
    prints = []
    for way in (load, one_by_one):
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            register.create_all(connection)
            way(connection, BUREAU, SAMPLES)
            assert [found.number for found in find_persons(connection, BUREAU, "三丰")] == ["0001"]
            assert [found.number for found in find_employers(connection, BUREAU, "丛台")] == ["13040001"]
            prints.append(fingerprint(connection, BUREAU))
        engine.dispose()
    assert prints[0] == prints[1]


NAMES = st.text("张王李三丰𠮷㐱·阿a", min_size=1, max_size=5)


@settings(max_examples=60)
@given(names=st.lists(NAMES, min_size=1, max_size=15), part=st.text("张王李三丰𠮷㐱·阿a", min_size=1, max_size=3))
def test_a_part_of_a_name_finds_everybody_who_bears_it(names: list[str], part: str) -> None:
    engine = create_engine("sqlite://")
    people = [person(f"{number:04}", name, employer=str(number % 2)) for number, name in enumerate(names)]
    with engine.begin() as connection:
        register.create_all(connection)
        load(connection, BUREAU, people)
        found = {one.number for one in find_persons(connection, BUREAU, part, limit=99)}
        assert {one.number for one in people if part in one.name} <= found
        there = {one.number for one in find_persons(connection, BUREAU, part, employer="1", limit=99)}
        assert {one.number for one in people if part in one.name and one.employer == "1"} <= there
        assert there <= {one.number for one in people if one.employer == "1"}
    engine.dispose()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("130402199001011234", ["0001"]),
        ("1304021990", ["0001", "0002", "0003"]),
        ("123x", ["0002"]),
        ("1234", ["0001", "0003"]),
        ("1234z", ["0001"]),
        ("1234zsf", ["0001"]),
        ("1234王", ["0003"]),
        ("zs", ["0001", "0002"]),
        ("张", ["0001", "0002"]),
        ("130402900101123", ["0003"]),
        ("0002", ["0002"]),
        ("", []),
        ("  ", []),
        ("%", []),
        ("没有", []),
    ],
)
@pytest.mark.parametrize("employer", ["", "E1"])
def test_a_clerk_finds_a_person_with_what_is_at_hand(
    connection: Connection, typed: str, expected: list[str], employer: str
) -> None:
    people = [
        person("0001", "张三丰", id_number="130402199001011234", employer="E1"),
        person("0002", "张三", id_number="13040219900101123X", employer="E1"),
        person("0003", "王五", id_number="130402199002021234", employer="E1", former_numbers=("130402900101123",)),
    ]
    load(connection, BUREAU, people)
    assert sorted(one.number for one in find_persons(connection, BUREAU, typed, employer=employer)) == expected


def test_the_full_number_stands_first(connection: Connection) -> None:
    load(
        connection, BUREAU, [person("1234", "甲", id_number="9"), person("0001", "乙", id_number="130402199001011234")]
    )
    assert [one.number for one in find_persons(connection, BUREAU, "1234")] == ["1234", "0001"]


@pytest.mark.parametrize("typed", ["13040001", "91130400ma0000001x", "9113", "机械", "邯郸", "厂", "hdsct"])
def test_a_clerk_finds_an_employer(connection: Connection, typed: str) -> None:
    load(connection, BUREAU, [EMPLOYER])
    assert find_employers(connection, BUREAU, typed) == [EMPLOYER]
