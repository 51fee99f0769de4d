"""National keys list, sign and keep their PIN as the port wants it, with libraries of both widths."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_tui import x509
from counter_tui.services.keys import (
    KeyGone,
    KeyRing,
    KeySource,
    PinBlocked,
    PinNeeded,
    PinUnfit,
    Plug,
    PukBlocked,
    Use,
    WrongPin,
    WrongPuk,
)
from tests.devices.skf.kit import PIN, PUK, TRIES, Vendor, pin, sm2_digest

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = "核定单 2026-11".encode()
WRONG = "000000"


def test_an_sm2_key_is_listed_with_what_its_certificate_says(vendor: Vendor) -> None:
    vendor.plug_in("张䶮")
    source: KeySource = vendor.keys

    (key,) = source.present()

    assert (key.name, key.post, key.algorithm, key.backend) == ("张䶮", "前台经办", "SM2", "skf")
    assert key.reader == "龙脉 GM3000 #1"


def test_two_independent_implementations_accept_the_signature_of_an_sm2_key(vendor: Vendor) -> None:
    vendor.plug_in()
    ring: KeyRing = vendor.only_key()
    certificate = ring.certificate(Use.SIGN_ON)
    ring.verify_pin(pin())

    signature = ring.sign(Use.SIGN_ON, sm2_digest(certificate, CONTENT))

    assert tongsuo_accepts(certificate, signature, CONTENT)
    assert gmssl_accepts(certificate, signature, CONTENT)
    assert not tongsuo_accepts(certificate, signature, CONTENT + b"0")


def test_an_rsa_container_signs_with_rsa(vendor: Vendor) -> None:
    from cryptography import x509 as certificates
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    vendor.plug_in(kind="RSA")
    ring = vendor.only_key()
    ring.verify_pin(pin())

    block = ring.sign(Use.DECISION, hashlib.sha256(CONTENT).digest())

    key = certificates.load_der_x509_certificate(ring.certificate(Use.DECISION)).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(block, CONTENT, PKCS1v15(), SHA256())


def test_several_devices_applications_and_containers_are_told_apart(vendor: Vendor) -> None:
    vendor.plug_in("张一", device="甲", application="社保", container="一")
    vendor.plug_in("张二", device="甲", application="社保", container="二")
    vendor.plug_in("张三", device="甲", application="医保", container="一")
    vendor.plug_in("张四", device="乙", application="社保", container="一", kind="RSA")

    keys = {key.name: key for key in vendor.keys.present()}

    assert {name: key.reader for name, key in keys.items()} == {"张一": "甲", "张二": "甲", "张三": "甲", "张四": "乙"}
    for key in keys.values():
        ring = vendor.keys.open(key.fingerprint)
        assert ring.present() == key.fingerprint
        assert hashlib.sha256(ring.certificate(Use.SIGN_ON)).hexdigest() == key.fingerprint


def test_a_container_without_certificate_and_one_with_garbage_hide_no_other(vendor: Vendor) -> None:
    (vendor.plug_in("空", container="空") / "sign.cer").unlink()
    (vendor.plug_in("坏", container="坏") / "sign.cer").write_bytes(b"\x30\x82garbage")
    vendor.plug_in("好", container="好")

    assert [key.name for key in vendor.keys.present()] == ["好"]


def test_a_host_without_any_key_lists_none(vendor: Vendor) -> None:
    assert vendor.keys.present() == ()
    assert vendor.keys.plugs() == frozenset()
    with pytest.raises(KeyGone):
        vendor.keys.open("00" * 32)


def test_a_key_signs_nothing_before_its_pin(vendor: Vendor) -> None:
    vendor.plug_in()

    with pytest.raises(PinNeeded):
        vendor.only_key().sign(Use.SIGN_ON, bytes(32))


def test_one_pin_is_good_for_one_decision(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()
    ring.verify_pin(pin())
    ring.sign(Use.DECISION, bytes(32))

    with pytest.raises(PinNeeded):
        ring.sign(Use.DECISION, bytes(32))
    ring.sign(Use.SIGN_ON, bytes(32))


def test_a_closed_key_wants_its_pin_again(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()
    ring.verify_pin(pin())
    ring.close()

    with pytest.raises(PinNeeded):
        ring.sign(Use.SIGN_ON, bytes(32))
    ring.verify_pin(pin())
    ring.sign(Use.SIGN_ON, bytes(32))


def test_a_verified_pin_does_not_outlive_the_key_that_verified_it(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()
    ring.verify_pin(pin())
    ring.close()
    ring._verified = ring._fresh_pin = True

    with pytest.raises(PinNeeded):
        ring.sign(Use.SIGN_ON, bytes(32))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.lists(st.sampled_from([PIN, WRONG, "", "1" * 40]), max_size=9))
def test_after_any_row_of_pins_the_key_tells_the_tries_that_its_maker_counts(vendor: Vendor, typed: list[str]) -> None:
    application = (vendor.devices / "d" / "a" / "c").parent
    if not application.exists():
        vendor.plug_in(device="d", application="a", container="c")
    vendor.set_pins(application)
    ring, left = vendor.only_key(), TRIES

    for text in typed:
        if not left:
            with pytest.raises(PinBlocked):
                ring.verify_pin(pin(text))
        elif text == PIN:
            ring.verify_pin(pin(text))
            left = TRIES
            assert ring.attempts_left() is None
            ring.close()
        else:
            left -= 1
            with pytest.raises(WrongPin if left else PinBlocked) as refusal:
                ring.verify_pin(pin(text))
            assert refusal.value.facts.get("left", 0) == left
        assert ring.attempts_left() == left == tries_in(application)
    ring.close()


def test_the_pin_handed_over_is_left_for_its_owner_to_wipe(vendor: Vendor) -> None:
    vendor.plug_in()
    typed = pin()

    vendor.only_key().verify_pin(typed)

    assert typed == pin()


@pytest.mark.parametrize(("code", "text"), [(0x0A000026, "含有"), (0x0A000027, "长度")])
def test_a_pin_that_the_device_will_not_even_try_is_a_wrong_pin(vendor: Vendor, code: int, text: str) -> None:
    del text
    vendor.plug_in()
    ring = vendor.only_key()
    vendor.answers("SKF_VerifyPIN", code=code)

    with pytest.raises(WrongPin) as refusal:
        ring.verify_pin(pin("12"))
    assert refusal.value.left == TRIES


def test_a_changed_pin_counts_from_then_on(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()

    ring.change_pin(pin(), pin("246802"))

    ring.verify_pin(pin("246802"))
    with pytest.raises(WrongPin):
        ring.verify_pin(pin())


@pytest.mark.parametrize(("new", "rule"), [("1", "长度"), ("12345 ", "字符")])
def test_a_new_pin_that_the_device_refuses_is_refused_with_its_rule(vendor: Vendor, new: str, rule: str) -> None:
    vendor.plug_in()
    ring = vendor.only_key()

    with pytest.raises(PinUnfit, match=rule):
        ring.change_pin(pin(), pin(new))
    with pytest.raises(PinUnfit, match=rule):
        ring.unblock_pin(pin(PUK), pin(new))
    assert ring.attempts_left() == TRIES


def test_the_old_pin_is_counted_when_the_pin_is_changed(vendor: Vendor) -> None:
    application = vendor.plug_in().parent
    vendor.set_pins(application, left=2)
    ring = vendor.only_key()

    with pytest.raises(WrongPin) as refusal:
        ring.change_pin(pin(WRONG), pin("246802"))
    assert refusal.value.left == 1
    with pytest.raises(PinBlocked):
        ring.change_pin(pin(WRONG), pin("246802"))


def test_a_blocked_key_is_unblocked_with_the_administrators_pin(vendor: Vendor) -> None:
    application = vendor.plug_in().parent
    vendor.set_pins(application, left=0)
    ring = vendor.only_key()
    assert ring.attempts_left() == 0
    with pytest.raises(PinBlocked):
        ring.verify_pin(pin())

    ring.unblock_pin(pin(PUK), pin("246802"))

    assert ring.attempts_left() == TRIES
    ring.verify_pin(pin("246802"))


def test_the_unblocking_code_has_tries_of_its_own(vendor: Vendor) -> None:
    application = vendor.plug_in().parent
    vendor.set_pins(application, left=0, puk_left=2)
    ring = vendor.only_key()

    with pytest.raises(WrongPuk) as refusal:
        ring.unblock_pin(pin(WRONG), pin("246802"))
    assert refusal.value.left == 1
    for code in (WRONG, PUK):
        with pytest.raises(PukBlocked):
            ring.unblock_pin(pin(code), pin("246802"))


def test_the_watch_sees_each_device_by_name_and_number(vendor: Vendor) -> None:
    vendor.plug_in(device="甲")
    vendor.plug_in("李", device="乙")

    plugs = vendor.keys.plugs()

    assert {plug.reader for plug in plugs} == {"甲", "乙"}
    assert all(bytes.fromhex(plug.token).startswith(b"SN") and plug.count == 0 for plug in plugs)
    assert {vendor.keys.open(key.fingerprint).plug() for key in vendor.keys.present()} == plugs


def test_the_watch_does_not_connect_to_a_device_it_knows(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()
    ring.verify_pin(pin())
    vendor.answers("SKF_ConnectDev", code=0x0A000001)

    assert vendor.keys.plugs() == {ring.plug()}


def test_a_device_put_in_again_is_asked_for_its_number_again(vendor: Vendor) -> None:
    at = vendor.plug_in()
    (before,) = vendor.keys.plugs()
    vendor.pull()
    assert vendor.keys.plugs() == frozenset()
    (at.parents[1] / "serial").write_text("another")
    vendor.put_back()

    (after,) = vendor.keys.plugs()

    assert (after.reader, bytes.fromhex(after.token)) == (before.reader, b"another")


def tries_in(application: Path) -> int:
    return int((application / "pins").read_text().split()[1])


def tongsuo_accepts(certificate: bytes, signature: bytes, content: bytes) -> bool:
    from tongsuopy.crypto import hashes
    from tongsuopy.crypto.asymciphers import ec
    from tongsuopy.crypto.exceptions import InvalidSignature

    point = x509.point(x509.said(certificate).public_key)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SM2(), point)
    try:
        key.verify(signature, content, ec.ECDSA(hashes.SM3()))
    except InvalidSignature:
        return False
    return True


def gmssl_accepts(certificate: bytes, signature: bytes, content: bytes) -> bool:
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from gmssl.sm2 import CryptSM2

    point = x509.point(x509.said(certificate).public_key)[1:].hex()
    r, s = decode_dss_signature(signature)
    verifier = CryptSM2(private_key="", public_key="")
    verifier.public_key = point  # its constructor strips every leading 0 and 4 of the number
    return bool(verifier.verify(f"{r:064x}{s:064x}", sm2_digest(certificate, content)))


def test_a_plug_says_nothing_of_the_person(vendor: Vendor) -> None:
    vendor.plug_in("张䶮")
    (plug,) = vendor.keys.plugs()

    assert plug == Plug("龙脉 GM3000 #1", b"SN0001".hex(), 0)
