"""Persons and their coverages as the register keeps them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from counter_tui.domain.coverage import Coverage, CoverageState
from counter_tui.domain.people import DataLock, Person, PersonState
from counter_tui.training.life import CADRE, FARMER, Ending, Life, Stay
from counter_tui.training.names import foreign_name, names
from counter_tui.training.numbers import CITIZEN, PERMANENT, RESIDENCE
from counter_tui.training.plan import HISTORY, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.training.plan import CityPlan

_EDUCATION: Final = (("20", "30", "60", "40", "70", "10", "80", "50", "90"), (24, 47, 62, 74, 90, 94, 97, 99, 100))
_MARRIAGE: Final = (("20", "10", "40", "30", "90"), (66, 91, 97, 99, 100))
_HUKOU: Final = (("11", "21", "12", "22"), (52, 84, 91, 100))
_FORM: Final = (("2", "3", "4", "5", "1", "9"), (74, 87, 91, 95, 98, 100))
_LOCKS: Final = ((DataLock.NONE, DataLock.KEY_DATA, DataLock.TRANSFER, DataLock.ALL), (990, 995, 998, 1000))
_TITLES: Final = (("0", "4", "3", "2", "1"), (70, 84, 95, 99, 100))
_SKILLS: Final = (("0", "5", "4", "3", "2", "1"), (72, 84, 93, 98, 99, 100))
_SPECIAL: Final = (("0", "4", "5", "1", "2", "6", "3", "9"), (940, 960, 972, 980, 987, 993, 998, 1000))
_STATES: Final = {
    Ending.PAYING: PersonState.WORKING,
    Ending.SUSPENDED: PersonState.WORKING,
    Ending.RETIRED: PersonState.RETIRED,
    Ending.DEAD: PersonState.ENDED,
}
_ENDED: Final = {Ending.RETIRED: "251", Ending.DEAD: "211"}
"""CL-REASON of coverages that ended."""
_STOP_REASONS: Final = ("221", "222", "221", "223", "229", "241")
_FOREIGN_HUKOU: Final = {RESIDENCE: "30", PERMANENT: "40"}
_HAN: Final = "01"
_FILE_DIFFERS: Final = 0.01
_ADULT_YEARS: Final = 16


def persons(plan: CityPlan, index: int, lives: Sequence[Life]) -> Iterator[Person]:
    """The files of an employer's people, in the order of their lives."""
    rng = plan.stream(index, "persons")
    counties = tuple(plan.counties.offices.values())
    columns = zip(
        lives,
        names(rng, [life.sex for life in lives]),
        *(rng.choices(texts, cum_weights=weights, k=len(lives)) for texts, weights in (_EDUCATION, _MARRIAGE, _HUKOU)),
        *(rng.choices(texts, cum_weights=weights, k=len(lives)) for texts, weights in (_FORM, _TITLES, _SKILLS)),
        rng.choices(*_LOCKS[:1], cum_weights=_LOCKS[1], k=len(lives)),
        rng.choices(_SPECIAL[0], cum_weights=_SPECIAL[1], k=len(lives)),
        rng.choices(counties, k=len(lives)),
        strict=True,
    )
    city = plan.policy.region.city
    for life, named, education, marriage, hukou, form, title, skill, lock, special, county in columns:
        name, nation = _named(life, named, rng)
        first_job, first_enrolled = _first_days(plan, life, rng)
        place = f"{city}{county}"
        yield Person(
            number=plan.person_number(life.person),
            id_type=life.id_type,
            id_number=life.id_number,
            name=name,
            sex=life.sex,
            born=life.born,
            file_born=life.born + timedelta(days=31) if rng.random() < _FILE_DIFFERS else None,
            nation=nation,
            first_job=first_job,
            hukou=_FOREIGN_HUKOU.get(life.id_type, "21" if life.status == FARMER else hukou),
            hukou_address=place if hukou in {"11", "21"} else "",
            education=education,
            marriage=marriage,
            employment_form="3" if life.status == FARMER else form,
            status=life.status,
            post="110" if life.status == CADRE else "0",
            title=title if life.status == CADRE else "0",
            skill="0" if life.status == CADRE else skill,
            special_work=special,
            phone=f"190000{int(rng.random() * 100_000):05d}",
            address=f"{place}演练路{1 + int(rng.random() * 300)}号",
            first_enrolled=first_enrolled,
            state=_STATES[life.ending],
            employer=plan.employer_number(life.stays[-1].employer),
            lock=DataLock.NONE if life.name else lock,
        )


def _named(life: Life, drawn: tuple[str, str], rng: Random) -> tuple[str, str]:
    if life.name:
        return life.name, life.nation
    if life.id_type == PERMANENT:
        return foreign_name(rng), _HAN
    if life.id_type != CITIZEN and "·" in drawn[0]:
        return drawn[0].partition("·")[0], drawn[1]
    return drawn


def _first_days(plan: CityPlan, life: Life, rng: Random) -> tuple[date, date]:
    """Day of the first job and of the first enrolment, which lies after it."""
    enrolled = month_at(plan, life.stays[0].first).first_day
    grown = life.born.replace(year=life.born.year + _ADULT_YEARS)
    earliest, latest = grown.toordinal(), max(enrolled.toordinal() - 1, grown.toordinal())
    back = int((latest - earliest) * rng.random() * rng.random())
    return date.fromordinal(latest - back), enrolled


def month_at(plan: CityPlan, count: int) -> YearMonth:
    """A month by its count from the first of the history; negative ones lie before it."""
    return plan.law.calendar[count] if count >= 0 else plan.law.since + count


def coverages(plan: CityPlan, life: Life, rng: Random) -> Iterator[Coverage]:
    """One coverage for each scheme, by scheme, as they stand after all stays."""
    stay = life.stays[-1]
    since = month_at(plan, stay.first)
    paid_until = HISTORY if stay.last is None else max(stay.last, 0)
    wage = life.pay.wage(plan.law.bands[plan.law.calendar[paid_until].year])
    stopped_on, first_unpaid, reason = _stop(plan, life, stay, rng)
    began = "141" if len(life.stays) > 1 else "111"
    state = CoverageState.PAYING
    if stopped_on is not None:
        state = CoverageState.ENDED if life.ending is Ending.DEAD else CoverageState.SUSPENDED
    scope = ""
    if plan.role(stay.employer) is Role.THREE_SCHEMES:
        scope = "2" if life.status == FARMER else "1"
    for scheme in life.schemes:
        yield Coverage(
            person=plan.person_number(life.person),
            scheme=scheme,
            employer=plan.employer_number(stay.employer),
            state=state,
            since=since.first_day,
            first_month=since,
            wage=wage,
            changed_on=stopped_on or since.first_day,
            reason=reason or began,
            stopped_on=stopped_on,
            first_unpaid=first_unpaid,
            scope=scope,
        )


def _stop(plan: CityPlan, life: Life, stay: Stay, rng: Random) -> tuple[date | None, YearMonth | None, str]:
    if stay.last is None:
        return None, None, ""
    last = month_at(plan, stay.last)
    # Where the month of the stop is not paid, the stop itself lies in the first month unpaid.
    month = last if plan.stop_month_payable else last + 1
    reason = _ENDED.get(life.ending) or rng.choice(_STOP_REASONS)
    return date(month.year, month.month, 1 + int(rng.random() * 28)), last + 1, reason
