"""The parameters a region may set, what they are called and what they may hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from counter_tui.domain.money import Rounding

Setting: TypeAlias = str | int | bool | tuple[str, ...] | tuple[int, ...]


class Kind(Enum):
    """What a parameter may hold; the value says it to whoever keeps the file."""

    FLAG = "应为 true 或 false"
    COUNT = "应为不小于 0 的整数"
    DAY = "应为 1 至 31 的整数"
    MONTH = "应为 1 至 12 的整数"
    DAYS = "应为 [起日, 止日]，1 至 31，含止日"
    ROUNDING = "应为取舍方式的名称"
    MONTHS = "应为 [起月, 止月]，1 至 12，跨年时起月大于止月"
    BASE_MODE = "应为 clamp 或 reject"
    INTEREST_FORM = "应为 simple 或 compound"
    RATE = "应为 0 至 1000000 的整数，即百万分之几"
    PERCENTS = "应为由小到大的百分数列表，例如 [60, 80, 100]"
    PATTERN = "应为正则表达式"
    NAMES = "应为文字的列表"

    def accept(self, raw: object) -> Setting | None:
        """Return the typed value of a raw one, or None when it may not be held."""
        return _ACCEPT[self](raw)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter's Chinese label and the kind of its value."""

    label: str
    kind: Kind


PARAMETERS = {
    "base_mode": Parameter("工资超出上下限的处理", Kind.BASE_MODE),
    "base_rounding": Parameter("缴费基数取舍方式", Kind.ROUNDING),
    "employer_rounding": Parameter("单位应缴取舍方式", Kind.ROUNDING),
    "person_rounding": Parameter("个人应缴取舍方式", Kind.ROUNDING),
    "late_fee_rounding": Parameter("滞纳金取舍方式", Kind.ROUNDING),
    "late_fee_due_day": Parameter("缴费截止日", Kind.DAY),
    "late_fee_cap": Parameter("滞纳金以本金为限", Kind.FLAG),
    "arrears_interest_form": Parameter("欠费补缴计息方式", Kind.INTEREST_FORM),
    "late_fee_default": Parameter("默认计算滞纳金", Kind.FLAG),
    "interest_default": Parameter("默认计算利息", Kind.FLAG),
    "large_medical_month": Parameter("大额医疗救助收取月份", Kind.MONTH),
    "stop_month_payable": Parameter("停保当月仍缴费", Kind.FLAG),
    "declaration_window": Parameter("申报期", Kind.DAYS),
    "review_window": Parameter("审核期", Kind.DAYS),
    "assessment_window": Parameter("核定期", Kind.DAYS),
    "max_unassessed_months": Parameter("允许未核定的月数", Kind.COUNT),
    "enrolment_back_months": Parameter("参保时间可早于结算期的月数", Kind.COUNT),
    "back_collection_in_settlement": Parameter("补收随当月结算一并核定", Kind.FLAG),
    "arrears_interest_ppm": Parameter("欠费补缴年利率", Kind.COUNT),
    "provisional_carry": Parameter("新上下限公布前暂按上年数值", Kind.FLAG),
    "wage_declaration_months": Parameter("年度工资申报月份", Kind.MONTHS),
    "average_wage_fen": Parameter("缴费年度月平均工资", Kind.COUNT),
    "flexible_ppm": Parameter("灵活就业人员养老缴费比例", Kind.RATE),
    "flexible_account_ppm": Parameter("灵活就业人员养老划入账户比例", Kind.RATE),
    "flexible_medical_ppm": Parameter("灵活就业人员医疗缴费比例", Kind.RATE),
    "flexible_tiers": Parameter("灵活就业人员缴费档次（平均工资的百分之几）", Kind.PERCENTS),
    "flexible_free_base": Parameter("灵活就业人员可自选缴费基数", Kind.FLAG),
    "injury_float_first": Parameter("一类行业工伤浮动档次（基准费率的百分之几）", Kind.PERCENTS),
    "injury_float_others": Parameter("二至八类行业工伤浮动档次（基准费率的百分之几）", Kind.PERCENTS),
    "heating_fee": Parameter("征收采暖费", Kind.FLAG),
    "stop_back_months": Parameter("停保日期可早于本月的月数", Kind.COUNT),
    "pre_entry_first": Parameter("外省户籍首次参保须先预录入", Kind.FLAG),
    "annual_gate": Parameter("年度工资申报后方可核定", Kind.FLAG),
    "arrears_blocks_stop": Parameter("欠费不得停保", Kind.FLAG),
    "registration_gate": Parameter("须先办用工登记或退工手续", Kind.FLAG),
    "review_settlement": Parameter("结算须审核", Kind.FLAG),
    "collect_here": Parameter("窗口收款", Kind.FLAG),
    "auto_review": Parameter("免审核的业务", Kind.NAMES),
    "key_items": Parameter("人员关键信息", Kind.NAMES),
    "three_schemes": Parameter("三险户的险种", Kind.NAMES),
    "unit_number": Parameter("单位编号格式", Kind.PATTERN),
    "person_number": Parameter("个人编号格式", Kind.PATTERN),
}
"""Every parameter a region file may name."""

_LONGEST_MONTH = 31
_MONTHS = 12
_MILLION = 1_000_000


def _flag(raw: object) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _count(raw: object) -> int | None:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0 else None


def _day(raw: object) -> int | None:
    count = _count(raw)
    return count if count is not None and 1 <= count <= _LONGEST_MONTH else None


def _month(raw: object) -> int | None:
    count = _count(raw)
    return count if count is not None and 1 <= count <= _MONTHS else None


def _days(raw: object) -> tuple[int, ...] | None:
    if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004  first and last day
        return None
    first, last = _day(raw[0]), _day(raw[1])
    return None if first is None or last is None or first > last else (first, last)


def _months(raw: object) -> tuple[int, ...] | None:
    if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004  first and last month
        return None
    first, last = _month(raw[0]), _month(raw[1])
    return None if first is None or last is None else (first, last)


def _rate(raw: object) -> int | None:
    ppm = _count(raw)
    return ppm if ppm is not None and ppm <= _MILLION else None


def _percents(raw: object) -> tuple[int, ...] | None:
    if not isinstance(raw, list):
        return None
    percents = tuple(count for each in raw if (count := _count(each)))
    return percents if raw and len(percents) == len(raw) and list(percents) == sorted(set(percents)) else None


def _rounding(raw: object) -> Rounding | None:
    return Rounding(raw) if isinstance(raw, str) and raw in set(Rounding) else None


def _base_mode(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw in ("clamp", "reject") else None


def _interest_form(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw in ("simple", "compound") else None


def _pattern(raw: object) -> str | None:
    try:
        return re.compile(raw).pattern if isinstance(raw, str) and raw else None
    except re.error:
        return None


def _names(raw: object) -> tuple[str, ...] | None:
    if not isinstance(raw, list):
        return None
    names = tuple(name for name in raw if isinstance(name, str) and name)
    return names if len(names) == len(raw) == len(set(names)) else None


_ACCEPT = {
    Kind.FLAG: _flag,
    Kind.COUNT: _count,
    Kind.DAY: _day,
    Kind.MONTH: _month,
    Kind.DAYS: _days,
    Kind.ROUNDING: _rounding,
    Kind.MONTHS: _months,
    Kind.BASE_MODE: _base_mode,
    Kind.INTEREST_FORM: _interest_form,
    Kind.RATE: _rate,
    Kind.PERCENTS: _percents,
    Kind.PATTERN: _pattern,
    Kind.NAMES: _names,
}
