"""What a first-time reader meets at the training counter: an employer, its agent and the persons to work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.training.cast import (
    AGENT,
    AT_NEIGHBOUR,
    AT_WALKTHROUGH,
    ELSEWHERE,
    NEWCOMER,
    RESUMES,
    SUSPENDS,
    TRANSFERS,
    cast,
    outsider,
)
from counter_tui.training.employers import employer
from counter_tui.training.plan import NEIGHBOUR, UNCHANGED, WALKTHROUGH, CityPlan

if TYPE_CHECKING:
    from datetime import date

    from counter_tui.policy.regions import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Walkthrough:
    """The facts of the walk-through; the same for a region whatever the seed and the size of the city."""

    employer_number: str
    employer_name: str
    credit_code: str
    agent_name: str
    agent_id: str
    new_id: str
    """Not in the register: 参保登记."""
    new_name: str
    resume_id: str
    """Suspended at this employer: 续保."""
    resume_name: str
    elsewhere_id: str
    """Paying at the third employer: refused with M08."""
    elsewhere_name: str
    transfer_id: str
    """Suspended at the third employer: 单位间转移."""
    transfer_name: str
    suspend_id: str
    """Paying at this employer: 停保."""
    suspend_name: str
    second_employer_number: str
    """Without any change this month: 无变动结算."""
    second_employer_name: str
    second_credit_code: str
    third_employer_number: str
    third_employer_name: str


def walkthrough(policy: Policy, today: date) -> Walkthrough:
    """Gather the facts of every training city of a region with this business date."""
    plan = CityPlan(policy=policy, employers=60, persons=5_000, seed=0, today=today)
    first, second, third = (employer(plan, index) for index in (WALKTHROUGH, UNCHANGED, NEIGHBOUR))
    here, there = cast(plan, WALKTHROUGH), cast(plan, NEIGHBOUR)
    return Walkthrough(
        employer_number=first.number,
        employer_name=first.name,
        credit_code=first.credit_code,
        agent_name=first.agent,
        agent_id=outsider(plan, 1, AGENT)[0],
        new_id=outsider(plan, 0, NEWCOMER)[0],
        new_name=NEWCOMER[0],
        resume_id=here[RESUMES].id_number,
        resume_name=AT_WALKTHROUGH[RESUMES].name,
        elsewhere_id=there[ELSEWHERE].id_number,
        elsewhere_name=AT_NEIGHBOUR[ELSEWHERE].name,
        transfer_id=there[TRANSFERS].id_number,
        transfer_name=AT_NEIGHBOUR[TRANSFERS].name,
        suspend_id=here[SUSPENDS].id_number,
        suspend_name=AT_WALKTHROUGH[SUSPENDS].name,
        second_employer_number=second.number,
        second_employer_name=second.name,
        second_credit_code=second.credit_code,
        third_employer_number=third.number,
        third_employer_name=third.name,
    )
