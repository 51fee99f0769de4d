"""A supervisor's word that lets an *ask* problem pass: his key, his PIN, his reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Who let a problem pass, and why; the signature covers the declaration and the reason."""

    operator: str
    human: str
    certificate: str
    """Certificate number."""
    certificate_der: str
    """The certificate itself, hex, so that the hub can judge it."""
    reason: str
    signature: str
    """Of the supervisor's own key, hex."""
