"""The keys at the login: what a row says, certificates out of date, and a list that changes under the hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.domain.text import width
from counter_tui.security.refusals import StopAtTwo
from counter_tui.services.keys import PresentKey
from screens.key_list import listed
from tests.screens.desks import RefusingKeys, looks, terminal
from tests.services.bureau import counter_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counter_tui.services.counter import Counter

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def key(number: int = 1, **changes: Any) -> PresentKey:
    """A key in a reader, its certificate good for a year."""
    said: dict[str, Any] = {
        "fingerprint": f"{number:064x}",
        "name": "林晓岚",
        "post": "经办",
        "certificate_number": f"5a{number:04}",
        "backend": "piv",
        "reader": "Yubico YubiKey 00",
        "subject": "CN=林晓岚",
        "algorithm": "RSA-2048",
        "since": NOW - timedelta(days=1),
        "until": NOW + timedelta(days=365),
    }
    return PresentKey(**{**said, **changes})


def shows(counter: Counter, *keys: PresentKey) -> RefusingKeys:
    """Let the counter see these keys."""
    signing = RefusingKeys(StopAtTwo(left=2), keys)
    counter.signing = signing  # type: ignore[assignment]
    return signing


def rows(keys: Sequence[PresentKey], *, room: int = 9, cells: int = 80) -> list[str]:
    return listed(keys, NOW, room=room, cells=cells)


def test_a_row_says_whose_key_it_is_until_when_which_algorithm_and_where() -> None:
    assert rows([key()]) == [" 1  林晓岚  经办  证书尾号 0001  至 2027-11-23  RSA-2048  Yubico YubiKey 00"]


@pytest.mark.parametrize("cells", [60, 80, 132])
def test_what_does_not_fit_is_left_out_whole(cells: int) -> None:
    long = key(reader="Feitian SCR301 01 00 (a very long name of a very long reader) 00 00")
    (row,) = rows([long], cells=cells)
    assert width(row) <= cells
    assert "至 2027-11-23" in row
    assert ("Feitian" in row) is (cells == 132)


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (-1, 30, "至 2026-12-23"),
        (-1, 29, "还有 29 天到期"),
        (-1, 0, "已过期"),
        (-400, -30, "已过期"),
        (2, 300, "2026-11-25 起生效"),
    ],
)
def test_a_certificate_near_or_past_its_end_says_so(since: int, until: int, said: str) -> None:
    (row,) = rows([key(since=NOW + timedelta(days=since), until=NOW + timedelta(days=until))])
    assert f"  {said}  " in row


def test_many_keys_stand_two_to_a_row_and_an_expired_one_still_says_so() -> None:
    keys = [key(number, until=NOW if number == 3 else NOW + timedelta(days=99)) for number in range(1, 8)]
    shown = rows(keys, room=4, cells=60)
    assert len(shown) == 4
    assert " 3 林晓岚 经办 0003 过期" in shown[2]
    assert max(map(width, shown)) <= 60


def test_two_keys_of_one_person_differ_by_the_tail_of_their_certificates() -> None:
    first, second = rows([key(1), key(2, algorithm="P-256")])
    assert "尾号 0001" in first
    assert "尾号 0002" in second
    assert "P-256" in second


async def test_two_keys_of_one_person_are_told_apart_where_the_pin_is_typed(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        shows(counter, key(1), key(2))
        async with terminal(counter) as clerk:
            await clerk.enters("2")
            assert clerk.reads("林晓岚 经办 0002")


async def test_an_expired_key_is_refused_before_a_pin_is_typed(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        signing = shows(counter, key(1, until=NOW - timedelta(days=3)), key(2))
        async with terminal(counter) as clerk:
            await clerk.enters("1")
            assert clerk.reads("林晓岚 的证书已于 2026-11-20 到期，不能登录，请联系证书管理员换发")
            assert clerk.at == "key"
            assert not signing.pins
            await clerk.enters("2")
            assert clerk.at == "window"


async def test_a_key_that_is_not_valid_yet_is_refused_too(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        shows(counter, key(1, since=NOW + timedelta(days=3)))
        async with terminal(counter) as clerk:
            await clerk.presses("enter")
            assert clerk.reads("2026-11-26 起生效，请核对本机日期")
            assert clerk.at == "key"


async def test_a_key_near_its_end_is_told_and_taken(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        shows(counter, key(1, until=NOW + timedelta(days=12, hours=1)))
        async with terminal(counter) as clerk:
            await clerk.presses("enter")
            assert clerk.reads("还有 12 天到期，请尽早联系证书管理员换发")
            assert clerk.at == "window"


async def test_a_number_typed_before_the_list_changed_is_not_taken_for_another_key(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        signing = shows(counter, key(1), key(2), key(3))
        async with terminal(counter) as clerk:
            await clerk.types("2")
            signing.present = (key(2), key(3))
            await looks(clerk)
            assert clerk.reads("证书列表有变化，请重新输入序号")
            await clerk.presses("enter")
            assert clerk.at == "key"


async def test_a_number_that_still_means_the_same_key_stays(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        signing = shows(counter, key(1), key(2))
        async with terminal(counter) as clerk:
            await clerk.types("2")
            signing.present = (key(1), key(2), key(3))
            await looks(clerk)
            await clerk.presses("enter")
            assert clerk.at == "window"
            assert clerk.reads("林晓岚 经办 0002")


async def test_a_chosen_key_that_is_put_in_again_is_the_chosen_one_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        signing = shows(counter, key(1), key(2))
        async with terminal(counter) as clerk:
            await clerk.enters("2")
            await clerk.enters("")
            await clerk.types("1234")
            signing.present = (key(1),)
            await looks(clerk)
            assert clerk.at == "key"
            assert "****" not in clerk.page
            signing.present = (key(2), key(1))
            await looks(clerk)
            assert clerk.reads("所选证书已重新插入")
            await clerk.presses("enter")
            assert clerk.reads("林晓岚 经办 0002")
            assert clerk.at == "window"
