"""S17: the feed's log grows to the root of the standard, and whoever changes, cuts or reorders it changes the root."""

from __future__ import annotations

import hashlib

from hypothesis import assume, given
from hypothesis import strategies as st

from storage.register import log

rows = st.lists(st.text(max_size=12), max_size=40)
some_rows = st.lists(st.text(max_size=12), min_size=1, max_size=40)


def grown(of: list[str]) -> log.Frontier:
    frontier: log.Frontier = ()
    for size, row in enumerate(of):
        frontier = log.extended(frontier, size, log.leaf(row))
    return frontier


def root_by_definition(of: list[str]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not of:
        return hashlib.sha256(b"").digest()
    if len(of) == 1:
        return hashlib.sha256(b"\x00" + of[0].encode()).digest()
    split = 1
    while split * 2 < len(of):
        split *= 2
    return hashlib.sha256(b"\x01" + root_by_definition(of[:split]) + root_by_definition(of[split:])).digest()


@given(rows)
def test_the_frontier_grows_to_the_root_of_the_standard(of: list[str]) -> None:
    assert log.root(grown(of)) == root_by_definition(of).hex()


def test_the_root_is_the_one_published_for_known_leaves() -> None:
    """Those published with Certificate Transparency that are text."""
    assert log.root(grown([""])) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert log.root(grown(["", "\x00"])) == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"


@given(some_rows, st.data())
def test_a_changed_row_changes_the_root(of: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(of) - 1))
    changed = [*of[:index], of[index] + "!", *of[index + 1 :]]
    assert log.root(grown(changed)) != log.root(grown(of))


@given(some_rows, st.data())
def test_a_row_cut_out_changes_the_root(of: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(of) - 1))
    assert log.root(grown([*of[:index], *of[index + 1 :]])) != log.root(grown(of))


@given(some_rows, st.data())
def test_rows_in_another_order_change_the_root(of: list[str], data: st.DataObject) -> None:
    other = data.draw(st.permutations(of))
    assume(other != of)
    assert log.root(grown(other)) != log.root(grown(of))


def test_two_rows_are_never_taken_for_one_of_their_hashes() -> None:
    one, other = log.leaf("1"), log.leaf("2")
    assert log.root(grown(["1", "2"])) not in {log.leaf(one + other), log.leaf("12"), one, other}
