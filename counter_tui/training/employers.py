"""Employers of the training city as the register keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.employers import Employer, EmployerScheme, EmployerState, SchemeState
from counter_tui.training.cast import AGENT
from counter_tui.training.lives import employer_schemes, joining, settled_until
from counter_tui.training.names import names
from counter_tui.training.numbers import credit_code
from counter_tui.training.people import month_at
from counter_tui.training.plan import HISTORY, NEIGHBOUR, UNCHANGED, WALKTHROUGH, Role

if TYPE_CHECKING:
    from random import Random

    from counter_tui.training.plan import CityPlan

_INJURY: Final = "410"
_TRADES: Final = (
    # industry (CL-INDUSTRY), weight, injury class, words that name the trade
    ("03", 27, 4, ("机械制造", "塑料制品", "纺织", "食品", "电气设备", "铸造")),
    ("08", 42, 2, ("商贸", "百货", "建材销售", "医药", "汽车销售")),
    ("05", 51, 6, ("建筑工程", "装饰工程", "市政工程")),
    ("07", 58, 1, ("信息技术", "软件", "网络科技")),
    ("12", 66, 2, ("人力资源服务", "企业管理", "广告")),
    ("06", 73, 5, ("物流", "运输", "仓储")),
    ("09", 79, 2, ("餐饮", "酒店管理")),
    ("15", 85, 2, ("家政服务", "物业服务")),
    ("13", 89, 1, ("检测技术", "设计咨询")),
    ("11", 93, 3, ("房地产开发", "置业")),
    ("01", 96, 5, ("农业开发", "种业")),
    ("04", 98, 3, ("热力", "供水")),
    ("02", 99, 8, ("矿业", "石料开采")),
    ("10", 100, 1, ("融资担保", "投资")),
)
_KINDS: Final = (
    # unit type (CL-UNITTYPE), weight, kind of credit code, economic type (CL-ECON), ending of the name
    ("10", 70, "91", "150", "有限公司"),
    ("10", 80, "91", "173", "有限责任公司"),
    ("10", 84, "91", "160", "股份有限公司"),
    ("60", 93, "92", "175", "商行"),
    ("50", 97, "52", "190", "服务中心"),
    ("23", 100, "12", "110", "中心"),
)
_FIRST: Final = "金华盛恒瑞祥泰安康永兴隆德信诚宏伟鼎新卓越嘉美丰源润泽辉煌东方明远博大同利众汇天成福禄长春海川云峰"
_SECOND: Final = "达通和盈昌茂旺顺发业邦元亨贞益升阳光宇航创科智翔腾飞凯丽雅洁清颐景行健豪杰力群英才俊良佳合联"
_THIRD: Final = "尚启晟铭轩逸博衡睿聚"
_BANKS: Final = (("102", "103", "105", "104", "315", "314", "313", "301"), (24, 44, 64, 78, 88, 94, 98, 100))
_FREEZE: Final = "欠费协查，待稽核结论"
_MOST_UNPAID: Final = 5
_TRADE_NAMES: Final = {WALKTHROUGH: "青禾", UNCHANGED: "静安", NEIGHBOUR: "邻里"}
_SEALED_EVERY, _TRUSTED_EVERY = 131, 17
_FEMALE_AGENTS: Final = 0.7


def injury_class(plan: CityPlan, index: int) -> int:
    """Class of risk of an employer."""
    return _trade(plan, index)[2]


def unpaid_months(plan: CityPlan, index: int) -> int:
    """Assessed months that an employer has not paid."""
    if plan.role(index) is not Role.ARREARS:
        return 0
    return 1 + int(plan.stream(index, "unpaid").random() * _MOST_UNPAID)


def employer(plan: CityPlan, index: int) -> Employer:
    """The file of an employer."""
    rng = plan.stream(index, "employer")
    trade, kind = _trade(plan, index), _kind(plan, index)
    code, county = rng.choice(tuple(plan.counties.offices.items()))
    name = f"{plan.policy.region.city}{county}{_trade_name(index)}{rng.choice(trade[3])}{kind[4]}"
    role = plan.role(index)
    gone = role is Role.OFF_REGISTER
    joined = month_at(plan, joining(plan, index))
    state = SchemeState.ENDED if gone else SchemeState.PAYING
    bank = rng.choices(_BANKS[0], cum_weights=_BANKS[1])[0]
    opens = HISTORY if role is Role.NEW else settled_until(plan, index) + 1
    return Employer(
        number=plan.employer_number(index),
        name=name,
        credit_code=credit_code(kind[2], code, index),
        state=EmployerState.DEREGISTERED if gone else EmployerState.ON_REGISTER,
        settlement_month=plan.law.calendar[opens],
        joined=joined,
        schemes=tuple(
            EmployerScheme(
                scheme=scheme, state=state, since=joined, injury_class=trade[2] if scheme == _INJURY else None
            )
            for scheme in employer_schemes(plan, index)
        ),
        unit_type=kind[0],
        industry=trade[0],
        subordination="5" if kind[0] == "23" else "9",
        economic_type=kind[3],
        address=f"{plan.policy.region.city}{county}演练大街{1 + index % 400}号",
        phone=f"190000{index % 100_000:05d}",
        agent=_agent(index, rng),
        agent_phone=f"190001{index % 100_000:05d}",
        collect="2",
        bank=bank,
        account_name=name,
        account=f"{bank}{int(rng.random() * 10**6):06d}{index:010d}",
        frozen=_FREEZE if role is Role.FROZEN else "",
        sealed=role is Role.ORDINARY and index % _SEALED_EVERY == 0,
        arrears_months=unpaid_months(plan, index),
        auto_review=role is Role.ORDINARY and index % _TRUSTED_EVERY == 0,
    )


def _trade(plan: CityPlan, index: int) -> tuple[str, int, int, tuple[str, ...]]:
    if index == WALKTHROUGH:
        return _TRADES[0]
    rng = plan.stream(index, "trade")
    return rng.choices(_TRADES, cum_weights=[trade[1] for trade in _TRADES])[0]


def _kind(plan: CityPlan, index: int) -> tuple[str, int, str, str, str]:
    if index in _TRADE_NAMES:
        return _KINDS[0]
    rng = plan.stream(index, "kind")
    return rng.choices(_KINDS, cum_weights=[kind[1] for kind in _KINDS])[0]


def _trade_name(index: int) -> str:
    """字号: no two employers share one."""
    if index in _TRADE_NAMES:
        return _TRADE_NAMES[index]
    count = len(_FIRST) * len(_SECOND)
    block, place = divmod(index, count)
    place = place * 1301 % count
    name = _FIRST[place % len(_FIRST)] + _SECOND[place // len(_FIRST)]
    while block:
        block, third = divmod(block - 1, len(_THIRD))
        name += _THIRD[third]
    return name


def _agent(index: int, rng: Random) -> str:
    if index == WALKTHROUGH:
        return AGENT[0]
    ((name, _),) = names(rng, ["2" if rng.random() < _FEMALE_AGENTS else "1"])
    return name
