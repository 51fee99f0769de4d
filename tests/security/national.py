"""Certificates of `chains`, issued anew with SM2: each key of the international suite has its twin in the national."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from counter_tui.sm.issuing import issued
from counter_tui.sm.sm2 import Sm2Key, new_key
from counter_tui.x509 import public_key_info
from tests.security.chains import CA_KEY, OPERATOR_KEY, OTHER_KEY, ROOT_KEY

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

KEYS = (CA_KEY, ROOT_KEY, OTHER_KEY, OPERATOR_KEY)


def spki(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


TWINS: dict[bytes, Sm2Key] = {spki(key): new_key() for key in KEYS}


def twin(key: EllipticCurvePrivateKey) -> Sm2Key:
    return TWINS[spki(key)]


def national(der: bytes) -> bytes:
    """The same certificate for the twin of its holder's key, signed by the twin of its signer's."""
    read = x509.load_der_x509_certificate(der)
    return issued(der, TWINS[public_key_info(read)].public_key, twin(next(key for key in KEYS if _signed(read, key))))


def _signed(read: x509.Certificate, key: EllipticCurvePrivateKey) -> bool:
    try:
        key.public_key().verify(read.signature, read.tbs_certificate_bytes, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
