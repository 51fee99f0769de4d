"""Files of figures that a bureau loads: read as strictly as region files, and held against the law in force.

A supplement names its region and holds `limits`, `rates`, `parameters` and `notices` as region files do, the tables of
`loaded_years` for what comes out once a year, and `confirm` for published figures that the bureau confirms as they
stand. Every value says since when it rules and when it was published; whole histories are never replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from counter_tui.errors import CounterError
from counter_tui.policy.dated import Confidence, Dated, NotInForce
from counter_tui.policy.figure_words import digest_of
from counter_tui.policy.histories import TRAINING_CITATION, Figures, meet
from counter_tui.policy.loaded_years import loaded_years, refuse_collision
from counter_tui.policy.regions import Notice
from counter_tui.policy.sections import LawFault, Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.charges import Charge
    from counter_tui.policy.dated import Gap, Value
    from counter_tui.policy.histories import Placed, T
    from counter_tui.policy.parameters import Setting
    from counter_tui.policy.regions import Policy
    from counter_tui.policy.yearly import Yearly

FLOOR, CEILING, CHARGE, SETTING, YEARLY = "floor", "ceiling", "charge", "setting", "yearly"
NOTICE, CONFIRM = "notice", "confirm"
"""First words of the keys by which figures of a policy are named: `floor:310`, `yearly:pension_base`."""
HISTORIES = (FLOOR, CEILING, CHARGE, SETTING, YEARLY)
"""Those of them that stand before the key of a history."""


class BadFigures(CounterError):
    """数值文件 {file} 第 {line} 行的 {key} 有误：{reason}，请更正后重新载入"""

    file: str
    line: int
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A published figure that the bureau confirms as it stands."""

    figure: str
    """What the figure is called."""
    since: YearMonth
    by: str
    """The bureau's citation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedNotice:
    """A word to the clerk with its day of publication."""

    notice: Notice
    known_from: date


@dataclass(slots=True, kw_only=True)
class Supplement:
    """What one file holds."""

    floors: dict[str, Dated[int]] = field(default_factory=dict)
    ceilings: dict[str, Dated[int]] = field(default_factory=dict)
    charges: dict[str, Dated[Charge]] = field(default_factory=dict)
    settings: dict[str, Dated[Setting]] = field(default_factory=dict)
    yearly: dict[str, Yearly[Any]] = field(default_factory=dict)
    notices: list[LoadedNotice] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)

    @property
    def histories(self) -> dict[str, Dated[Any]]:
        """Every history by its key."""
        return _keyed(self.floors, self.ceilings, self.charges, self.settings, self.yearly)

    @property
    def known_from(self) -> date | None:
        """The latest day of publication in the file; None when it only confirms."""
        values = chain.from_iterable(history.values for history in self.histories.values())
        days = [value.known_from for value in values] + [each.known_from for each in self.notices]
        return max((day for day in days if day is not None), default=None)

    def keys(self, policy: Policy) -> tuple[str, ...]:
        """Say which figures the file changes; a confirmation carries what the figure was when it was confirmed."""
        standing = named_histories(policy)
        confirmed = (
            f"{CONFIRM}:{each.figure}@{each.since}#{digest_of(standing[each.figure].on(each.since))}"
            for each in self.confirmations
        )
        return (*self.histories, *([f"{NOTICE}:"] if self.notices else ()), *confirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loading(Figures):
    """Reads figures that complete a law instead of making one."""

    standing: Mapping[str, Dated[Any]]
    """The law in force, by the name of the figure; empty: whatever stands there is not looked at."""

    def gaps(self, section: Section) -> list[Gap]:
        """A supplement leaves out what it does not know."""
        if section.has("gaps"):
            raise section.fault("gaps", "载入的文件只写数值，不写缺口")
        return []

    def keep(self, section: Section, histories: dict[str, Dated[T]], key: str, history: Dated[T]) -> None:
        """A figure stands once in a file."""
        if key in histories:
            raise section.fault("", f"「{history.figure}」在本文件中出现了两次")
        histories[key] = history

    def value(self, item: Section, value: T) -> Value[T]:
        """Months, publication and authority: all of them must be said."""
        for key in ("since", "known_from"):
            if not item.has(key):
                raise item.fault(key, "缺少此键")
        read = Figures.value(self, item, value)  # a class with slots has no super() of its own
        return replace(read, training=True) if read.by == TRAINING_CITATION else read

    def history(self, section: Section, figure: str, values: Sequence[Placed[T]], gaps: Sequence[Gap]) -> Dated[T]:
        """Join values that do not collide with each other or with the law in force; holes between them are allowed."""
        if not values:
            if gaps:  # one side of the limits is not in the file
                return Dated(figure=figure, values=(), gaps=tuple(gaps))
            raise section.fault("", "没有数值")
        before = self.standing[figure].values if figure in self.standing else ()
        for number, (item, value) in enumerate(values):
            for other in before:
                refuse_collision(item, value, other, months=str)
            for _, other in values[:number]:
                if meet(value, other):
                    raise item.fault("since", f"{max(value.since, other.since)} 在本文件中有两条重叠的记录")
        return Dated(figure=figure, values=tuple(value for _, value in values))


def read_supplement(text: str, *, name: str, policy: Policy, checked: bool = True) -> Supplement:
    """Read a file of figures.

    Args:
        text: the file.
        name: its name, for the sentences.
        policy: the law it completes.
        checked: hold every value against that law, too; not for what was confirmed before.

    Raises:
        BadFigures: the sentence names file, line, key and reason.

    """
    try:
        return _read(Section.of_bytes(text.encode(), file=name), policy, checked=checked)
    except LawFault as fault:
        raise BadFigures(file=fault.file, line=fault.line, key=fault.key, reason=fault.reason) from None


def _read(file: Section, policy: Policy, *, checked: bool) -> Supplement:
    if (region := file.text("region")) != policy.region.name:
        raise file.fault("region", f"本文件是 {region} 的，本机办理 {policy.region.name} 的业务")
    found = Supplement()
    standing = named_histories(policy)
    loading = _Loading(schemes=policy.schemes, training=False, standing=standing if checked else {})
    for limits in file.sections("limits"):
        loading.limits(limits, found.floors, found.ceilings)
    for rates in file.sections("rates"):
        loading.rates(rates, found.charges)
    parameters = file.section("parameters")
    for key in parameters.rest():
        found.settings[key] = loading.setting(parameters.section(key), key)
    found.yearly = loaded_years(file, policy.yearly, checked=checked)
    found.notices += [_notice(item, loading) for item in file.sections("notices")]
    found.confirmations += [_confirmation(item, standing, checked=checked) for item in file.sections("confirm")]
    file.finish()
    for histories in (found.floors, found.ceilings):
        for key in [key for key, history in histories.items() if not history.values]:
            del histories[key]
    if not (found.histories or found.notices or found.confirmations):
        raise file.fault("", "没有任何数值")
    return found


def _notice(item: Section, loading: _Loading) -> LoadedNotice:
    read = LoadedNotice(
        notice=Notice(
            since=item.month("since"),
            until=item.month("until"),
            schemes=loading.named_schemes(item),
            text=item.text("text"),
            by=item.text("by"),
        ),
        known_from=item.day("known_from"),
    )
    if read.notice.until < read.notice.since:
        raise item.fault("until", "终止月份早于开始月份")
    item.finish()
    return read


def _confirmation(item: Section, standing: Mapping[str, Dated[Any]], *, checked: bool) -> Confirmation:
    figure, since, by = item.text("figure"), item.month("since"), item.text("by")
    if checked:
        if figure not in standing:
            raise item.fault("figure", f"没有名为「{figure}」的数值")
        try:
            value = standing[figure].on(since)
        except NotInForce:
            raise item.fault("since", f"{since} 的「{figure}」尚无数据，无从确认") from None
        if value.since != since:
            raise item.fault("since", f"该数值自 {value.since} 起执行，请写成 {value.since}")
        if value.training or by == TRAINING_CITATION:
            raise item.fault("figure", f"{TRAINING_CITATION}不能确认，请载入公布的数值")
        if value.confidence is not Confidence.LOW:
            raise item.fault("figure", "该数值不带〔未确认〕，无须确认")
    item.finish()
    return Confirmation(figure=figure, since=since, by=by)


def named_histories(policy: Policy) -> dict[str, Dated[Any]]:
    """Every history of a policy by what its figure is called."""
    return {history.figure: history for history in keyed_histories(policy).values()}


def keyed_histories(policy: Policy) -> dict[str, Dated[Any]]:
    """Every history of a policy by its key."""
    return _keyed(policy.floors, policy.ceilings, policy.charges, policy.settings, policy.yearly.histories)


def _keyed(*kinds: Mapping[str, Dated[Any]]) -> dict[str, Dated[Any]]:
    return {f"{word}:{key}": each for word, held in zip(HISTORIES, kinds, strict=True) for key, each in held.items()}
