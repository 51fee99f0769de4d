"""Trying a key out: it signs a fresh nonce, and the signature is held against its own certificate."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.security.challenges import NONCE_SIZE
from counter_tui.security.proofs import guard_tries
from counter_tui.security.refusals import KeyAlgorithmRefused, ProofRefused
from counter_tui.security.signatures import key_input, labelled, suite_of_key, verify_signature
from counter_tui.x509 import said

if TYPE_CHECKING:
    from counter_tui.services.keys import KeyRing, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedOut:
    """A signature that fits the certificate."""

    nonce: bytes
    signature: bytes
    algorithm: str


def try_out(keyring: KeyRing, use: Use, pin: bytearray) -> TriedOut:
    """Sign a nonce with a key and verify it; nothing is judged about whose it is. The caller wipes the PIN. Blocks.

    The label keeps the signature from being good for anything else. Raises what the key raises, StopAtTwo,
    LastTryKept, KeyAlgorithmRefused, ProofRefused.
    """
    try:
        read = said(keyring.certificate(use))
        nonce = secrets.token_bytes(NONCE_SIZE)
        suite = suite_of_key(read.public_key)
        if suite is None:
            raise KeyAlgorithmRefused(algorithm=read.algorithm)
        digest = labelled("counter-key-test", nonce, training=False, suite=suite)
        guard_tries(keyring.attempts_left(), None)
        keyring.verify_pin(pin)
        signature = keyring.sign(use, key_input(read.public_key, digest))
        if not verify_signature(read.public_key, digest, signature):
            raise ProofRefused
        return TriedOut(nonce=nonce, signature=signature, algorithm=read.algorithm)
    finally:
        keyring.close()
