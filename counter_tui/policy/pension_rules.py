"""Regional rules of the pension formula: decimals, deemed years and the transitional pension."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from counter_tui.policy.dated import Confidence, NotInForce, NotShipped
from counter_tui.policy.pension import Multiplicand, Transitional
from counter_tui.policy.pension_figures import is_region_code, province_of
from counter_tui.policy.sections import Section
from counter_tui.policy.yearly import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from counter_tui.domain.calendar import YearMonth

_RULES: Final = Path(__file__).parent / "data" / "pension_rules.toml"
_MOST_DECIMALS: Final = 4
_HIGHEST: Final = 10


class MultiplicandNotSettled(NotInForce):
    """{region}过渡性养老金的乘数尚未确认（{why}），请按已归档的核定表选定后再试算"""


class OwnIndexNeeded(CounterError):
    """{region}这种过渡性养老金按单独的指数计算，请录入该指数"""


class MultiplicandNotUsed(CounterError):
    """{region}过渡性养老金不用这种乘数，请按核定表重新选定"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decimals:
    """To how many decimals a figure is rounded half up, and who says so."""

    places: int
    by: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class DeemedIndex:
    """Deemed months have the person's own average index."""

    by: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionalRule:
    """What a region gives for work before personal accounts began."""

    until: YearMonth
    """Last month that counts."""
    coefficient: Decimal
    multiplicands: tuple[Multiplicand, ...]
    """The one in use, or those in question when `missing` says why it is not settled."""
    own_index: frozenset[Multiplicand]
    """Multiplicands that go with an index of these years alone."""
    missing: str
    """Why the multiplicand is not settled; empty when it is."""
    by: str
    confidence: Confidence

    def months_since(self, first: YearMonth) -> int:
        """Count the months that count for somebody who has worked without a break since a month."""
        return max(first.months_until(self.until) + 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRules:
    """The rules of one region."""

    name: str
    years: Decimals
    index: Decimals
    deemed: DeemedIndex | None
    """None: it is not established how deemed months count."""
    transitional: TransitionalRule


@dataclass(frozen=True, slots=True, kw_only=True)
class PensionRules:
    """All rules as loaded."""

    highest_index: int
    """No year counts above this index."""
    by: str
    confidence: Confidence
    regions: Mapping[str, RegionRules]

    def of(self, code: str) -> RegionRules:
        """Return the rules of a region; a city has those of its province.

        Raises:
            NotShipped: nothing is loaded for the region.

        """
        found = self.regions.get(code) or (self.regions.get(province_of(code)) if is_region_code(code) else None)
        if found is None:
            raise NotShipped(figure=f"行政区划 {code} 的养老金计发规则", month="当前")
        return found


def regional_transitional(
    region_code: str, months: int, *, multiplicand: Multiplicand | None = None, index: Decimal | None = None
) -> Transitional:
    """Return a region's transitional rule for a person's months up to the region's cut-off, ready for `pension`.

    Where it is not settled what the years are multiplied with, the caller names it from an archived approval;
    `index` is the index of these years alone where the region has one.

    Raises:
        NotShipped: nothing is loaded for the region.
        MultiplicandNotSettled, MultiplicandNotUsed, OwnIndexNeeded: the choice is missing or does not fit.
        BadContributionMonths: there are no such months; then there is no transitional pension.

    """
    region = pension_rules().of(region_code)
    rule = region.transitional
    used = multiplicand or (None if rule.missing else rule.multiplicands[0])
    if used is None:
        raise MultiplicandNotSettled(
            region=region.name, why=rule.missing, figure=f"{region.name}过渡性养老金乘数", month="当前"
        )
    if used not in rule.multiplicands:
        raise MultiplicandNotUsed(region=region.name)
    if used in rule.own_index and index is None:
        raise OwnIndexNeeded(region=region.name)
    return Transitional.of_months(
        months,
        coefficient=rule.coefficient,
        by=rule.by,
        multiplicand=used,
        index=index if used in rule.own_index else None,
        confidence=rule.confidence,
        decimals=region.years.places,
    )


@cache
def pension_rules(path: Path = _RULES) -> PensionRules:
    """Read the rules; anything out of order raises LawFault."""
    file = Section.of_file(path)
    index, default = file.section("index"), file.section("default")
    years, digits = _decimals(default.section("years")), _decimals(default.section("index"))
    default.finish()
    regions: dict[str, RegionRules] = {}
    for item in file.sections("regions"):
        code = item.text("code")
        if not is_region_code(code):
            raise item.fault("code", "应为六位行政区划代码")
        if code in regions:
            raise item.fault("code", f"{code} 有两条重叠的记录")
        regions[code] = _region(item, years, digits)
    if not regions:
        raise file.fault("regions", "没有数值")
    rules = PensionRules(
        highest_index=whole_number(index, "highest", 1, _HIGHEST),
        by=index.text("by"),
        confidence=index.confidence(),
        regions=regions,
    )
    index.finish()
    file.finish()
    return rules


def _region(item: Section, years: Decimals, index: Decimals) -> RegionRules:
    region = RegionRules(
        name=item.text("name"),
        years=_decimals(item.section("years")) if item.has("years") else years,
        index=_decimals(item.section("index")) if item.has("index") else index,
        deemed=_deemed(item.section("deemed")),
        transitional=_transitional(item.section("transitional")),
    )
    item.finish()
    return region


def _decimals(item: Section) -> Decimals:
    decimals = Decimals(
        places=whole_number(item, "decimals", 0, _MOST_DECIMALS), by=item.text("by"), confidence=item.confidence()
    )
    item.finish()
    return decimals


def _deemed(item: Section) -> DeemedIndex | None:
    deemed = None
    if item.has("missing"):
        item.text("missing")
    else:
        if not item.flag("own"):
            raise item.fault("own", "只认本人平均缴费指数，其他算法请写明缺口")
        deemed = DeemedIndex(by=item.text("by"), confidence=item.confidence())
    item.finish()
    return deemed


def _transitional(item: Section) -> TransitionalRule:
    missing = item.text("missing") if item.has("missing") else ""
    choices = _multiplicands(item, "choices") if missing else (_multiplicand(item, "multiplicand"),)
    own = _multiplicands(item, "own_index") if item.has("own_index") else ()
    if not choices or not set(own) <= set(choices):
        raise item.fault("own_index" if choices else "choices", "不在可选的乘数之内")
    rule = TransitionalRule(
        until=item.month("until"),
        coefficient=item.rate("coefficient"),
        multiplicands=choices,
        own_index=frozenset(own),
        missing=missing,
        by=item.text("by"),
        confidence=item.confidence(),
    )
    item.finish()
    return rule


def _multiplicands(item: Section, key: str) -> tuple[Multiplicand, ...]:
    return tuple(_known(item, key, name) for name in item.names(key))


def _multiplicand(item: Section, key: str) -> Multiplicand:
    return _known(item, key, item.text(key))


def _known(item: Section, key: str, name: str) -> Multiplicand:
    if name not in set(Multiplicand):
        raise item.fault(key, "应为 average 或 indexed")
    return Multiplicand(name)
