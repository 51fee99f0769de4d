"""Verifying SM2 without the compiled library: the arithmetic of the curve (GM/T 0003.5), about 10 ms a signature.

Nothing here is secret, so nothing here hides how long it takes. Signing is never done in Python.
"""

from __future__ import annotations

from typing import Final, TypeAlias

Point: TypeAlias = "tuple[int, int]"
"""Affine coordinates."""
_Jacobian: TypeAlias = "tuple[int, int, int]"
"""(X, Y, Z) for the point (X/Z², Y/Z³); Z = 0 is the point at infinity."""

P: Final = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
"""The field."""
A: Final = P - 3
B: Final = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
"""y² = x³ + ax + b."""
N: Final = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
"""The order of G."""
Gx: Final = 0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7
Gy: Final = 0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0


def on_curve(public: Point) -> bool:
    """Whether the coordinates are those of a point; every one but infinity has the order of G."""
    x, y = public
    return 0 <= x < P and 0 <= y < P and (y * y - x * x * x - A * x - B) % P == 0


def signed_digest(public: Point, digest: bytes, signature: bytes) -> bool:
    """Whether the key signed SM3(Z‖M), as DER (r, s). Raises ValueError when the signature is no DER."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    r, s = decode_dss_signature(signature)
    if not (0 < r < N and 0 < s < N and on_curve(public)):
        return False
    t = (r + s) % N
    if t == 0:
        return False
    x, _, z = _sum_of_products(s, (Gx, Gy, 1), t, (*public, 1))
    if z == 0:
        return False
    return (int.from_bytes(digest) + x * pow(z, -2, P) % P) % N == r


def _sum_of_products(s: int, g: _Jacobian, t: int, q: _Jacobian) -> _Jacobian:
    """s·g + t·q, both in one pass over the bits."""
    both = _added(g, q)
    found: _Jacobian = (1, 1, 0)
    for bit in range(max(s.bit_length(), t.bit_length()) - 1, -1, -1):
        found = _doubled(found)
        match s >> bit & 1, t >> bit & 1:
            case 1, 1:
                found = _added(found, both)
            case 1, 0:
                found = _added(found, g)
            case 0, 1:
                found = _added(found, q)
    return found


def _doubled(point: _Jacobian) -> _Jacobian:
    """`dbl-2001-b`, for a = −3 (Bernstein, Lange: Explicit-Formulas Database)."""
    x, y, z = point
    delta, gamma = z * z % P, y * y % P
    beta = x * gamma % P
    alpha = 3 * (x - delta) * (x + delta) % P
    doubled = (alpha * alpha - 8 * beta) % P
    return doubled, (alpha * (4 * beta - doubled) - 8 * gamma * gamma) % P, ((y + z) ** 2 - gamma - delta) % P


def _added(one: _Jacobian, other: _Jacobian) -> _Jacobian:
    """`add-1998-cmo-2`, with the cases that it leaves out."""
    if one[2] == 0:
        return other
    if other[2] == 0:
        return one
    (x1, y1, z1), (x2, y2, z2) = one, other
    z1z1, z2z2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * z2z2 % P, x2 * z1z1 % P
    s1, s2 = y1 * z2 * z2z2 % P, y2 * z1 * z1z1 % P
    h, r = (u2 - u1) % P, (s2 - s1) % P
    if h == 0:
        return _doubled(one) if r == 0 else (1, 1, 0)
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, z1 * z2 * h % P
