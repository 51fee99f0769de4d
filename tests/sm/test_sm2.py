"""SM2, SM3 and SM4 are those of the standards, and agree with two other implementations."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING, TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.sm import arithmetic, sealing
from counter_tui.sm.issuing import certificate_signed_by, issued, list_signed_by
from counter_tui.sm.sm2 import Sm2Key, digest_for, kept_key, key_info, new_key, sm3, verify
from counter_tui.x509 import point, said
from tests.sm.by_openssl import OpenSsl, authority

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Verified: TypeAlias = "Callable[[bytes, bytes, bytes], bool]"

SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = encode_dss_signature(
    0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3,
    0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA,
)
"""GM/T 0003.5, the signature of "message digest"."""
KEY = kept_key(SECRET)


@pytest.fixture(scope="module")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> OpenSsl:
    return authority(tmp_path_factory.mktemp("openssl"))


def by_hand(spki: bytes, message: bytes, signature: bytes) -> bool:
    """Verified as on a machine without the compiled library."""
    encoded = point(spki)
    public = int.from_bytes(encoded[1:33]), int.from_bytes(encoded[33:])
    try:
        return arithmetic.signed_digest(public, digest_for(spki, message), signature)
    except ValueError:
        return False


def test_sm3_is_that_of_the_standard() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 8, b"abcd" * 8).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_is_that_of_the_standard() -> None:
    """RFC 8998, appendix A.1."""
    key, nonce = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"), bytes.fromhex("00001234567800000000ABCD")
    plain = b"".join(bytes([letter]) * 8 for letter in bytes.fromhex("AABBCCDDEEFFEEAA"))
    beside = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    body = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )

    assert sealing.encrypted(key, nonce, plain, beside) == body
    assert sealing.decrypted(key, nonce, body, beside) == plain


def test_the_key_and_the_digest_are_those_of_the_standard() -> None:
    assert point(KEY.public_key) == PUBLIC
    assert KEY.public_key == key_info(PUBLIC)
    digest = digest_for(KEY.public_key, b"message digest")
    assert digest.hex() == "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"


@pytest.mark.parametrize("verified", [verify, by_hand])
def test_the_signature_of_the_standard_holds_for_its_message_alone(
    verified: Callable[[bytes, bytes, bytes], bool],
) -> None:
    assert verified(KEY.public_key, b"message digest", SIGNATURE)
    assert not verified(KEY.public_key, b"message digesT", SIGNATURE)
    assert not verified(new_key().public_key, b"message digest", SIGNATURE)


def test_a_key_signs_messages_and_digests_alike() -> None:
    key = new_key()

    for signature in (key.sign(b"wage"), key.sign_digest(digest_for(key.public_key, b"wage"))):
        assert verify(key.public_key, b"wage", signature)
        assert by_hand(key.public_key, b"wage", signature)
    with pytest.raises(ValueError, match="32 bytes"):
        key.sign_digest(b"wage")


def test_a_key_tells_nothing_of_itself_and_stays_in_the_process() -> None:
    assert SECRET.hex() not in repr(KEY)
    with pytest.raises(TypeError):
        KEY.__reduce__()
    assert kept_key(KEY.secret).public_key == KEY.public_key


@pytest.mark.parametrize("secret", [b"", bytes(32), b"\xff" * 32, (arithmetic.N - 1).to_bytes(32), SECRET + b"\x00"])
def test_what_is_no_private_number_is_no_key(secret: bytes) -> None:
    with pytest.raises(ValueError, match="private key"):
        kept_key(secret)


def gmssl(key: Sm2Key) -> object:
    """The same key in the second implementation."""
    from gmssl.sm2 import CryptSM2

    second = CryptSM2(private_key=key.secret.hex(), public_key="", asn1=True)
    second.public_key = point(key.public_key)[1:].hex()  # its constructor strips every leading 0 and 4 of the number
    return second


def test_a_second_implementation_verifies_our_signatures_and_we_verify_its(seed: int) -> None:
    for number in range(5):
        key, message = new_key(), random.Random(seed + number).randbytes(40)
        other = gmssl(key)
        theirs = bytes.fromhex(other.sign_with_sm3(message))  # type: ignore[attr-defined]

        assert other.verify_with_sm3(key.sign(message).hex(), message)  # type: ignore[attr-defined]
        assert verify(key.public_key, message, theirs)
        assert by_hand(key.public_key, message, theirs)


def test_a_second_implementation_has_the_same_sm3_and_sm4(seed: int) -> None:
    from gmssl.sm3 import sm3_hash
    from gmssl.sm4 import SM4_ENCRYPT, CryptSM4

    for size in (0, 1, 55, 56, 64, 200):
        text = random.Random(seed + size).randbytes(size)
        assert sm3_hash(list(text)) == sm3(text).hex()
    cipher = CryptSM4()
    cipher.set_key(bytes(range(16)), SM4_ENCRYPT)
    first = cipher.one_round(cipher.sk, list(bytes(11) + b"\x01" + (2).to_bytes(4)))
    nonce = bytes(11) + b"\x01"
    assert sealing.encrypted(bytes(range(16)), nonce, bytes(16), b"")[:16] == bytes(first)


def test_openssl_signs_and_we_verify_and_we_sign_and_openssl_verifies(openssl: OpenSsl) -> None:
    spki = openssl.read("op.spki")
    signature = openssl.signs("op", b"an operation")

    assert key_info(point(spki)) == spki
    assert verify(spki, b"an operation", signature)
    assert by_hand(spki, b"an operation", signature)
    assert not verify(spki, b"another", signature)


def test_certificates_and_lists_of_openssl_are_told_from_foreign_ones(openssl: OpenSsl) -> None:
    ca, holder = (x509.load_der_x509_certificate(openssl.read(f"{name}.der")) for name in ("ca", "op"))
    revoked = x509.load_der_x509_crl(openssl.read("list.der"))

    assert certificate_signed_by(ca, ca)
    assert certificate_signed_by(holder, ca)
    assert list_signed_by(revoked, ca)
    assert not certificate_signed_by(holder, holder)
    assert not certificate_signed_by(ca, holder)
    assert not list_signed_by(revoked, holder)


def test_a_changed_certificate_or_list_is_signed_by_nobody(openssl: OpenSsl) -> None:
    ca = x509.load_der_x509_certificate(openssl.read("ca.der"))
    renamed = openssl.read("op.der").replace("张䶮".encode(), "李䶮".encode())
    delayed = openssl.read("list.der")[:-1] + bytes([openssl.read("list.der")[-1] ^ 1])

    assert not certificate_signed_by(x509.load_der_x509_certificate(renamed), ca)
    assert not list_signed_by(x509.load_der_x509_crl(delayed), ca)


def test_a_certificate_that_names_two_algorithms_is_signed_by_nobody(openssl: OpenSsl) -> None:
    """The one that is signed over, and the one outside that anybody can change."""
    ca = x509.load_der_x509_certificate(openssl.read("ca.der"))
    sm2_with_sm3, sm2_with_sha256 = bytes.fromhex("2a811ccf55018375"), bytes.fromhex("2a811ccf55018376")
    whole, last = openssl.read("op.der"), openssl.read("op.der").rindex(sm2_with_sm3)
    other = whole[:last] + sm2_with_sha256 + whole[last + len(sm2_with_sm3) :]

    assert not certificate_signed_by(x509.load_der_x509_certificate(other), ca)


def test_a_certificate_issued_here_is_verified_by_openssl(openssl: OpenSsl, tmp_path: Path) -> None:
    holder, signer = new_key(), new_key()
    issuer = issued(pattern("演练签发", "演练签发"), signer.public_key, signer)
    certificate = issued(pattern("林晓岚", "演练签发"), holder.public_key, signer)
    for name, der in (("issuer", issuer), ("certificate", certificate)):
        (tmp_path / f"{name}.der").write_bytes(der)
        openssl("x509", "-inform", "DER", "-in", str(tmp_path / f"{name}.der"), "-out", str(tmp_path / f"{name}.pem"))

    checked = ("verify", "-vfyopt", "distid:1234567812345678", "-partial_chain", "-trusted")
    assert "OK" in openssl(*checked, str(tmp_path / "issuer.pem"), str(tmp_path / "certificate.pem"))
    assert (said(certificate).algorithm, said(certificate).public_key) == ("SM2", holder.public_key)


def pattern(subject: str, issuer: str) -> bytes:
    from datetime import UTC, datetime, timedelta

    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)]
    builder = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1]).public_key(key.public_key())
    since = datetime.now(UTC) - timedelta(minutes=1)
    builder = builder.serial_number(7).not_valid_before(since).not_valid_after(since + timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=subject == issuer, path_length=None), critical=True)
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def poisoned(signature: bytes, random_one: random.Random) -> bytes:
    """A signature with something wrong: bits, length, numbers, structure."""
    match random_one.randrange(6):
        case 0:
            place = random_one.randrange(len(signature))
            return signature[:place] + bytes([signature[place] ^ 1 << random_one.randrange(8)]) + signature[place + 1 :]
        case 1:
            return signature[: random_one.randrange(len(signature))]
        case 2:
            return signature + random_one.randbytes(random_one.randrange(1, 40))
        case 3:
            both_negative = bytes.fromhex("30060201ff0201ff")
            return random_one.choice((both_negative, random_one.randbytes(random_one.randrange(80))))
        case 4:
            edges = (0, 1, arithmetic.N - 1, arithmetic.N, arithmetic.N + 1, 2**256, 2**500)
            return encode_dss_signature(random_one.choice(edges), random_one.choice(edges))
        case _:
            r, s = decode_dss_signature(signature)
            return encode_dss_signature(r, arithmetic.N - s)


def test_thousands_of_malformed_signatures_are_refused_without_an_error(seed: int) -> None:
    random_one = random.Random(seed)
    for _ in range(6_000):
        signature = poisoned(SIGNATURE, random_one)
        assert not verify(KEY.public_key, b"message digest", signature), signature.hex()


def test_both_ways_of_verifying_refuse_the_same(seed: int) -> None:
    random_one = random.Random(seed + 1)
    for _ in range(500):
        signature = poisoned(SIGNATURE, random_one)
        assert not by_hand(KEY.public_key, b"message digest", signature), signature.hex()


@given(st.binary(max_size=120))
def test_no_public_key_of_strangers_is_an_error(spki: bytes) -> None:
    assert not verify(spki, b"message digest", SIGNATURE)


@pytest.mark.parametrize(
    "spki",
    [
        pytest.param(key_info(PUBLIC[:-1] + b"\x14"), id="beside the curve"),
        pytest.param(key_info(PUBLIC[:-1]), id="a byte short"),
        pytest.param(key_info(b"\x00"), id="infinity"),
        pytest.param(key_info(b"\x04" + b"\xff" * 64), id="outside the field"),
        pytest.param(key_info(b"\x03" + PUBLIC[1:33]), id="compressed"),
        pytest.param(
            ec.generate_private_key(ec.SECP256R1())
            .public_key()
            .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            id="of P-256",
        ),
    ],
)
def test_a_key_that_is_none_of_the_curve_signs_nothing(spki: bytes) -> None:
    assert not verify(spki, b"message digest", SIGNATURE)


def test_a_machine_without_the_library_verifies_but_makes_no_keys(tmp_path: Path) -> None:
    program = tmp_path / "without.py"
    program.write_text(
        "import sys\n"
        "sys.modules['tongsuopy'] = None\n"
        "from counter_tui.sm.sm2 import NoSm2, new_key, verify\n"
        f"spki, signature = bytes.fromhex({KEY.public_key.hex()!r}), bytes.fromhex({SIGNATURE.hex()!r})\n"
        "assert verify(spki, b'message digest', signature)\n"
        "assert not verify(spki, b'another', signature)\n"
        "assert not verify(spki, b'message digest', b'')\n"
        "try:\n"
        "    new_key()\n"
        "except NoSm2 as refusal:\n"
        "    print(refusal)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, check=False, env={"PYTHONPATH": "."}
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("本机没有 SM2 运算组件，不能生成 SM2 密钥")


def test_a_seal_opens_with_its_pin_and_for_its_purpose_alone() -> None:
    seal = sealing.sealed(SECRET, b"123456", purpose=b"soft key")

    assert sealing.unsealed(seal, bytearray(b"123456"), purpose=b"soft key") == SECRET
    assert SECRET not in seal
    assert sealing.sealed(SECRET, b"123456", purpose=b"soft key") != seal
    for broken, pin, purpose in (
        (seal, b"123457", b"soft key"),
        (seal, b"123456", b"another"),
        (seal[:-1] + bytes([seal[-1] ^ 1]), b"123456", b"soft key"),
        (seal[:40], b"123456", b"soft key"),
        (b"", b"123456", b"soft key"),
    ):
        with pytest.raises(sealing.SealBroken):
            sealing.unsealed(broken, pin, purpose=purpose)
