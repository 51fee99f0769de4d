"""The frontier of an append-only Merkle log (RFC 9162 tree hash): a few hashes stand for all rows so far."""

from __future__ import annotations

from typing import TypeAlias

from counter_tui.operations.canonical import digest

Frontier: TypeAlias = "tuple[str, ...]"
"""Roots of the perfect subtrees, largest first, hex."""

EMPTY = digest(b"")
"""Root of a log without rows."""


def leaf(row: str) -> str:
    """Hash of one row."""
    return digest(b"\x00", row)


def _node(left: str, right: str) -> str:
    return digest(b"\x01", bytes.fromhex(left), bytes.fromhex(right))


def extended(frontier: Frontier, size: int, added: str) -> Frontier:
    """The frontier after one more leaf; `size` is the number of leaves before it."""
    peaks, hashed = list(frontier), added
    while size & 1:
        hashed = _node(peaks.pop(), hashed)
        size >>= 1
    return (*peaks, hashed)


def root(frontier: Frontier) -> str:
    """The root over all rows."""
    if not frontier:
        return EMPTY
    hashed = frontier[-1]
    for peak in reversed(frontier[:-1]):
        hashed = _node(peak, hashed)
    return hashed
