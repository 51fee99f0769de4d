"""Who signed a certificate or a revocation list with SM2, and signing one anew: the library has no curve for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.sm.sm2 import verify
from counter_tui.x509 import public_key_info

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList

    from counter_tui.sm.sm2 import Sm2Key

SM2_WITH_SM3 = "1.2.156.10197.1.501"
"""Object identifier of the signature algorithm (GM/T 0006)."""
_ALGORITHM = bytes.fromhex("300a06082a811ccf55018375")
"""It as an algorithm identifier without parameters, DER."""


def names_sm2(read: Certificate | CertificateRevocationList) -> bool:
    """Whether a certificate or a revocation list names SM2 with SM3 as the algorithm of its signature."""
    return read.signature_algorithm_oid.dotted_string == SM2_WITH_SM3


def certificate_signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer's key signed the certificate with SM2 and SM3, both in the algorithm that it names twice."""
    from cryptography.hazmat.asn1 import decode_der
    from cryptography.hazmat.primitives.serialization import Encoding

    from counter_tui.x509_structure import SignedCertificate

    try:
        read = decode_der(SignedCertificate, certificate.public_bytes(Encoding.DER))
        named_twice = read.tbs.signature.data == read.algorithm.data
        if not named_twice or not names_sm2(certificate):
            return False
        return verify(public_key_info(issuer), certificate.tbs_certificate_bytes, certificate.signature)
    except ValueError:
        return False


def list_signed_by(read: CertificateRevocationList, issuer: Certificate) -> bool:
    """Whether the issuer's key signed the revocation list with SM2 and SM3."""
    try:
        return names_sm2(read) and verify(public_key_info(issuer), read.tbs_certlist_bytes, read.signature)
    except ValueError:
        return False


def issued(pattern: bytes, holder: bytes, signer: Sm2Key) -> bytes:
    """A certificate (DER) like `pattern` for the holder's key (SPKI, DER), signed with SM2.

    The pattern says everything else; the library builds it for a throw-away key of a curve that it knows.
    Raises ValueError when the pattern is not of an elliptic curve's key.
    """
    from cryptography.hazmat.asn1 import TLV, BitString, decode_der, encode_der

    from counter_tui.x509_structure import CurveKeyInfo, SignedCertificate, Tbs

    said = decode_der(SignedCertificate, pattern).tbs
    algorithm = decode_der(TLV, _ALGORITHM)
    tbs = Tbs(
        version=said.version,
        serial=said.serial,
        signature=algorithm,
        issuer=said.issuer,
        validity=said.validity,
        subject=said.subject,
        key=decode_der(CurveKeyInfo, holder),
        extensions=said.extensions,
    )
    signature = BitString(signer.sign(encode_der(tbs)), 0)
    return encode_der(SignedCertificate(tbs=tbs, algorithm=algorithm, signature=signature))
