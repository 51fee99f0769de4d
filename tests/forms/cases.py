"""People, employers and texts that the form tests start from; every one invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.check_characters import citizen_check_character
from counter_tui.domain.coverage import Coverage, CoverageState
from counter_tui.domain.declarations import Item, ItemState, Stamp
from counter_tui.domain.employers import Employer, EmployerScheme, EmployerState, SchemeState
from counter_tui.domain.people import Person
from counter_tui.domain.problems import Grade, Problem, Rejected
from counter_tui.forms.facts import Facts
from counter_tui.forms.spec import form
from counter_tui.policy.regions import load_policy

if TYPE_CHECKING:
    from counter_tui.forms.spec import Declaration, Form
    from counter_tui.policy.regions import Policy

TODAY = date(2026, 7, 26)
MONTH = YearMonth(2026, 7)
HANDAN = load_policy("handan", training=True)
TIANJIN = load_policy("tianjin", training=True)
Also: TypeAlias = Mapping[str, str]
NOTHING: Also = MappingProxyType({})
REGIONS = {"handan": HANDAN, "tianjin": TIANJIN} | {
    name: load_policy(name, training=True) for name in ("dalian", "yuanbo", "generic")
}


def id_number(born: str = "19900101", sex: str = "1", region: str = "130400") -> str:
    """A number with the right check character."""
    seventeen = f"{region}{born}00{sex}"
    return seventeen + citizen_check_character(seventeen)


ZHANG = id_number()
EMPLOYER = Employer(
    number="1304000001",
    name="邯郸演练制造有限公司",
    credit_code="91130400MA0000015Y",
    state=EmployerState.ON_REGISTER,
    settlement_month=MONTH,
    joined=YearMonth(2015, 1),
    schemes=tuple(
        EmployerScheme(scheme=scheme, state=SchemeState.PAYING, since=YearMonth(2015, 1), injury_class=3)
        for scheme in ("110", "210", "310", "410")
    ),
)
PERSON = Person(
    number="1304000000012",
    id_type="01",
    id_number=ZHANG,
    name="张三",
    sex="1",
    born=date(1990, 1, 1),
    first_job=date(2012, 7, 1),
    hukou="11",
    employment_form="2",
    phone="13900000000",
    first_enrolled=date(2012, 8, 1),
    employer=EMPLOYER.number,
)
FACTS = Facts(today=TODAY, month=MONTH, employer=EMPLOYER, training=True)


def coverage(scheme: str = "110", **changes: Any) -> Coverage:
    """A paying coverage of 张三 at the employer in reception."""
    plain = Coverage(
        person=PERSON.number,
        scheme=scheme,
        employer=EMPLOYER.number,
        state=CoverageState.PAYING,
        since=date(2020, 3, 1),
        first_month=YearMonth(2020, 3),
        wage=600000,
        changed_on=date(2020, 3, 1),
    )
    return replace(plain, **changes)


INSURED = replace(
    FACTS,
    person=PERSON,
    coverages=tuple(coverage(scheme) for scheme in EMPLOYER.paying),
    employer_names={EMPLOYER.number: EMPLOYER.name},
)
STOPPED = replace(
    INSURED,
    coverages=tuple(
        coverage(scheme, state=CoverageState.SUSPENDED, changed_on=date(2026, 2, 28)) for scheme in EMPLOYER.paying
    ),
)
OTHER = "1304000099"
ELSEWHERE = replace(
    INSURED,
    coverages=tuple(coverage(scheme, employer=OTHER) for scheme in ("110", "210")),
    person=replace(PERSON, employer=OTHER),
    employer_names={OTHER: "邯郸演练商贸有限公司"},
)


def item(function: str, state: ItemState, number: str = "op-1") -> Item:
    """An item of 张三 in some state."""
    stamp = Stamp(
        operator="0007",
        human="h",
        certificate="c",
        signon="s",
        key_serial="k",
        window="3",
        at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    return Item(
        id=number,
        acceptance_number="13040020260701030001",
        item_no=0,
        function=function,
        employer=EMPLOYER.number,
        id_number=ZHANG,
        person_name="张三",
        person=PERSON.number,
        verdict="停保",
        month=MONTH,
        body_hash="",
        state=state,
        reception="r",
        made=stamp,
    )


def employer(**changes: Any) -> Employer:
    return replace(EMPLOYER, **changes)


ENROL = {
    "id_number": ZHANG,
    "name": "张三",
    "first_job": "20120701",
    "hukou": "11",
    "phone": "13900000000",
    "wage": "8432.50",
    "registration": "1",
}
"""What a clerk types for a person nobody knows; the rest stands there."""
TYPED: dict[str, dict[str, str]] = {
    "P01": ENROL,
    "P05": {"id_number": ZHANG, "registration": "1"},
    "P10": {"id_number": ZHANG, "new_name": "张叁"},
    "P11": {"id_number": ZHANG, "new_phone": "13911112222"},
    "P25": {"function": "P05", "since": "701"},
    "P26": {"reason": "录错"},
    "P27": {"result": "2", "reason": "材料不全"},
    "P28": {"state": "D4"},
    "P29": {"late_fee": "1"},
    "P30": {"confirmed": "1"},
    "P31": {"confirmed": "1"},
    "P34": {"reason": "基数有误"},
    "P50": {},
    "P60": {"state": "3", "name": "张"},
    "P63": {},
    "P64": {"since": "202601", "until": "202606"},
    "P85": {
        "employer": EMPLOYER.number,
        "visitor": "李四",
        "visitor_id": id_number("19850505", "2"),
        "letter": "1",
    },
    "P85S": {"window": "3"},
}
AROUND = {"P05": INSURED, "P10": INSURED, "P11": INSURED}
"""The register around a function that needs a person; all others see nobody."""


def in_region(code: str, policy: Policy = HANDAN) -> Form:
    return form(code).in_region(policy)


def texts(
    code: str, policy: Policy = HANDAN, facts: Facts | None = None, also: Also = NOTHING, **typed: str
) -> dict[str, str]:
    """What stands in the form once a clerk has typed."""
    around = facts or AROUND.get(code, FACTS)
    asked = in_region(code, policy)
    return asked.defaults(around, policy) | TYPED[code] | dict(also) | typed


def read(
    code: str, policy: Policy = HANDAN, facts: Facts | None = None, also: Also = NOTHING, **typed: str
) -> Declaration:
    around = facts or AROUND.get(code, FACTS)
    return in_region(code, policy).read(texts(code, policy, around, also, **typed), around, policy)


def problems(
    code: str, policy: Policy = HANDAN, facts: Facts | None = None, also: Also = NOTHING, **typed: str
) -> tuple[Problem, ...]:
    """Everything that is said to what was typed, hints included."""
    around = facts or AROUND.get(code, FACTS)
    asked = in_region(code, policy)
    try:
        declaration = asked.read(texts(code, policy, around, also, **typed), around, policy)
    except Rejected as refusal:
        return refusal.problems
    return asked.judge(declaration, around, policy)


def said(
    code: str, policy: Policy = HANDAN, facts: Facts | None = None, also: Also = NOTHING, **typed: str
) -> set[tuple[str, str, Grade]]:
    """Messages of the catalogue with field and grade."""
    found = problems(code, policy, facts, also, **typed)
    return {(problem.message or "", problem.field or "", problem.grade) for problem in found}
