"""S17: whoever edits, cuts or reorders the log is found, and the leaf is named."""

from __future__ import annotations

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.security.audit import (
    GENESIS,
    ChainBroken,
    Frontier,
    LeafAltered,
    LogCut,
    RootDiffers,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    link,
    merkle_root,
    verify_chain,
    verify_consistency,
    verify_inclusion,
    verify_log,
)

leaves = st.lists(st.binary(max_size=12), max_size=40)
some_leaves = st.lists(st.binary(max_size=12), min_size=1, max_size=40)


def chain(of: list[bytes]) -> list[tuple[bytes, bytes]]:
    kept, previous = [], GENESIS
    for leaf in of:
        previous = link(previous, leaf)
        kept.append((leaf, previous))
    return kept


def root_by_definition(of: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not of:
        return hashlib.sha256(b"").digest()
    if len(of) == 1:
        return hashlib.sha256(b"\x00" + of[0]).digest()
    split = 1
    while split * 2 < len(of):
        split *= 2
    return hashlib.sha256(b"\x01" + root_by_definition(of[:split]) + root_by_definition(of[split:])).digest()


@given(leaves)
def test_the_frontier_grows_to_the_root_of_the_standard(of: list[bytes]) -> None:
    assert merkle_root(of) == root_by_definition(of)


# Published with Certificate Transparency: eight leaves and the roots of their beginnings.
CT_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", CT_ROOTS)
def test_the_root_is_the_one_published_for_known_leaves(size: int) -> None:
    assert merkle_root(bytes.fromhex(leaf) for leaf in CT_LEAVES[:size]).hex() == CT_ROOTS[size]


@given(leaves, leaves)
def test_a_frontier_kept_in_a_row_goes_on_where_it_stopped(first: list[bytes], then: list[bytes]) -> None:
    frontier = Frontier()
    for leaf in first:
        frontier = frontier.append(leaf)
    frontier = Frontier.from_bytes(frontier.to_bytes())
    for leaf in then:
        frontier = frontier.append(leaf)

    assert frontier.size == len(first) + len(then)
    assert frontier.root() == merkle_root(first + then)


@pytest.mark.parametrize("kept", [b"", bytes(7), bytes(8) + bytes(32), (3).to_bytes(8, "big") + bytes(32)])
def test_a_frontier_that_cannot_be_is_not_read(kept: bytes) -> None:
    with pytest.raises(ValueError, match="peak"):
        Frontier.from_bytes(kept)


@given(some_leaves, st.data())
def test_every_leaf_proves_its_place_and_no_other(of: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(of) - 1))
    other = data.draw(st.integers(0, len(of) - 1))
    hashes = [leaf_hash(leaf) for leaf in of]
    proof, root = inclusion_proof(index, hashes), merkle_root(of)

    assert verify_inclusion(index, len(of), hashes[index], proof, root)
    assert not verify_inclusion(index, len(of), leaf_hash(b"never in the log"), proof, root)
    if of[other] != of[index]:
        assert not verify_inclusion(index, len(of), hashes[other], proof, root)
    if len(of) > 1:
        assert not verify_inclusion(index, len(of), hashes[index], proof[:-1], root)
    assert not verify_inclusion(len(of), len(of), hashes[index], proof, root)


@given(some_leaves, st.data())
def test_an_old_head_is_a_beginning_of_the_log_of_today(of: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(of)))
    proof = consistency_proof(old, [leaf_hash(leaf) for leaf in of])
    old_root, root = merkle_root(of[:old]), merkle_root(of)

    assert verify_consistency(old, len(of), old_root, root, proof)
    assert not verify_consistency(old, len(of), hashlib.sha256(b"another head").digest(), root, proof)
    assert not verify_consistency(old, len(of), old_root, hashlib.sha256(b"another head").digest(), proof)


@given(some_leaves, st.data())
def test_a_rewritten_beginning_is_never_consistent(of: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(of)))
    at = data.draw(st.integers(0, old - 1))
    rewritten = [*of[:at], of[at] + b"!", *of[at + 1 :]]
    proof = consistency_proof(old, [leaf_hash(leaf) for leaf in rewritten])

    assert not verify_consistency(old, len(of), merkle_root(of[:old]), merkle_root(rewritten), proof)


@given(leaves)
def test_an_untouched_chain_is_whole(of: list[bytes]) -> None:
    kept = chain(of)

    assert verify_chain(kept) == (kept[-1][1] if kept else GENESIS)


@given(some_leaves, st.data())
def test_an_edited_leaf_is_named(of: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(of) - 1))
    kept = chain(of)
    kept[at] = (kept[at][0] + b"!", kept[at][1])

    with pytest.raises(ChainBroken) as broken:
        verify_chain(kept)
    assert broken.value.leaf == at + 1


@given(st.lists(st.binary(max_size=12), min_size=2, max_size=40), st.data())
def test_a_leaf_cut_out_is_named_by_what_followed_it(of: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(of) - 2))
    kept = chain(of)
    del kept[at]

    with pytest.raises(ChainBroken) as broken:
        verify_chain(kept)
    assert broken.value.leaf == at + 1


@given(st.lists(st.binary(max_size=12), min_size=2, max_size=40, unique=True), st.data())
def test_leaves_in_another_order_are_named(of: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(of) - 2))
    kept = chain(of)
    kept[at], kept[at + 1] = kept[at + 1], kept[at]

    with pytest.raises(ChainBroken, match=f"第 {at + 1} 条"):
        verify_chain(kept)


def test_a_tail_cut_off_shows_in_the_last_link() -> None:
    kept = chain([b"1", b"2", b"3"])

    assert verify_chain(kept[:2]) != kept[2][1]


def test_a_leaf_cannot_pass_for_a_node_nor_a_link_for_a_leaf() -> None:
    one, other = leaf_hash(b"1"), leaf_hash(b"2")

    assert len({merkle_root([b"1", b"2"]), merkle_root([one + other]), link(one, b"2"), leaf_hash(one + other)}) == 3


LEAVES = [f"leaf {number}".encode() for number in range(1000)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
ROOT = merkle_root(LEAVES)


def test_an_untouched_log_fits_its_signed_root() -> None:
    verify_log(LEAVES, HASHES, ROOT)


@pytest.mark.parametrize("at", [0, 1, 499, 999])
def test_an_altered_leaf_of_the_log_is_named(at: int) -> None:
    with pytest.raises(LeafAltered) as altered:
        verify_log([*LEAVES[:at], b"?", *LEAVES[at + 1 :]], HASHES, ROOT)
    assert altered.value.leaf == at + 1


@pytest.mark.parametrize("of", [LEAVES[:-1], [*LEAVES, b"one more"]], ids=["cut", "lengthened"])
def test_a_log_of_another_length_is_refused(of: list[bytes]) -> None:
    with pytest.raises(LogCut, match="应有 1000 条"):
        verify_log(of, HASHES, ROOT)


def test_a_leaf_altered_together_with_its_hash_no_longer_fits_the_signed_root() -> None:
    with pytest.raises(RootDiffers):
        verify_log([b"?", *LEAVES[1:]], [leaf_hash(b"?"), *HASHES[1:]], ROOT)


@pytest.mark.serial
def test_a_hundred_thousand_leaves_are_verified_within_a_second() -> None:
    of = [number.to_bytes(8, "big") for number in range(100_000)]
    hashes, root = [leaf_hash(leaf) for leaf in of], merkle_root(of)
    begin = time.perf_counter()
    verify_log(of, hashes, root)

    assert time.perf_counter() - begin < 1
