"""结算 (P29, P30, P31, P34): assess a month, settle it with or without changes, roll it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # read from the annotations
from typing import TYPE_CHECKING, Annotated, Any, Final

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.problems import stop, stop_text
from counter_tui.forms import dictionary as asked
from counter_tui.forms.checks import freeze_problems
from counter_tui.forms.codes import CodesOf
from counter_tui.forms.conditions import setting
from counter_tui.forms.fields import Ask
from counter_tui.forms.filling import last_assessed
from counter_tui.forms.kinds import Number, Text, YesNo
from counter_tui.forms.spec import Declaration, Style, business

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Values
    from counter_tui.policy.regions import Policy

RULES: Final = ("M05", "M23", "M24", "M27", "M28", "M29", "M30", "M31", "M32", "M52")


def _employer(attribute: str) -> Any:
    def value(_: Values, facts: Facts) -> Any:
        return getattr(facts.employer, attribute) if facts.employer else None

    return value


def _in_sequence(value: YearMonth, _: Values, facts: Facts) -> Iterator[Problem]:
    if value < facts.month or (facts.settled and value == facts.month):
        yield stop("month", "M27", str(value))
    elif value > YearMonth.of(facts.today):
        yield stop("month", "M29", str(value))
    elif value > facts.month:
        yield stop("month", "M28", str(facts.month))


def _last_one(value: YearMonth, _: Values, facts: Facts) -> Iterator[Problem]:
    last = facts.month - 1
    if value > last:
        yield stop_text("month", f"{value} 尚未核定，没有可回退的核定；改正后按 F8")
    elif value < last:
        yield stop_text("month", f"{last} 已核定，须从最后一个月起逐月回退；改正后按 F8")


def _confirmed(value: object, _: Values, __: Facts) -> Iterator[Problem]:
    if value is not True:
        yield stop_text("confirmed", "请核对单位信息，无误后输入 1，再按 F8")


def by_default(parameter: str) -> Any:
    """A flag's default from a parameter of the region."""

    def value(facts: Facts, policy: Policy) -> bool:
        return setting(policy, parameter, otherwise=False, month=facts.month)

    return value


UNIT_NUMBER: Final = Ask(
    label="单位编号", kind=Number(15), source="U01", required=False, derive=_employer("number"), hint="接待的单位"
)
UNIT_NAME: Final = Ask(label="单位名称", kind=Text(100), source="U02", required=False, derive=_employer("name"))
CONFIRMED: Final = Ask(label="单位信息核对无误", kind=YesNo(), verify=_confirmed)


@business("P29", "当期缴费核定", style=Style.ACT, opens=freeze_problems, prints=("D01", "D02"), rules=RULES)
@dataclass(frozen=True, slots=True, kw_only=True)
class Assess(Declaration):
    """What is assessed: month, schemes, interest and late fee."""

    employer_number: Annotated[str, UNIT_NUMBER] = ""
    employer_name: Annotated[str, UNIT_NAME] = ""
    month: Annotated[YearMonth, asked.I11.but(verify=_in_sequence, rules=("M27", "M28", "M29"))]
    schemes: Annotated[
        tuple[str, ...],
        asked.I01.but(
            kind=CodesOf("CL-INS", within=lambda facts: facts.employer.paying if facts.employer else ()),
            required=False,
            missing="",
            rules=(),
            hint="不填为全部缴费险种；输序号，如 1 3 4",
        ),
    ] = ()
    interest: Annotated[bool, asked.I15.but(default=by_default("interest_default"))]
    late_fee: Annotated[bool, asked.I16.but(default=by_default("late_fee_default"))]
    late_fee_until: Annotated[date | None, asked.I17.but(when=lambda values, _: values.get("late_fee") is True)] = None


@business("P30", "有变动结算", style=Style.ACT, opens=freeze_problems, prints=("D01", "D02"), rules=(*RULES, "M26"))
@dataclass(frozen=True, slots=True, kw_only=True)
class SettleWithChanges(Declaration):
    """The employer and month that are shown before a settlement with changes."""

    employer_number: Annotated[str, UNIT_NUMBER] = ""
    employer_name: Annotated[str, UNIT_NAME] = ""
    month: Annotated[YearMonth, asked.I12]
    confirmed: Annotated[bool, CONFIRMED]


@business(
    "P31", "无变动结算", style=Style.ACT, opens=freeze_problems, prints=("D01", "D02"), rules=(*RULES, "M25", "M45")
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SettleWithoutChanges(Declaration):
    """The employer and month that are shown before a settlement without changes."""

    employer_number: Annotated[str, UNIT_NUMBER] = ""
    employer_name: Annotated[str, UNIT_NAME] = ""
    month: Annotated[YearMonth, asked.I12]
    confirmed: Annotated[bool, CONFIRMED]


@business("P34", "核定回退", style=Style.ACT, opens=freeze_problems, rules=("M58",))
@dataclass(frozen=True, slots=True, kw_only=True)
class RollBackMonth(Declaration):
    """Which month's assessment is taken back, and why; a second person confirms it."""

    employer_number: Annotated[str, UNIT_NUMBER] = ""
    employer_name: Annotated[str, UNIT_NAME] = ""
    month: Annotated[YearMonth, asked.I11.but(default=last_assessed, verify=_last_one)]
    reason: Annotated[str, asked.E23.but(label="回退原因", required=True, section="", dup=False)]
