"""Business functions (`P01` …) and the groups in which rights to them are given (业务组): least privilege.

Source: the index of functions, 14 groups A to N.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_NUMBERED = re.compile(r"P([0-9]{2})S?")
"""A function of the index; what has a name instead, such as `posts`, belongs to no group."""


class NoSuchGroup(CounterError):
    """没有业务组「{typed}」，请输入 A 至 N 的字母，用逗号分开；全部输 all"""

    typed: str


class FunctionGroup(StrEnum):
    """Functions that are granted together."""

    ENROLMENT = "A"
    INFORMATION = "B"
    WAGES = "C"
    SETTLEMENT = "D"
    BACK_COLLECTION = "E"
    FLEXIBLE = "F"
    ENQUIRIES = "G"
    PRINTING = "H"
    PERSONAL = "I"
    YEARLY = "J"
    SECURITY = "K"
    MESSAGES = "L"
    CERTIFICATION = "M"
    WIZARD = "N"

    @property
    def label(self) -> str:
        """The group's name; without blanks, so that several stand in one field."""
        return _GROUPS[self][0]

    @property
    def named(self) -> str:
        """Letter and name, for sentences: `A 人员增减`."""
        return f"{self.value} {self.label}"


_GROUPS: Mapping[FunctionGroup, tuple[str, int]] = MappingProxyType(
    {
        FunctionGroup.ENROLMENT: ("人员增减", 1),
        FunctionGroup.INFORMATION: ("信息修改", 10),
        FunctionGroup.WAGES: ("工资申报", 20),
        FunctionGroup.SETTLEMENT: ("提交结算", 25),
        FunctionGroup.BACK_COLLECTION: ("补收补缴", 40),
        FunctionGroup.FLEXIBLE: ("灵活就业", 45),
        FunctionGroup.ENQUIRIES: ("信息查询", 48),
        FunctionGroup.PRINTING: ("报表打印", 60),
        FunctionGroup.PERSONAL: ("个人服务", 70),
        FunctionGroup.YEARLY: ("年检退休", 80),
        FunctionGroup.SECURITY: ("操作员密码", 85),
        FunctionGroup.MESSAGES: ("公告客服", 94),
        FunctionGroup.CERTIFICATION: ("资格认证", 97),
        FunctionGroup.WIZARD: ("申报入口", 99),
    }
)
"""Name of each group and the number of its first function; it holds those up to the next group's first."""
_FIRST = tuple(first for _, first in _GROUPS.values())

PASSED_THROUGH: frozenset[str] = frozenset({"P25", "P26", "P27", "P28", "P85", "P85S"})
"""Reception, handing in, taking back, review, state: the business of every group passes through them.

They open with any group; a declaration that is moved there counts as what it is, an enrolment as `A`.
"""


def held(group: FunctionGroup) -> tuple[str, ...]:
    """The numbers of functions that a group holds, given out or not."""
    first = _GROUPS[group][1]
    end = next((other for other in _FIRST if other > first), 100)
    return tuple(f"P{number:02d}" for number in range(first, end))


def group_of(function: str) -> FunctionGroup | None:
    """The group that holds a function; None for what is outside the index and given by the post alone."""
    numbered = _NUMBERED.fullmatch(function)
    if numbered is None:
        return None
    return tuple(_GROUPS)[bisect_right(_FIRST, int(numbered[1])) - 1]


def outside(groups: Collection[FunctionGroup], function: str) -> FunctionGroup | None:
    """The group that is missing for a function; None when the groups, or no groups for all, reach it."""
    group = group_of(function)
    if not groups or function in PASSED_THROUGH or group is None or group in groups:
        return None
    return group


def limited(groups: Iterable[FunctionGroup]) -> tuple[FunctionGroup, ...]:
    """Groups as they are written down: in their order, each once; none for all of them."""
    chosen = set(groups)
    return () if chosen == set(FunctionGroup) else tuple(sorted(chosen))


def in_words(groups: Iterable[FunctionGroup]) -> str:
    """Groups as they are read on cards and asked for: `A 人员增减、D 提交结算`."""
    return "、".join(group.named for group in sorted(groups)) or "全部（岗位可办的）"


def in_letters(groups: Iterable[FunctionGroup]) -> str:
    """Groups in a narrow column: `AD`."""
    return "".join(sorted(groups)) or "全部"


def read_groups(typed: str) -> tuple[FunctionGroup, ...]:
    """Groups written as letters, `A,D` or `AD`; none for `all`. Raises NoSuchGroup."""
    letters = "".join(typed.upper().replace(",", " ").split())
    if letters == "ALL":
        return ()
    unknown = [letter for letter in letters if letter not in set(FunctionGroup)]
    if unknown or not letters:
        raise NoSuchGroup(typed=unknown[0] if unknown else typed)
    return limited(map(FunctionGroup, letters))
