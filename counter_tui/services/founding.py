"""Founding a bureau: no default accounts; two persons and a one-time code open each of the first four posts.

One person, on the host, makes a code and shows it to the other, who enters it with the key that is to hold the post.
As long as somebody holds a post, it is not opened this way: then it is granted by four signatures.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from hashlib import scrypt
from typing import TYPE_CHECKING, Final, Protocol

from counter_tui.domain.citizens import read_identity
from counter_tui.domain.declarations import Stamp
from counter_tui.domain.founding import FIRST_POSTS, FoundingCode
from counter_tui.domain.grants import GrantAct, Granted, LedgerAct, a_year_from, entered
from counter_tui.domain.names import clean_name
from counter_tui.domain.problems import Rejected
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from counter_tui.operations.fitting import misfit
from counter_tui.services.numbers import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from counter_tui.domain.grants import LedgerEntry
    from counter_tui.domain.operators import Operator
    from counter_tui.domain.posts import Role
    from counter_tui.operations.register import Register
    from counter_tui.policy.regions import Policy
    from counter_tui.services.operators import Humans, Offered
    from counter_tui.services.ports import Clock

_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which are read for each other."""
_GROUPS, _GROUP = 3, 4
"""Twelve characters: 60 bits."""


class PostHeld(CounterError):
    """本机构已有在用的{post}，不能首次开立；请由主管申请授权"""

    post: str


class NoFirstPost(CounterError):
    """{post}不能首次开立，请在四类岗位齐全后由主管申请授权"""

    post: str


class NoCode(CounterError):
    """没有开立{post}的一次性开立码，请另一人在主机上生成"""

    post: str


class CodeVoid(CounterError):
    """开立码已过期或错误次数过多，请另一人重新生成"""


class WrongCode(CounterError):
    """开立码不正确，还可尝试 {left} 次，请核对后重新输入"""

    left: int


class SamePerson(CounterError):
    """生成开立码和输入开立码须为两人，请由另一人办理"""


class Book(Protocol):
    """The hub's registry and its codes. Calls block; each is one transaction."""

    def operators(self) -> Sequence[Operator]:
        """Every registered operator."""

    def code(self, role: Role) -> FoundingCode | None:
        """The code for a post, if one was made."""

    def keep_code(self, code: FoundingCode) -> None:
        """Keep a code in the place of an earlier one for the post."""

    def found(self, role: Role, make: Callable[[Register], tuple[Operator, LedgerEntry]]) -> Operator:
        """Register whom `make` makes, enter him in the ledger, tell the feed and use up the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who takes part in a founding, as typed."""

    name: str
    """Account on the host for the one who makes the code, name for the one who enters it."""
    identity: str
    """Identity number; used for the reference and forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bureau:
    register: Register
    policy: Policy
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBureau:
    """What two persons do on the host of a bureau that has not all of its first posts. Blocks."""

    book: Book
    policy: Policy
    clock: Clock
    humans: Humans

    def missing(self) -> tuple[Role, ...]:
        """The first posts that nobody holds now."""
        return _missing(self.book.operators(), self.clock)

    def new_code(self, role: Role, by: Person) -> str:
        """A one-time code for a post, shown once, valid for thirty minutes.

        Raises:
            NoFirstPost, PostHeld, WrongNumber.
        """
        self._check(role, self.book.operators())
        code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
        salt = secrets.token_hex(16)
        made = self._stamp(by.name, self._human(by))
        self.book.keep_code(FoundingCode(role=role, salt=salt, code_hash=_hashed(code, salt), made=made))
        return code

    def enter(self, role: Role, code: str, *, number: str, by: Person, offered: Offered) -> Operator:
        """The second person's key takes the post; the ledger names both.

        Raises:
            NoFirstPost, PostHeld, NoCode, CodeVoid, WrongCode, SamePerson, Rejected, and the refusals of name and
                identity number.
        """
        kept = self._entered(role, code)
        human, today = self._human(by), self.clock.today()
        if human == kept.made.human:
            raise SamePerson
        granted = Granted(
            number=number,
            name=clean_name(by.name, resident=True),
            human=human,
            roles=(role,),
            issuer=offered.issuer,
            certificate_number=offered.number,
            key_hash=offered.key_hash,
            certificate_until=offered.until,
            since=today,
            until=min(a_year_from(today), offered.until),
        )

        def make(register: Register) -> tuple[Operator, LedgerEntry]:
            self._check(role, register.operators())
            bureau = _Bureau(register=register, policy=self.policy, today=today)
            if problem := misfit(bureau, GrantAct.ISSUE, granted, first=True):
                raise Rejected([problem])
            operator = granted.operator()
            stamps = (kept.made, self._stamp(number, human, certificate=offered.number))
            now = self.clock.now()
            return operator, entered(LedgerAct.FOUND, operator, by=stamps, at=now, operation=uuid7(now))

        return self.book.found(role, make)

    def _check(self, role: Role, operators: Iterable[Operator]) -> None:
        if role not in FIRST_POSTS:
            raise NoFirstPost(post=role.label)
        if role not in _missing(operators, self.clock):
            raise PostHeld(post=role.label)

    def _entered(self, role: Role, typed: str) -> FoundingCode:
        """The code that was meant, when it was typed rightly and in time; a wrong one costs a try."""
        self._check(role, self.book.operators())
        kept = self.book.code(role)
        if kept is None:
            raise NoCode(post=role.label)
        if not kept.tries or self.clock.now() >= kept.until:
            raise CodeVoid
        if not hmac.compare_digest(_hashed(typed, kept.salt), kept.code_hash):
            self.book.keep_code(replace(kept, tries=kept.tries - 1))
            raise WrongCode(left=kept.tries - 1)
        return kept

    def _human(self, person: Person) -> str:
        return self.humans.reference(read_identity(person.identity, self.clock.today()).number)

    def _stamp(self, operator: str, human: str, *, certificate: str = "") -> Stamp:
        return Stamp(
            operator=operator,
            human=human,
            certificate=certificate,
            key_serial="",
            signon="",
            window="",
            at=self.clock.now(),
        )


def _missing(operators: Iterable[Operator], clock: Clock) -> tuple[Role, ...]:
    held = {role for each in operators if each.in_force(clock.now()) for role in each.roles}
    return tuple(role for role in FIRST_POSTS if role not in held)


def _hashed(code: str, salt: str) -> str:
    """Slow on purpose: a code that is read off the file is not guessed within its life."""
    tidy = "".join(character for character in plain(code).upper() if character.isalnum())
    return scrypt(tidy.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()
