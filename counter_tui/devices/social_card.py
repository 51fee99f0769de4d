"""Social security cards (社保卡) over PC/SC: the public files that `data/social_card.toml` lists, nothing behind a PIN.

A card is known by what it answers to SELECT, never by the name of its reader. What it refuses to tell is left empty.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from counter_tui.devices.apdus import OK, Exchange
from counter_tui.services.keys import KeyBusy, KeyFault, KeyGone, NoReaderService
from counter_tui.services.social_card import (
    CardPulled,
    CardServiceDown,
    CardUnreadable,
    MuteCard,
    NoSocialCard,
    OtherCard,
    SocialCard,
)

if TYPE_CHECKING:
    from counter_tui.devices.cards import Card, Cards
    from counter_tui.services.keys import Plug

_TABLE: Final = Path(__file__).parent / "data" / "social_card.toml"
_SELECT, _READ_RECORD = 0xA4, 0xB2
_BY_NAME = 0x04
_FILLING: Final = b"\x00\xff "
_HEADER: Final = 2
"""Bytes before a record's value: its tag and its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a file."""

    field: str
    """Which field of `SocialCard` it fills."""
    tag: int
    place: int
    """Among the records of its file, from 1."""
    written: str
    """`ascii`, `gb18030`, or `date` for eight BCD digits."""

    def read(self, value: bytes) -> str | date | None:
        """What the value says; None when it is not written so."""
        try:
            if self.written == "date":
                return date.fromisoformat(value.hex())
            return value.rstrip(_FILLING).decode(self.written).strip()
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file and what is read from it."""

    id: int
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How READ RECORD names a record."""

    by: str
    """`tag` or `place`."""
    p2: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is known of the cards, by region where they differ."""

    applications: tuple[str, ...]
    selections: tuple[int, ...]
    ways: tuple[Way, ...]
    files: tuple[File, ...]


@cache
def table() -> Table:
    """The table that comes with the program."""
    return msgspec.convert(tomllib.loads(_TABLE.read_text(encoding="utf-8")), Table)


class CardReaders:
    """The readers of this host. Called from one thread at a time."""

    def __init__(self, cards: Cards) -> None:
        """Look for the card in these readers."""
        self._cards = cards
        self._others: set[Plug] = set()
        """Cards found to be none, such as the operator's key: not disturbed again while they stay in."""

    def read(self) -> SocialCard:
        """The first social security card found; see `SocialCardReader.read`."""
        try:
            return self._first()
        except NoReaderService:
            raise CardServiceDown from None
        except KeyGone:
            raise CardPulled from None
        except KeyFault as fault:
            raise CardUnreadable(step=fault.step, code=fault.code) from None

    def _first(self) -> SocialCard:
        plugs = self._cards.plugged()
        self._others &= set(plugs)
        mute = [plug for plug in plugs if not plug.token]
        for plug in plugs:
            if plug in mute or plug in self._others:
                continue
            try:
                found = self._read(plug)
            except KeyBusy:
                continue  # another program has it: not the card that was just put in for us
            if found is not None:
                return found
            self._others.add(plug)
        if mute:
            raise MuteCard
        raise OtherCard if plugs else NoSocialCard

    def _read(self, plug: Plug) -> SocialCard | None:
        """What a card says; None when it is another card."""
        card = self._cards.power(plug)
        try:
            return _said(card)
        finally:
            card.close()


def _said(card: Card) -> SocialCard | None:
    found = _Files(card)
    if not found.selected:
        return None
    told: dict[str, Any] = {}
    for file in table().files:
        for record, value in found.records(file):
            if (read := record.read(value)) is not None:
                told[record.field] = read
    return SocialCard(**told)


class _Files:
    """The files of one card, asked for first in the way that it followed last."""

    def __init__(self, card: Card) -> None:
        self._exchange = Exchange(card)
        self._selection: int | None = None
        self._ways = table().ways
        self.selected = any(self._has(application) for application in table().applications)
        """Whether it is a social security card."""

    def records(self, file: File) -> list[tuple[Record, bytes]]:
        """Those of its records that the card tells."""
        if not self._select(file.id):
            return []
        return [(record, value) for record in file.records if (value := self._value(record)) is not None]

    def _has(self, application: str) -> bool:
        """Whether the application is there; without a name, whether the first file is."""
        if application:
            _, status = self._exchange.ask("选社保应用", _SELECT, _BY_NAME, 0x00, bytes.fromhex(application))
            return status == OK
        first = table().files[0]
        return self._select(first.id) and any(self._value(record) is not None for record in first.records)

    def _select(self, file: int) -> bool:
        for selection in table().selections if self._selection is None else (self._selection,):
            _, status = self._exchange.ask("选文件", _SELECT, selection, 0x00, file.to_bytes(2))
            if status == OK:
                self._selection = selection
                return True
        return False

    def _value(self, record: Record) -> bytes | None:
        """The value of a record; None when it is refused in every way, or is not there."""
        for way in self._ways:
            asked = record.tag if way.by == "tag" else record.place
            answer, status = self._exchange.ask("读记录", _READ_RECORD, asked, way.p2)
            if status != OK or not answer or answer[0] != record.tag:
                continue
            self._ways = (way, *(other for other in self._ways if other != way))
            value = answer[_HEADER:]
            if len(answer) < _HEADER or len(value) < answer[1]:
                raise CardUnreadable(step="读记录", code="应答残缺")
            return value[: answer[1]]
        return None
