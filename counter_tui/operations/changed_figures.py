"""Which figures of a month have changed between two days, each with both citations (rules 1.7)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import grouped
from counter_tui.policy.authority import ceiling_authority, charge_authority, floor_authority, setting_authority
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.explanation import Explanation, Line
from counter_tui.policy.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.dated import Value
    from counter_tui.policy.regions import Policy

ROUNDINGS: Final = ("base_rounding", "employer_rounding", "person_rounding")


def changed_figures(then: Policy, now: Policy, scheme: str, month: YearMonth) -> Iterator[Line]:
    """Say what of limits, rates and roundings of a scheme is not what it was, with the way down to both sources."""
    for label, ask, authority in _figures(scheme, month):
        old, new = _asked(ask, then), _asked(ask, now)
        if new is None or (old is not None and (old.value, old.by) == (new.value, new.by)):
            continue
        line = Line.resting_on(
            *((new, old) if old is not None else (new,)),
            label=f"{label}变化",
            value=f"{_shown(old)} → {_shown(new)}",
            below=partial(_both, label, then if old is not None else None, now, authority),
        )
        yield replace(line, by="")


def _figures(
    scheme: str, month: YearMonth
) -> Iterator[tuple[str, Callable[[Policy], Value[object]], Callable[[Policy], Explanation]]]:
    yield "缴费下限", lambda law: law.floors[scheme].on(month), lambda law: floor_authority(law, scheme, month)
    yield "缴费上限", lambda law: law.ceilings[scheme].on(month), lambda law: ceiling_authority(law, scheme, month)
    yield "缴费比例", lambda law: law.charge(scheme, month), lambda law: charge_authority(law, scheme, month)
    for name in ROUNDINGS:
        yield PARAMETERS[name].label, partial(_setting, name, month), partial(_setting_source, name, month)


def _setting(name: str, month: YearMonth, law: Policy) -> Value[object]:
    return law.setting(name, month)


def _setting_source(name: str, month: YearMonth, law: Policy) -> Explanation:
    return setting_authority(law, name, month)


def _asked(ask: Callable[[Policy], Value[object]], law: Policy) -> Value[object] | None:
    try:
        return ask(law)
    except (NotInForce, KeyError):
        return None


def _shown(figure: Value[object] | None) -> str:
    """A figure with its citation; rates are read one level down."""
    if figure is None:
        return "当时没有数值"
    return f"{grouped(figure.value) if isinstance(figure.value, int) else ''}（{figure.by}）"


def _both(label: str, then: Policy | None, now: Policy, authority: Callable[[Policy], Explanation]) -> Explanation:
    """The source of a figure as known on the day of the bill, and today's."""
    sides = [("核定时", then), ("现行", now)]
    lines = (Line(label=side, value=f"{label}的出处", below=partial(authority, law)) for side, law in sides if law)
    return Explanation(title=f"{label}变化", lines=tuple(lines))
