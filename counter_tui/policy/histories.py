"""Histories of figures read from region files, with holes and overlaps refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from counter_tui.domain.calendar import LATEST_YEAR, YearMonth
from counter_tui.policy.charges import Charge, Merged, RiskClasses, Shares, YearlyAmount
from counter_tui.policy.dated import Dated, Gap, Value
from counter_tui.policy.invented import filled
from counter_tui.policy.parameters import PARAMETERS, Setting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from counter_tui.policy.sections import Section

T = TypeVar("T")
Placed: TypeAlias = "tuple[Section, Value[T]]"
"""A value with the table it was read from, whose place a fault names."""

TRAINING_CITATION = "演练数据"
_ALWAYS = YearMonth(1900, 1)
_LAST = YearMonth(LATEST_YEAR, 12)
_HIGHEST_CLASS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How figures of one file are read: which schemes it may name, and whether they are invented."""

    schemes: Mapping[str, str]
    training: bool

    def limits(self, section: Section, floors: dict[str, Dated[int]], ceilings: dict[str, Dated[int]]) -> None:
        """Read floors and ceilings of the schemes named by a `limits` table."""
        schemes = self.named_schemes(section)
        gaps = self.gaps(section)
        low: list[Placed[int]] = []
        high: list[Placed[int]] = []
        low_gaps, high_gaps = list(gaps), list(gaps)
        for item in section.sections("values"):
            missing = item.names("missing") if item.has("missing") else ()
            if set(missing) - {"floor", "ceiling"}:
                raise item.fault("missing", "只能是 floor 或 ceiling")
            floor = None if "floor" in missing else item.fen("floor")
            ceiling = None if "ceiling" in missing else item.fen("ceiling")
            if floor is not None and ceiling is not None and floor > ceiling:
                raise item.fault("floor", "下限高于上限")
            whole = self.value(item, (floor, ceiling))
            absent = Gap(since=whole.since, until=whole.until, note=whole.by)
            _keep(item, whole, floor, low, low_gaps, absent)
            _keep(item, whole, ceiling, high, high_gaps, absent)
        section.finish()
        for scheme in schemes:
            low_name, high_name = limit_names(self.schemes[scheme])
            self.keep(section, floors, scheme, self.history(section, low_name, low, low_gaps))
            self.keep(section, ceilings, scheme, self.history(section, high_name, high, high_gaps))

    def rates(self, section: Section, charges: dict[str, Dated[Charge]]) -> None:
        """Read what the schemes named by a `rates` table charge."""
        schemes = self.named_schemes(section)
        gaps = self.gaps(section)
        values = [(item, self.value(item, self._charge(item))) for item in section.sections("values")]
        section.finish()
        for scheme in schemes:
            name = charge_name(self.schemes[scheme])
            self.keep(section, charges, scheme, self.history(section, name, values, gaps))

    def setting(self, section: Section, name: str) -> Dated[Setting]:
        """Read one parameter: a single value, or its history."""
        if name not in PARAMETERS:
            raise section.fault("", "不认识的参数")
        gaps = self.gaps(section)
        items = section.sections("values")
        single = (section,) if section.has("value") else ()
        values = [(item, self._setting_value(item, name)) for item in items or single]
        section.finish()
        return self.history(section, PARAMETERS[name].label, values, gaps)

    def keep(self, section: Section, histories: dict[str, Dated[T]], key: str, history: Dated[T]) -> None:  # noqa: ARG002  # a supplement tells the section
        """Put a history under its key: a later file replaces the whole of it, invented figures fill it up."""
        histories[key] = filled(histories[key], history) if self.training and key in histories else history

    def gaps(self, section: Section) -> list[Gap]:
        """Read the months that are known to be missing."""
        return [self._gap(gap) for gap in section.sections("gaps")]

    def history(self, section: Section, figure: str, values: Sequence[Placed[T]], gaps: Sequence[Gap]) -> Dated[T]:
        """Join what was read into one history without overlaps and holes."""
        if not values and not gaps:
            raise section.fault("", "没有数值，也没有声明缺口")
        spans: list[Value[T] | Gap] = [*(value for _, value in values), *gaps]
        _refuse_overlaps(section, spans)
        _refuse_holes(section, spans)
        return Dated(figure=figure, values=tuple(value for _, value in values), gaps=tuple(gaps))

    def _setting_value(self, item: Section, name: str) -> Value[Setting]:
        kind = PARAMETERS[name].kind
        setting = kind.accept(item.raw("value"))
        if setting is None:
            raise item.fault("value", kind.value)
        return self.value(item, setting)

    def named_schemes(self, section: Section) -> tuple[str, ...]:
        """Read the key `schemes`; a scheme the nation does not know is refused."""
        schemes = section.names("schemes")
        for scheme in schemes:
            if scheme not in self.schemes:
                raise section.fault("schemes", f"不认识的险种 {scheme}")
        return schemes

    def _charge(self, item: Section) -> Charge:
        if item.has("merged_into"):
            return Merged(into=self._scheme(item, "merged_into"))
        if item.has("classes"):
            return RiskClasses(rates=_classes(item.section("classes")))
        if item.has("yearly_employer"):
            return YearlyAmount(employer=item.fen("yearly_employer"), person=item.fen("yearly_person"))
        return _shares(item)

    def _scheme(self, item: Section, key: str) -> str:
        scheme = item.text(key)
        if scheme not in self.schemes:
            raise item.fault(key, f"不认识的险种 {scheme}")
        return scheme

    def value(self, item: Section, value: T) -> Value[T]:
        """Read the months, the publication and the authority of a figure."""
        since = item.month("since") if item.has("since") else _ALWAYS
        until = item.optional_month("until")
        if until is not None and until < since:
            raise item.fault("until", "终止月份早于开始月份")
        read = Value(
            value=value,
            since=since,
            until=until,
            known_from=item.optional_day("known_from"),
            by=item.text("by"),
            confidence=item.confidence(),
            training=self.training,
        )
        if self.training and read.by != TRAINING_CITATION:
            raise item.fault("by", f"演练文件中的每个数值都应写明“{TRAINING_CITATION}”")
        item.finish()
        return read

    def _gap(self, item: Section) -> Gap:
        gap = Gap(since=item.month("since"), until=item.optional_month("until"), note=item.text("note"))
        if gap.until is not None and gap.until < gap.since:
            raise item.fault("until", "终止月份早于开始月份")
        item.finish()
        return gap


def limit_names(scheme: str) -> tuple[str, str]:
    """Return what floor and ceiling of a scheme of that name are called."""
    return f"{scheme}缴费基数下限", f"{scheme}缴费基数上限"


def charge_name(scheme: str) -> str:
    """Return what the rates of a scheme of that name are called."""
    return f"{scheme}缴费比例"


def _keep(
    item: Section, whole: Value[object], part: T | None, values: list[Placed[T]], gaps: list[Gap], absent: Gap
) -> None:
    if part is None:
        gaps.append(absent)
        return
    kept = Value(
        value=part,
        since=whole.since,
        until=whole.until,
        known_from=whole.known_from,
        by=whole.by,
        confidence=whole.confidence,
        training=whole.training,
    )
    values.append((item, kept))


def _shares(item: Section) -> Shares:
    shares = Shares(
        employer=item.rate("employer"),
        person=item.rate("person"),
        account_employer=item.optional_rate("account_employer"),
        account_person=item.optional_rate("account_person"),
        components=_components(item.section("components")),
    )
    if shares.account_employer > shares.employer or shares.account_person > shares.person:
        raise item.fault("account_person", "划入个人账户的比例高于缴费比例")
    if shares.components and sum(rate for _, rate in shares.components) != shares.employer:
        raise item.fault("components", "各组成部分之和不等于单位比例")
    return shares


def _components(section: Section) -> tuple[tuple[str, Decimal], ...]:
    return tuple((name, section.rate(name)) for name in section.rest())


def _classes(section: Section) -> dict[int, Decimal]:
    names = section.rest()
    if not names or any(name not in map(str, range(1, _HIGHEST_CLASS + 1)) for name in names):
        raise section.fault("", "工伤风险类别应为 1 至 8")
    return {int(name): section.rate(name) for name in names}


def _refuse_overlaps(section: Section, spans: list[Value[T] | Gap]) -> None:
    for number, one in enumerate(spans):
        for other in spans[number + 1 :]:
            if not meet(one, other):
                continue
            if isinstance(one, Value) and isinstance(other, Value) and one.known_from != other.known_from:
                continue
            raise section.fault("", f"{max(one.since, other.since)} 有两条重叠的记录")


def _refuse_holes(section: Section, spans: list[Value[T] | Gap]) -> None:
    ordered = sorted(spans, key=lambda span: span.since)
    reached = _last(ordered[0])
    for span in ordered[1:]:
        if reached.months_until(span.since) > 1:
            raise section.fault("", f"{reached + 1} 至 {span.since - 1} 没有数值，也没有声明缺口")
        reached = max(reached, _last(span))


def meet(one: Value[T] | Gap, other: Value[T] | Gap) -> bool:
    """Whether two stretches share a month."""
    return one.since <= _last(other) and other.since <= _last(one)


def _last(span: Value[T] | Gap) -> YearMonth:
    return span.until or _LAST
