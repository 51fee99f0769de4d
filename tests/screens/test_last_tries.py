"""Wrong PINs at the screens: what the clerk is told, and how he goes on with two tries left."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from counter_tui.operations.canonical import unpack
from counter_tui.operations.envelope import Operation, Proposal
from screens.decisive import Decide, Decision
from screens.home import Home
from screens.lock import Lock
from screens.login import Login
from screens.override import AskSupervisor
from tests.screens.cards import re_inserts, with_cards
from tests.screens.desks import at_home, looks, opens, terminal
from tests.screens.stories import PIN
from tests.services.bureau import counter_of

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.services.overrides import Override
    from tests.screens.stories import Clerk

CLERK, SUPERVISOR = "0007", "0021"


async def chooses(clerk: Clerk, number: str = "1") -> None:
    """The key and the window; the cursor stands on the PIN."""
    await clerk.enters(number)
    await clerk.enters("")
    assert clerk.at == "pin"


def refusals_on_record(folder: Path) -> list[Operation]:
    """Refused proofs in the device's chain."""
    with sqlite3.connect(f"file:{folder / 'counter.sqlite'}?mode=ro", uri=True) as file:
        envelopes = file.execute("SELECT envelope FROM journal ORDER BY dev_seq").fetchall()
    file.close()
    kept = (unpack(Operation, envelope) for (envelope,) in envelopes)
    return [operation for operation in kept if operation.kind == "signon.refused"]


@pytest.mark.parametrize("tells_count", [True, False])
async def test_at_the_login_the_key_is_put_in_anew_and_the_warning_confirmed(
    tmp_path: Path,
    tells_count: bool,  # noqa: FBT001
) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path, tells_count=tells_count) as drawer:
            async with terminal(counter) as clerk:
                await chooses(clerk)
                await clerk.enters("000000")
                assert clerk.reads("PIN 错误，还可尝试 2 次")
                await clerk.enters(PIN)
                assert clerk.reads("请拔出介质后重新插入")
                await re_inserts(clerk, drawer, CLERK)
                await chooses(clerk)
                await clerk.enters(PIN)
                assert clerk.reads("只剩 2 次 PIN 机会")
                assert clerk.reads("再按一次 回车 确认")
                assert drawer.card(CLERK).tries == 2
                await clerk.confirms("enter")
                assert clerk.reads("请重新输入 PIN")
                assert clerk.at == "pin"
                await clerk.enters(PIN)
                assert isinstance(clerk.screen, Home)
                assert drawer.card(CLERK).tries == 3


async def test_a_warning_that_is_withdrawn_spends_nothing(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            drawer.card(CLERK).tries = 2
            async with terminal(counter) as clerk:
                await chooses(clerk)
                await clerk.enters(PIN)
                await re_inserts(clerk, drawer, CLERK)
                await chooses(clerk)
                await clerk.enters(PIN)
                await clerk.presses("escape")
                assert clerk.reads("已撤回")
                await clerk.enters(PIN)
                assert clerk.reads("只剩 2 次 PIN 机会")
                assert drawer.card(CLERK).tries == 2


async def test_the_last_try_is_kept_and_a_blocked_key_says_whom_to_ask(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with terminal(counter) as clerk:
                await chooses(clerk)
                for tries, sentence in ((1, "只剩最后一次机会，本机不再尝试"), (0, "介质已锁定，请联系证书管理员解锁")):
                    drawer.card(CLERK).tries = tries
                    await clerk.enters(PIN)
                    assert clerk.reads(sentence)
                    assert drawer.card(CLERK).tries == tries
                assert isinstance(clerk.screen, Login)


async def test_at_the_lock_the_same_rule_opens_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path, tells_count=False) as drawer:
            async with at_home(counter) as clerk:
                drawer.card(CLERK).tries = 2
                drawer.pull(CLERK)
                await looks(clerk)
                assert isinstance(clerk.screen, Lock)
                drawer.put_in(CLERK)
                await clerk.enters(PIN)
                assert clerk.reads("请拔出介质后重新插入")
                await re_inserts(clerk, drawer, CLERK)
                await clerk.enters(PIN)
                await clerk.confirms("enter")
                await clerk.enters(PIN)
                assert isinstance(clerk.screen, Home)


async def test_a_supervisors_key_is_put_in_anew_without_locking_the_clerk_out(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        words = list["Override"]()
        with with_cards(counter, tmp_path) as drawer:
            async with at_home(counter) as clerk:
                drawer.card(SUPERVISOR).tries = 2
                await opens(
                    clerk, AskSupervisor({"function": "P02"}, words.append, function="P02", signing=counter.signing)
                )
                await clerk.enters("")
                await clerk.enters("材料齐全")
                await clerk.enters(PIN)
                assert clerk.reads("请拔出介质后重新插入")
                await re_inserts(clerk, drawer, SUPERVISOR)
                await clerk.enters(PIN)
                await clerk.confirms("enter")
                await clerk.enters(PIN)
                assert [word.operator for word in words] == [SUPERVISOR]


async def test_failed_proofs_are_on_record_with_the_next_sign_on(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with terminal(counter) as clerk:
                await chooses(clerk, "3")
                await clerk.enters("000000")
                drawer.card("0011").tries = 1
                await clerk.enters("999999")
                await clerk.presses("up", "up")
                await chooses(clerk, "1")
                await clerk.enters(PIN)
                assert isinstance(clerk.screen, Home), clerk.page
            (told,) = refusals_on_record(tmp_path)
            assert told.maker.operator == CLERK
            keys = await counter.signing.keys()
            assert [(each["act"], each["why"], each["left"]) for each in told.body["refusals"]] == [
                ("sign-on", "WrongPin", "2"),
                ("sign-on", "LastTryKept", ""),
            ]
            assert {each["key"] for each in told.body["refusals"]} == {keys[2].fingerprint}
            assert "000000" not in str(told.body)


async def test_a_wrong_pin_at_a_decision_is_on_record_at_once(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path):
            async with at_home(counter, number="5") as clerk:
                done: list[object] = []

                async def act(pin: bytearray, _: object) -> object:
                    proposal = Proposal(kind="signon.lock", unit_id="B", body={"window": "001"})
                    return await counter.record([proposal], seat=counter.seat, pin=pin)

                await opens(
                    clerk, Decide("P29", Decision(title="核定", figures=("共 1 笔",), act=act, then=done.append))
                )
                await clerk.enters("999999")
                assert clerk.reads("PIN 错误，还可尝试 2 次")
                (told,) = refusals_on_record(tmp_path)
                assert told.maker.operator == SUPERVISOR
                assert [(each["act"], each["why"]) for each in told.body["refusals"]] == [("decision", "WrongPin")]
                await clerk.enters(PIN)
                assert clerk.reads("请拔出介质后重新插入")
                assert not done
