"""A clerk signs on and decides with a key behind a PKCS#11 module; a wrong PIN makes the counter stop and ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.soft_pairs import P256Pair, opened_pair
from counter_tui.security.refusals import StopAtTwo
from counter_tui.services.keys import WrongPin
from tests.devices.pkcs11.kit import PIN, Tokens
from tests.devices.signed_on import signs_on_and_decides
from tests.devices.training_kit import PLACE, Counter, counter, pin

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def at(tmp_path: Path) -> Counter:
    return counter(tmp_path / "bureau")


@pytest.mark.parametrize("always", [False, True], ids=["one PIN for all", "a PIN for each"])
def test_a_clerk_signs_on_decides_and_unlocks_with_a_token(tokens: Tokens, at: Counter, *, always: bool) -> None:
    put_clerk_on(tokens, at, always=always)

    signs_on_and_decides(at, tokens.only_key(), PIN)


def test_after_a_wrong_pin_the_counter_stops_and_asks(tokens: Tokens, at: Counter) -> None:
    put_clerk_on(tokens, at)
    ring = tokens.only_key()
    with pytest.raises(WrongPin):
        at.sign_on(ring, pin("000000"), at.challenges.issue(PLACE))

    with pytest.raises(StopAtTwo):
        at.sign_on(ring, pin(PIN), at.challenges.issue(PLACE))
    session = at.sign_on(ring, pin(PIN), at.challenges.issue(PLACE), confirmed_tries=2)

    assert session.operator.number == "0007"
    assert ring.attempts_left() is None


def put_clerk_on(tokens: Tokens, at: Counter, *, always: bool = False) -> None:
    certificate = at.file().with_suffix(".cer").read_bytes()
    pair = opened_pair(at.file(), certificate, pin())
    assert isinstance(pair, P256Pair)
    tokens.put_key(pair._key, always=always)
    tokens.put_certificate(certificate)
