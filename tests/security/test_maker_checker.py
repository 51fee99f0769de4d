"""No human checks his own work, none holds two classes of posts, and a role does what its post says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.operators import Operator, check_human
from counter_tui.domain.posts import (
    COMPARED,
    PostClass,
    PostsExclude,
    Right,
    Role,
    check_exclusive,
    holds,
    may_confirm,
    may_use,
    same_facts,
    same_hand,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Worked:
    operator: str
    human: str
    certificate: str
    key_serial: str
    signon: str


MAKER = Worked("0007", "human-7", "9999990007", "key-7", "sign-on-7")
CHECKER = Worked("0011", "human-11", "9999990011", "key-11", "sign-on-11")


def test_another_human_with_his_own_key_may_check() -> None:
    assert same_hand(MAKER, CHECKER) is None


@pytest.mark.parametrize("fact", COMPARED)
def test_one_equal_fact_is_enough_to_refuse(fact: str) -> None:
    checker = replace(CHECKER, **{fact: getattr(MAKER, fact)})
    problem = same_hand(MAKER, checker)

    assert problem is not None
    assert problem.message == "M59"
    assert problem.sentence.startswith("经办人与审核人不能为同一人")
    assert same_facts(MAKER, checker) == (fact,)


@pytest.mark.parametrize("fact", COMPARED)
def test_what_is_unknown_of_both_is_refused(fact: str) -> None:
    assert same_hand(replace(MAKER, **{fact: ""}), replace(CHECKER, **{fact: ""})) is not None


names = st.sampled_from(["a", "b", "c"])
hands = st.builds(Worked, names, names, names, names, names)


@given(hands, hands)
def test_two_hands_pass_only_when_all_five_facts_differ(maker: Worked, checker: Worked) -> None:
    differ = all(getattr(maker, fact) != getattr(checker, fact) for fact in COMPARED)

    assert (same_hand(maker, checker) is None) is differ
    assert (same_hand(checker, maker) is None) is differ


def operator(*roles: str, post_class: str, human: str = "human-7", number: str = "0007") -> Operator:
    return Operator(
        number=number,
        name="林晓岚",
        human=human,
        roles=frozenset(Role(role) for role in roles),
        post_class=PostClass(post_class),
        issuer="CN=演练签发证书",
        certificate_number=f"999999{number}",
        key_hash="0" * 64,
        valid_from=NOON,
        valid_until=NOON + timedelta(days=365),
    )


@pytest.mark.parametrize(("one", "other"), list(combinations(PostClass, 2)))
def test_no_two_classes_of_posts_fit_one_human(one: PostClass, other: PostClass) -> None:
    with pytest.raises(PostsExclude) as refused:
        check_exclusive([other, one])

    assert one.label in str(refused.value)
    assert other.label in str(refused.value)


@given(st.lists(st.sampled_from(PostClass)))
def test_a_human_holds_one_class_at_most(classes: list[PostClass]) -> None:
    if len(set(classes)) <= 1:
        check_exclusive(classes)
    else:
        with pytest.raises(PostsExclude):
            check_exclusive(classes)


@given(st.sets(st.sampled_from(Role), min_size=1), st.sampled_from(PostClass))
def test_an_account_never_carries_roles_of_two_classes(roles: set[Role], post_class: PostClass) -> None:
    if {role.post_class for role in roles} == {post_class}:
        assert operator(*roles, post_class=post_class).roles == roles
    else:
        with pytest.raises(PostsExclude):
            operator(*roles, post_class=post_class)


accounts = st.lists(st.tuples(st.sampled_from(["h1", "h2", "h3"]), st.sampled_from(Role)), max_size=6)


@given(accounts)
def test_two_accounts_of_one_human_are_compared_by_the_human(held: list[tuple[str, Role]]) -> None:
    made = [
        operator(role, post_class=role.post_class, human=human, number=f"{number:04}")
        for number, (human, role) in enumerate(held)
    ]
    classes: dict[str, set[PostClass]] = {}
    for human, role in held:
        classes.setdefault(human, set()).add(role.post_class)

    if all(len(one) == 1 for one in classes.values()):
        check_human(made)
    else:
        with pytest.raises(PostsExclude):
            check_human(made)


def test_an_account_without_a_role_cannot_exist() -> None:
    with pytest.raises(ValueError, match="without a role"):
        operator(post_class="B")


def test_a_supervisor_is_also_clerk_and_reviewer_but_nothing_of_another_class() -> None:
    supervisor = operator("R3", post_class="B")

    assert {role for role in Role if supervisor.may(role)} == {"R1", "R2", "R3"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_every_other_role_is_itself_alone(role: Role) -> None:
    assert {one for one in Role if operator(role, post_class=role.post_class).may(one)} == {role}


@pytest.mark.parametrize(
    ("function", "roles"),
    [
        ("P01", {"R1", "R3"}),
        ("P05", {"R1", "R3"}),
        ("P25", {"R1", "R3"}),
        ("P34", {"R1", "R3"}),
        ("P85", {"R1", "R3"}),
        ("P62", {"R1", "R3"}),
        ("P27", {"R2", "R3"}),
        ("P51", {"R1", "R2", "R3", "C"}),
        ("P94", {"R1", "R2", "R3", "R4", "F", "C", "H"}),
        ("posts", {"R3", "R4", "C", "H"}),
    ],
)
def test_a_function_opens_for_the_posts_it_belongs_to(function: str, roles: set[str]) -> None:
    assert {role for role in Role if may_use({role}, function)} == roles
    assert {role for role in Role if operator(role, post_class=role.post_class).may_use(function)} == roles


@pytest.mark.parametrize("function", ["P34", "P46", "P12"])
def test_the_second_person_is_a_reviewer_or_a_supervisor(function: str) -> None:
    assert {role for role in Role if may_confirm({role}, function)} == {"R2", "R3"}


def test_there_is_no_second_person_where_none_is_asked_for() -> None:
    assert not may_confirm({"R2", "R3"}, "P05")


@pytest.mark.parametrize("role", ["R4", "F", "C", "H"])
def test_who_keeps_data_money_or_watch_never_enters_or_reviews(role: str) -> None:
    assert not any(holds({role}, right) for right in (Right.ENTER, Right.REVIEW, Right.CONFIRM, Right.OVERRIDE))


def test_an_administrator_reads_no_persons_and_approves_no_grants() -> None:
    assert not any(holds({"R4"}, right) for right in (Right.ENQUIRE, Right.REVIEW_GRANT, Right.REQUEST_GRANT))


def test_the_four_steps_of_a_grant_are_four_posts() -> None:
    steps = (Right.REQUEST_GRANT, Right.REVIEW_GRANT, Right.APPROVE_GRANT, Right.ADMINISTER)

    assert [{role for role in Role if holds({role}, step)} for step in steps] == [{"R3"}, {"C"}, {"H"}, {"R4"}]


def test_the_head_of_the_bureau_reads_no_log() -> None:
    assert {right for right in Right if holds({"H"}, right)} == {Right.APPROVE_GRANT, Right.READ_POSTS, Right.READ}


def test_money_is_confirmed_by_the_fund_post_alone() -> None:
    assert {role for role in Role if holds({role}, Right.CONFIRM_MONEY)} == {"F"}


@pytest.mark.parametrize(
    ("at", "holds_then"),
    [(-1, False), (0, True), (364, True), (365, False)],
)
def test_a_grant_holds_from_its_first_day_up_to_its_last(at: int, holds_then: bool) -> None:  # noqa: FBT001
    assert operator("R1", post_class="B").in_force(NOON + timedelta(days=at)) is holds_then
