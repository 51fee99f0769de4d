"""Enrolment changes (人员增减): P01 enrol, P05 suspend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # read from the annotations
from typing import TYPE_CHECKING, Annotated

from counter_tui.domain.problems import Problem, stop
from counter_tui.forms.dictionary import E01, E03, E04, E23, I01, I07, I08
from counter_tui.forms.kinds import CodeOf, CodesOf
from counter_tui.forms.spec import Declaration, business

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.forms.facts import Facts
    from counter_tui.policy.regions import Policy

DEATH = "211"
RETIREMENT = "251"


def paying_schemes(facts: Facts, _: Policy) -> tuple[str, ...] | None:
    """All schemes that the employer in reception pays for the person."""
    return tuple(entry.scheme for entry in facts.paying_here) or None


@business("P05", "人员停保", review=True)
@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(Declaration):
    """Suspend or end a person's coverage from a month."""

    id_number: Annotated[str, E03]
    number: Annotated[str, E01] = ""
    name: Annotated[str, E04] = ""
    schemes: Annotated[tuple[str, ...], I01.but(kind=CodesOf("CL-INS"), default=paying_schemes)] = ()
    reason: Annotated[str, I07.but(kind=CodeOf("CL-REASON", function="P05"))]
    on: Annotated[date, I08]
    remark: Annotated[str, E23] = ""

    def check(self, facts: Facts, policy: Policy) -> Iterator[Problem]:
        """M07, M15-M17: who, what and when may be stopped."""
        if not facts.paying_here:
            yield stop("id_number", "M07")
            return
        if self.on > facts.today:
            yield stop("on", "M15")
