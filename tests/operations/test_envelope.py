"""The operation's bytes: canonical form, hashes, what a key signs, and the chain."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.operations.canonical import NotCanonical, builtins, canonical, pack, unpack
from counter_tui.operations.chain import Head, Pen, drafted, head_after, placed
from counter_tui.operations.envelope import (
    FIRST,
    Group,
    Operation,
    Proposal,
    body_hash,
    content,
    operation_hash,
    signed,
)
from counter_tui.operations.outcome import effect_builtins, effect_read
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL
from tests.operations.office import CLERK, Office

SALT = "000102030405060708090a0b0c0d0e0f"
OPERATION = Operation(
    op_id="0198f000-0000-7000-8000-000000000001",
    bureau_id="999999",
    device_id="host-1",
    dev_seq=1,
    group=Group(index=0, count=1),
    unit_id="E:130400000001",
    base_ver=7,
    kind="P05.save",
    body={"form": {"name": "张三", "wage": 600000}, "override": None},
    salt=SALT,
    body_hash=body_hash(SALT, {"form": {"name": "张三", "wage": 600000}, "override": None}),
    refs=(),
    maker=CLERK,
    reception_id="r-1",
    acceptance_number="99999900326112300428",
    item_no=0,
    made_at=datetime(2026, 11, 23, 1, 2, 3, 456000, tzinfo=UTC),
    mono=123456,
    policy_ver="law-1",
    form_ver="form-1",
    training=True,
    prev_hash=FIRST,
)

TEXTS = st.text(st.characters(codec="utf-8"))
KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


def normal(value: Any) -> Any:
    """The value with its texts NFC: what a reader of the canonical form gets."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case list():
            return [normal(each) for each in value]
        case dict():
            return {key: normal(each) for key, each in value.items()}
    return value


@given(VALUES)
def test_the_canonical_form_says_everything_and_only_once(value: Any) -> None:
    once = canonical(value)
    assert json.loads(once) == normal(value)
    assert canonical(json.loads(once)) == once


@given(st.dictionaries(KEYS, st.integers(0, 9), min_size=2))
def test_the_order_of_keys_makes_no_difference(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical(turned) == canonical(value)
    assert list(json.loads(canonical(value))) == sorted(value)


@given(TEXTS)
def test_two_spellings_of_a_text_are_one(text: str) -> None:
    assert canonical(unicodedata.normalize("NFD", text)) == canonical(text)


def test_the_canonical_form_is_that_of_the_standard() -> None:
    value = {"b": [1, True, None], "a": "\u20ac$\u000f\nA'\"\\/\x7f"}
    assert canonical(value) == b'{"a":"\xe2\x82\xac$\\u000f\\nA\'\\"\\\\/\x7f","b":[1,true,null]}'


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, {"金额": 1}, {"a": [0.1]}])
def test_what_readers_would_not_agree_on_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_a_month_travels_as_its_two_integers_and_comes_back() -> None:
    assert builtins(YearMonth(2026, 11)) == {"year": 2026, "month": 11}
    assert unpack(YearMonth, pack(YearMonth(2026, 11))) == YearMonth(2026, 11)


def test_the_hash_of_an_operation_never_changes() -> None:
    assert OPERATION.body_hash == "7c5c76a5b3a00aeacb9062f0b2a7a59368d207cbcd79f05e7a207ec5a3e11d21"
    assert operation_hash(OPERATION) == "ad617a5079106638abdef2ac9958f1e92b614aa1002354cdde34dc60ec0f0477"


def test_production_and_training_never_share_a_hash() -> None:
    assert operation_hash(replace(OPERATION, training=False)) != operation_hash(OPERATION)


CHANGED: dict[str, Any] = {
    "suite": NATIONAL.envelope,
    "group": Group(index=1, count=2),
    "body": {},
    "refs": ("x",),
    "maker": replace(CLERK, operator="0009"),
    "made_at": datetime(2027, 1, 1, tzinfo=UTC),
    "training": False,
}


def other(name: str) -> Operation:
    value = getattr(OPERATION, name)
    changed = CHANGED.get(name, value + 1 if isinstance(value, int) else f"{value}0")
    return replace(OPERATION, **{name: changed})


def test_the_key_signs_everything_but_what_the_write_transaction_gives() -> None:
    unsigned = {each.name for each in fields(Operation) if content(other(each.name)) == content(OPERATION)}
    assert unsigned == {
        "body",
        "salt",
        "dev_seq",
        "group",
        "acceptance_number",
        "item_no",
        "prev_hash",
        "key_sig",
        "sig",
    }


def test_the_hash_covers_everything_but_body_salt_and_its_own_signature() -> None:
    free = {each.name for each in fields(Operation) if operation_hash(other(each.name)) == operation_hash(OPERATION)}
    assert free == {"body", "salt", "sig"}


def test_an_erased_body_leaves_the_chain_whole() -> None:
    office = Office()
    chain = [office.receive().operation, office.save("P01").operation]
    assert chain[1].prev_hash == operation_hash(chain[0])
    erased = replace(chain[0], body={}, salt="")
    assert chain[1].prev_hash == operation_hash(erased)
    assert body_hash(chain[0].salt, chain[0].body) == erased.body_hash
    assert body_hash(chain[0].salt, {**chain[0].body, "employer": "x"}) != erased.body_hash


def test_equal_bodies_hash_apart_by_their_salt() -> None:
    assert body_hash("00" * 16, {}) != body_hash("01" * 16, {})


def test_an_operation_comes_back_from_the_wire_with_its_hash() -> None:
    sent = signed(OPERATION, b"\x01\x02")
    received = unpack(Operation, pack(sent))
    assert received == sent
    assert operation_hash(received) == operation_hash(OPERATION)


def test_unknown_keys_of_a_body_are_kept_and_hashed() -> None:
    wire = json.loads(pack(OPERATION))
    wire["body"]["later"] = {"anything": [1]}
    received = unpack(Operation, json.dumps(wire))
    assert received.body["later"] == {"anything": [1]}
    assert body_hash(received.salt, received.body) != OPERATION.body_hash


def test_an_envelope_with_a_field_unknown_here_no_longer_has_the_hash_that_was_signed() -> None:
    wire = {**json.loads(pack(OPERATION)), "later": 1}
    hashed = {name: value for name, value in wire.items() if name not in {"body", "salt", "sig"}}
    signed_hash = INTERNATIONAL.digest(OPERATION.domain, "operation", canonical(hashed))
    assert operation_hash(unpack(Operation, json.dumps(wire))) != signed_hash


def test_a_place_in_the_chain_follows_its_head() -> None:
    pen = Pen(
        bureau="999999",
        device="host-1",
        maker=CLERK,
        made_at=OPERATION.made_at,
        mono=1,
        policy_version="law-1",
        training=True,
        new_id=lambda: "op-1",
        new_salt=lambda: SALT,
    )
    draft = drafted(Proposal(kind="access.print", unit_id="B", body={"a": 1}), pen, base_version=3)
    assert (draft.dev_seq, draft.base_ver, draft.body_hash) == (0, 3, body_hash(SALT, {"a": 1}))
    first = placed(draft, Head(), group=Group(index=0, count=1), acceptance_number="n")
    assert (first.dev_seq, first.prev_hash) == (1, FIRST)
    second = placed(draft, head_after(first), group=Group(index=0, count=1), acceptance_number="")
    assert (second.dev_seq, second.prev_hash) == (2, operation_hash(first))
    assert content(first) == content(draft)


def test_an_effect_travels_in_the_feed_and_comes_back() -> None:
    office = Office()
    office.receive()
    saved = office.save("P01")
    for effect in saved.outcome.effects:
        assert effect_read(json.loads(pack(effect_builtins(effect)))) == effect
    with pytest.raises(KeyError):
        effect_read({"record": "LaterRecord", "row": {}})
