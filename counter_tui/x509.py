"""What an X.509 certificate says, read without judging it: names, validity, number, public key and its algorithm.

Devices list their keys by it, `security` judges on top of it. It reads SM2 certificates, whose key the library knows
no curve for: the key info is taken from the certificate's own structure, never searched for by a pattern.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # values of this type are kept
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from cryptography import x509

SM2_CURVE = "1.2.156.10197.1.301"
"""Object identifier of the curve of GM/T 0003 (GB/T 32918)."""
P256, SM2 = "P-256", "SM2"


class NoCertificate(CounterError):
    """证书无法读取，请更换证书介质"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one certificate says of itself. Shown only: nothing of it is proven."""

    fingerprint: str
    """SHA-256 of the certificate, hex."""
    common_name: str
    title: str
    """Post in the subject; empty when it has none."""
    subject: str
    """RFC 4514."""
    issuer: str
    """RFC 4514."""
    number: str
    """Serial number, lower-case hex."""
    since: datetime
    until: datetime
    algorithm: str
    """`P-256`, `RSA-2048`, `SM2`; another curve by its name, another algorithm by its object identifier."""
    public_key: bytes
    """Subject public key info (SPKI), DER."""

    @property
    def key_hash(self) -> str:
        """SHA-256 of the public key info, hex: with issuer and number it binds a certificate to an operator."""
        return hashlib.sha256(self.public_key).hexdigest()


def said(certificate: bytes) -> Said:
    """Read a certificate (DER). Raises NoCertificate when it is none, or when it cannot be read to its end."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    try:
        read = x509.load_der_x509_certificate(certificate)
        names = {attribute.oid: str(attribute.value) for attribute in read.subject}
        spki = public_key_info(read)
        return Said(
            fingerprint=hashlib.sha256(certificate).hexdigest(),
            common_name=names.get(NameOID.COMMON_NAME, ""),
            title=names.get(NameOID.TITLE, ""),
            subject=read.subject.rfc4514_string(),
            issuer=read.issuer.rfc4514_string(),
            number=f"{read.serial_number:x}",
            since=read.not_valid_before_utc,
            until=read.not_valid_after_utc,
            algorithm=_algorithm(read, spki),
            public_key=spki,
        )
    except (ValueError, TypeError, x509.InvalidVersion):  # TypeError: a name that is a bit string
        raise NoCertificate from None


def public_key_info(certificate: x509.Certificate) -> bytes:
    """The subject public key info (SPKI) of a certificate, DER, whatever its algorithm. Raises ValueError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat import asn1
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from counter_tui.x509_structure import Tbs

    try:
        return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except UnsupportedAlgorithm:
        return asn1.encode_der(asn1.decode_der(Tbs, certificate.tbs_certificate_bytes).key)


def names_one_algorithm(certificate: x509.Certificate) -> bool:
    """Whether the algorithm of the signature is the same inside and outside of what is signed (RFC 5280, 4.1.1.2)."""
    from cryptography.hazmat import asn1
    from cryptography.hazmat.primitives.serialization import Encoding

    from counter_tui.x509_structure import AnyCertificate

    try:
        read = asn1.decode_der(AnyCertificate, certificate.public_bytes(Encoding.DER))
    except ValueError:  # has parts that are not read here; nothing is said of it
        return True
    return read.tbs.signature.data == read.algorithm.data


def common_name(name: x509.Name) -> str:
    """The common name, or all of the name (RFC 4514) where it has none."""
    from cryptography.x509.oid import NameOID

    names = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else name.rfc4514_string()


def curve(spki: bytes) -> str:
    """Object identifier of the curve that a public key info (DER) names; empty when it names none."""
    from cryptography.hazmat import asn1

    from counter_tui.x509_structure import CurveKeyInfo

    try:
        return asn1.decode_der(CurveKeyInfo, spki).algorithm.curve.dotted_string
    except ValueError:
        return ""


def point(spki: bytes) -> bytes:
    """The public point in the key info of an elliptic curve, as it stands there (04 ‖ x ‖ y). Raises ValueError."""
    from cryptography.hazmat import asn1

    from counter_tui.x509_structure import CurveKeyInfo

    return bytes(asn1.decode_der(CurveKeyInfo, spki).point.as_bytes())


def _algorithm(read: x509.Certificate, spki: bytes) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if curve(spki) == SM2_CURVE:
        return SM2
    try:
        key = read.public_key()
    except UnsupportedAlgorithm:
        return curve(spki) or read.public_key_algorithm_oid.dotted_string
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return P256 if isinstance(key.curve, ec.SECP256R1) else key.curve.name
    return read.public_key_algorithm_oid.dotted_string
