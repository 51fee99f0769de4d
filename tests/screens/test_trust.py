"""How a clerk learns that revocation lists are old or missing, and what he may still do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from counter_tui.security.refusals import Revoked
from counter_tui.services.trust import Standing, TrustState
from screens.home import Home
from screens.lock import Lock
from tests.screens.desks import at_home, looks, terminal
from tests.screens.stories import LARGE, PIN, SMALL, USUAL, receive
from tests.services.bureau import counter_of, sign_on

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.domain.operators import Operator
    from counter_tui.services.counter import Counter

OLD = TrustState(
    standing=Standing.WARNED,
    sentence="吊销列表签发于 11-22 08:00，满 72 小时将停止受理新业务，请管理员检查 http://ca.bureau.invalid/list.crl",
)
TOO_OLD = TrustState(
    standing=Standing.READ_ONLY, sentence="吊销列表已 80 小时没有更新（11-20 02:00），请管理员检查网络"
)


@dataclass
class Told:
    """Trust that stands as it is told to."""

    now: TrustState = field(default_factory=TrustState)
    gone: set[str] = field(default_factory=set)

    def state(self) -> TrustState:
        return self.now

    def revoked(self, operator: Operator) -> str:
        return Revoked(since="2026-11-23").sentence if operator.number in self.gone else ""


def told(counter: Counter, state: TrustState) -> Told:
    trust = counter.record.trust = Told(state)
    return trust


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_an_old_list_is_told_at_the_sign_on_and_at_home_in_full(tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter_of(tmp_path) as counter:
        told(counter, OLD)
        async with at_home(counter, size=size) as clerk:
            at_work = clerk.page
            clerk.app.pop_screen()
            await looks(clerk)
            for page in (at_work, clerk.page):
                words = "".join(page.split())
                assert "注意：吊销列表签发于" in words
                assert "请管理员检查http://ca.bureau.invalid/list.crl" in words
            assert "只读" not in at_work


async def test_without_trouble_no_row_is_lost_to_it(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        assert clerk.page.splitlines()[2].strip().startswith("路径")


async def test_a_list_too_old_makes_the_host_read_only_in_words_on_every_screen(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007", window="001")
        await receive(counter)
        trust = told(counter, TrustState())
        async with at_home(counter) as clerk:
            assert "只读" not in clerk.page
            trust.now = TOO_OLD
            await looks(clerk)
            assert "只读" in clerk.page.splitlines()[0]
            assert clerk.reads("现在只能查询和打印，不能受理新业务")
            await clerk.enters("11")
            assert "只读" in clerk.page.splitlines()[0]


async def test_a_host_recovers_on_the_screen_when_a_list_arrives(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        trust = told(counter, TOO_OLD)
        async with at_home(counter) as clerk:
            assert clerk.reads("不能受理新业务")
            trust.now = TrustState()
            await looks(clerk)
            assert not clerk.reads("不能受理新业务")
            assert "只读" not in clerk.page


async def test_signing_on_locking_and_leaving_go_on_while_read_only(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        told(counter, TOO_OLD)
        async with at_home(counter) as clerk:
            await clerk.presses("f12")
            await clerk.confirms("f12")
            assert isinstance(clerk.screen, Lock)
            await clerk.enters(PIN)
            assert isinstance(clerk.screen, Home)


async def test_a_certificate_revoked_while_working_locks_at_the_next_look(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        trust = told(counter, TrustState())
        async with at_home(counter) as clerk:
            session = counter.seat.session
            trust.gone.add("0008")
            await looks(clerk)
            assert isinstance(clerk.screen, Home)
            trust.gone.add("0007")
            await looks(clerk)
            assert isinstance(clerk.screen, Lock)
            assert clerk.reads("证书已于 2026-11-23 被吊销，请联系证书管理员")
            assert not session.alive


async def test_the_login_tells_it_before_anybody_signs_on(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        told(counter, TOO_OLD)
        async with terminal(counter) as clerk:
            await looks(clerk)
            assert clerk.reads("吊销列表已 80 小时没有更新")
