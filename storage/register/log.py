"""The frontier of an append-only Merkle log (RFC 9162 tree hash): a few hashes stand for all rows so far."""

from __future__ import annotations

from typing import TypeAlias

from counter_tui.operations.suites import INTERNATIONAL, Suite

Frontier: TypeAlias = "tuple[str, ...]"
"""Roots of the perfect subtrees, largest first, hex."""


def leaf(row: str, suite: Suite = INTERNATIONAL) -> str:
    """Hash of one row."""
    return suite.digest(b"\x00", row)


def extended(frontier: Frontier, size: int, added: str, suite: Suite = INTERNATIONAL) -> Frontier:
    """The frontier after one more leaf; `size` is the number of leaves before it."""
    peaks, hashed = list(frontier), added
    while size & 1:
        hashed = _node(peaks.pop(), hashed, suite)
        size >>= 1
    return (*peaks, hashed)


def root(frontier: Frontier, suite: Suite = INTERNATIONAL) -> str:
    """The root over all rows."""
    if not frontier:
        return suite.digest(b"")
    hashed = frontier[-1]
    for peak in reversed(frontier[:-1]):
        hashed = _node(peak, hashed, suite)
    return hashed


def _node(left: str, right: str, suite: Suite) -> str:
    return suite.digest(b"\x01", bytes.fromhex(left), bytes.fromhex(right))
