"""Revocation lists on this host: renewed in the background, kept for days without a line, judged by their age."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.errors import CounterError
from counter_tui.security import refusals
from counter_tui.security.list_cache import NOTHING, KeptList
from counter_tui.security.list_sources import fetched, is_address
from counter_tui.security.revocations import (
    CLOCKS_DIFFER,
    Freshness,
    RevocationList,
    read_revocations,
    revoked_since,
)
from counter_tui.services.trust import Standing, TrustState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from counter_tui.domain.operators import Operator
    from counter_tui.security.certificates import Authority

LOOK_SECONDS: Final = 5.0
"""How often the cache folder is looked at: another program of the host may have kept a newer list."""
ADDRESS_EVERY: Final = timedelta(hours=1)
"""How often an address is asked for a newer list."""
SOON: Final = timedelta(minutes=1)
"""How often a file is looked into, and an address asked while the list is old or did not come."""
AT_ONCE: Final = timedelta(seconds=10)
"""As long as there is no list at all."""


class ListNotKept(CounterError):
    """吊销列表不能写入本机（{why}），请管理员检查数据目录的空间和权限"""

    why: str


@dataclass(slots=True)
class _Watched:
    """One authority with a list: what is known of it now."""

    kept: KeptList
    location: str
    known: RevocationList | None = None
    mark: tuple[int, int, int] = NOTHING
    trouble: str = ""
    """Why no newer list came, as a sentence; empty after a success."""
    refused: bool = False
    """Whether a list came and was refused."""


class Trust:
    """The lists of the pinned authorities (`services.trust.Trust`). One for each program; thread-safe."""

    def __init__(
        self,
        authorities: Iterable[Authority],
        cache: Path,
        clock: Callable[[], datetime],
        report: Callable[[BaseException], object],
        *,
        fetch: Callable[[str], bytes] = fetched,
    ) -> None:
        """Know nothing yet; `start` or `refresh` looks.

        Args:
            authorities: those without a list are passed over.
            cache: folder of the kept lists.
            clock: UTC, with time zone.
            report: told each kind of trouble once, until it is over.
            fetch: the bytes at a location, or a refusal.
        """
        self._watched = tuple(_Watched(KeptList(cache, one), one.revocations) for one in authorities if one.revocations)
        self._clock = clock
        self._report = report
        self._fetch = fetch
        self._looked = False
        self._turn = threading.Lock()
        self._closing = threading.Event()

    def start(self) -> None:
        """Look now and from now on, in a thread that ends with the program."""
        if self._watched:
            threading.Thread(target=self._follow, name="revocations", daemon=True).start()

    def close(self) -> None:
        """Stop looking; returns at once, whatever the network does."""
        self._closing.set()

    def lists(self) -> tuple[RevocationList, ...]:
        """The lists on this host now; the first time the kept ones are read, so that nobody is asked before them."""
        if not self._looked:
            with self._turn:
                self._look_at_all()
        return tuple(one.known for one in self._watched if one.known is not None)

    def state(self) -> TrustState:
        """The worst of what the lists allow."""
        self.lists()
        now = self._clock()
        states = [_state(one, now) for one in self._watched]
        for standing in (Standing.READ_ONLY, Standing.WARNED):
            for state in states:
                if state.standing is standing:
                    return state
        return TrustState()

    def revoked(self, operator: Operator) -> str:
        """Why the operator's certificate no longer counts, as a sentence; empty when it does."""
        since = revoked_since(operator.issuer, operator.certificate_number, self.lists())
        return refusals.Revoked(since=_day(since)).sentence if since else ""

    def refresh(self) -> None:
        """Take what other programs kept, and ask for a newer list where it is time. Blocks; never raises."""
        with self._turn:
            self._look_at_all()
            for one in self._watched:
                self._renew(one)

    def _look_at_all(self) -> None:
        for one in self._watched:
            self._look(one)
        self._looked = True

    def _follow(self) -> None:
        while not self._closing.is_set():
            self.refresh()
            self._closing.wait(LOOK_SECONDS)

    def _look(self, one: _Watched) -> None:
        """Take the kept list if it is another one than the one that is known."""
        mark = one.kept.mark()
        if mark in (one.mark, NOTHING):
            return
        one.mark = mark
        try:
            found = read_revocations(one.kept.read(), [one.kept.authority])
        except (CounterError, OSError) as trouble:  # torn or changed on disk: as if there were none
            self._note(one, trouble)
            return
        if one.known is None or found.follows(one.known):
            one.known, one.trouble, one.refused = found, "", False

    def _renew(self, one: _Watched) -> None:
        try:
            with one.kept.turn(self._clock(), self._every(one)) as mine:
                if mine:
                    self._take(one, self._fetch(one.location))
                    one.trouble, one.refused = "", False
        except refusals.RevocationListRefused as refusal:
            self._note(one, refusal)
            one.refused = True
        except CounterError as refusal:
            self._note(one, refusal)
        except OSError as trouble:
            self._note(one, ListNotKept(why=trouble.strerror or "无法写入"))

    def _every(self, one: _Watched) -> timedelta:
        if one.known is None:
            return AT_ONCE
        fresh = one.known.freshness(self._clock()) is Freshness.FRESH
        return ADDRESS_EVERY if is_address(one.location) and fresh and not one.trouble else SOON

    def _take(self, one: _Watched, crl: bytes) -> None:
        """Keep a list that came and use it from now on. Raises RevocationListRefused or OSError; the old one stays."""
        found = read_revocations(crl, [one.kept.authority])
        if found.made_at > self._clock() + CLOCKS_DIFFER:
            raise refusals.ListFromFuture(made_at=_moment(found.made_at))
        if one.known is not None:
            if not found.follows(one.known):
                raise refusals.ListWentBack(made_at=_moment(found.made_at), known=_moment(one.known.made_at))
            if found == one.known:
                return
        one.known = found
        one.kept.keep(crl)
        one.mark = one.kept.mark()

    def _note(self, one: _Watched, trouble: BaseException) -> None:
        sentence = trouble.sentence if isinstance(trouble, CounterError) else ListNotKept(why="无法读取").sentence
        if sentence != one.trouble:
            self._report(trouble)
        one.trouble = sentence


def _state(one: _Watched, now: datetime) -> TrustState:
    tail = f"：{one.trouble}" if one.trouble else f"，请管理员检查 {one.location}"
    if one.known is None:
        return TrustState(standing=Standing.READ_ONLY, sentence=f"本机还没有可用的吊销列表{tail}")
    made_at = _moment(one.known.made_at)
    hours = int((now - one.known.made_at).total_seconds() // 3600)
    match one.known.freshness(now):
        case Freshness.FROM_FUTURE:
            sentence = f"本机时间早于吊销列表的签发时间 {made_at}，请管理员校准本机时间"
            return TrustState(standing=Standing.READ_ONLY, sentence=sentence)
        case Freshness.TOO_OLD:
            sentence = f"吊销列表已 {hours} 小时没有更新（{made_at}）{tail}"
            return TrustState(standing=Standing.READ_ONLY, sentence=sentence)
        case Freshness.OLD:
            sentence = f"吊销列表签发于 {made_at}，满 72 小时将停止受理新业务{tail}"
            return TrustState(standing=Standing.WARNED, sentence=sentence)
    if one.refused:
        return TrustState(standing=Standing.WARNED, sentence=one.trouble)
    return TrustState()


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d}"
