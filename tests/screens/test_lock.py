"""A locked terminal: blank, without a sign-on key, and opened by the same operator alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.home import Home
from screens.lock import Lock
from screens.reception import ReceptionDesk
from tests.screens.desks import DamagedFile, at_home, insert, looks, opens, pull
from tests.screens.stories import PIN, receive
from tests.services.bureau import PAYING, counter_of, sign_on

if TYPE_CHECKING:
    from pathlib import Path

    from tests.screens.stories import Clerk


async def locks(clerk: Clerk) -> None:
    """F12 and F12 again at home."""
    await clerk.presses("f12")
    await clerk.confirms("f12")
    assert isinstance(clerk.screen, Lock)


def idles(clerk: Clerk, seconds: int) -> None:
    """So long nobody has touched a key."""
    clerk.app.last_key -= seconds


async def test_f12_twice_at_home_locks_and_the_pin_opens_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await locks(clerk)
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, Home)
        assert counter.seat.session.operator.number == "0007"


async def test_a_locked_screen_shows_nothing_of_the_work(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007", window="001")
        await receive(counter)
        async with at_home(counter) as clerk:
            assert clerk.reads("明远机械")
            await locks(clerk)
            for word in ("明远机械", "130400100001", "人员参保", "未送", "草稿"):
                assert not clerk.reads(word)
            assert clerk.reads("柜员 0007 林晓岚")


async def test_the_sign_on_key_is_forgotten_and_the_lock_is_on_record(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        session = counter.seat.session
        await locks(clerk)
        assert not session.session.alive  # type: ignore[attr-defined]
        await clerk.enters(PIN)
        assert counter.seat.session.id != session.id
        assert counter.seat.signon not in {"", session.id}


async def test_a_wrong_pin_leaves_it_locked_and_counts_down(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await locks(clerk)
        await clerk.enters("000000")
        assert isinstance(clerk.screen, Lock)
        assert clerk.reads("PIN 错误，还可尝试 5 次")


async def test_an_empty_pin_is_no_try_and_f12_is_no_way_out(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await locks(clerk)
        await clerk.presses("enter")
        assert clerk.reads("请输入 PIN")
        await clerk.presses("f12", "escape", "f8", "f10")
        assert isinstance(clerk.screen, Lock)


async def test_another_operators_key_does_not_open_it(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await locks(clerk)
        pull(tmp_path, "0007")
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, Lock)
        assert clerk.reads("插入的不是柜员 0007 林晓岚 的证书介质")
        insert(tmp_path, "0007")
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, Home)


async def test_a_pulled_key_locks_at_the_next_look(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        session = counter.seat.session
        pull(tmp_path, "0007")
        await looks(clerk)
        assert isinstance(clerk.screen, Lock)
        assert clerk.reads("证书介质已拔出或读卡服务中断，终端已锁定")
        assert not session.session.alive  # type: ignore[attr-defined]


async def test_a_reader_that_fails_counts_as_a_pulled_key(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        (tmp_path / "keys" / "0008.cer").write_bytes(b"torn")
        await looks(clerk)
        assert isinstance(clerk.screen, Lock)


async def test_five_idle_minutes_lock_and_a_key_in_time_does_not(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await looks(clerk)
        idles(clerk, 299)
        await clerk.types("1")
        await looks(clerk)
        idles(clerk, 299)
        await looks(clerk)
        assert isinstance(clerk.screen, Home)
        idles(clerk, 2)
        await looks(clerk)
        assert isinstance(clerk.screen, Lock)
        assert clerk.reads("长时间无操作")


async def test_the_bureau_may_set_another_idle_time(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        counter.idle_minutes = 1
        await looks(clerk)
        idles(clerk, 61)
        await looks(clerk)
        assert isinstance(clerk.screen, Lock)


async def test_the_pin_brings_back_the_same_screen_field_and_text(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters("130400100001")
        await clerk.types("刘芳")
        pull(tmp_path, "0007")
        await looks(clerk)
        assert not clerk.reads("刘芳")
        insert(tmp_path, "0007")
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, ReceptionDesk)
        assert clerk.at == "visitor"
        assert clerk.reads("刘芳")
        await clerk.types("菲")
        assert clerk.reads("刘芳菲")


async def test_what_was_typed_into_a_declaration_is_kept_as_a_draft(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007", window="001")
        await receive(counter)
        async with at_home(counter) as clerk:
            await clerk.enters("12")
            await clerk.types(PAYING)
            pull(tmp_path, "0007")
            await looks(clerk)
            draft = await counter.drafts.find("P05", seat=counter.seat)
            assert draft is not None
            assert draft.texts["id_number"] == PAYING


async def test_a_screen_that_opens_behind_the_lock_is_covered_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await locks(clerk)
        await opens(clerk, ReceptionDesk("02"))
        await looks(clerk)
        assert isinstance(clerk.screen, Lock)
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, ReceptionDesk)
        await clerk.presses("f12")
        assert isinstance(clerk.screen, Home)


async def test_a_lock_that_was_taken_away_without_a_pin_comes_back(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await locks(clerk)
        clerk.app.pop_screen()
        await looks(clerk)
        assert isinstance(clerk.screen, Lock)


async def test_a_damaged_file_still_locks_and_forgets_the_key(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        session = counter.seat.session
        object.__setattr__(counter.record, "store", DamagedFile(counter.store))
        await locks(clerk)
        assert not session.session.alive  # type: ignore[attr-defined]
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, Lock)


async def test_keys_typed_ahead_never_reach_the_pin(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await locks(clerk)
        assert clerk.at == "pin"
        assert "*" not in clerk.page.replace("*   PIN", "")
