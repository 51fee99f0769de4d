"""One suite for a bureau: every hash of its operations follows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counter_tui.operations.chain import Pen, drafted
from counter_tui.operations.envelope import Proposal, body_hash, is_untouched, operation_hash
from counter_tui.operations.suites import (
    INTERNATIONAL,
    NATIONAL,
    SUITES,
    NoSm3,
    OtherSuite,
    Suite,
    UnknownSuite,
    check_suite,
    suite_named,
    suite_of,
)
from counter_tui.sm.sm2 import sm3
from tests.operations.test_envelope import OPERATION, SALT

SM2_ONE = replace(OPERATION, suite="SM2-SM3", body_hash=body_hash(SALT, OPERATION.body, NATIONAL))


def test_each_suite_hashes_by_its_own_algorithm() -> None:
    assert INTERNATIONAL.digest(b"ab", "c") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert NATIONAL.hash(b"ab", "c") == sm3(b"abc")


def test_suites_are_known_by_settings_and_by_operations() -> None:
    assert [suite_named(suite.name) for suite in SUITES] == [suite_of(suite.envelope) for suite in SUITES]
    with pytest.raises(UnknownSuite):
        suite_of("P256-MD5")


def test_an_operation_is_hashed_by_the_suite_it_names() -> None:
    assert operation_hash(SM2_ONE) == "ea8a6a4056c577aa20d1047c3053d306603da79a6ce62ff772942daea877d4e4"
    assert SM2_ONE.body_hash != OPERATION.body_hash
    assert is_untouched(SM2_ONE)
    assert not is_untouched(replace(SM2_ONE, suite=OPERATION.suite))
    assert not is_untouched(replace(SM2_ONE, suite="P256-MD5"))


def test_a_draft_is_written_in_the_suite_of_the_bureau() -> None:
    pen = Pen(
        bureau="999999",
        device="host-1",
        maker=OPERATION.maker,
        made_at=OPERATION.made_at,
        mono=0,
        policy_version="law-1",
        training=True,
        new_id=lambda: OPERATION.op_id,
        new_salt=lambda: SALT,
        suite=NATIONAL,
    )

    draft = drafted(Proposal(kind="P05.save", unit_id="E:1", body={"a": 1}), pen, base_version=0)

    assert (draft.suite, draft.body_hash) == ("SM2-SM3", body_hash(SALT, {"a": 1}, NATIONAL))


def test_data_of_another_suite_are_refused_in_words() -> None:
    check_suite("SM2-SM3", NATIONAL, "数据目录")
    with pytest.raises(OtherSuite, match=r"数据目录用的是国际算法套件.*本机设置为国密算法套件"):
        check_suite("P256-SHA256", NATIONAL, "数据目录")


def test_a_machine_without_sm3_says_so_before_anybody_works() -> None:
    def missing() -> object:
        raise ValueError("unsupported hash type")

    for suite in SUITES:
        suite.require()
    with pytest.raises(NoSm3, match="没有 SM3"):
        Suite(name="national", envelope="SM2-SM3", title="", hashed=missing).require()
