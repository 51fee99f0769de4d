"""Wrong PINs down to the last tries: the program stops at two, and never spends the last one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import pytest

from counter_tui.security.refusals import LastPukTryKept, LastTryKept, StopAtTwo
from counter_tui.security.signing_on import KeySigningOn
from counter_tui.security.ssh_key import Admission, this_connection
from counter_tui.services.keys import KeyGone, PinUnfit, PukBlocked, WrongPin, WrongPuk
from counter_tui.services.signing import ConfirmTries
from tests.devices.drawer import PIN, PUK, DrawerKeys
from tests.devices.training_kit import PLACE, Counter, counter

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.domain.operators import Operator

CLERK, SUPERVISOR = "0007", "0021"
WRONG = b"000000"


@contextmanager
def window_of(folder: Path, *, tells_count: bool) -> Iterator[Window]:
    """Its keys are watched meanwhile."""
    opened = Window(counter(folder), tells_count=tells_count)
    opened.watch.start()
    try:
        yield opened
    finally:
        opened.watch.close()


class Window:
    """A window of the training bureau whose keys are cards."""

    def __init__(self, at: Counter, *, tells_count: bool = True) -> None:
        self.keys = DrawerKeys(at.bureau.folder, tells_count=tells_count)

        async def registry() -> tuple[Operator, ...]:
            return tuple(at.bureau.operators)

        self.watch = self.keys.watch()
        self.signing = KeySigningOn(
            source=self.keys,
            watch=self.watch,
            rule=at.sign_on,
            place=PLACE,
            registry=registry,
            admission=Admission(connection=this_connection({}), log=at.bureau.folder / "counter.log"),
        )

    def key(self, operator: str = CLERK) -> str:
        """Its fingerprint, in or out of the reader."""
        soft = self.keys._soft.present()
        return next(each.fingerprint for each in soft if each.reader.startswith(operator))

    async def signs_on(self, pin: bytes = PIN, operator: str = CLERK) -> bytearray:
        """Try; the buffer the PIN was in."""
        typed = bytearray(pin)
        await self.signing.sign_on(self.key(operator), typed, window="003")
        return typed

    async def re_inserts(self, operator: str = CLERK) -> None:
        self.keys.pull(operator)
        await self.signing.keys()  # as the screen looks each second
        self.keys.put_in(operator)


@pytest.fixture(params=[True, False], ids=["counts insertions", "counts nothing"])
def window(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Window]:
    with window_of(tmp_path, tells_count=request.param) as opened:
        yield opened


async def test_at_two_left_only_a_key_put_in_anew_and_a_confirmed_warning_let_a_pin_through(window: Window) -> None:
    with pytest.raises(WrongPin, match="还可尝试 2 次"):
        await window.signs_on(WRONG)
    for _ in range(3):
        with pytest.raises(StopAtTwo):
            await window.signs_on()
    await window.signing.confirm_tries(window.key())
    with pytest.raises(StopAtTwo):
        await window.signs_on()

    await window.re_inserts()
    with pytest.raises(ConfirmTries, match="只剩 2 次"):
        await window.signs_on()
    await window.signing.confirm_tries(window.key())
    await window.signs_on()
    assert window.keys.card(CLERK).tries == 3
    await window.signs_on()


async def test_the_last_try_is_never_spent(window: Window) -> None:
    with pytest.raises(WrongPin):
        await window.signs_on(WRONG)
    with pytest.raises(StopAtTwo):
        await window.signs_on(WRONG)
    await window.re_inserts()
    with pytest.raises(ConfirmTries):
        await window.signs_on(WRONG)
    await window.signing.confirm_tries(window.key())
    with pytest.raises(WrongPin, match="还可尝试 1 次"):
        await window.signs_on(WRONG)
    for _ in range(2):
        with pytest.raises(LastTryKept):
            await window.signs_on()
        await window.re_inserts()
        await window.signing.confirm_tries(window.key())
    assert window.keys.card(CLERK).tries == 1


async def test_a_confirmation_is_for_the_insertion_it_was_given_in(window: Window) -> None:
    window.keys.card(CLERK).tries = 2
    with pytest.raises(StopAtTwo):
        await window.signs_on()
    await window.re_inserts()
    await window.signing.confirm_tries(window.key())
    with pytest.raises(ConfirmTries):
        await window.signs_on()
    await window.signing.confirm_tries(window.key())
    await window.re_inserts()
    with pytest.raises(ConfirmTries):
        await window.signs_on()


async def test_one_keys_confirmation_is_not_anothers(window: Window) -> None:
    window.keys.card(CLERK).tries = window.keys.card(SUPERVISOR).tries = 2
    for operator in (CLERK, SUPERVISOR):
        with pytest.raises(StopAtTwo):
            await window.signs_on(operator=operator)
        await window.re_inserts(operator)
        with pytest.raises(ConfirmTries):
            await window.signs_on(operator=operator)
    await window.signing.confirm_tries(window.key(CLERK))
    with pytest.raises(ConfirmTries):
        await window.signs_on(operator=SUPERVISOR)
    await window.signs_on()


Act: TypeAlias = Callable[[Window, bytearray], Awaitable[object]]


async def _decides(window: Window, pin: bytearray) -> object:
    session = await window.signing.sign_on(window.key(SUPERVISOR), bytearray(PIN), window="003")
    window.keys.card(SUPERVISOR).tries = 2
    return await session.decide(b"a decision", pin)


async def _unlocks(window: Window, pin: bytearray) -> object:
    session = await window.signing.sign_on(window.key(SUPERVISOR), bytearray(PIN), window="003")
    window.keys.card(SUPERVISOR).tries = 2
    return await window.signing.unlock(session, pin)


async def _overrides(window: Window, pin: bytearray) -> object:
    window.keys.card(SUPERVISOR).tries = 2
    return await window.signing.override(
        window.key(SUPERVISOR), pin, function="P01", content=b"a declaration", reason="核对无误"
    )


async def _changes(window: Window, pin: bytearray) -> object:
    window.keys.card(SUPERVISOR).tries = 2
    await window.signing.change_pin(window.key(SUPERVISOR), pin, bytearray(b"654321"))
    return None


@pytest.mark.parametrize("act", [_decides, _unlocks, _overrides, _changes])
async def test_every_act_that_asks_a_pin_keeps_the_rule(window: Window, act: Act) -> None:
    given = len(window.keys.card(SUPERVISOR).given)
    pin = bytearray(PIN)
    with pytest.raises(StopAtTwo):
        await act(window, pin)
    assert pin == bytes(len(PIN)), "wiped, though the key never saw it"
    assert window.keys.card(SUPERVISOR).tries == 2
    await window.re_inserts(SUPERVISOR)
    window.keys.card(SUPERVISOR).given[given:] = []
    if act in (_overrides, _changes):  # the others sign on first, with a right PIN
        with pytest.raises(ConfirmTries):
            await act(window, bytearray(PIN))
        await window.signing.confirm_tries(window.key(SUPERVISOR))
        await act(window, bytearray(PIN))
        assert window.keys.card(SUPERVISOR).tries == 3


# Another PIN


async def test_a_pin_is_changed_and_both_buffers_are_wiped(window: Window) -> None:
    old, new = bytearray(PIN), bytearray(b"246810")
    await window.signing.change_pin(window.key(), old, new)
    assert old == bytes(6)
    assert new == bytes(6)
    assert not any(any(given) for given in window.keys.card(CLERK).given)
    await window.signs_on(b"246810")
    with pytest.raises(WrongPin):
        await window.signs_on()


async def test_a_new_pin_that_does_not_fit_costs_no_try(window: Window) -> None:
    with pytest.raises(PinUnfit, match="6 至 8 位数字"):
        await window.signing.change_pin(window.key(), bytearray(PIN), bytearray(b"1234"))
    assert window.keys.card(CLERK).tries == 3


async def test_a_blocked_key_is_opened_by_its_puk_and_the_rule_begins_anew(window: Window) -> None:
    window.keys.card(CLERK).tries = 0
    puk, new = bytearray(PUK), bytearray(b"135790")
    await window.signing.unblock_pin(window.key(), puk, new)
    assert not any(puk + new)
    await window.signs_on(b"135790")
    with pytest.raises(WrongPin):
        await window.signs_on(WRONG)
    with pytest.raises(StopAtTwo):
        await window.signs_on(b"135790")


async def test_the_last_try_of_the_puk_is_kept(window: Window) -> None:
    for left in (2, 1):
        with pytest.raises(WrongPuk, match=f"还可尝试 {left} 次"):
            await window.signing.unblock_pin(window.key(), bytearray(b"00000000"), bytearray(PIN))
    with pytest.raises(LastPukTryKept):
        await window.signing.unblock_pin(window.key(), bytearray(PUK), bytearray(PIN))
    assert window.keys.card(CLERK).puk_tries == 1


async def test_a_puk_blocked_elsewhere_is_said(window: Window) -> None:
    window.keys.card(CLERK).puk_tries = 0
    with pytest.raises(PukBlocked, match="不能再用"):
        await window.signing.unblock_pin(window.key(), bytearray(PUK), bytearray(PIN))


@pytest.mark.parametrize("act", ["change_pin", "unblock_pin"])
async def test_a_key_that_is_not_there_wipes_what_was_typed(window: Window, act: str) -> None:
    key, typed, new = window.key(), bytearray(PIN), bytearray(PIN)
    window.keys.pull(CLERK)
    with pytest.raises(KeyGone):
        await getattr(window.signing, act)(key, typed, new)
    assert not any(typed + new)
