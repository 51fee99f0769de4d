"""Sealing a few bytes under a PIN with SM4-GCM (GM/T 0002; RFC 8998), the SM4 key by PBKDF2 with HMAC-SM3."""

from __future__ import annotations

import secrets

SALT, NONCE, TAG, KEY = 16, 12, 16, 16
"""Bytes."""
ROUNDS = 2000
"""Of the key derivation: low, since only the training keys are sealed by it, whose PIN is public."""


class SealBroken(ValueError):
    """The PIN is another one, or what was sealed has changed."""


def sealed(secret: bytes, pin: bytes | bytearray, *, purpose: bytes) -> bytes:
    """Salt ‖ nonce ‖ ciphertext ‖ tag; it opens for the same purpose alone."""
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    return salt + nonce + encrypted(_key(pin, salt), nonce, secret, purpose)


def unsealed(seal: bytes, pin: bytes | bytearray, *, purpose: bytes) -> bytes:
    """The secret again. Raises SealBroken."""
    salt, nonce, body = seal[:SALT], seal[SALT : SALT + NONCE], seal[SALT + NONCE :]
    if len(body) < TAG:
        raise SealBroken
    return decrypted(_key(pin, salt), nonce, body, purpose)


def encrypted(key: bytes, nonce: bytes, plain: bytes, beside: bytes) -> bytes:
    """SM4-GCM: ciphertext ‖ tag."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import SM4
    from cryptography.hazmat.primitives.ciphers.modes import GCM

    cipher = Cipher(SM4(key), GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(beside)
    return cipher.update(plain) + cipher.finalize() + cipher.tag


def decrypted(key: bytes, nonce: bytes, body: bytes, beside: bytes) -> bytes:
    """Undo `encrypted`. Raises SealBroken."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import SM4
    from cryptography.hazmat.primitives.ciphers.modes import GCM

    cipher = Cipher(SM4(key), GCM(nonce, body[-TAG:])).decryptor()
    cipher.authenticate_additional_data(beside)
    try:
        return cipher.update(body[:-TAG]) + cipher.finalize()
    except InvalidTag:
        raise SealBroken from None


def _key(pin: bytes | bytearray, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SM3
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    return PBKDF2HMAC(algorithm=SM3(), length=KEY, salt=salt, iterations=ROUNDS).derive(pin)
