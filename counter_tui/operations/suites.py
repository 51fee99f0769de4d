"""The suites of algorithms (密码套件): a bureau has one, and its hashes, keys and signatures follow it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable


class UnknownSuite(ValueError):
    """An operation names a suite that this version does not know."""


class OtherSuite(CounterError):
    """{place}用的是{found}，而本机设置为{wanted}；请管理员改正 [trust] suite，或用 --data-dir 另指一个目录"""

    place: str
    found: str
    wanted: str


class NoSm3(CounterError):
    """本机 Python 所带的 OpenSSL 没有 SM3，不能使用国密套件，请管理员换用 OpenSSL 1.1.1 以上的 Python"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A hash, and by name the rest of what goes with it."""

    name: str
    """As the settings call it."""
    envelope: str
    """As an operation calls it."""
    title: str
    """As people call it."""
    hashed: Callable[[], Any]
    """Begins a hash of 32 bytes."""

    def hash(self, *parts: bytes | str) -> bytes:
        """The hash over the parts, 32 bytes; texts in UTF-8."""
        joined = self.hashed()
        for part in parts:
            joined.update(part.encode() if isinstance(part, str) else part)
        found: bytes = joined.digest()
        return found

    def digest(self, *parts: bytes | str) -> str:
        """The same in hex."""
        return self.hash(*parts).hex()

    def require(self) -> None:
        """Raise NoSm3 where this machine lacks the hash."""
        try:
            self.hashed()
        except ValueError:
            raise NoSm3 from None


INTERNATIONAL: Final = Suite(
    name="international",
    envelope="P256-SHA256",
    title="国际算法套件（P-256、RSA、SHA-256）",
    hashed=hashlib.sha256,
)
NATIONAL: Final = Suite(
    name="national",
    envelope="SM2-SM3",
    title="国密算法套件（SM2、SM3）",
    hashed=partial(hashlib.new, "sm3"),
)
SUITES: Final = (INTERNATIONAL, NATIONAL)
_BY_NAME: Final = {suite.name: suite for suite in SUITES}
_BY_ENVELOPE: Final = {suite.envelope: suite for suite in SUITES}


def suite_named(name: str) -> Suite:
    """The suite that the settings name; they have been read strictly."""
    return _BY_NAME[name]


def suite_of(envelope: str) -> Suite:
    """The suite that an operation names. Raises UnknownSuite."""
    try:
        return _BY_ENVELOPE[envelope]
    except KeyError:
        raise UnknownSuite(envelope) from None


def check_suite(envelope: str, suite: Suite, place: str) -> None:
    """Refuse data of another suite than the bureau's. Raises OtherSuite; `place` says where they lie."""
    if envelope != suite.envelope:
        found = _BY_ENVELOPE[envelope].title if envelope in _BY_ENVELOPE else envelope
        raise OtherSuite(place=place, found=found, wanted=suite.title)
