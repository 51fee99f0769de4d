"""The steps of one contribution, each with what it rests on and a way down to the law."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import grouped
from counter_tui.policy.authority import (
    ceiling_authority,
    charge_authority,
    floor_authority,
    notice_authority,
    setting_authority,
    setting_text,
)
from counter_tui.policy.explanation import Explanation, Line, percent
from counter_tui.policy.monthly_rules import CUT, RAISED
from counter_tui.policy.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.charges import Limits, Rates
    from counter_tui.policy.dated import Value
    from counter_tui.policy.parameters import Setting
    from counter_tui.policy.regions import Policy

_CLAMPED = {RAISED: "低于下限，按下限", CUT: "高于上限，按上限"}

BASE: Final = "缴费基数"
"""What the step is called that fixes the base."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps under the law of one scheme and fee month."""

    policy: Policy
    scheme: str
    month: YearMonth

    def limits(self, limits: Limits) -> Iterator[Line]:
        """Floor and ceiling."""
        for label, figure, authority in zip(
            ("缴费下限", "缴费上限"), limits.sources, (floor_authority, ceiling_authority), strict=True
        ):
            below = partial(authority, self.policy, self.scheme, self.month)
            yield Line.resting_on(figure, label=label, value=grouped(figure.value), below=below)

    def base(self, wage: int, base: int, limits: Limits, clamp: str | None) -> Line:
        """The base that a wage comes to between its limits; it rests on all four figures."""
        rounding, mode = self._setting("base_rounding"), self._setting("base_mode")
        words = setting_text("base_rounding", rounding.value)
        how = f"{grouped(wage)} {_CLAMPED[clamp]}" if clamp else f"{grouped(wage)} 在上下限之内，{words}"
        step = Line.resting_on(rounding, mode, *limits.sources, label=BASE, value=grouped(base), formula=how)
        step = replace(step, by="")

        def below() -> Explanation:
            lines = (
                Line(label="申报工资", value=grouped(wage)),
                self.setting("base_rounding"),
                *self.limits(limits),
                self.setting("base_mode"),
                step,
            )
            return Explanation(title="缴费基数的计算", lines=lines)

        return replace(step, below=below)

    def employer(self, base: Line, rates: Rates, limits: Limits, amount: int) -> Line:
        """What the employer pays of the base."""
        return self._share("单位应缴", "employer_rounding", rates.employer, base, rates, limits, amount)

    def person(self, base: Line, rates: Rates, limits: Limits, amount: int) -> Line:
        """What the person pays of the base."""
        return self._share("个人应缴", "person_rounding", rates.person, base, rates, limits, amount)

    def _share(  # the seven figures of one product
        self, label: str, rounded: str, rate: Decimal, base: Line, rates: Rates, limits: Limits, amount: int
    ) -> Line:
        rounding = self._setting(rounded)
        step = Line.resting_on(
            rates.source,
            rounding,
            *limits.sources,
            label=label,
            formula=f"{base.value} * {percent(rate)}，{setting_text(rounded, rounding.value)}",
            value=grouped(amount),
        )

        def below() -> Explanation:
            authority = partial(charge_authority, self.policy, self.scheme, self.month)
            charged = Line.resting_on(rates.source, label=f"{label[:2]}费率", value=percent(rate), below=authority)
            lines = (base, charged, self.setting(rounded), replace(step, by=""))
            return Explanation(title=f"{label}的计算", lines=lines)

        return replace(step, below=below)

    def setting(self, name: str) -> Line:
        """A step that is nothing but a parameter."""
        value = self._setting(name)
        return Line.resting_on(
            value,
            label=PARAMETERS[name].label,
            value=setting_text(name, value.value),
            below=partial(setting_authority, self.policy, name, self.month),
        )

    def _setting(self, name: str) -> Value[Setting]:
        return self.policy.setting(name, self.month)

    def notices(self) -> Iterator[Line]:
        """Words to the clerk about the month."""
        for notice in self.policy.notices:
            if self.scheme in notice.schemes and notice.since <= self.month <= notice.until:
                below = partial(notice_authority, self.policy, notice)
                yield Line(label="提示", value=notice.text, by=notice.by, below=below)


def part_of(share: Line, label: str, amount: int) -> Line:
    """A part of one side's amount; it rests on what the amount rests on."""
    return Line.bearing(share.marks, label=label, value=grouped(amount))
