"""S16: no merged posts and no quiet grants, whoever signs whatever in whatever order."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_tui.domain.grants import STEPS, GrantAct, LedgerAct
from counter_tui.domain.operators import OperatorState
from counter_tui.domain.posts import Role, holds
from tests.operations.granting import account, asks, signs, withdraws
from tests.operations.office import Office, maker

if TYPE_CHECKING:
    from counter_tui.domain.grants import GrantStep
    from counter_tui.operations.envelope import Maker

HUMANS = ("李", "王", "赵", "钱", "孙")


def hand(human: str, role: Role, account: int = 0) -> Maker:
    """One of the accounts of a human, as a bureau might wrongly have set it up."""
    number = f"{HUMANS.index(human)}{list(Role).index(role)}{account:02}"
    return replace(maker(number, role.value), human=f"human-{human}")


@pytest.mark.parametrize("roles", list(permutations(Role, 2)), ids="-".join)
def test_no_human_gets_posts_of_two_classes(roles: tuple[Role, Role]) -> None:
    office, (first, second) = Office(), roles
    for number, role in (("0101", first), ("0102", second)):
        asks(office, account(number, role, human="aa"), by=hand("李", Role.SUPERVISOR))
        for step, other, post in zip(
            STEPS[1:], HUMANS[1:4], (Role.CONTROL, Role.HEAD, Role.ADMINISTRATOR), strict=True
        ):
            if office.register.grants()[-1].granted.number == number:
                signs(office, step.kind, hand(other, post))
    held = {each.post_class for each in office.register.operators()}
    assert held == {first.post_class}


@pytest.mark.parametrize("step", STEPS[1:], ids=lambda step: step.name)
def test_each_step_takes_its_own_role_and_another_human(step: GrantStep) -> None:
    """All pairs: every role of every human at that step, after the right humans did the steps before."""
    right = dict(zip(STEPS, (Role.SUPERVISOR, Role.CONTROL, Role.HEAD, Role.ADMINISTRATOR), strict=True))
    place = STEPS.index(step)
    for human, role in product(HUMANS, Role):
        office = Office()
        asks(office, account(human="ee"), by=hand("李", Role.SUPERVISOR))
        for done, other in zip(STEPS[1:place], HUMANS[1:place], strict=True):
            signs(office, done.kind, hand(other, right[done], 1))
        moved = signs(office, step.kind, hand(human, role, 2)).outcome.effects
        assert bool(moved) is (role is right[step] and human not in HUMANS[:place]), (human, role)


_PROPER = [
    (step.kind, role)
    for step, role in zip(STEPS, (Role.SUPERVISOR, Role.CONTROL, Role.HEAD, Role.ADMINISTRATOR), strict=True)
]
_KINDS = [*(step.kind for step in STEPS), "grant.refuse", "grant.revoke"]
deeds = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(_PROPER), st.tuples(st.sampled_from(_KINDS), st.sampled_from(Role))),
        st.sampled_from(HUMANS),
    ),
    min_size=1,
    max_size=16,
)


@settings(max_examples=150, deadline=None)
@given(deeds)
def test_the_registry_changes_only_behind_four_humans_in_order(done: list[tuple[tuple[str, Role], str]]) -> None:
    office, number = Office(), 0
    for (kind, role), human in done:
        before = {each.number: each for each in office.register.operators()}
        by = hand(human, role)
        if kind == "grant.request":
            number += 1
            acted = asks(office, account(f"{number:04}", human=f"{number:04}"), GrantAct.ISSUE, by)
        elif kind == "grant.revoke":
            acted = withdraws(office, f"{number:04}", by)
        elif office.register.grants():
            acted = signs(office, kind, by, reason="岗位已满")
        else:
            continue
        after = {each.number: each for each in office.register.operators()}
        for changed in (each for each in after.values() if before.get(each.number) != each):
            line = office.register.ledger()[-1]
            assert (line.id, line.number) == (acted.id, changed.number)
            if line.act is LedgerAct.REVOKE:
                assert changed.state is OperatorState.REVOKED
                assert role in {Role.SUPERVISOR, Role.CONTROL}
                continue
            assert len({signer.human for signer in line.signed}) == len(STEPS)
            assert changed.human not in {signer.human for signer in line.signed}
            posts = [list(Role)[int(signer.operator[1])] for signer in line.signed]
            assert all(holds([post], step.right) for post, step in zip(posts, STEPS, strict=True))
