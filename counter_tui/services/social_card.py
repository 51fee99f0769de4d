"""The social security card (社保卡) in a reader: it says a number and a name, as if a clerk had typed them.

It proves nothing about who holds it: the card is not authenticated, which would take a certified security module.
"""

from __future__ import annotations

import asyncio
import re
import threading
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003  # values of this type are kept
from typing import TYPE_CHECKING, Final, Protocol

from counter_tui.domain.citizens import CitizenId
from counter_tui.domain.identity import fpr18
from counter_tui.domain.names import clean_name
from counter_tui.domain.numbers import tidy
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.services.ports import Clock

PATIENCE: Final = 6.0
"""Seconds after which a reader that gives no answer is given up; a card takes about one."""

_FOREIGN_NUMBER: Final = re.compile(r"[A-Z]{3}[0-9A-Z]{15}")
"""社会保障号码 of foreigners: nationality, kind and number of the document (人社部令 16 号); nothing in it checks."""


class NoSocialCard(CounterError):
    """没有读到社会保障卡，请将卡插到底后再按 F4；也可直接输入号码，或输入后四位、姓名查找"""


class CardServiceDown(CounterError):
    """读卡服务未启动，请联系管理员（pcscd）；可直接输入号码，或输入后四位、姓名查找"""


class OtherCard(CounterError):
    """已插的卡中没有社会保障卡，请插入社保卡后再按 F4，或直接输入号码"""


class MuteCard(CounterError):
    """卡没有应答，可能没有插到底或插反，请拔出重新插入后再按 F4，或直接输入号码"""


class CardPulled(CounterError):
    """读卡时社保卡被拔出，请重新插入后再按 F4，或直接输入号码"""


class CardUnreadable(CounterError):
    """社保卡应答有误（{step}，{code}），请拔出重新插入；仍不行请直接输入号码"""

    step: str
    """What was asked of the card."""
    code: str
    """Its status word, or in words what is wrong with its answer."""


class NumberWithheld(CounterError):
    """这张社保卡不公开证件号码，请直接输入号码"""


class NumberUnfit(CounterError):
    """社保卡上的证件号码不合编码规则，未填入，请核对证件后直接输入"""


class ReaderSilent(CounterError):
    """读卡器没有应答，请检查读卡器后再按 F4，或直接输入号码"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialCard:
    """What the public files of a card say; what it does not tell is empty."""

    number: str = field(default="", repr=False)
    """社会保障号码: for citizens the identity number."""
    name: str = field(default="", repr=False)
    valid_until: date | None = None


class SocialCardReader(Protocol):
    """Readers in which a social security card may be."""

    def read(self) -> SocialCard:
        """The card that is in. Blocks.

        Raises:
            CardServiceDown, NoSocialCard, OtherCard, MuteCard, CardPulled, CardUnreadable: as their sentences say.
        """
        ...


class ReadSocialCard:
    """Read the card for a field, without ever holding up the program for longer than `PATIENCE`."""

    def __init__(self, reader: SocialCardReader, *, clock: Clock, patience: float = PATIENCE) -> None:
        """Read with `reader`; `patience` in seconds."""
        self._reader = reader
        self._clock = clock
        self._patience = patience
        self._thread: threading.Thread | None = None

    async def __call__(self) -> SocialCard:
        """Number and name in the form in which the counter keeps them.

        Raises:
            NumberWithheld, NumberUnfit: the card was read, but has no number to fill in.
            ReaderSilent: no answer in time, or an earlier reading still waits for one.
            CounterError: whatever `SocialCardReader.read` refuses.
        """
        card = await self._read()
        if not card.number:
            raise NumberWithheld
        number = _checked(card.number, self._clock.today())
        return SocialCard(number=number, name=_kept(card.name), valid_until=card.valid_until)

    def expired(self, card: SocialCard) -> bool:
        """Whether the card says that it is no longer valid."""
        return card.valid_until is not None and card.valid_until < self._clock.today()

    async def _read(self) -> SocialCard:
        """A thread of its own that nobody joins: a frozen reader service blocks its asker for good."""
        if self._thread is not None and self._thread.is_alive():
            raise ReaderSilent
        loop = asyncio.get_running_loop()
        read: asyncio.Future[SocialCard] = loop.create_future()
        self._thread = threading.Thread(target=self._tell, args=(loop, read), name="social card", daemon=True)
        self._thread.start()
        try:
            return await asyncio.wait_for(read, self._patience)
        except TimeoutError:
            raise ReaderSilent from None

    def _tell(self, loop: asyncio.AbstractEventLoop, read: asyncio.Future[SocialCard]) -> None:
        def tell(how: Callable[[], None]) -> None:
            # After a timeout nobody listens any more; at the end of the program the loop is closed.
            if not loop.is_closed():
                loop.call_soon_threadsafe(lambda: None if read.done() else how())

        try:
            card = self._reader.read()
        except Exception as refusal:  # noqa: BLE001  # raised again where the card was asked for
            tell(lambda refusal=refusal: read.set_exception(refusal))  # type: ignore[misc]
        else:
            tell(lambda: read.set_result(card))


def _checked(text: str, today: date) -> str:
    """The number as it is kept. Raises NumberUnfit."""
    number = tidy(text)
    if _FOREIGN_NUMBER.fullmatch(number):
        return number
    try:
        return fpr18(number, today).number if number.startswith("9") else CitizenId.parse(number, today).number
    except CounterError:
        raise NumberUnfit from None


def _kept(name: str) -> str:
    """The name as it is kept; empty when it cannot be one."""
    try:
        return clean_name(name)
    except CounterError:
        return ""
