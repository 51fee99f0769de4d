"""The list of all figures of a region: what is in force, what is missing, what is unconfirmed, and each history."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from counter_tui.policy.charges import Merged, YearlyAmount
from counter_tui.policy.dated import Confidence, NotInForce
from counter_tui.policy.explanation import Explanation, Line
from counter_tui.policy.figure_entries import FigureEntry, Group
from counter_tui.policy.figure_sources import all_entries
from counter_tui.policy.histories import charge_name
from counter_tui.policy.parameters import PARAMETERS
from counter_tui.policy.yearly_figures import YEARLY_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from counter_tui.policy.regions import Policy

_MOST_NAMED = 12
"""Candidates that are named when several figures fit."""
_NOT_YET = "尚未公布，或尚未载入"
_NOT_BEFORE = "此前的数值没有载入"


class NoSuchFigure(CounterError):
    """没有名为「{typed}」的数值，可用名称、代码或其中一部分"""

    typed: str


class SeveralFigures(CounterError):
    """「{typed}」有 {count} 项相符，请写得更完整：{names}"""

    typed: str
    count: int
    names: str


def figures(policy: Policy) -> tuple[FigureEntry, ...]:
    """List every figure of a region with all its stretches and gaps, group by group."""
    return tuple(all_entries(policy))


def in_force(policy: Policy, on: YearMonth | date) -> tuple[FigureEntry, ...]:
    """Return what rules in a month, or on a day: of several publications the latest; nothing for what is missing."""
    return tuple(entry for entry in standing(figures(policy), on) if not entry.gap)


def missing(policy: Policy, on: YearMonth | date) -> tuple[FigureEntry, ...]:
    """Return what has no value then: declared gaps, ended histories, and figures that nobody has set."""
    entries = figures(policy)
    gone = [entry for entry in standing(entries, on) if entry.gap]
    unset = _never_set(policy, {entry.code for entry in entries})
    return tuple(entry for entry in (*gone, *unset) if _needed(policy, entry, on))


def unconfirmed(policy: Policy, on: YearMonth | date) -> tuple[FigureEntry, ...]:
    """Return what rules then and is yet to be confirmed by the bureau; invented figures are not among it."""
    return tuple(entry for entry in in_force(policy, on) if entry.unconfirmed)


def standing(entries: Iterable[FigureEntry], on: YearMonth | date) -> Iterator[FigureEntry]:
    """Yield for each figure the one entry that stands in a month or on a day: a value, or the gap."""
    first, last = _days(on)
    for history in _histories(entries).values():
        touching = [entry for entry in history if entry.rules(first, last)]
        gaps = [entry for entry in touching if entry.gap]
        values = [entry for entry in touching if not entry.gap]
        # A gap beside a value is a loaded file that can no longer be trusted: the figure is refused.
        if gaps:
            yield gaps[0]
        elif values:
            yield max(values, key=lambda entry: (entry.known_from or date.min, entry.since or date.min))
        else:
            yield _beyond(history, first)


def history(policy: Policy, code: str) -> Explanation:
    """Explain a figure through all its months. Raises NoSuchFigure."""
    entries = [entry for entry in figures(policy) if entry.code == code]
    if not entries:
        raise NoSuchFigure(typed=code)
    return explained(entries)


def explained(entries: Iterable[FigureEntry]) -> Explanation:
    """Explain the entries of one figure, oldest first; holes between them are said in words."""
    ordered = tuple(entries)
    return Explanation(title=ordered[0].label, lines=tuple(map(_line, ordered)))


def found(policy: Policy, typed: str) -> tuple[FigureEntry, ...]:
    """Return the history of the one figure that is meant by its name, its code, its beginning, or a unique part.

    Raises:
        NoSuchFigure: nothing fits.
        SeveralFigures: several fit equally well; the sentence names them.

    """
    histories = _histories(figures(policy))
    wanted = plain(typed).lower()
    names = {code: (code.lower(), plain(entries[0].label).lower()) for code, entries in histories.items()}
    for fits in (
        [code for code, words in names.items() if wanted in words],
        [code for code, words in names.items() if wanted and words[1].startswith(wanted)],
        [code for code, words in names.items() if wanted and any(wanted in word for word in words)],
    ):
        if len(fits) == 1:
            return tuple(histories[fits[0]])
        if fits:
            named = "、".join(f"{histories[code][0].label}（{code}）" for code in fits[:_MOST_NAMED])
            more = " 等" if len(fits) > _MOST_NAMED else ""
            raise SeveralFigures(typed=typed, count=len(fits), names=named + more)
    raise NoSuchFigure(typed=typed)


def _histories(entries: Iterable[FigureEntry]) -> Mapping[str, list[FigureEntry]]:
    histories: dict[str, list[FigureEntry]] = {}
    for entry in entries:
        histories.setdefault(entry.code, []).append(entry)
    return histories


def _days(on: YearMonth | date) -> tuple[date, date]:
    return (on.first_day, on.last_day) if isinstance(on, YearMonth) else (on, on)


def _beyond(entries: list[FigureEntry], day: date) -> FigureEntry:
    """The months before a history, or after it."""
    starts = [entry.since for entry in entries if entry.since is not None]
    ends = [entry.until for entry in entries if entry.until is not None and entry.until < day]
    before = bool(starts) and day < min(starts)
    return FigureEntry(
        group=entries[0].group,
        code=entries[0].code,
        label=entries[0].label,
        value="",
        since=None if before else date.fromordinal(max(ends).toordinal() + 1),
        until=date.fromordinal(min(starts).toordinal() - 1) if before else None,
        by=_NOT_BEFORE if before else _NOT_YET,
        gap=True,
        daily=entries[0].daily,
    )


def _never_set(policy: Policy, listed: set[str]) -> Iterator[FigureEntry]:
    """Schemes, parameters and yearly figures of which no file says anything."""
    names = {f"charge:{scheme}": (Group.RATES, charge_name(name)) for scheme, name in policy.schemes.items()}
    names |= {f"setting:{name}": (Group.SETTINGS, parameter.label) for name, parameter in PARAMETERS.items()}
    names |= {key: (YEARLY_KINDS[key].group, each.figure) for key, each in policy.yearly.histories.items()}
    for code, (group, label) in names.items():
        if code not in listed:
            yield FigureEntry(
                group=group, code=code, label=label, value="", since=None, until=None, by="没有载入", gap=True
            )


def _needed(policy: Policy, entry: FigureEntry, on: YearMonth | date) -> bool:
    """Limits of a scheme that is carried by another one, or has a fixed amount, are not missed."""
    word, _, scheme = entry.code.partition(":")
    if word not in ("floor", "ceiling"):
        return True
    try:
        charge = policy.charge(scheme, on if isinstance(on, YearMonth) else YearMonth.of(on)).value
    except NotInForce:
        return True
    return not isinstance(charge, Merged | YearlyAmount)


def _line(entry: FigureEntry) -> Line:
    if entry.gap:
        return Line(label=entry.stretch, value=f"没有数值：{entry.by}")
    facts = [f"可信程度{entry.sureness}"] if entry.sureness else []
    facts += [f"{entry.known_from} 公布"] if entry.known_from else []
    sure = f"（{'，'.join(facts)}）" if facts else ""
    return Line(
        label=entry.stretch,
        value=f"{entry.value}{sure}",
        by=entry.by,
        confidence=Confidence.LOW if entry.unconfirmed else Confidence.HIGH,
        training=entry.training,
        provisional=entry.provisional,
        below=entry.below,
    )
