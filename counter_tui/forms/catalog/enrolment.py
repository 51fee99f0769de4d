"""人员参保 (P01): a person's schemes, his file and his wage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # read from the annotations
from typing import TYPE_CHECKING, Annotated, Final

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.money import grouped
from counter_tui.domain.people import DataLock
from counter_tui.domain.problems import Problem, ask, hint, hint_text, stop, stop_text
from counter_tui.errors import CounterError
from counter_tui.forms import dictionary as asked
from counter_tui.forms.checks import (
    WORKING_AGE,
    birthday,
    employer_problems,
    gate_problems,
    key_change_open,
    lock_problems,
    open_item_problems,
)
from counter_tui.forms.codes import CodesOf
from counter_tui.forms.conditions import setting
from counter_tui.forms.filling import number_of_document
from counter_tui.forms.kinds import YuanParts
from counter_tui.forms.spec import Declaration, business
from counter_tui.forms.verdicts import INJURY, Verdict, active_elsewhere, offered, verdict
from counter_tui.policy.charges import Merged
from counter_tui.policy.contributions import monthly_rules
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.retirement import retirement_law

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Ask, Values
    from counter_tui.policy.regions import Policy

CIVIL_SERVANT: Final = "5"
CLASSES_OF_STATUS: Final = {"2": ("1", "4", "5"), CIVIL_SERVANT: ("3",), "30": ("5",)}
"""Rate classes (CL-RATECLASS) that fit a 个人身份 (CL-STATUS) where not all do, the usual one first; unconfirmed."""
CLASS_OF_UNIT: Final = {"20": "2", "21": "2", "22": "2", "23": "2", "30": "3", "60": "5"}
"""Usual rate class by kind of employer (CL-UNITTYPE); 1 for all others."""
ALL_HELD: Final = "该人员已在本单位参加全部险种，没有可新增的；改号后按 F5 重新查询"
ALL_ENDED: Final = "该人员的险种均已终止参保，不能续保；改号后按 F5 重新查询"
OUT_OF_TOWN: Final = frozenset({"12", "22"})
"""外地 in CL-HUKOU."""


def government(_: Values, facts: Facts) -> bool:
    """Whether the employer is a government body or public institution, CL-UNITTYPE 20-30."""
    return facts.employer is not None and "20" <= facts.employer.unit_type <= "30"


def schemes_to_tick(facts: Facts, policy: Policy) -> tuple[str, ...] | None:
    """All schemes that may be ticked, but those another scheme carries since a merger."""
    return tuple(scheme for scheme in offered(facts) if not _merged(policy, scheme, facts.month)) or None


def _something_to_tick(_: Values, facts: Facts) -> bool:
    return bool(offered(facts))


def _merged(policy: Policy, scheme: str, month: YearMonth) -> bool:
    try:
        return isinstance(policy.charge(scheme, month).value, Merged)
    except NotInForce:
        return False


def _rate_class(facts: Facts, _: Policy) -> str:
    status = facts.person.status if facts.person else "1"
    if status in CLASSES_OF_STATUS:
        return CLASSES_OF_STATUS[status][0]
    return CLASS_OF_UNIT.get(facts.employer.unit_type, "1") if facts.employer else "1"


def _before_settlement(values: Values, facts: Facts) -> bool:
    since = values.get("since")
    return isinstance(since, date) and YearMonth.of(since) < facts.month


def _total(values: Values, _: Facts) -> int | None:
    items: tuple[int, ...] = values.get("wage_items") or ()
    return sum(items) if items else None


def _enrollable(value: str, values: Values, facts: Facts) -> Iterator[Problem]:
    """The number itself, then whether its holder may be enrolled here at all: said before anything else is typed."""
    yield from number_of_document(value, values, facts)
    found = verdict(facts)
    if isinstance(found, Problem):
        yield found
    elif facts.employer is not None and not facts.employer.paying:
        yield stop("id_number", "M06")
    elif not offered(facts):
        yield stop_text("id_number", ALL_HELD if facts.paying_here else ALL_ENDED)


def _first_job(value: date, values: Values, facts: Facts) -> Iterator[Problem]:
    born = values.get("born")
    if isinstance(born, date) and value <= born:
        yield stop_text("first_job", "参加工作日期必须晚于出生日期，改正后按 F2")
    if YearMonth.of(value) > facts.month:
        yield stop_text("first_job", "参加工作日期不能晚于申报月度，改正后按 F2")


def _enrolled_on(value: date, values: Values, facts: Facts) -> Iterator[Problem]:
    first_job, born = values.get("first_job"), values.get("born")
    if isinstance(first_job, date) and value <= first_job:
        yield stop("since", "M12")
    if YearMonth.of(value) > facts.month:
        yield stop("since", "M13")
    if isinstance(born, date) and value < birthday(born, WORKING_AGE):
        yield stop("id_number", "M03")


def _first_enrolled(value: date, values: Values, facts: Facts) -> Iterator[Problem]:
    born = values.get("born")
    if isinstance(born, date) and value < born:
        yield stop_text("first_enrolled", "首次参保时间不能早于出生日期，改正后按 F2")
    if YearMonth.of(value) > facts.month:
        yield stop_text("first_enrolled", "首次参保时间不能晚于申报月度，改正后按 F2")


ITEMS: Final = YuanParts(("职务（岗位）工资", "级别（薪级）工资", "津贴补贴", "绩效或年终奖金（月均）"))
_SCHEMES: Ask = asked.I01.but(
    kind=CodesOf("CL-INS", within=offered),
    default=schemes_to_tick,
    when=_something_to_tick,
    rules=("M06", "M08", "M17"),
)


@business(
    "P01",
    "人员参保",
    review=True,
    opens=employer_problems,
    prints=("D17", "D05"),
    rules=("M05", "M09", "M10", "M11", "M14", "M27", "M46", "M52"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol(Declaration):
    """Set up a person's coverages at an employer, with his file and wage."""

    id_type: Annotated[str, asked.E02]
    id_number: Annotated[str, asked.E03.but(verify=_enrollable, rules=("M01", "M02", "M03", "M04", "M08"))]
    number: Annotated[str, asked.E01] = ""
    name: Annotated[str, asked.E04]
    sex: Annotated[str, asked.E05]
    born: Annotated[date, asked.E06]
    file_born: Annotated[date | None, asked.E07] = None
    nation: Annotated[str, asked.E08]
    first_job: Annotated[date, asked.E09.but(verify=_first_job, rules=("M12",))]
    hukou: Annotated[str, asked.E10]
    education: Annotated[str, asked.E13] = ""
    marriage: Annotated[str, asked.E14] = ""
    employment_form: Annotated[str, asked.E15]
    status: Annotated[str, asked.E16]
    post: Annotated[str, asked.E17_POST] = ""
    title: Annotated[str, asked.E17_TITLE] = ""
    skill: Annotated[str, asked.E17_SKILL] = ""
    special_work: Annotated[str, asked.E18] = ""
    scope: Annotated[str, asked.E25] = ""
    registration: Annotated[str, asked.GATE] = ""
    registration_number: Annotated[str, asked.GATE_NUMBER] = ""
    registration_on: Annotated[date | None, asked.GATE_DATE] = None
    phone: Annotated[str, asked.E19]
    address: Annotated[str, asked.E22_ADDRESS] = ""
    postcode: Annotated[str, asked.E22_POSTCODE] = ""
    email: Annotated[str, asked.E22_EMAIL] = ""
    schemes: Annotated[tuple[str, ...], _SCHEMES] = ()
    since: Annotated[
        date,
        asked.E20.but(default=lambda facts, _: facts.month.first_day, verify=_enrolled_on, rules=("M03", "M12", "M13")),
    ]
    first_enrolled: Annotated[
        date | None, asked.E21.but(suggest=lambda values, _: values.get("since") or None, verify=_first_enrolled)
    ] = None
    back_collect: Annotated[
        bool, asked.I02.but(suggest=_before_settlement, hint="1 是，0 否；不填时，早于结算期的自动为是；各险种一致")
    ]
    rate_class: Annotated[str, asked.I06.but(default=_rate_class)]
    wage_items: Annotated[
        tuple[int, ...],
        asked.I03.but(
            label="分项工资", kind=ITEMS, source="I04", when=government, verify=None, unreadable="", rules=()
        ),
    ] = ()
    wage: Annotated[int, asked.I03.but(derive=_total)]
    remark: Annotated[str, asked.E23] = ""

    def verdict(self, facts: Facts) -> Verdict | Problem:
        """Which of the four kinds it is, or the refusal."""
        return verdict(facts)

    def verdict_word(self, facts: Facts) -> str:
        """The verdict in a word; the function's name when the register refuses it."""
        found = verdict(facts)
        return found.value if isinstance(found, Verdict) else self.form.name

    def back_months(self, facts: Facts, scheme: str = "") -> tuple[YearMonth, ...]:
        """Months from the enrolment to the one before the settlement month, oldest first; empty without 补收.

        With a scheme, not before the month in which the employer joined it (decision Q18).
        """
        if not self.back_collect:
            return ()
        since = YearMonth.of(self.since)
        entry = facts.employer.scheme(scheme) if facts.employer and scheme else None
        return tuple(months(max(since, entry.since) if entry else since, facts.month - 1))

    def check(self, facts: Facts, policy: Policy) -> Iterator[Problem]:
        """Everything that one field alone cannot tell."""
        yield from open_item_problems(facts, "P01")
        yield from self._verdict_problems(facts)
        yield from self._age_problems(facts)
        yield from self._time_problems(facts, policy)
        yield from self._rate_class_problems()
        yield from gate_problems(self.registration, "用工登记", policy)
        yield from self._newcomer_problems(facts, policy)
        yield from self._wage_problems(facts, policy)

    def _verdict_problems(self, facts: Facts) -> Iterator[Problem]:
        found = verdict(facts)
        if isinstance(found, Problem):  # said at the number already
            return
        if found in {Verdict.RESUME, Verdict.TRANSFER} and key_change_open(facts):
            yield stop_text("id_number", "该人员有未办结的关键信息修改，审核后方可续保；按 F7 查看申报结果")
        if found is Verdict.TRANSFER:
            yield from lock_problems(facts, DataLock.TRANSFER, DataLock.ALL)
        elsewhere = tuple(entry for entry in facts.paying_elsewhere if entry.scheme in self.schemes)
        allowed = offered(facts)
        if elsewhere or (facts.paying_elsewhere and not facts.paying_here and self.schemes != (INJURY,)):
            yield active_elsewhere(elsewhere or facts.paying_elsewhere, facts)
            return
        if facts.paying_elsewhere and not facts.paying_here:
            yield hint_text("schemes", "该人员正在其他单位参保，本单位只增加工伤保险")
        paid = facts.employer.paying if facts.employer else ()
        if any(scheme not in paid for scheme in self.schemes):
            yield stop("schemes", "M06")
        elif any(scheme not in allowed for scheme in self.schemes):
            yield stop_text("schemes", "所选险种中有已在本单位参保或已终止的，请按空格取消后按 F2")

    def _age_problems(self, facts: Facts) -> Iterator[Problem]:
        born = min(self.born, self.file_born or self.born)
        if retirement_law().retires_on(born, self.sex, self.status) <= max(self.since, facts.today):
            yield ask("id_number", "M04")

    def _time_problems(self, facts: Facts, policy: Policy) -> Iterator[Problem]:
        limit = setting(policy, "enrolment_back_months", 1200, facts.month)
        back = YearMonth.of(self.since).months_until(facts.month)
        if back > limit:
            yield stop_text("since", f"参保时间最多早于结算期 {limit} 个月，现早 {back} 个月；改正后按 F2")

    def _rate_class_problems(self) -> Iterator[Problem]:
        fitting = CLASSES_OF_STATUS.get(self.status)
        if fitting is not None and self.rate_class not in fitting:
            yield stop("rate_class", "M21")

    def _newcomer_problems(self, facts: Facts, policy: Policy) -> Iterator[Problem]:
        if facts.person is None and self.hukou in OUT_OF_TOWN and setting(policy, "pre_entry_first", otherwise=False):
            yield hint_text("hukou", "外省户籍首次在本市参保的，须持身份证件原件先到分中心预录入")

    def _wage_problems(self, facts: Facts, policy: Policy) -> Iterator[Problem]:
        figures: dict[tuple[str, str], list[str]] = {}
        for scheme in self.schemes:
            entry = facts.employer.scheme(scheme) if facts.employer else None
            try:
                rule = monthly_rules(policy, scheme, facts.month, entry.injury_class if entry else None)
                for month in self.back_months(facts, scheme)[:1]:
                    monthly_rules(policy, scheme, month, entry.injury_class if entry else None)
            except CounterError as silent:
                yield stop_text("schemes", silent.sentence)
                continue
            if rule.fixed is not None:
                continue
            if self.wage < rule.floor:
                figures.setdefault(("M19", grouped(rule.floor)), []).append(policy.scheme_name(scheme))
            elif self.wage > rule.ceiling:
                figures.setdefault(("M20", grouped(rule.ceiling)), []).append(policy.scheme_name(scheme))
        grade = stop if setting(policy, "base_mode", "clamp", facts.month) == "reject" else hint
        for (message, figure), names in figures.items():
            yield grade("wage", message, f" {figure} 元（{'、'.join(names)}）")
