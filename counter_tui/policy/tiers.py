"""Flexible employment (灵活就业): the base is a tier or chosen, the person pays all of it (K11, rules 1.9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import Rounding, grouped, round_fen, round_ratio
from counter_tui.errors import CounterError
from counter_tui.policy.authority import setting_authority, setting_text
from counter_tui.policy.contribution_steps import Steps
from counter_tui.policy.explanation import Explanation, Line, percent, united
from counter_tui.policy.parameters import PARAMETERS

if TYPE_CHECKING:
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.charges import Limits
    from counter_tui.policy.dated import Value
    from counter_tui.policy.parameters import Setting
    from counter_tui.policy.regions import Policy

PENSION: Final = "110"
FLOOR, CEILING, FREE = "0", "4", "5"
"""CL-FLEXTIER: 保底, 封顶, 自定义."""
TIERS: Final = {"1": 80, "2": 100, "3": 200}
"""CL-FLEXTIER: per cent of the average wage."""
AVERAGE, RATE, ACCOUNT = "average_wage_fen", "flexible_ppm", "flexible_account_ppm"

_PERCENT = 100
_RAISED, _CUT = "低于下限，按下限", "高于上限，按上限"


class TierNotOffered(CounterError):
    """本地没有 {percent}% 这一档，现有：{offered}，请重新选择"""


class NoSuchTier(CounterError):
    """没有「{code}」这个缴费档次，请按 F4 选择"""


class FreeBaseNotOffered(CounterError):
    """本地只能按档次缴费，不能自定缴费基数，请选择档次"""


class BaseOutsideLimits(CounterError):
    """自定缴费基数 {base} 不在 {floor} 至 {ceiling} 之间，请修改后再保存"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a flexibly employed person chooses: floor, ceiling, a percentage of the average wage, or a base in fen."""

    code: str
    """CL-FLEXTIER; empty where `percent` names a tier that the list does not have."""
    percent: int = 0
    base: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlexibleContribution:
    """What a flexibly employed person owes for a month, in fen. The person pays all; no late fee (rules 3.8)."""

    month: YearMonth
    base: int
    person: int
    account: int
    """Part of it that goes to the personal account."""
    explanation: Explanation

    @property
    def pool(self) -> int:
        """Part of it that goes to the pooled fund."""
        return self.person - self.account


def choice(code: str, base: int = 0) -> Choice:
    """Read a choice from CL-FLEXTIER; `base` in fen counts for 自定义 only. Raises NoSuchTier."""
    if code in (FLOOR, CEILING):
        return Choice(code=code)
    if code == FREE:
        return Choice(code=code, base=base)
    if code not in TIERS:
        raise NoSuchTier(code=code)
    return Choice(code=code, percent=TIERS[code])


def tier(percents: int) -> Choice:
    """Choose a tier by its percentage of the average wage."""
    return Choice(code="", percent=percents)


def offered_tiers(policy: Policy, month: YearMonth) -> tuple[int, ...]:
    """Return the tiers that a region offers, in per cent of the average wage. Raises NotInForce."""
    offered = policy.parameter("flexible_tiers", month)
    return tuple(int(each) for each in offered) if isinstance(offered, tuple) else ()


def flexible_contribution(policy: Policy, month: YearMonth, chosen: Choice) -> FlexibleContribution:
    """Compute the pension contribution of a flexibly employed person for a month.

    A tier is its percentage of the published average wage, rounded as bases are and kept within the published limits,
    which are never recomputed.

    Raises:
        NotInForce: average wage, limits or rate of the month are missing.
        TierNotOffered, FreeBaseNotOffered, BaseOutsideLimits: the choice is not open to the person.

    """
    limits = policy.limits(PENSION, month)
    steps = Steps(policy, PENSION, month)
    base, based = _base(policy, month, chosen, limits)
    rounding = policy.setting("person_rounding", month)
    rate, account_rate = policy.setting(RATE, month), policy.setting(ACCOUNT, month)
    person, account = _share(base, rate, rounding), _share(base, account_rate, rounding)
    before = (*steps.limits(limits), *based)
    lines = (
        *before,
        _setting_line(policy, RATE, month),
        _result("个人应缴", base, rate, rounding, person),
        _result("其中划入个人账户", base, account_rate, rounding, account),
    )
    marks = united(line.marks for line in lines)
    pooled = Line.bearing(marks, label="其中统筹基金", value=grouped(person - account))
    return FlexibleContribution(
        month=month,
        base=base,
        person=person,
        account=account,
        explanation=Explanation(title=f"灵活就业人员养老保险 {month}", lines=(*lines, pooled)),
    )


def _base(policy: Policy, month: YearMonth, chosen: Choice, limits: Limits) -> tuple[int, tuple[Line, ...]]:
    """The base in fen and how it came about."""
    if chosen.code in (FLOOR, CEILING):
        base, name = (limits.floor, "保底") if chosen.code == FLOOR else (limits.ceiling, "封顶")
        source = limits.sources[0] if chosen.code == FLOOR else limits.sources[1]
        return base, (Line.resting_on(source, label="缴费基数", formula=name, value=grouped(base)),)
    if chosen.code == FREE:
        return _free(policy, month, chosen.base, limits)
    return _of_tier(policy, month, chosen.percent, limits)


def _free(policy: Policy, month: YearMonth, base: int, limits: Limits) -> tuple[int, tuple[Line, ...]]:
    if policy.parameter("flexible_free_base", month) is not True:
        raise FreeBaseNotOffered
    if not limits.floor <= base <= limits.ceiling:
        raise BaseOutsideLimits(
            base=grouped(base), floor=f"下限 {grouped(limits.floor)}", ceiling=f"上限 {grouped(limits.ceiling)}"
        )
    line = Line.resting_on(*limits.sources, label="缴费基数", formula="自定，在上下限之内", value=grouped(base))
    return base, (_setting_line(policy, "flexible_free_base", month), line)


def _of_tier(policy: Policy, month: YearMonth, percents: int, limits: Limits) -> tuple[int, tuple[Line, ...]]:
    tiers = policy.setting("flexible_tiers", month)
    offered = offered_tiers(policy, month)
    if percents not in offered:
        raise TierNotOffered(percent=percents, offered="、".join(f"{each}%" for each in offered))
    average = policy.setting(AVERAGE, month)
    rounding = policy.setting("base_rounding", month)
    exact = int(str(average.value)) * percents
    rounded = round_ratio(exact, _PERCENT, Rounding(str(rounding.value)))
    base = min(max(rounded, limits.floor), limits.ceiling)
    clamped = f"，{grouped(rounded)} {_RAISED if base > rounded else _CUT}" if base != rounded else ""
    wage = grouped(int(str(average.value)))
    words = setting_text("base_rounding", rounding.value)
    below = partial(setting_authority, policy, AVERAGE, month)
    lines = (
        Line.resting_on(average, label="月平均工资", value=wage, below=below),
        _setting_line(policy, "flexible_tiers", month),
        Line.resting_on(
            average,
            tiers,
            rounding,
            *limits.sources,
            label="缴费基数",
            formula=f"{wage} * {percents}%，{words}{clamped}",
            value=grouped(base),
        ),
    )
    return base, lines


def _share(base: int, ppm: Value[Setting], rounding: Value[Setting]) -> int:
    return round_fen(base * _rate(ppm), Rounding(str(rounding.value)))


def _rate(ppm: Value[Setting]) -> Decimal:
    return Decimal(int(str(ppm.value))).scaleb(-6)


def _result(label: str, base: int, ppm: Value[Setting], rounding: Value[Setting], amount: int) -> Line:
    words = setting_text("person_rounding", rounding.value)
    formula = f"{grouped(base)} * {percent(_rate(ppm))}，{words}"
    return Line.resting_on(ppm, rounding, label=label, formula=formula, value=grouped(amount))


def _setting_line(policy: Policy, name: str, month: YearMonth) -> Line:
    value = policy.setting(name, month)
    below = partial(setting_authority, policy, name, month)
    return Line.resting_on(value, label=PARAMETERS[name].label, value=setting_text(name, value.value), below=below)
