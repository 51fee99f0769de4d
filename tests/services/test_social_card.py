"""Reading a social security card for a field: checked as if typed, and never longer than a clerk waits."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.services.social_card import (
    NoSocialCard,
    NumberUnfit,
    NumberWithheld,
    ReaderSilent,
    ReadSocialCard,
    SocialCard,
)
from tests.services.bureau import PAYING, TODAY, FixedClock

if TYPE_CHECKING:
    from counter_tui.errors import CounterError


@dataclass
class FakeReader:
    """A reader with this card, or with this trouble."""

    card: SocialCard = field(default_factory=SocialCard)
    trouble: CounterError | None = None

    def read(self) -> SocialCard:
        if self.trouble is not None:
            raise self.trouble
        return self.card


class FrozenReader:
    """A reader service that answers only when it is let go."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()

    def read(self) -> SocialCard:
        self.goes_on.wait()
        return SocialCard(number=PAYING)


def reading(card: SocialCard) -> ReadSocialCard:
    return ReadSocialCard(FakeReader(card), clock=FixedClock())


@pytest.mark.parametrize("number", [PAYING, "11010519491231002X", "11010519491231002x", "USA1X1234567890123"])
async def test_a_number_that_checks_is_kept_in_its_one_form(number: str) -> None:
    card = await reading(SocialCard(number=number, name="张䶮"))()

    assert (card.number, card.name) == (number.upper(), "张䶮")


@pytest.mark.parametrize("number", [f"{PAYING[:17]}{(int(PAYING[17], 11) + 1) % 10}", "1234", "000000000000000000"])
async def test_a_number_that_does_not_check_is_not_filled_in(number: str) -> None:
    with pytest.raises(NumberUnfit) as refused:
        await reading(SocialCard(number=number))()

    assert number not in refused.value.sentence


async def test_a_card_that_keeps_its_number_to_itself_is_told() -> None:
    with pytest.raises(NumberWithheld):
        await reading(SocialCard(name="张䶮"))()


@pytest.mark.parametrize("name", ["", "张\x1b[31m三", "张3", "\u202e张"])
async def test_a_name_that_cannot_be_one_is_left_out(name: str) -> None:
    assert (await reading(SocialCard(number=PAYING, name=name))()).name == ""


@pytest.mark.parametrize(("until", "expired"), [(None, False), (TODAY, False), (date(2026, 11, 22), True)])
def test_a_card_is_expired_the_day_after_it_says(until: date | None, *, expired: bool) -> None:
    assert reading(SocialCard()).expired(SocialCard(valid_until=until)) is expired


async def test_a_refusal_of_the_reader_is_told_as_it_is() -> None:
    with pytest.raises(NoSocialCard):
        await ReadSocialCard(FakeReader(trouble=NoSocialCard()), clock=FixedClock())()


async def test_a_reader_that_hangs_is_given_up_and_asked_again_only_when_it_has_answered() -> None:
    reader = FrozenReader()
    cards = ReadSocialCard(reader, clock=FixedClock(), patience=0.05)
    for _ in range(2):
        with pytest.raises(ReaderSilent):
            await cards()
    assert [thread.name for thread in threading.enumerate()].count("social card") == 1

    reader.goes_on.set()
    next(thread for thread in threading.enumerate() if thread.name == "social card").join()
    assert (await cards()).number == PAYING
