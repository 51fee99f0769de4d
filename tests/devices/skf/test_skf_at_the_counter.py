"""A clerk signs on and decides with a national key; his tries are guarded as with every other."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.soft_pairs import Sm2Pair, opened_pair
from counter_tui.operations.suites import NATIONAL
from counter_tui.security.refusals import LastTryKept, StopAtTwo
from counter_tui.services.keys import KeyGone, WrongPin
from tests.devices.signed_on import signs_on_and_decides
from tests.devices.skf.kit import PIN, Vendor
from tests.devices.training_kit import PLACE, Counter, counter, pin

if TYPE_CHECKING:
    from pathlib import Path

SEC1 = bytes.fromhex("30770201010420"), bytes.fromhex("a00a06082a811ccf5501822da144034200")
"""What stands before the private number, and before the public point, in an EC private key (RFC 5915) of SM2."""


@pytest.fixture
def at(tmp_path: Path) -> Counter:
    return counter(tmp_path / "bureau", NATIONAL)


@pytest.fixture
def application(vendor: Vendor, at: Counter) -> Path:
    """The first clerk's pair on a device."""
    certificate = at.file().with_suffix(".cer").read_bytes()
    pair = opened_pair(at.file(), certificate, pin())
    assert isinstance(pair, Sm2Pair)
    sec1 = SEC1[0] + pair._key.secret + SEC1[1] + pair.public_key[-65:]
    container = vendor.plug_in()
    (container / "sign.cer").write_bytes(certificate)
    body = base64.encodebytes(sec1).decode()
    (container / "sign.key").write_text(f"-----BEGIN EC PRIVATE KEY-----\n{body}-----END EC PRIVATE KEY-----\n")
    return container.parent


@pytest.mark.usefixtures("application")
def test_a_clerk_signs_on_decides_and_unlocks_with_a_national_key(vendor: Vendor, at: Counter) -> None:
    signs_on_and_decides(at, vendor.only_key(), PIN)


def test_the_counter_stops_at_two_tries_and_keeps_the_last(vendor: Vendor, at: Counter, application: Path) -> None:
    vendor.set_pins(application, left=3)
    ring = vendor.only_key()

    with pytest.raises(WrongPin):
        at.sign_on(ring, pin("000000"), at.challenges.issue(PLACE))
    with pytest.raises(StopAtTwo):
        at.sign_on(ring, pin(PIN), at.challenges.issue(PLACE))
    with pytest.raises(WrongPin):
        at.sign_on(ring, pin("000000"), at.challenges.issue(PLACE), confirmed_tries=2)
    with pytest.raises(LastTryKept):
        at.sign_on(ring, pin(PIN), at.challenges.issue(PLACE), confirmed_tries=1)


@pytest.mark.usefixtures("application")
def test_a_national_key_pulled_before_its_pin_signs_nobody_on(vendor: Vendor, at: Counter) -> None:
    ring = vendor.only_key()
    vendor.pull()

    with pytest.raises(KeyGone):
        at.sign_on(ring, pin(PIN), at.challenges.issue(PLACE))
