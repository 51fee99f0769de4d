"""Which of the four kinds of business an enrolment is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from counter_tui.domain.codes import codelist
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.problems import stop

if TYPE_CHECKING:
    from counter_tui.domain.coverage import Coverage
    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts

INJURY: Final = "410"
"""The one scheme that may be added while another employer pays (SM-XA)."""
_ONCE_INSURED: Final = frozenset({CoverageState.PAYING, CoverageState.SUSPENDED, CoverageState.ENDED})


class Verdict(StrEnum):
    """Kind of an enrolment, as the banner says it."""

    REGISTER = "参保登记"
    RESUME = "续保"
    TRANSFER = "单位间转移"
    ADD = "险种新增"


def verdict(facts: Facts) -> Verdict | Problem:
    """The kind of business that the register allows, or the refusal M08 with employer and schemes."""
    if facts.paying_here:
        return Verdict.ADD
    if facts.paying_elsewhere:
        return Verdict.ADD if offered(facts) else active_elsewhere(facts.paying_elsewhere, facts)
    once = [entry for entry in facts.coverages if entry.state in _ONCE_INSURED]
    if not once:
        return Verdict.REGISTER
    return Verdict.RESUME if _last_employer(facts, once) == facts.here else Verdict.TRANSFER


def offered(facts: Facts) -> tuple[str, ...]:
    """Schemes that may be ticked: those the employer pays and the person neither has nor has ended for good."""
    if facts.employer is None:
        return ()
    held = {
        entry.scheme
        for entry in facts.coverages
        if entry.state in {CoverageState.PAYING, CoverageState.ENDED, CoverageState.NOT_PAYING}
    }
    free = tuple(scheme for scheme in facts.employer.paying if scheme not in held)
    if facts.paying_elsewhere and not facts.paying_here:
        return tuple(scheme for scheme in free if scheme == INJURY)
    return free


def active_elsewhere(paying: tuple[Coverage, ...], facts: Facts) -> Problem:
    """M08 with the names of the other employers and of the schemes they pay."""
    employers = dict.fromkeys(facts.employer_names.get(entry.employer, entry.employer) for entry in paying)
    names = codelist("CL-INS")
    schemes = dict.fromkeys(names.name(entry.scheme) for entry in paying)
    return stop("id_number", "M08", "、".join(employers), "、".join(schemes))


def _last_employer(facts: Facts, once: list[Coverage]) -> str:
    if facts.person is not None and facts.person.employer:
        return facts.person.employer
    return max(once, key=lambda entry: entry.changed_on).employer
