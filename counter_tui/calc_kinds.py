"""What `counter-tui calc` computes: one function for each kind of line."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from counter_tui.calc_fields import MOST_TEXT, BadField, Fields, echo
from counter_tui.domain.capital_reading import read_capitals
from counter_tui.domain.identity_checks import KINDS, check, doubt
from counter_tui.domain.money import yuan
from counter_tui.domain.numbers import WrongNumber
from counter_tui.domain.text import capitals
from counter_tui.errors import CounterError
from counter_tui.policy.accounts import account_year, interest_law
from counter_tui.policy.contributions import contributions
from counter_tui.policy.late_fees import late_fee
from counter_tui.policy.pension import Transitional, pension
from counter_tui.policy.regions import load_policy
from counter_tui.policy.retirement import retirement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from counter_tui.policy.regions import Policy

Answer: TypeAlias = dict[str, Any]

_NATIONAL: Final = "handan"
"""Region whose file is read for late fees where none is named: the daily rates are the same everywhere."""
_CAPITALS_END: Final = 10**18 - 1
"""Fen of the largest amount that has capitals."""
_MOST_MONTHS: Final = 1200
_LONGEST_NUMBER: Final = 64 * 1024
"""Characters of a value that is still called a wrong number."""


class UnknownNumberKind(CounterError):
    """没有「{kind}」这种号码，可用的有：{known}"""


def _capital(fields: Fields, _: date) -> Answer:
    if not fields.has("amount") and fields.has("text"):
        text = fields.text("text", '大写金额，如 "人民币壹元整"')
        fields.finish()
        return {"ok": True, "amount": yuan(read_capitals(text))}
    amount = fields.signed_yuan("amount", _CAPITALS_END)
    fields.finish()
    return {"ok": True, "text": capitals(amount)}


def _check(fields: Fields, today: date) -> Answer:
    kind, value = fields.text("kind", "号码种类"), fields.text("value", "号码", most=_LONGEST_NUMBER)
    fields.finish()
    if kind not in KINDS:
        raise UnknownNumberKind(kind=echo(kind), known="、".join(KINDS))
    if len(value) > MOST_TEXT:
        return {"ok": False, "reason": f"号码过长，最多 {MOST_TEXT} 个字符"}
    try:
        check(kind, value, today)
    except WrongNumber as refusal:
        return {"ok": False, "reason": refusal.sentence}
    return {"ok": True, "reason": doubt(kind, value)}


def _retirement(fields: Fields, _: date) -> Answer:
    category, birth = fields.text("category", "退休类别 M60、F55 或 F50"), fields.month("birth")
    fields.finish()
    found = retirement(category, birth)
    return {
        "ok": True,
        "age": f"{found.age_years}y{found.age_months}m",
        "delay_months": found.delay_months,
        "statutory_month": str(found.statutory),
        "min_months": found.min_months,
        "earliest": str(found.earliest),
        "latest": str(found.latest),
        "payout_months": str(found.payout_months),
    }


def _pension(fields: Fields, _: date) -> Answer:
    base = fields.yuan("pension_base")
    index = fields.decimal("index", '平均缴费指数，如 "1.1"')
    months = fields.whole("months", "缴费月数（整数）", 1, _MOST_MONTHS)
    balance = fields.yuan("account_balance")
    payout = fields.decimal("payout_months", '计发月数，如 "138.4"')
    rule = _transitional(fields)
    fields.finish()
    result = pension(base, index, months, balance, payout, rule)
    return {
        "ok": True,
        "basic": yuan(result.basic),
        "account": yuan(result.account),
        "transitional": yuan(result.transitional),
    }


def _transitional(fields: Fields) -> Transitional | None:
    if not fields.has("transitional"):
        return None
    part = fields.inner("transitional", '对象，如 {"years":"2.50","coefficient":"0.013"}')
    years = part.decimal("years", '过渡性养老金年限，如 "2.50"')
    coefficient = part.decimal("coefficient", '计发系数，如 "0.013"')
    part.finish()
    return Transitional(years=years, coefficient=coefficient, by="") if years else None


def _late_fee(fields: Fields, _: date) -> Answer:
    region = fields.text("region", "地区方案") if fields.has("region") else _NATIONAL
    principal, due, paid = fields.yuan("principal"), fields.day("due"), fields.day("paid")
    fields.finish()
    fee = late_fee(_policy(region), principal, due, paid)
    return {"ok": True, "amount": yuan(fee.amount), "days": fee.days}


def _contribution(fields: Fields, _: date) -> Answer:
    policy = _policy(fields.text("region", '地区方案，如 "handan"'))
    month = fields.month("fee_month")
    schemes = fields.texts("schemes", '险种代码，如 "110"')
    wage = fields.yuan("wage")
    injury_class = fields.whole("injury_class", "工伤行业类别（整数）", 1, 99) if fields.has("injury_class") else None
    fields.finish()
    if not schemes or len(set(schemes)) < len(schemes):
        raise BadField(name="schemes", why="应列出险种代码，至少一个，不能重复")
    return {
        "ok": True,
        "lines": [
            {
                "scheme": owed.scheme,
                "base": yuan(owed.base),
                "employer": yuan(owed.employer),
                "person": yuan(owed.person),
                "by": "；".join(dict.fromkeys(line.by for line in owed.explanation.lines if line.by)),
            }
            for owed in contributions(policy, schemes, month, wage, injury_class=injury_class)
        ],
    }


def _account_interest(fields: Fields, _: date) -> Answer:
    year = fields.whole("year", "年份（整数）", 1900, 2199)
    opening, credited = fields.yuan("opening"), fields.yuans("credits")
    fields.finish()
    account = account_year(interest_law().rates, year, opening, credited)
    return {"ok": True, "interest": yuan(account.interest), "closing": yuan(account.closing)}


@functools.lru_cache(maxsize=16)
def _policy(region: str) -> Policy:
    return load_policy(region, training=False)


@dataclass(frozen=True, slots=True)
class Calculation:
    """One kind of line."""

    name: str
    example: str
    """A line of this kind that is answered."""
    answer: Callable[[Fields, date], Answer]


CALCULATIONS: Final[Mapping[str, Calculation]] = {
    "capital": Calculation(
        "金额大写；以 text 代替 amount 时由大写读出金额", '{"calc":"capital","amount":"1409.50"}', _capital
    ),
    "check": Calculation("号码校验", '{"calc":"check","kind":"citizen_id","value":"11010519491231002X"}', _check),
    "retirement": Calculation("法定退休年龄", '{"calc":"retirement","category":"M60","birth":"1970-05"}', _retirement),
    "pension": Calculation(
        "月养老金试算",
        '{"calc":"pension","pension_base":"7000","index":"1.1","months":250,"account_balance":"80000.00",'
        '"payout_months":"139","transitional":{"years":"2.50","coefficient":"0.013"}}',
        _pension,
    ),
    "late_fee": Calculation(
        "滞纳金试算",
        '{"calc":"late_fee","principal":"12345.67","due":"2026-03-25","paid":"2026-04-10"}',
        _late_fee,
    ),
    "contribution": Calculation(
        "应缴费额",
        '{"calc":"contribution","region":"handan","fee_month":"2026-03","schemes":["110","210","410"],'
        '"wage":"3500.00","injury_class":1}',
        _contribution,
    ),
    "account_interest": Calculation(
        "个人账户年度计息",
        '{"calc":"account_interest","year":2024,"opening":"100000.00","credits":["0.00","0.00","0.00","0.00",'
        '"0.00","0.00","0.00","0.00","0.00","0.00","0.00","0.00"]}',
        _account_interest,
    ),
}
"""What may be asked, by the value of the field `calc`."""


def kinds_text() -> str:
    """Every kind with a line that is answered, and the kinds of numbers that are checked."""
    listed = "\n\n".join(f"{kind}  {each.name}\n  {each.example}" for kind, each in CALCULATIONS.items())
    numbers = "\n".join(f"  {kind}  {name}" for kind, name in KINDS.items())
    return f"{listed}\n\ncheck 的 kind\n{numbers}"
