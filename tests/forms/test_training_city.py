"""Every person of an invented city meets the forms: taken, or refused with a sentence that fits."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.coverage import Coverage
from counter_tui.domain.employers import Employer
from counter_tui.domain.people import Person
from counter_tui.domain.problems import Rejected
from counter_tui.forms.facts import Facts
from counter_tui.forms.verdicts import Verdict
from counter_tui.training.city import build_city
from tests.forms.cases import REGIONS, TODAY, in_region

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPED = {
    "P01": {"first_job": "20000101", "phone": "13900000000", "wage": "8000", "wage_items": "5000 2000 500 500"},
    "P05": {},
    "P10": {"new_name": "改名"},
    "P11": {"new_phone": "13912345678"},
}
EXPECTED = {
    "P01": {"M04", "M05", "M06", "M08", "M46", "M52", "终止参保", "封存"},
    "P05": {"M05", "M07", "M33", "M46", "M52", "封存"},
    "P10": {"M07", "M46", "M52"},
    "P11": {"M07", "M46", "M52"},
}
"""Why a person of the city may be refused: the register, never the form."""


def everybody(region: str) -> Iterator[Facts]:
    employers: dict[str, Employer] = {}
    people: list[Person] = []
    held: dict[str, list[Coverage]] = defaultdict(list)
    for record in build_city(REGIONS[region], employers=20, persons=300, seed=3, today=TODAY):
        match record:
            case Employer():
                employers[record.number] = record
            case Person():
                people.append(record)
            case Coverage():
                held[record.person].append(record)
            case _:
                pass
    for person in people:
        unit = employers[person.employer]
        yield Facts(
            today=TODAY,
            month=unit.settlement_month,
            employer=unit,
            person=person,
            coverages=tuple(held[person.number]),
            training=True,
        )


@pytest.mark.parametrize("region", sorted(REGIONS))
@pytest.mark.parametrize("code", sorted(TYPED))
def test_every_person_of_the_city_is_taken_or_refused_for_what_the_register_says(code: str, region: str) -> None:
    policy = REGIONS[region]
    asked = in_region(code, policy)
    taken = 0
    for facts in everybody(region):
        if code == "P01" and facts.paying_here:
            continue
        assert facts.person is not None
        stands = {**TYPED[code], **asked.defaults(facts, policy)}
        texts = {**stands, "id_number": facts.person.id_number, "registration": "1", "scope": "1"}
        try:
            declaration = asked.read(texts, facts, policy)
        except Rejected as refusal:
            for problem in refusal.problems:
                assert any(reason in (problem.message or problem.sentence) for reason in EXPECTED[code]), (
                    problem.sentence
                )
        else:
            taken += 1
            assert asked.read(asked.texts(declaration), facts, policy) == declaration
            if code == "P01":
                assert declaration.verdict_word(facts) in set(Verdict)
    assert taken
