"""Cards with keys and certificates on them: from a small authority of its own, a training folder or a PKCS#12 file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeGuard

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from counter_tui.devices.keys.training import TRAINING_PIN
from tests.devices.virtual.card import Card
from tests.devices.virtual.piv import Holding, Piv, PivKey, Slot

if TYPE_CHECKING:
    from pathlib import Path

Algorithm: TypeAlias = Literal["P-256", "RSA-2048"]

HISTORICAL = b"\x80\x73\xc0\x21\xc0\x52VK"
"""Answer to reset: `3B 88 01 80 …`, with card capabilities and "VK" as its maker's data."""

_ORGANISATION = "虚拟社保中心"


class UnfitKey(Exception):
    """The key is neither P-256 nor RSA-2048, or the file holds no key with a certificate."""


def new_key(algorithm: Algorithm) -> PivKey:
    """A fresh key."""
    if algorithm == "P-256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True, slots=True)
class SmallAuthority:
    """An authority (P-256) that signs certificates for virtual cards, valid from yesterday for ten years."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def found(cls, name: str = "虚拟签发证书") -> SmallAuthority:
        """A new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _subject(name)
        builder = _dated(subject, subject, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        return cls(key, builder.sign(key, SHA256()))

    @property
    def der(self) -> bytes:
        """Its certificate."""
        return self.certificate.public_bytes(Encoding.DER)

    def issue(self, name: str = "张䶮", number: str = "0007", *, algorithm: Algorithm = "P-256") -> Holding:
        """A new key with an operator's certificate."""
        key = new_key(algorithm)
        builder = _dated(_subject(name, number), self.certificate.subject, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(digital_signature=True), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        address = x509.RFC822Name(f"{number}@virtual.invalid")
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        return Holding(key, builder.sign(self.key, SHA256()).public_bytes(Encoding.DER))


def key_card(piv: Piv, *, extended: bool = False) -> Card:
    """A USB key: a card with the PIV applet alone."""
    return Card(piv, historical=HISTORICAL, extended=extended)


def both_slots(authority: SmallAuthority, *, algorithm: Algorithm = "P-256") -> dict[Slot, Holding]:
    """One key for signing on (9A) and another for decisions (9C)."""
    return {slot: authority.issue(algorithm=algorithm) for slot in (Slot.AUTHENTICATION, Slot.SIGNATURE)}


def training_holding(folder: Path, number: str = "0007") -> Holding:
    """The soft key of a trainee, from the `keys` folder of a training data directory. Raises UnfitKey, OSError."""
    return pkcs12_holding(folder / f"{number}.p12", TRAINING_PIN)


def training_card(folder: Path, number: str = "0007") -> Card:
    """A USB key with a trainee's soft key in both slots, PIN as in training: the training counter takes it as his."""
    holding = training_holding(folder, number)
    piv = Piv({Slot.AUTHENTICATION: holding, Slot.SIGNATURE: holding}, pin=TRAINING_PIN)
    return key_card(piv)


def pkcs12_holding(file: Path, password: str) -> Holding:
    """Key and certificate of a PKCS#12 file. Raises UnfitKey, ValueError for a wrong password, OSError."""
    key, certificate, _ = pkcs12.load_key_and_certificates(file.read_bytes(), password.encode())
    if certificate is None or not _fits(key):
        raise UnfitKey
    return Holding(key, certificate.public_bytes(Encoding.DER))


def _fits(key: object) -> TypeGuard[PivKey]:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.key_size == 2048
    return isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)


def _subject(name: str, number: str | None = None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION)]
    if number is not None:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, number))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _dated(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
) -> x509.CertificateBuilder:
    since = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder().not_valid_before(since).not_valid_after(since + timedelta(days=3650))
    builder = builder.subject_name(subject).issuer_name(issuer).public_key(key)
    return builder.serial_number(x509.random_serial_number())


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
