"""The key under the screens: gone, silent and back again; what was typed is kept, and nothing signs meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest

from counter_tui.security.refusals import AnotherOperator
from counter_tui.services.keys import SILENT_AFTER, KeyGone, KeySilent, KeyState, Plug
from screens.blank import Blank
from screens.decisive import Decide
from screens.home import Home
from screens.lock import Lock
from screens.reception import ReceptionDesk
from tests.screens.desks import CountedApp, at_home, insert, looks, opens, pull
from tests.screens.stories import PIN, open_counter
from tests.screens.test_lock import locks
from tests.services.bureau import PAYING, counter_of, sign_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from counter_tui.domain.operators import Operator
    from counter_tui.security.signing_on import KeySigningOn
    from counter_tui.services.counter import Counter
    from counter_tui.services.refused_proofs import NotedSigning
    from tests.screens.stories import Clerk

WITHIN = 1.0
"""Seconds within which nothing is shown any more."""


@dataclass
class HandWatch:
    """A watch whose hands are moved by the test."""

    plugged: frozenset[Plug]
    silent_for: float = 0.0
    generation: int = 0

    def start(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter_of(tmp_path) as opened:
        by_hand(opened)
        yield opened


def signing_of(counter: Counter) -> KeySigningOn:
    """Below what notes refusals."""
    return cast("KeySigningOn", cast("NotedSigning", counter.signing).signing)


def by_hand(counter: Counter) -> HandWatch:
    """From now on the watch is moved by hand; all keys of the folder are plugged in."""
    signing = signing_of(counter)
    signing.watch.close()
    listed = signing.source.present()
    watch = HandWatch(frozenset(Plug(key.reader, key.fingerprint, 0) for key in listed))
    object.__setattr__(signing, "watch", watch)
    return watch


def watch_of(counter: Counter) -> HandWatch:
    watch = signing_of(counter).watch
    assert isinstance(watch, HandWatch)
    return watch


def home(clerk: Clerk) -> Home:
    return next(screen for screen in clerk.app.screen_stack if isinstance(screen, Home))


async def feels(clerk: Clerk) -> None:
    """The moments go by in which the key is felt for."""
    for _ in range(2):
        home(clerk)._feel()
        await clerk.settled()


def taken_out(counter: Counter) -> None:
    watch_of(counter).plugged = frozenset()


def state(counter: Counter) -> KeyState:
    return counter.signing.key_state(counter.seat.session)


# Gone


async def test_a_key_that_is_gone_drops_the_sign_on_key_before_anything_is_waited_for(counter: Counter) -> None:
    async with at_home(counter) as clerk:
        session = counter.seat.session
        taken_out(counter)
        home(clerk)._feel()
        assert not session.alive
        await clerk.settled()
        assert isinstance(clerk.screen, Lock)


@pytest.mark.parametrize("change", ["another plug", "another generation", "silent for too long"])
async def test_whatever_does_not_vouch_for_the_very_key_locks(counter: Counter, change: str) -> None:
    async with at_home(counter) as clerk:
        watch = watch_of(counter)
        match change:
            case "another plug":
                watch.plugged = frozenset(replace(plug, count=plug.count + 2) for plug in watch.plugged)
            case "another generation":
                watch.generation += 1
            case _:
                watch.silent_for = 5.0
        assert state(counter) is KeyState.GONE
        await feels(clerk)
        assert isinstance(clerk.screen, Lock)
        assert clerk.reads("终端已锁定")


async def test_other_keys_come_and_go_freely(counter: Counter) -> None:
    async with at_home(counter) as clerk:
        watch = watch_of(counter)
        own = counter.seat.session.key_serial
        watch.plugged = frozenset(plug for plug in watch.plugged if plug.token == own)
        await feels(clerk)
        assert isinstance(clerk.screen, Home)


def empties(folder: Path) -> Path:
    """Pull all keys at once; where they are now."""
    (folder / "keys").rename(folder / "drawer")
    (folder / "keys").mkdir()
    return folder / "drawer"


async def test_the_lock_says_when_a_key_is_back_and_whose_it_is_not(counter: Counter, tmp_path: Path) -> None:
    async with at_home(counter) as clerk:
        await locks(clerk)
        assert clerk.reads("证书介质已插入，请输入 PIN 后按回车")
        lock = cast("Lock", clerk.screen)

        pull(tmp_path, "0007")
        lock._look()
        await clerk.settled()
        assert clerk.reads("插入的不是本柜员的证书介质")

        pulled = empties(tmp_path)
        lock._look()
        await clerk.settled()
        assert clerk.reads("请重新插入证书介质")

        (tmp_path / "keys").rmdir()
        pulled.rename(tmp_path / "keys")
        insert(tmp_path, "0007")
        lock._look()
        await clerk.settled()
        assert clerk.reads("证书介质已插入")


async def test_what_was_said_of_the_missing_key_goes_when_it_is_in_again(counter: Counter, tmp_path: Path) -> None:
    async with at_home(counter) as clerk:
        await locks(clerk)
        pulled = empties(tmp_path)
        await looks(clerk)
        await clerk.enters(PIN)
        assert clerk.reads("未检测到证书介质")

        (tmp_path / "keys").rmdir()
        pulled.rename(tmp_path / "keys")
        await looks(clerk)
        assert clerk.reads("证书介质已插入，请输入 PIN 后按回车")
        assert not clerk.reads("未检测到证书介质")

        await clerk.enters("000000")
        await looks(clerk)
        assert clerk.reads("还可尝试")


async def test_a_decision_on_the_screen_is_covered_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as stories:
        await stories.declares("P05", PAYING)
        by_hand(stories.counter)
        await stories.sits("0007")
        before = await stories.kinds()
        async with at_home(stories.counter) as clerk:
            before = await stories.kinds()
            await opens_submission(clerk)
            assert isinstance(clerk.screen, Decide)
            taken_out(stories.counter)
            await feels(clerk)
            assert isinstance(clerk.screen, Lock)
            assert not clerk.reads("笔数")
            assert await stories.kinds() == before

            by_hand(stories.counter)
            await clerk.enters(PIN)
            assert isinstance(clerk.screen, Decide)


async def opens_submission(clerk: Clerk) -> None:
    """The decision to submit, from a screen of its own."""
    from screens.decisive import Decision, cases

    async def act(pin: bytearray, values: object) -> None:
        del pin, values

    decision = Decision(title="提交", figures=("共 1 笔",), act=act, then=lambda _: None, figure=cases(1))
    await opens(clerk, Decide("P25", decision))


# Silence


async def test_silence_blanks_the_screen_and_the_same_key_brings_it_back(counter: Counter) -> None:
    async with at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters("130400100001")
        await clerk.types("刘芳")
        watch = watch_of(counter)
        watch.silent_for = 1.0
        await feels(clerk)
        assert isinstance(clerk.screen, Blank)
        for word in ("刘芳", "130400100001", "明远", "0007"):
            assert not clerk.reads(word)
        assert clerk.reads("读卡服务没有应答")

        watch.silent_for = 0.1
        await feels(clerk)
        assert isinstance(clerk.screen, ReceptionDesk)
        assert clerk.at == "visitor"
        await clerk.types("菲")
        assert clerk.reads("刘芳菲")
        assert counter.seat.session.alive


async def test_keys_typed_into_the_silence_do_nothing_but_say_why(counter: Counter) -> None:
    async with at_home(counter) as clerk:
        watch_of(counter).silent_for = 1.0
        await feels(clerk)
        for key in ("f2", "f8", "f12", "enter", "escape"):
            await clerk.presses(key)
        await clerk.types("02")
        assert isinstance(clerk.screen, Blank)
        assert clerk.reads("刚才的按键没有起作用")

        watch_of(counter).silent_for = 0.0
        await feels(clerk)
        assert isinstance(clerk.screen, Home)
        assert "02" not in clerk.screen.query_one("#path").value  # type: ignore[attr-defined]


async def test_a_first_silent_look_is_followed_by_the_next_at_once(counter: Counter) -> None:
    async with at_home(counter) as clerk:
        steady = home(clerk)._feel()
        watch_of(counter).silent_for = SILENT_AFTER
        doubtful = home(clerk)._feel()
        assert SILENT_AFTER + steady + doubtful <= WITHIN


async def test_one_late_look_is_not_yet_silence(counter: Counter) -> None:
    async with at_home(counter) as clerk:
        watch_of(counter).silent_for = 1.0
        home(clerk)._feel()
        watch_of(counter).silent_for = 0.0
        await feels(clerk)
        assert isinstance(clerk.screen, Home)


async def test_nothing_signs_while_nobody_can_vouch_for_the_key(counter: Counter) -> None:
    await sign_on(counter, "0007")
    session = counter.seat.session
    watch_of(counter).silent_for = 0.9
    with pytest.raises(KeySilent, match="没有签名"):
        session.sign(bytes(32))
    pin = bytearray(PIN.encode())
    with pytest.raises(KeySilent):
        await session.decide(b"content", pin)
    assert pin == bytearray(len(PIN))

    watch_of(counter).silent_for = 0.0
    session.sign(bytes(32))
    taken_out(counter)
    with pytest.raises(KeyGone):
        session.sign(bytes(32))


async def test_a_silence_that_ends_too_late_locks_over_the_blank_screen_and_the_pin_opens_both(
    counter: Counter,
) -> None:
    async with at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters("130400100001")
        await clerk.types("刘芳")
        watch_of(counter).silent_for = 2.0
        await feels(clerk)
        watch_of(counter).silent_for = 5.0
        await feels(clerk)
        assert isinstance(clerk.screen, Lock)
        assert not counter.seat.session.alive

        watch_of(counter).silent_for = 0.0
        watch_of(counter).generation += 1
        await clerk.enters(PIN)
        await clerk.settled()
        assert isinstance(clerk.screen, ReceptionDesk)
        assert clerk.reads("刘芳")


async def test_a_screen_that_opens_in_the_silence_is_covered_as_well_and_all_covers_go(counter: Counter) -> None:
    async with at_home(counter) as clerk:
        watch_of(counter).silent_for = 1.0
        await feels(clerk)
        await opens(clerk, ReceptionDesk("02"))
        await feels(clerk)
        assert isinstance(clerk.screen, Blank)

        watch_of(counter).silent_for = 0.0
        await feels(clerk)
        assert isinstance(clerk.screen, ReceptionDesk)
        await clerk.presses("f12")
        assert isinstance(clerk.screen, Home)


async def test_what_comes_in_meanwhile_waits_until_the_screen_is_back(counter: Counter) -> None:
    """A result would open its own screen over the blank one, or close the blank one for its own."""
    async with at_home(counter) as clerk:
        told: list[str] = []

        async def answered() -> str:
            return "答复"

        watch_of(counter).silent_for = 1.0
        await feels(clerk)
        home(clerk).work_held(answered(), told.append)
        await clerk.settled()
        assert told == []
        assert isinstance(clerk.screen, Blank)

        watch_of(counter).silent_for = 0.0
        await feels(clerk)
        assert told == ["答复"]


async def test_an_idle_counter_paints_nothing_while_it_feels_for_the_key(counter: Counter) -> None:
    async with at_home(counter) as clerk:
        app = cast("CountedApp", clerk.app)
        for _ in range(3):
            await looks(clerk)
        frames = app.frames
        for _ in range(50):
            home(clerk)._feel()
        await clerk.settled()
        assert app.frames == frames


# Back again


def with_operators(counter: Counter, *operators: Operator) -> None:
    """The registry tells these operators from now on."""

    async def registry() -> tuple[Operator, ...]:
        return operators

    object.__setattr__(signing_of(counter), "registry", registry)


async def test_a_renewed_key_of_the_same_operator_opens_the_lock(counter: Counter, tmp_path: Path) -> None:
    await sign_on(counter, "0007")
    locked = counter.seat.session
    locked.forget()
    registered = {each.number: each for each in await signing_of(counter).registry()}
    old, other = registered["0007"], registered["0008"]
    renewed = replace(other, number=old.number, name=old.name, human=old.human, roles=old.roles)
    with_operators(counter, renewed)
    pull(tmp_path, "0007")

    session = await counter.signing.unlock(locked, bytearray(PIN.encode()))
    assert session.operator.number == "0007"
    assert session.key_serial != locked.key_serial


async def test_the_key_of_another_operator_is_refused_before_a_try_is_spent(counter: Counter, tmp_path: Path) -> None:
    await sign_on(counter, "0007")
    locked = counter.seat.session
    locked.forget()
    pull(tmp_path, "0007")
    pin = bytearray(b"000000")

    with pytest.raises(AnotherOperator, match="插入的不是柜员 0007 林晓岚 的证书介质"):
        await counter.signing.unlock(locked, pin)
    assert pin == bytearray(6)
    signing = signing_of(counter)
    assert all(signing.source.open(key.fingerprint).attempts_left() == 6 for key in signing.source.present())


async def test_a_key_that_leaves_right_after_it_signed_signs_nobody_on(counter: Counter) -> None:
    taken_out(counter)
    with pytest.raises(KeyGone):
        await sign_on(counter, "0007")


async def test_what_was_typed_comes_back_to_its_own_operator(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters("130400100001")
        await clerk.types("刘芳")
        pull(tmp_path, "0007")
        await looks(clerk)
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, Lock)
        assert clerk.reads("插入的不是柜员 0007 林晓岚")
        insert(tmp_path, "0007")
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, ReceptionDesk)
        assert clerk.reads("刘芳")
