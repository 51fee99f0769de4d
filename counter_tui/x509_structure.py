"""The parts of a certificate (RFC 5280 §4.1) that lead to an elliptic curve's key, for the library's reader.

Annotations are read at run time: no deferred annotations in this module.
"""

from typing import Annotated

from cryptography.hazmat.asn1 import TLV, BitString, Explicit, sequence
from cryptography.x509 import ObjectIdentifier


@sequence
class CurveAlgorithm:
    """Algorithm identifier of an elliptic curve's key (RFC 5480)."""

    name: ObjectIdentifier
    curve: ObjectIdentifier


@sequence
class CurveKeyInfo:
    """SubjectPublicKeyInfo of an elliptic curve's key."""

    algorithm: CurveAlgorithm
    point: BitString


@sequence
class Tbs:
    """TBSCertificate of version 3 without unique identifiers, for a holder with an elliptic curve's key."""

    version: Annotated[int, Explicit(0)]
    serial: int
    signature: TLV
    issuer: TLV
    validity: TLV
    subject: TLV
    key: CurveKeyInfo
    extensions: Annotated[TLV, Explicit(3)]


@sequence
class AnyTbs:
    """As `Tbs`, for a holder with any key."""

    version: Annotated[int, Explicit(0)]
    serial: int
    signature: TLV
    issuer: TLV
    validity: TLV
    subject: TLV
    key: TLV
    extensions: Annotated[TLV, Explicit(3)]


@sequence
class AnyCertificate:
    """As `SignedCertificate`, for a holder with any key."""

    tbs: AnyTbs
    algorithm: TLV
    signature: BitString


@sequence
class SignedCertificate:
    """Certificate: what is signed, by which algorithm, and the signature."""

    tbs: Tbs
    algorithm: TLV
    signature: BitString
