"""Operators (柜员): who they are, which posts they hold, and which certificate speaks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.functions import FunctionGroup, in_words, outside
from counter_tui.domain.posts import (
    PostClass,
    PostsExclude,
    Right,
    Role,
    check_exclusive,
    holds,
    may_confirm,
    may_use,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


SILENCE = timedelta(days=90)
"""Without a sign-on for longer than this an account is suspended."""


class OperatorState(StrEnum):
    """Whether an account may be used at all, whatever its dates say."""

    ACTIVE = "1"
    SUSPENDED = "2"
    REVOKED = "9"

    @property
    def label(self) -> str:
        """The state as shown."""
        return {"1": "在用", "2": "停用", "9": "吊销"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One account of one human, bound to one certificate. An account never carries two post classes."""

    number: str
    """Operator number (工号)."""
    name: str
    human: str
    """Person reference, the same for every account of one human."""
    roles: frozenset[Role]
    post_class: PostClass
    issuer: str
    """Issuer of the certificate, RFC 4514."""
    certificate_number: str
    """Lower-case hex."""
    key_hash: str
    """SHA-256 of the certificate's public key info (SPKI), hex."""
    valid_from: datetime
    valid_until: datetime
    """Aware moments; the grant holds from the first up to, not including, the last."""
    state: OperatorState = OperatorState.ACTIVE
    groups: frozenset[FunctionGroup] = frozenset()
    """In which the roles act; none named, as in records from before there were groups: all that they open."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(Role(role) for role in self.roles))
        object.__setattr__(self, "post_class", PostClass(self.post_class))
        object.__setattr__(self, "groups", frozenset(FunctionGroup(group) for group in self.groups))
        if not self.roles:
            raise ValueError("an operator without a role")
        for role in sorted(self.roles):
            if role.post_class is not self.post_class:
                raise PostsExclude(first=self.post_class.label, second=role.post_class.label)

    @property
    def posts(self) -> str:
        """The roles in words."""
        return "、".join(role.label for role in sorted(self.roles))

    @property
    def scope(self) -> str:
        """The groups in words."""
        return in_words(self.groups)

    @property
    def first_day(self) -> date:
        """The day on which the grant begins, Beijing time."""
        return self.valid_from.astimezone(BEIJING).date()

    @property
    def last_day(self) -> date:
        """The last day on which the grant holds, Beijing time."""
        return (self.valid_until.astimezone(BEIJING) - timedelta(microseconds=1)).date()

    def may(self, role: str) -> bool:
        """Whether the operator acts in that role; a supervisor also acts as clerk and reviewer."""
        return Role(role) in self.roles or (
            Role.SUPERVISOR in self.roles and Role(role).post_class is PostClass.BUSINESS
        )

    def may_use(self, function: str) -> bool:
        """Whether the operator's roles open a business function such as `P05`, and his groups reach it."""
        return may_use(self.roles, function) and not self.lacks(function)

    def may_confirm(self, function: str) -> bool:
        """Whether the operator may be the second person of a function that his groups reach."""
        return may_confirm(self.roles, function) and not self.lacks(function)

    def lacks(self, function: str) -> FunctionGroup | None:
        """The group without which the operator does not act on a function, whatever his roles; None when he may."""
        return outside(self.groups, function)

    def holds(self, right: Right) -> bool:
        """Whether one of the roles carries the right."""
        return holds(self.roles, right)

    def in_force(self, at: datetime) -> bool:
        """Whether the grant holds at that moment."""
        return self.state is OperatorState.ACTIVE and self.valid_from <= at < self.valid_until

    def silent(self, last_sign_on: datetime | None, at: datetime) -> bool:
        """Whether an account in use has not signed on for so long that it is to be suspended."""
        heard = max(self.valid_from, last_sign_on or self.valid_from)
        return self.state is OperatorState.ACTIVE and at - heard > SILENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSignOn:
    """When an operator last signed on, as far as the hub has been told."""

    operator: str
    at: datetime


def check_human(accounts: Iterable[Operator]) -> None:
    """Refuse a set of accounts in which one human holds two post classes; revoked ones no longer hold any.

    Raises:
        PostsExclude: the two classes.
    """
    by_human: dict[str, set[PostClass]] = {}
    for account in accounts:
        if account.state is not OperatorState.REVOKED:
            by_human.setdefault(account.human, set()).add(account.post_class)
    for classes in by_human.values():
        check_exclusive(classes)
