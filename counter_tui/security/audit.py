"""Audit: the chain of one device's leaves, and the Merkle log of a bureau (RFC 6962 form, SHA-256). Pure functions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GENESIS = bytes(32)
"""What the first leaf of a chain follows."""
_SIZE = 32
_LEAF, _NODE, _LINK = b"\x00", b"\x01", b"\x02"


class ChainBroken(CounterError):
    """审计记录第 {leaf} 条与链不符，请停止使用本机并报告稽核岗"""

    leaf: int
    """Counted from 1."""


class LeafAltered(CounterError):
    """审计日志第 {leaf} 条被改动，请报告稽核岗"""

    leaf: int
    """Counted from 1."""


class LogCut(CounterError):
    """审计日志应有 {expected} 条，现有 {found} 条，请报告稽核岗"""

    expected: int
    found: int


class RootDiffers(CounterError):
    """审计日志与已签名的日志根不符，请报告稽核岗"""


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(leaf: bytes) -> bytes:
    """H(0x00 ‖ leaf)."""
    return _hash(_LEAF, leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    """H(0x01 ‖ left ‖ right)."""
    return _hash(_NODE, left, right)


def link(previous: bytes, leaf: bytes) -> bytes:
    """The chain's value after a leaf: H(0x02 ‖ previous ‖ leaf hash)."""
    return _hash(_LINK, previous, leaf_hash(leaf))


def verify_chain(leaves: Iterable[tuple[bytes, bytes]], *, start: bytes = GENESIS) -> bytes:
    """Follow `(leaf, link kept with it)` and return the last link, to be compared with the signed head.

    Raises ChainBroken naming the first leaf, from 1, that was edited, moved, put in, or follows one that is missing.
    """
    previous = start
    for number, (leaf, kept) in enumerate(leaves, 1):
        previous = link(previous, leaf)
        if previous != kept:
            raise ChainBroken(leaf=number)
    return previous


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a growing Merkle tree: all that is needed to append and to tell the root."""

    size: int = 0
    """Number of leaves."""
    peaks: tuple[bytes, ...] = ()
    """Roots of the full subtrees, largest first: one for each bit of `size`."""

    def append(self, leaf: bytes) -> Frontier:
        """The frontier after one more leaf."""
        return self.append_hash(leaf_hash(leaf))

    def append_hash(self, hashed: bytes) -> Frontier:
        """The frontier after one more leaf, given as its leaf hash."""
        peaks = list(self.peaks)
        _push(peaks, self.size, hashed)
        return Frontier(self.size + 1, tuple(peaks))

    def root(self) -> bytes:
        """The root; H() of the empty log."""
        return _summit(self.peaks)

    def to_bytes(self) -> bytes:
        """Size in 8 bytes, then the peaks: what a row of the store keeps."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, kept: bytes) -> Frontier:
        """Read what `to_bytes` wrote; raises ValueError when the peaks do not fit the size."""
        size, peaks = int.from_bytes(kept[:8], "big"), kept[8:]
        if len(kept) < 8 or len(peaks) != _SIZE * size.bit_count():  # noqa: PLR2004  eight bytes of size
            raise ValueError("a frontier has one peak for each bit of its size")
        return cls(size, tuple(peaks[at : at + _SIZE] for at in range(0, len(peaks), _SIZE)))


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves, for a batch or a ticked set."""
    return _root(leaf_hash(leaf) for leaf in leaves)


def verify_log(leaves: Iterable[bytes], hashes: Sequence[bytes], root: bytes) -> None:
    """Compare leaves with the leaf hashes kept for them, and these with a signed root.

    Raises LeafAltered naming the first bad leaf, from 1, RootDiffers when only the root differs, LogCut on another
    number of leaves.
    """
    peaks: list[bytes] = []
    size = 0
    for leaf in leaves:
        hashed = leaf_hash(leaf)
        if size < len(hashes) and hashed != hashes[size]:
            raise LeafAltered(leaf=size + 1)
        _push(peaks, size, hashed)
        size += 1
    if size != len(hashes):
        raise LogCut(expected=len(hashes), found=size)
    if _summit(peaks) != root:
        raise RootDiffers


def inclusion_proof(index: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """The audit path of leaf `index` (from 0) in the log of those leaf hashes, lowest first (RFC 6962 §2.1.1)."""
    if not 0 <= index < len(hashes):
        raise IndexError(index)
    if len(hashes) == 1:
        return ()
    split = _split(len(hashes))
    if index < split:
        return (*inclusion_proof(index, hashes[:split]), _root(hashes[split:]))
    return (*inclusion_proof(index - split, hashes[split:]), _root(hashes[:split]))


def verify_inclusion(index: int, size: int, hashed: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `index` (from 0) of a log of `size` leaves with that root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for part in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = node_hash(part, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hashed = node_hash(hashed, part)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root


def consistency_proof(old: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """That the log's first `old` leaves are still its beginning (RFC 6962 §2.1.2)."""
    if not 0 < old <= len(hashes):
        raise IndexError(old)
    return _subproof(old, hashes, whole=True)


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the log of `new` leaves begins with the log of `old` leaves (RFC 9162 §2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(part, first), node_hash(part, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, part)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _root(hashes: Iterable[bytes]) -> bytes:
    peaks: list[bytes] = []
    for size, hashed in enumerate(hashes):
        _push(peaks, size, hashed)
    return _summit(peaks)


def _push(peaks: list[bytes], size: int, hashed: bytes) -> None:
    """Append to the peaks of a tree of `size` leaves: one join for each full subtree that the new leaf completes."""
    while size & 1:
        hashed = node_hash(peaks.pop(), hashed)
        size >>= 1
    peaks.append(hashed)


def _summit(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def _subproof(old: int, hashes: Sequence[bytes], *, whole: bool) -> tuple[bytes, ...]:
    size = len(hashes)
    if old == size:
        return () if whole else (_root(hashes),)
    split = _split(size)
    if old <= split:
        return (*_subproof(old, hashes[:split], whole=whole), _root(hashes[split:]))
    return (*_subproof(old - split, hashes[split:], whole=False), _root(hashes[:split]))
