"""Groups of functions granted and taken at real files, with a real hub and real soft keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.functions import FunctionGroup, read_groups
from counter_tui.domain.grants import GrantAct
from counter_tui.domain.posts import Role
from counter_tui.domain.problems import Rejected
from counter_tui.operations.canonical import builtins, canonical
from counter_tui.security.signing_on import OutsideGroups
from counter_tui.services.operators import Wanted
from tests.services.bureau import PAYING, PIN, SUSPENDED, counter_of, sign_on
from tests.services.groups import limited
from tests.services.test_one_employer_from_key_to_bill import declares, receive
from tests.services.test_operators import (
    CLERK,
    IDENTITY,
    SUPERVISOR,
    asked,
    puts_in,
    request,
    signs,
    sits,
    sits_beside,
)

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.services.counter import Counter

REVIEWER = "0011"
A, B = FunctionGroup.ENROLMENT, FunctionGroup.INFORMATION


async def test_an_operator_acts_in_the_groups_of_his_grant_from_his_first_sign_on(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        puts_in(tmp_path)
        await sits(counter, SUPERVISOR)
        (key,) = [key for key in await counter.posts.certificates.keys() if key.certificate_number.endswith("0101")]
        offered = await counter.posts.certificates.on_key(key.fingerprint)
        wanted = Wanted(number="0101", name="钱多多", identity=IDENTITY, roles=(Role.CLERK,), groups=(B,))
        await signs(counter, await request(counter, GrantAct.ISSUE, counter.posts.issued(wanted, offered)))
        await sits(counter, "0101")
        await receive(counter)
        with pytest.raises(Rejected, match="您没有「A 人员增减」业务组的授权"):
            await declares(counter, "P05", PAYING)
        assert (await counter.posts.operator("0101")).groups == {B}
        assert (await counter.posts.ledger())[0].groups == (B,)


async def test_a_sign_on_ends_when_the_groups_are_changed(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sits(counter, CLERK)
        clerk = counter.seat
        await sits_beside(counter, SUPERVISOR)
        changed = await counter.posts.kept(Wanted(number=CLERK, groups=(A,)))
        assert changed.roles == (Role.CLERK,)
        grant = await request(counter, GrantAct.CHANGE, changed)
        assert (await counter.posts.operator(CLERK)).groups == frozenset()
        await signs(counter, grant)
        counter.taken = clerk
        assert "工号 0007 的岗位或证书已停用、吊销或变更" in await counter.ended()


async def test_changing_roles_alone_renewing_and_resuming_keep_the_groups(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        puts_in(tmp_path)
        await limited(counter, CLERK, "A,B")
        again = await counter.posts.kept(Wanted(number=CLERK, roles=(Role.CLERK, Role.REVIEWER)))
        assert again.groups == (await counter.posts.kept(Wanted(number=CLERK))).groups == (A, B)
        key = next(key for key in await counter.posts.certificates.keys() if key.certificate_number.endswith("0101"))
        offered = await counter.posts.certificates.on_key(key.fingerprint)
        renewed = await counter.posts.renewed(Wanted(number=CLERK, identity=IDENTITY), offered)
        assert renewed.groups == (A, B)
        assert (await counter.posts.kept(Wanted(number=CLERK, groups=read_groups("all")))).groups == ()


async def test_a_reviewer_decides_only_items_of_his_groups_at_the_hub(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await limited(counter, REVIEWER, "B")
        await handed_in(counter)
        await sign_on(counter, REVIEWER, window="004")
        queue = await counter.reviews.queue()
        with pytest.raises(Rejected, match="您没有「A 人员增减」业务组的授权"):
            await counter.reviews.decide(queue, result="1", reason="", pages=0, seat=counter.seat, pin=bytearray(PIN))
        found = await counter.enquiries.worklist(REVIEWER)
        assert len(found.to_review) == 1
        assert found.reviewed_by(counter.seat.session.operator) == ()


async def handed_in(counter: Counter) -> None:
    """A clerk's suspension waits for its review."""
    await sign_on(counter, CLERK)
    await receive(counter)
    await declares(counter, "P05", PAYING)
    await counter.declarations.submit((await counter.enquiries.worklist(CLERK)).to_submit, seat=counter.seat)
    await counter.leave_seat()


async def test_a_supervisor_lets_nothing_pass_outside_his_groups(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        puts_in(tmp_path)
        await second_supervisor(counter)
        await sign_on(counter, CLERK)
        await receive(counter)
        asks = counter.form("P01")
        facts = await counter.declarations.facts(seat=counter.seat, id_number=SUSPENDED)
        typed = {"id_number": SUSPENDED, "wage": "5200"}
        declaration = asks.read_overridden(asks.defaults(facts, counter.policy) | typed, facts, counter.policy)
        key = next(key for key in await counter.signing.keys() if key.certificate_number.endswith("0101"))
        content = canonical(builtins(declaration))
        with pytest.raises(OutsideGroups, match="钱多多没有「A 人员增减」业务组的授权，不能授权"):
            await counter.signing.override(
                key.fingerprint, bytearray(PIN), function="P01", content=content, reason="核对"
            )
        word = await counter.signing.override(
            key.fingerprint, bytearray(PIN), function="P10", content=content, reason="核对"
        )
        kept = await counter.declarations.save(declaration, seat=counter.seat, override=word)
        (outcome,) = (await counter.line.answer([kept.operations[-1].op_id])).values()
        assert outcome.sentence == "工号 0101 没有「A 人员增减」业务组的授权，不能授权；请有该组授权的主管重新授权"


async def second_supervisor(counter: Counter) -> None:
    """A second supervisor, for corrections only."""
    await signs(counter, await asked(counter, "0101", Role.SUPERVISOR))
    await limited(counter, "0101", "B")
