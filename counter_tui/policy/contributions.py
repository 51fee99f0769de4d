"""Monthly contributions of a person: base, both sides' money and what goes to the account (K1–K7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.money import Rounding, grouped, round_fen
from counter_tui.policy.authority import charge_authority, setting_authority
from counter_tui.policy.charges import Merged, YearlyAmount
from counter_tui.policy.contribution_steps import BASE, Steps, part_of
from counter_tui.policy.explanation import Explanation, Line, united
from counter_tui.policy.monthly_rules import BadWage, MonthlyRule, clamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counter_tui.policy.charges import Limits, Rates
    from counter_tui.policy.dated import Value
    from counter_tui.policy.regions import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one person owes for one scheme and fee month. Money in fen."""

    scheme: str
    month: YearMonth
    wage: int
    base: int
    employer: int
    person: int
    account_employer: int
    """Part of the employer's money that goes to the personal account."""
    account_person: int
    """Part of the person's money that goes to the personal account."""
    clamp: str | None
    """`raised` to the floor, `cut` to the ceiling, or None."""
    limits: Limits | None
    """None for a yearly amount, which looks at no base."""
    components: tuple[tuple[str, int], ...]
    """Sub-items of the employer's money for reports, such as maternity inside medical."""
    explanation: Explanation

    @property
    def total(self) -> int:
        """Employer's and person's money together."""
        return self.employer + self.person

    @property
    def pool(self) -> int:
        """What goes to the pooled fund."""
        return self.total - self.account_employer - self.account_person

    @property
    def marks(self) -> tuple[str, ...]:
        """What the amount rests on: 未确认, 演练数据."""
        return self.explanation.marks

    @property
    def base_marks(self) -> tuple[str, ...]:
        """What the base alone rests on; a yearly amount has none."""
        return united(line.marks for line in self.explanation.lines if line.label == BASE)


def contribution(
    policy: Policy, scheme: str, month: YearMonth, wage: int, *, injury_class: int | None = None
) -> Contribution:
    """Compute a person's contribution to a scheme for a fee month from the wage in fen (K1–K3, K5).

    Raises:
        NotInForce: a limit or rate of the month was not loaded.
        MergedScheme: another scheme carries it in that month.
        InjuryClassMissing, NoSuchInjuryClass: work injury asks for the employer's class of that month.
        BadWage, WageBelowFloor, WageAboveCeiling: the wage is refused.

    """
    if wage <= 0:
        raise BadWage
    charge = policy.charge(scheme, month)
    if isinstance(charge.value, YearlyAmount):
        return _yearly(policy, scheme, month, wage, charge, charge.value)
    rates = policy.rates(scheme, month, injury_class=injury_class)
    limits = policy.limits(scheme, month)
    base_rounding, employer_rounding, person_rounding = _roundings(policy, month)
    reject = policy.parameter("base_mode", month) == "reject"
    clamp = clamp_of(wage, limits.floor, limits.ceiling, reject=reject)
    base = min(max(round_fen(Decimal(wage), base_rounding), limits.floor), limits.ceiling)
    employer = round_fen(base * rates.employer, employer_rounding)
    person = round_fen(base * rates.person, person_rounding)
    account_employer = round_fen(base * rates.account_employer, employer_rounding)
    account_person = round_fen(base * rates.account_person, person_rounding)
    components = _components(rates, base, employer, employer_rounding)
    steps = Steps(policy, scheme, month)
    based = steps.base(wage, base, limits, clamp)
    employer_line = steps.employer(based, rates, limits, employer)
    person_line = steps.person(based, rates, limits, person)
    lines = [
        Line(label="申报工资", value=grouped(wage)),
        *steps.limits(limits),
        based,
        employer_line,
        *(part_of(employer_line, f"其中{name}", amount) for name, amount in components),
        person_line,
        *([part_of(employer_line, "单位部分划入个人账户", account_employer)] if account_employer else ()),
        *([part_of(person_line, "个人部分划入个人账户", account_person)] if account_person else ()),
        *steps.notices(),
    ]
    return Contribution(
        scheme=scheme,
        month=month,
        wage=wage,
        base=base,
        employer=employer,
        person=person,
        account_employer=account_employer,
        account_person=account_person,
        clamp=clamp,
        limits=limits,
        components=components,
        explanation=Explanation(title=f"{policy.scheme_name(scheme)} {month}", lines=tuple(lines)),
    )


def contributions(
    policy: Policy, schemes: Iterable[str], month: YearMonth, wage: int, *, injury_class: int | None = None
) -> tuple[Contribution, ...]:
    """Compute all schemes of a person for a month; a scheme carried by another one by then is left out."""
    return tuple(
        contribution(policy, scheme, month, wage, injury_class=injury_class)
        for scheme in schemes
        if not isinstance(policy.charge(scheme, month).value, Merged)
    )


def back_months(
    policy: Policy,
    schemes: Iterable[str],
    since: YearMonth,
    until: YearMonth,
    wage: int,
    *,
    injury_class: int | None = None,
) -> tuple[Contribution, ...]:
    """Compute every month from first to last, both included, each by its own limits and rates (K6, K7)."""
    wanted = tuple(schemes)
    return tuple(
        owed
        for month in months(since, until)
        for owed in contributions(policy, wanted, month, wage, injury_class=injury_class)
    )


def monthly_rules(policy: Policy, scheme: str, month: YearMonth, injury_class: int | None = None) -> MonthlyRule:
    """Gather a month's rule once for many wages; errors as `contribution`."""
    charge = policy.charge(scheme, month)
    if isinstance(charge.value, YearlyAmount):
        sample = contribution(policy, scheme, month, 1)
        return MonthlyRule(scheme=scheme, month=month, fixed=(sample.employer, sample.person), marks=sample.marks)
    limits = policy.limits(scheme, month)
    rates = policy.rates(scheme, month, injury_class=injury_class)
    base_rounding, employer_rounding, person_rounding = _roundings(policy, month)
    return MonthlyRule(
        scheme=scheme,
        month=month,
        floor=limits.floor,
        ceiling=limits.ceiling,
        reject=policy.parameter("base_mode", month) == "reject",
        employer_ppm=_ppm(rates.employer),
        person_ppm=_ppm(rates.person),
        account_employer_ppm=_ppm(rates.account_employer),
        account_person_ppm=_ppm(rates.account_person),
        base_rounding=base_rounding,
        employer_rounding=employer_rounding,
        person_rounding=person_rounding,
        # Marks rest on the month's figures, not on the wage: any wage within the limits shows them.
        marks=contribution(policy, scheme, month, limits.floor, injury_class=injury_class).marks,
    )


def _ppm(rate: Decimal) -> int:
    return int(rate.scaleb(6))


def _roundings(policy: Policy, month: YearMonth) -> tuple[Rounding, Rounding, Rounding]:
    """Return how the base, the employer's and the person's amount are rounded in a month."""
    names = ("base_rounding", "employer_rounding", "person_rounding")
    base, employer, person = (Rounding(str(policy.parameter(name, month))) for name in names)
    return base, employer, person


def _yearly_due(policy: Policy, amount: YearlyAmount, month: YearMonth) -> tuple[int, int]:
    """Return employer's and person's part: the whole amount in the month of collection, else nothing."""
    if policy.parameter("large_medical_month", month) != month.month:
        return 0, 0
    return amount.employer, amount.person


def _yearly(
    policy: Policy, scheme: str, month: YearMonth, wage: int, charge: Value[object], amount: YearlyAmount
) -> Contribution:
    collected = policy.setting("large_medical_month", month)
    employer, person = _yearly_due(policy, amount, month)
    whole = f"单位 {grouped(amount.employer)}，个人 {grouped(amount.person)}"
    lines = (
        Line.resting_on(charge, label="年度定额", value=whole, below=partial(charge_authority, policy, scheme, month)),
        Line.resting_on(
            collected,
            label="收取月份",
            value=f"每年 {collected.value} 月整笔收取，不按月分摊",
            below=partial(setting_authority, policy, "large_medical_month", month),
        ),
        replace(
            Line.resting_on(
                charge,
                collected,
                label="本月应缴",
                formula=f"{grouped(employer)} + {grouped(person)}",
                value=grouped(employer + person),
            ),
            by="",
        ),
    )
    return Contribution(
        scheme=scheme,
        month=month,
        wage=wage,
        base=0,
        employer=employer,
        person=person,
        account_employer=0,
        account_person=0,
        clamp=None,
        limits=None,
        components=(),
        explanation=Explanation(title=f"{policy.scheme_name(scheme)} {month}", lines=lines),
    )


def _components(rates: Rates, base: int, employer: int, rounding: Rounding) -> tuple[tuple[str, int], ...]:
    """Round each sub-item; the first takes what is left, so that they add up to the employer's money."""
    if not rates.components:
        return ()
    (first, _), *others = rates.components
    rounded = [(name, round_fen(base * rate, rounding)) for name, rate in others]
    return ((first, employer - sum(amount for _, amount in rounded)), *rounded)
