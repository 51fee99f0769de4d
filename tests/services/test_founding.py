"""A bureau is founded by two persons and a one-time code for each of its first posts, and only while it lacks them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.founding import CODE_LIFE, CODE_TRIES, FIRST_POSTS
from counter_tui.domain.grants import LedgerAct
from counter_tui.domain.operators import OperatorState
from counter_tui.domain.posts import PostsExclude, Role
from counter_tui.domain.problems import Rejected
from counter_tui.policy.regions import load_policy
from counter_tui.security.humans import KeyedHumans
from counter_tui.services.founding import (
    CodeVoid,
    FoundBureau,
    NoCode,
    NoFirstPost,
    Person,
    PostHeld,
    SamePerson,
    WrongCode,
)
from counter_tui.services.operators import Offered
from storage.hub.founding import FoundingBook
from storage.hub.judging import Judge
from storage.hub.opening import open_hub
from storage.local.store import open_local
from storage.sync.hub_client import InProcessHub
from storage.sync.pull import Puller
from tests.services.bureau import TODAY, FixedClock, citizen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.hub.ingest import Hub

HOST = Person(name="root", identity=citizen("13040319700101001"))
HOLDERS = {
    role: Person(name=name, identity=citizen(f"1304031975010100{place}"))
    for place, (role, name) in enumerate(zip(FIRST_POSTS, ("周一", "吴二", "郑三", "王四"), strict=True), 3)
}
NUMBERS = {role: f"000{place}" for place, role in enumerate(FIRST_POSTS, 1)}


def certificate(tail: str) -> Offered:
    return Offered(issuer="CN=签发", number=f"ab{tail}", key_hash=tail * 16, holder="x", until=date(2030, 1, 1))


@dataclass
class Founding:
    """A new bureau's host."""

    hub: Hub
    clock: FixedClock
    bureau: FoundBureau = field(init=False)

    def __post_init__(self) -> None:
        policy = load_policy("handan", training=False)
        self.bureau = FoundBureau(
            book=FoundingBook(self.hub), policy=policy, clock=self.clock, humans=KeyedHumans(secret=b"s" * 32)
        )

    def opens(self, role: Role) -> None:
        """Both persons, for one post."""
        code = self.bureau.new_code(role, HOST)
        self.enters(role, code)

    def enters(self, role: Role, code: str, by: Person | None = None, number: str = "") -> None:
        number = number or NUMBERS[role]
        self.bureau.enter(role, code, number=number, by=by or HOLDERS[role], offered=certificate(number))


@pytest.fixture
def founding(tmp_path: Path) -> Iterator[Founding]:
    clock, policy = FixedClock(), load_policy("handan", training=False)
    judge = Judge(policy=policy, clock=clock, verify=lambda *_: None)
    hub = open_hub(tmp_path / "hub.sqlite", bureau=policy.region.bureau, training=False, judge=judge)
    yield Founding(hub, clock)
    hub.close()


async def test_four_times_two_persons_make_a_bureau_and_the_ledger_goes_down_to_its_counters(
    founding: Founding, tmp_path: Path
) -> None:
    assert founding.bureau.missing() == FIRST_POSTS
    for place, role in enumerate(FIRST_POSTS, 1):
        founding.opens(role)
        assert founding.bureau.missing() == FIRST_POSTS[place:]
    store = open_local(tmp_path / "counter.sqlite", bureau=founding.hub.bureau, device="host-1")
    puller = Puller(store=store, client=InProcessHub(founding.hub), clock=founding.clock)
    while await puller.pull():
        pass
    known = await store.read(lambda look: look.operators())
    ledger = await store.read(lambda look: look.register.ledger())
    store.close()
    assert [(each.number, *each.roles) for each in known] == [(NUMBERS[role], role) for role in FIRST_POSTS]
    assert {each.last_day for each in known} == {date(2027, 11, 22)}
    assert [(line.act, [by.operator for by in line.signed]) for line in ledger] == [
        (LedgerAct.FOUND, ["root", NUMBERS[role]]) for role in FIRST_POSTS
    ]


def test_a_post_that_somebody_holds_is_not_opened_this_way(founding: Founding) -> None:
    founding.opens(Role.CONTROL)
    with pytest.raises(PostHeld, match="稽核内控，不能首次开立；请由主管申请授权"):
        founding.bureau.new_code(Role.CONTROL, HOST)
    with pytest.raises(NoFirstPost):
        founding.bureau.new_code(Role.CLERK, HOST)


def test_a_code_opens_one_post_once(founding: Founding) -> None:
    code = founding.bureau.new_code(Role.HEAD, HOST)
    with pytest.raises(NoCode):
        founding.enters(Role.CONTROL, code)
    founding.enters(Role.HEAD, code.lower().replace("-", " "))
    with pytest.raises(PostHeld):
        founding.enters(Role.HEAD, code, number="0099")


def test_a_code_of_two_makers_at_once_opens_the_post_for_one(founding: Founding) -> None:
    code = founding.bureau.new_code(Role.HEAD, HOST)
    kept = founding.bureau.book.code(Role.HEAD)
    assert kept is not None
    founding.enters(Role.HEAD, code)
    founding.bureau.book.keep_code(kept)
    with pytest.raises(PostHeld):
        founding.enters(Role.HEAD, code, by=HOLDERS[Role.CONTROL], number="0099")


def test_a_code_is_void_after_half_an_hour_and_after_five_wrong_ones(founding: Founding) -> None:
    code = founding.bureau.new_code(Role.HEAD, HOST)
    founding.clock.moment += CODE_LIFE
    with pytest.raises(CodeVoid):
        founding.enters(Role.HEAD, code)
    code = founding.bureau.new_code(Role.HEAD, HOST)
    for left in reversed(range(CODE_TRIES)):
        with pytest.raises(WrongCode, match=f"还可尝试 {left} 次"):
            founding.enters(Role.HEAD, "AAAA-AAAA-AAAA")
    with pytest.raises(CodeVoid):
        founding.enters(Role.HEAD, code)
    assert founding.hub.operators() == []


def test_it_takes_two_persons_and_four_humans(founding: Founding) -> None:
    code = founding.bureau.new_code(Role.HEAD, HOST)
    with pytest.raises(SamePerson):
        founding.enters(Role.HEAD, code, by=replace(HOST, name="甲"))
    founding.enters(Role.HEAD, code)
    code = founding.bureau.new_code(Role.CONTROL, HOST)
    with pytest.raises((Rejected, PostsExclude), match="不能由同一人担任"):
        founding.enters(Role.CONTROL, code, by=HOLDERS[Role.HEAD])
    with pytest.raises(Rejected, match="工号 0003 已登记"):
        founding.enters(Role.CONTROL, code, number="0003")
    founding.enters(Role.CONTROL, code)


def test_neither_code_nor_identity_number_is_kept(founding: Founding, tmp_path: Path) -> None:
    code = founding.bureau.new_code(Role.HEAD, HOST)
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert code.encode() not in everything
    assert code.replace("-", "").encode() not in everything
    assert HOST.identity.encode() not in everything


def test_a_post_whose_only_holder_lost_his_key_is_opened_again(founding: Founding) -> None:
    for role in FIRST_POSTS:
        founding.opens(role)
    head = next(each for each in founding.hub.operators() if Role.HEAD in each.roles)
    founding.hub.register_operators([replace(head, state=OperatorState.REVOKED)])
    assert founding.bureau.missing() == (Role.HEAD,)
    code = founding.bureau.new_code(Role.HEAD, HOST)
    founding.enters(Role.HEAD, code, number="0009")
    assert founding.bureau.missing() == ()
    founding.clock.moment += timedelta(days=366)
    assert founding.bureau.missing() == FIRST_POSTS
    assert founding.bureau.clock.today() == TODAY


def test_a_county_founds_no_administrator(founding: Founding) -> None:
    policy = founding.bureau.policy
    county = replace(founding.bureau, policy=replace(policy, region=replace(policy.region, code="130403")))
    code = county.new_code(Role.ADMINISTRATOR, HOST)
    with pytest.raises(Rejected, match="县级经办机构不设系统管理岗"):
        county.enter(
            Role.ADMINISTRATOR, code, number="0004", by=HOLDERS[Role.ADMINISTRATOR], offered=certificate("0004")
        )
