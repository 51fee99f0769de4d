"""The law of one region as the program asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from counter_tui.errors import CounterError
from counter_tui.policy.charges import (
    NOTHING,
    Limits,
    Merged,
    MergedScheme,
    Rates,
    RiskClasses,
    Shares,
    YearlyAmount,
    YearlyScheme,
)
from counter_tui.policy.dated import Confidence, Dated, NotInForce, Value, weaker
from counter_tui.policy.profile import CodeOverlay, FieldOverlay, FormOverlay, MenuEntry, Region

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.charges import Charge
    from counter_tui.policy.parameters import Setting
    from counter_tui.policy.yearly_figures import YearlyFigures

__all__ = [
    "CodeOverlay",
    "FieldOverlay",
    "FormOverlay",
    "LateFeePeriod",
    "MenuEntry",
    "Notice",
    "Policy",
    "Region",
    "UnknownRegion",
    "load_policy",
]

REGIONS = Path(__file__).parent / "regions"
"""Folder of the region files; its `training` folder is read in training only."""

T = TypeVar("T")


class UnknownRegion(CounterError):
    """没有“{name}”这个地区方案，现有：{known}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeePeriod:
    """Days on which one daily late-fee rate rules, both ends included."""

    since: date
    until: date | None
    per_day: Decimal
    by: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A word to the clerk about fee months whose amounts may differ from case to case, such as reliefs."""

    since: YearMonth
    until: YearMonth
    schemes: tuple[str, ...]
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All dated figures and regional choices of one region; figures are asked by fee month."""

    region: Region
    version: str
    """SHA-256 of the files it was read from."""
    training: bool
    menu: tuple[MenuEntry, ...]
    schemes: Mapping[str, str]
    """Names of the schemes by code (CL-INS)."""
    late_fee_periods: tuple[LateFeePeriod, ...]
    notices: tuple[Notice, ...]
    floors: Mapping[str, Dated[int]]
    ceilings: Mapping[str, Dated[int]]
    charges: Mapping[str, Dated[Charge]]
    settings: Mapping[str, Dated[Setting]]
    yearly: YearlyFigures
    """What comes out once a year: rates of accounts, bases and averages of pensions."""
    forms: Mapping[str, FormOverlay]
    code_lists: Mapping[str, Mapping[str, CodeOverlay]]

    def form_overlay(self, function: str) -> Mapping[str, FieldOverlay]:
        """Return the region's changes to a form by field name; empty when it has none."""
        return self.forms.get(function, FormOverlay({}))

    def codes(self, list_id: str) -> Mapping[str, CodeOverlay] | None:
        """Return the region's changes to a code list by code, or None."""
        return self.code_lists.get(list_id)

    def scheme_name(self, scheme: str) -> str:
        """Return the name of a scheme, or its code when the region does not know it."""
        return self.schemes.get(scheme, scheme)

    def parameter(self, name: str, month: YearMonth | None = None) -> Setting:
        """Return a parameter for a fee month, or without one the setting that has no end.

        Raises:
            NotInForce: nobody has set it.

        """
        return self.setting(name, month).value

    def setting(self, name: str, month: YearMonth | None = None) -> Value[Setting]:
        """Return a parameter as `parameter` does, with its authority."""
        history = self.settings.get(name)
        if history is None:
            raise NotInForce(figure=name, month=month or "当前")
        return history.lasting() if month is None else history.on(month)

    def limits(self, scheme: str, month: YearMonth) -> Limits:
        """Return floor and ceiling of a scheme in a fee month, in fen; NotInForce names the one missing."""
        floor = _ruling(self.floors, scheme, f"{self.scheme_name(scheme)}缴费基数下限", month)
        ceiling = _ruling(self.ceilings, scheme, f"{self.scheme_name(scheme)}缴费基数上限", month)
        return Limits(
            floor=floor.value,
            ceiling=ceiling.value,
            by=floor.by if floor.by == ceiling.by else f"下限 {floor.by}；上限 {ceiling.by}",
            confidence=weaker(floor.confidence, ceiling.confidence),
            training=floor.training or ceiling.training,
            sources=(floor, ceiling),
        )

    def charge(self, scheme: str, month: YearMonth) -> Value[Charge]:
        """Return in what way a scheme charges in a fee month; NotInForce when that was not loaded."""
        return _ruling(self.charges, scheme, f"{self.scheme_name(scheme)}缴费比例", month)

    def rates(self, scheme: str, month: YearMonth, *, injury_class: int | None = None) -> Rates:
        """Return the exact rates of a scheme in a fee month.

        Raises:
            NotInForce: the rates were not loaded.
            MergedScheme: another scheme carries it in that month.
            YearlyScheme: it charges a yearly amount.
            InjuryClassMissing, NoSuchInjuryClass: the class of risk is needed, or did not exist then.

        """
        ruling = self.charge(scheme, month)
        charge = ruling.value
        if isinstance(charge, Merged):
            into = self.scheme_name(charge.into)
            raise MergedScheme(month=ruling.since, figure=self.scheme_name(scheme), into=into)
        if isinstance(charge, YearlyAmount):
            raise YearlyScheme(figure=self.scheme_name(scheme))
        shares = (
            Shares(employer=charge.rate(injury_class, month), person=NOTHING)
            if isinstance(charge, RiskClasses)
            else charge
        )
        return Rates(
            employer=shares.employer,
            person=shares.person,
            account_employer=shares.account_employer,
            account_person=shares.account_person,
            components=shares.components,
            by=ruling.by,
            confidence=ruling.confidence,
            training=ruling.training,
            source=ruling,
        )


def load_policy(name: str, *, training: bool) -> Policy:
    """Read a region's law from its files; training adds the invented figures of the training folder.

    Raises:
        UnknownRegion: no such region; the sentence lists the known ones.
        LawFault: a file is not as it must be; the sentence names file, key and reason.

    """
    from counter_tui.policy.loader import read_policy

    return read_policy(REGIONS, name, training=training)


def _ruling(histories: Mapping[str, Dated[T]], scheme: str, figure: str, month: YearMonth) -> Value[T]:
    if scheme not in histories:
        raise NotInForce(figure=figure, month=month)
    return histories[scheme].on(month)
