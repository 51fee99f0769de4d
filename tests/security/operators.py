"""Operators for tests of trust, bound to whatever certificate a test has."""

from __future__ import annotations

from datetime import timedelta

from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import Role
from tests.security.chains import NOON


def operator(
    role: Role = Role.CLERK,
    *,
    number: int = 0x1024,
    account: str = "1024",
    human: str = "human-1",
    issuer: str = "CN=社保签发CA",
    key_hash: str = "0" * 64,
) -> Operator:
    """An operator whose grant holds a month before and after noon. `number` is his certificate's."""
    return Operator(
        number=account,
        name="张䶮",
        human=human,
        roles=frozenset({role}),
        post_class=role.post_class,
        issuer=issuer,
        certificate_number=f"{number:x}",
        key_hash=key_hash,
        valid_from=NOON - timedelta(days=30),
        valid_until=NOON + timedelta(days=30),
    )
