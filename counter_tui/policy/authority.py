"""What stands behind one dated figure: its months, its document, how sure we are, what ruled before and after."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from counter_tui.domain.calendar import EARLIEST_YEAR, LATEST_YEAR, YearMonth
from counter_tui.domain.money import Rounding, grouped
from counter_tui.policy.charges import Merged, RiskClasses, YearlyAmount
from counter_tui.policy.citations import citations
from counter_tui.policy.dated import Confidence, NotInForce
from counter_tui.policy.explanation import Explanation, Line, percent
from counter_tui.policy.parameters import PARAMETERS
from counter_tui.policy.yearly_figures import YEARLY_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counter_tui.policy.charges import Charge
    from counter_tui.policy.dated import Dated, Value
    from counter_tui.policy.parameters import Setting
    from counter_tui.policy.regions import LateFeePeriod, Notice, Policy

T = TypeVar("T")

_SURE = {Confidence.HIGH: "高", Confidence.MEDIUM: "中", Confidence.LOW: "低"}
_FIRST, _LAST = YearMonth(EARLIEST_YEAR, 1), YearMonth(LATEST_YEAR, 12)
_NO_CLAUSE = "引文未注明条款，以文件原文为准"
_NO_DOCUMENT = "没有引用文件，待经办机构确认"
_NO_LAW = "没有文件，是演练用的虚构数值"
_LOADED = "由经办机构载入，见路径 99「参数与代码」"
_ALWAYS_KNOWN = "未注明，按一直已公布计"
_FEN = "_fen"
"""How names of parameters end that are amounts of money."""
_MILLIONTHS = "_ppm"
"""How names of parameters end that are counted in parts per million."""
_WORDS = {"clamp": "按上下限核定", "reject": "不予保存", "simple": "单利", "compound": "复利"}


def floor_authority(policy: Policy, scheme: str, month: YearMonth) -> Explanation:
    """Say where the floor of a scheme comes from. Raises NotInForce, as all of these."""
    return _dated(policy, policy.floors[scheme], month, _amount, "limits", scheme)


def ceiling_authority(policy: Policy, scheme: str, month: YearMonth) -> Explanation:
    """Say where the ceiling of a scheme comes from."""
    return _dated(policy, policy.ceilings[scheme], month, _amount, "limits", scheme)


def charge_authority(policy: Policy, scheme: str, month: YearMonth) -> Explanation:
    """Say where the rates of a scheme, its classes of risk or its yearly amount come from."""
    return _dated(policy, policy.charges[scheme], month, partial(_charge, policy), "rates", scheme)


def setting_authority(policy: Policy, name: str, month: YearMonth | None = None) -> Explanation:
    """Say who set a parameter, for a fee month or without one the setting that has no end."""
    history = policy.settings.get(name)
    if history is None:
        raise NotInForce(figure=PARAMETERS[name].label, month=month or "当前")
    ruling = history.lasting() if month is None else history.on(month)
    return _explained(policy, history, ruling, partial(setting_text, name), "parameters", name)


def yearly_authority(policy: Policy, key: str, month: YearMonth) -> Explanation:
    """Say where a figure of a year comes from, by the key of `YEARLY_KINDS`."""
    return _dated(policy, policy.yearly.histories[key], month, YEARLY_KINDS[key].words, key, key)


def period_authority(policy: Policy, period: LateFeePeriod) -> Explanation:
    """Say where a daily late-fee rate comes from."""
    days = f"{period.since} 至 {period.until}" if period.until else f"{period.since} 起"
    return Explanation(
        title="滞纳金日费率的出处",
        lines=(
            Line(label="滞纳金日费率", value=percent(period.per_day), confidence=period.confidence),
            Line(label="适用日期", value=days),
            *_documents(period.by),
            Line(label="可信程度", value=_SURE[period.confidence], confidence=period.confidence),
            *_place(policy, "late_fee", ""),
        ),
    )


def notice_authority(policy: Policy, notice: Notice) -> Explanation:
    """Say where a word to the clerk comes from."""
    return Explanation(
        title="提示的出处",
        lines=(
            Line(label="提示", value=notice.text),
            Line(label="适用月份", value=f"{notice.since} 至 {notice.until}"),
            *_documents(notice.by),
            *_place(policy, "notices", notice.schemes[0]),
        ),
    )


def setting_text(name: str, setting: Setting) -> str:
    """Write what a parameter holds as the clerk reads it."""
    if isinstance(setting, bool):
        return "是" if setting else "否"
    if isinstance(setting, tuple):
        first_and_last = len(setting) == 2 and all(isinstance(each, int) for each in setting)  # noqa: PLR2004  a span
        return (" 至 " if first_and_last else "、").join(map(str, setting))
    if name.endswith(_FEN) and isinstance(setting, int):
        return f"{grouped(setting)} 元"
    if name.endswith(_MILLIONTHS):
        return percent(Decimal(setting).scaleb(-6))
    return setting.label if isinstance(setting, Rounding) else _WORDS.get(str(setting), str(setting))


def _dated(
    policy: Policy, history: Dated[T], month: YearMonth, written: Callable[[T], str], table: str, key: str
) -> Explanation:
    return _explained(policy, history, history.on(month), written, table, key)


def _explained(
    policy: Policy, history: Dated[T], ruling: Value[T], written: Callable[[T], str], table: str, key: str
) -> Explanation:
    def of(value: Value[T]) -> Callable[[], Explanation]:
        return partial(_explained, policy, history, value, written, table, key)

    return Explanation(
        title=f"{history.figure}的出处",
        lines=(
            replace(Line.resting_on(ruling, label=history.figure, value=written(ruling.value)), by=""),
            Line(label="适用月份", value=_months(ruling)),
            *((Line(label="文件", value=_NO_LAW),) if ruling.training else _documents(ruling.by)),
            Line(label="公布日期", value=str(ruling.known_from) if ruling.known_from else _ALWAYS_KNOWN),
            *_sureness(ruling),
            *_neighbours(history, ruling, written, of),
            *_place(policy, table, key, ruling),
        ),
    )


def _documents(by: str) -> Iterator[Line]:
    """Document and clause on lines of their own; what the citation does not name is said to be missing."""
    for cited in citations(by):
        if cited.document:
            yield Line(label="文件", value=cited.document)
            yield Line(label="条款", value=cited.clause or _NO_CLAUSE)
            if cited.note:
                yield Line(label="说明", value=cited.note)
        else:
            yield Line(label="来源", value=cited.note)
    if not any(cited.document for cited in citations(by)):
        yield Line(label="文件", value=_NO_DOCUMENT)


def _sureness(ruling: Value[object]) -> Iterator[Line]:
    if not ruling.training:
        yield Line(label="可信程度", value=_SURE[ruling.confidence], confidence=ruling.confidence)


def _neighbours(
    history: Dated[T],
    ruling: Value[T],
    written: Callable[[T], str],
    of: Callable[[Value[T]], Callable[[], Explanation]],
) -> Iterator[Line]:
    """What ruled before and after, other publications for the same months, and gaps in words."""
    if ruling.since > _FIRST:
        yield _neighbour("此前", history, ruling.since - 1, written, of)
    if ruling.until is None:
        yield Line(label="此后", value="尚无新的规定")
    elif ruling.until < _LAST:
        yield _neighbour("此后", history, ruling.until + 1, written, of)
    for other in history.values:
        if other is not ruling and other.rules(ruling.since):
            yield _of_value("同期另有", other, written, of)


def _neighbour(
    label: str,
    history: Dated[T],
    month: YearMonth,
    written: Callable[[T], str],
    of: Callable[[Value[T]], Callable[[], Explanation]],
) -> Line:
    try:
        return _of_value(label, history.on(month), written, of)
    except NotInForce:
        for gap in history.gaps:
            if gap.since <= month and (gap.until is None or month <= gap.until):
                until = f"至 {gap.until}" if gap.until else "起"
                return Line(label=label, value=f"{gap.since} {until}没有数值：{gap.note}")
    return Line(label=label, value=f"{month} 没有数值，参数尚未载入")


def _of_value(
    label: str, value: Value[T], written: Callable[[T], str], of: Callable[[Value[T]], Callable[[], Explanation]]
) -> Line:
    return Line.resting_on(value, label=label, value=f"{_months(value)}，{written(value.value)}", below=of(value))


def _months(value: Value[object]) -> str:
    if value.until is None:
        return "不分月份" if value.since <= _FIRST else f"{value.since} 起"
    return f"{value.since} 至 {value.until}"


def _place(policy: Policy, table: str, key: str, ruling: Value[object] | None = None) -> Iterator[Line]:
    """The shipped file that has a figure; what was published on a day that no shipped file names was loaded."""
    from counter_tui.policy.standing import place_of

    published = ruling.known_from if ruling else None
    training = ruling.training if ruling else policy.training
    if place := place_of(policy.region.name, table, key, published, training=training):
        yield Line(label="参数文件", value=place)
    elif published:
        yield Line(label="参数文件", value=_LOADED)
    elif table in YEARLY_KINDS:
        yield Line(label="参数文件", value=f"{table}.toml")


def _amount(fen: int) -> str:
    return f"{grouped(fen)} 元"


def _charge(policy: Policy, charge: Charge) -> str:
    if isinstance(charge, Merged):
        return f"并入{policy.scheme_name(charge.into)}"
    if isinstance(charge, YearlyAmount):
        return f"每年单位 {grouped(charge.employer)} 元，个人 {grouped(charge.person)} 元"
    if isinstance(charge, RiskClasses):
        return "，".join(f"{number} 类 {percent(rate)}" for number, rate in charge.rates.items())
    parts = "".join(f"，单位部分含{name} {percent(rate)}" for name, rate in charge.components)
    account = f"，其中划入个人账户 {percent(charge.account_person)}" if charge.account_person else ""
    return f"单位 {percent(charge.employer)}，个人 {percent(charge.person)}{account}{parts}"
