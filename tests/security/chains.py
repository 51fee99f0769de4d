"""A root, the authority below it, an operator's certificate and a revocation list, each to be spoilt in a test."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
    from cryptography.x509 import ObjectIdentifier

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
CA_KEY = ec.generate_private_key(ec.SECP256R1())
ROOT_KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
OPERATOR_KEY = ec.generate_private_key(ec.SECP256R1())


def name(common: str, organisation: str = "") -> x509.Name:
    above = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    return x509.Name([*above, x509.NameAttribute(NameOID.COMMON_NAME, common)])


CA, ROOT = name("社保签发CA"), name("社保根CA")


def usage(*allowed: str) -> x509.KeyUsage:
    known = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{one: one in allowed for one in known.split()})


def purposes(*oids: ObjectIdentifier) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage(oids)


GOOD: tuple[tuple[x509.ExtensionType, bool], ...] = (
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (usage("digital_signature"), True),
    (purposes(ExtendedKeyUsageOID.CLIENT_AUTH), False),
    (x509.SubjectAlternativeName([x509.RFC822Name("op1024@bureau.invalid")]), False),
    (x509.AuthorityKeyIdentifier.from_issuer_public_key(CA_KEY.public_key()), False),
)


@dataclass(frozen=True)
class Certificate:
    """A good operator certificate; each test spoils one thing."""

    subject: x509.Name = field(default_factory=lambda: name("张䶮"))
    issuer: x509.Name = CA
    key: CertificateIssuerPrivateKeyTypes = OPERATOR_KEY
    signer: CertificateIssuerPrivateKeyTypes = CA_KEY
    hashed: SHA256 | SHA384 | None = field(default_factory=SHA256)
    since: datetime = NOON - YEAR
    until: datetime = NOON + YEAR
    number: int = 0x1024
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = GOOD

    def der(self) -> bytes:
        builder = x509.CertificateBuilder().subject_name(self.subject).issuer_name(self.issuer)
        builder = builder.public_key(self.key.public_key()).serial_number(self.number)
        builder = builder.not_valid_before(self.since).not_valid_after(self.until)
        for extension, critical in self.extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self.signer, self.hashed).public_bytes(Encoding.DER)

    def but(self, *extensions: x509.ExtensionType, critical: bool = False) -> Certificate:
        """The same with these extensions in place of its own of their kind."""
        kinds = {type(one) for one in extensions}
        kept = tuple(one for one in self.extensions if type(one[0]) not in kinds)
        return dataclasses.replace(self, extensions=(*kept, *((one, critical) for one in extensions)))

    def without(self, kind: type[x509.ExtensionType]) -> Certificate:
        kept = tuple(one for one in self.extensions if not isinstance(one[0], kind))
        return dataclasses.replace(self, extensions=kept)


def authority(
    subject: x509.Name = CA,
    key: CertificateIssuerPrivateKeyTypes = CA_KEY,
    *,
    since: datetime = NOON - 2 * YEAR,
    until: datetime = NOON + 2 * YEAR,
) -> Certificate:
    """The issuing authority below the root."""
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (usage("key_cert_sign", "crl_sign"), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
    )
    return Certificate(
        subject=subject, issuer=ROOT, key=key, signer=ROOT_KEY, since=since, until=until, extensions=extensions
    )


def root(key: CertificateIssuerPrivateKeyTypes = ROOT_KEY, *, path_length: int | None = 1) -> Certificate:
    """The root, which signs itself."""
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (usage("key_cert_sign", "crl_sign"), True),
    )
    return Certificate(
        subject=ROOT,
        issuer=ROOT,
        key=key,
        signer=key,
        since=NOON - 4 * YEAR,
        until=NOON + 4 * YEAR,
        extensions=extensions,
    )


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def crl(
    *numbers: int,
    made_at: datetime = NOON,
    life: timedelta = DAY,
    number: int | None = None,
    since: datetime = NOON - 2 * DAY,
    issuer: x509.Name = CA,
    signer: ec.EllipticCurvePrivateKey = CA_KEY,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
) -> bytes:
    """A revocation list, DER. `number` is its own number."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer)
    builder = builder.last_update(made_at).next_update(made_at + life)
    for revoked in numbers:
        entry = x509.RevokedCertificateBuilder().serial_number(revoked).revocation_date(since).build()
        builder = builder.add_revoked_certificate(entry)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    if number is not None:
        builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    return builder.sign(signer, SHA256()).public_bytes(Encoding.DER)
