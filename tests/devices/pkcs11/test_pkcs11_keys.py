"""Keys behind a PKCS#11 module list, sign and keep their PIN as the port wants it, on SoftHSM."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_tui.devices.keys.pkcs11_certificates import Listed, pairs
from counter_tui.devices.keys.pkcs11_refusals import WrongPinUncounted, WrongPukUncounted
from counter_tui.services.keys import (
    KeyFault,
    KeyGone,
    KeyRing,
    KeySource,
    NotOnThisKey,
    PinNeeded,
    PinUnfit,
    Use,
    WrongPin,
)
from tests.devices.pkcs11.kit import PIN, SO_PIN, Tokens, issued, pin
from tests.devices.skf.kit import issued as sm2_issued

CONTENT = "核定单 2026-11".encode()
DIGEST = hashlib.sha256(CONTENT).digest()
WRONG = "000000"


def verify(certificate: bytes, signature: bytes) -> None:
    """Raises InvalidSignature."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, CONTENT, padding.PKCS1v15(), SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(signature, CONTENT, ec.ECDSA(SHA256()))


@pytest.mark.parametrize("kind", ["P-256", "RSA-2048"])
def test_a_key_is_listed_with_what_its_certificate_says_and_signs(tokens: Tokens, kind: str) -> None:
    certificate = tokens.put("张䶮", kind=kind)
    source: KeySource = tokens.keys
    (key,) = source.present()
    ring: KeyRing = source.open(key.fingerprint)
    ring.verify_pin(pin())

    signature = ring.sign(Use.SIGN_ON, DIGEST)

    assert (key.name, key.post, key.algorithm, key.backend) == ("张䶮", "前台经办", kind, "pkcs11")
    assert key.reader.startswith("SoftHSM slot ID 0x")
    assert ring.certificate(Use.SIGN_ON) == ring.certificate(Use.DECISION) == certificate
    verify(certificate, signature)


def test_several_tokens_and_certificates_are_told_apart(tokens: Tokens) -> None:
    tokens.set_up("B")
    tokens.put("张一", on="A", id=b"\x01")
    tokens.put("张二", on="A", id=b"\x02", kind="RSA-2048")
    tokens.put("张三", on="B", id=b"\x01")

    keys = {key.name: key for key in tokens.keys.present()}

    assert set(keys) == {"张一", "张二", "张三"}
    assert keys["张一"].reader == keys["张二"].reader != keys["张三"].reader
    for key in keys.values():
        ring = tokens.keys.open(key.fingerprint)
        ring.verify_pin(pin())
        verify(ring.certificate(Use.DECISION), ring.sign(Use.DECISION, DIGEST))
        ring.close()


def test_authorities_and_certificates_for_encryption_are_no_operators_keys(tokens: Tokens) -> None:
    tokens.put("签发证书", id=b"\x01", authority=True)
    tokens.put("张䶮", id=b"\x02", signing=False)
    tokens.put("张䶮", id=b"\x03")
    tokens.put_certificate(b"\x30\x82garbage", id=b"\x04")
    tokens.put_certificate(issued("无编号", "P-256")[1], id=b"")

    assert [key.name for key in tokens.keys.present()] == ["张䶮"]
    assert tokens.only_key().certificate(Use.SIGN_ON) == issued("张䶮", "P-256", authority=False, signing=True)[1]


def test_a_token_whose_certificates_may_not_sign_shows_them_all_the_same(tokens: Tokens) -> None:
    tokens.put("张䶮", signing=False)

    assert [key.name for key in tokens.keys.present()] == ["张䶮"]


def test_a_certificate_without_its_private_key_is_refused_with_the_reason(tokens: Tokens) -> None:
    tokens.put_certificate(issued("张䶮", "P-256")[1])
    ring = tokens.only_key()

    with pytest.raises(KeyFault, match="没有与证书相配的私钥"):
        ring.verify_pin(pin())
    with pytest.raises(PinNeeded):
        ring.sign(Use.SIGN_ON, DIGEST)


def test_a_piv_card_is_one_key_with_a_slot_for_each_use(tokens: Tokens) -> None:
    sign_on = tokens.put("张䶮", id=b"\x01", label="Certificate for PIV Authentication")
    decision = tokens.put("张䶮", id=b"\x02", kind="RSA-2048", label="Certificate for Digital Signature", always=True)
    tokens.put("张三", id=b"\x03", label="Certificate for Key Management")
    tokens.put("张四", id=b"\x04", label="Certificate for Card Authentication")
    ring = tokens.only_key()

    assert (ring.certificate(Use.SIGN_ON), ring.certificate(Use.DECISION)) == (sign_on, decision)
    ring.verify_pin(pin())
    verify(sign_on, ring.sign(Use.SIGN_ON, DIGEST))
    ring.verify_pin(pin())
    verify(decision, ring.sign(Use.DECISION, DIGEST))


def test_a_piv_card_without_a_certificate_to_sign_on_is_no_key() -> None:
    certificate = issued("张四", "P-256")[1]
    others = [Listed(id=b"\x04", label="X.509 Certificate for Card Authentication", certificate=certificate)]

    assert pairs(others) == ()


def test_a_key_that_wants_its_pin_before_each_signature_signs_twice_in_one_act(tokens: Tokens) -> None:
    certificate = tokens.put(always=True)
    ring = tokens.only_key()
    ring.verify_pin(pin())

    verify(certificate, ring.sign(Use.SIGN_ON, DIGEST))
    verify(certificate, ring.sign(Use.SIGN_ON, DIGEST))


def test_no_pin_is_kept_once_the_key_is_closed(tokens: Tokens) -> None:
    tokens.put(always=True)
    ring = tokens.only_key()
    ring.verify_pin(pin())
    login = ring._login
    assert login is not None
    assert login.again == pin()
    assert PIN not in repr(login)
    ring.close()

    assert login.again == bytes(len(PIN))
    with pytest.raises(PinNeeded):
        ring.sign(Use.SIGN_ON, DIGEST)


def test_a_key_that_keeps_its_pin_verified_has_no_copy_of_it(tokens: Tokens) -> None:
    tokens.put()
    ring = tokens.only_key()
    ring.verify_pin(pin())

    assert ring._login is not None
    assert ring._login.again == b""


def test_a_key_signs_nothing_before_its_pin(tokens: Tokens) -> None:
    tokens.put()

    with pytest.raises(PinNeeded):
        tokens.only_key().sign(Use.SIGN_ON, DIGEST)


def test_one_pin_is_good_for_one_decision(tokens: Tokens) -> None:
    tokens.put()
    ring = tokens.only_key()
    ring.verify_pin(pin())
    ring.sign(Use.DECISION, DIGEST)

    with pytest.raises(PinNeeded):
        ring.sign(Use.DECISION, DIGEST)


def test_a_wrong_pin_after_a_right_one_leaves_nothing_open(tokens: Tokens) -> None:
    tokens.put()
    ring = tokens.only_key()
    ring.verify_pin(pin())

    with pytest.raises(WrongPin):
        ring.verify_pin(pin(WRONG))
    with pytest.raises(PinNeeded):
        ring.sign(Use.SIGN_ON, DIGEST)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.lists(st.sampled_from([PIN, WRONG, "12", "x" * 300]), max_size=6))
def test_after_any_row_of_pins_a_key_is_as_cautious_as_its_module_tells(tokens: Tokens, typed: list[str]) -> None:
    if not tokens.keys.present():
        tokens.put()
    ring = tokens.only_key()
    ring.verify_pin(pin())
    ring.close()
    assert ring.attempts_left() is None

    for text in typed:
        if text == PIN:
            ring.verify_pin(pin())
            ring.close()
            assert ring.attempts_left() is None
        else:
            with pytest.raises(WrongPinUncounted, match="不告知还可尝试几次"):
                ring.verify_pin(pin(text))
            assert tokens.only_key().attempts_left() == 2


def test_a_changed_pin_counts_from_then_on(tokens: Tokens) -> None:
    tokens.put()
    ring = tokens.only_key()

    ring.change_pin(pin(), pin("246802"))

    with pytest.raises(WrongPin):
        ring.verify_pin(pin())
    ring.verify_pin(pin("246802"))


def test_changing_a_pin_wants_the_old_one_and_a_new_one_that_fits(tokens: Tokens) -> None:
    tokens.put()
    ring = tokens.only_key()

    with pytest.raises(PinUnfit, match="长度"):
        ring.change_pin(pin(), pin("1"))
    with pytest.raises(WrongPin):
        ring.change_pin(pin(WRONG), pin("246802"))
    ring.verify_pin(pin())


def test_a_pin_is_set_anew_with_the_security_officers_even_after_wrong_ones(tokens: Tokens) -> None:
    tokens.put()
    ring = tokens.only_key()
    for _ in range(3):
        with pytest.raises(WrongPin):
            ring.verify_pin(pin(WRONG))

    ring.unblock_pin(pin(SO_PIN), pin("246802"))

    ring.verify_pin(pin("246802"))
    ring.close()
    assert ring.attempts_left() is None


def test_a_wrong_unblocking_code_is_named_and_sets_nothing(tokens: Tokens) -> None:
    tokens.put()
    ring = tokens.only_key()

    with pytest.raises(WrongPukUncounted):
        ring.unblock_pin(pin("00000000"), pin("246802"))
    with pytest.raises(PinUnfit, match="长度"):
        ring.unblock_pin(pin(SO_PIN), pin("1"))
    ring.verify_pin(pin())


def test_an_sm2_certificate_is_listed_and_said_to_be_beyond_the_module(tokens: Tokens) -> None:
    tokens.put_certificate(sm2_issued("张䶮", "SM2")[1])
    tokens.put_key(issued("张䶮", "P-256")[0])
    (key,) = tokens.keys.present()
    ring = tokens.only_key()
    ring.verify_pin(pin())

    assert key.algorithm == "SM2"
    with pytest.raises(NotOnThisKey, match="用 SM2 签名"):
        ring.sign(Use.SIGN_ON, DIGEST)


def test_the_pin_never_goes_to_a_token_whose_certificate_changed(tokens: Tokens) -> None:
    tokens.put("张䶮")
    ring = tokens.only_key()
    tokens.empty()
    tokens.put("李四")

    for act in (lambda: ring.verify_pin(pin(WRONG)), lambda: ring.certificate(Use.SIGN_ON)):
        with pytest.raises(KeyGone):
            act()
    assert tokens.only_key().attempts_left() is None


def test_the_watch_sees_each_token_by_slot_and_number(tokens: Tokens) -> None:
    tokens.set_up("B")
    tokens.put("张一", on="A")
    tokens.put("张二", on="B")

    plugs = tokens.keys.plugs()

    assert len(plugs) == 2
    assert {tokens.keys.open(key.fingerprint).plug() for key in tokens.keys.present()} == plugs
    assert all(bytes.fromhex(plug.token) and plug.count == 0 for plug in plugs)


def test_a_host_without_any_key_lists_none(tokens: Tokens) -> None:
    assert tokens.keys.present() == ()
    with pytest.raises(KeyGone):
        tokens.keys.open("00" * 32)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(certificate=st.binary(min_size=1, max_size=200), label=st.text(max_size=20))
def test_whatever_a_token_calls_a_certificate_hides_no_key(tokens: Tokens, certificate: bytes, label: str) -> None:
    if not tokens.keys.present():
        tokens.put("张䶮")
    tokens.put_certificate(certificate, id=b"\x07", label=label.replace("\0", ""))

    assert [key.name for key in tokens.keys.present()] == ["张䶮"]
