"""Whether an account that is asked for fits the registry of operators as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from counter_tui.domain.functions import limited
from counter_tui.domain.grants import GrantAct, GrantState, a_year_from
from counter_tui.domain.operators import OperatorState, check_human
from counter_tui.domain.posts import PostsExclude, Role, act_in
from counter_tui.domain.problems import stop_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from counter_tui.domain.grants import Granted
    from counter_tui.domain.operators import Operator
    from counter_tui.domain.problems import Problem
    from counter_tui.operations.register import Register
    from counter_tui.policy.profile import Region
    from counter_tui.policy.regions import Policy

_NUMBER = re.compile(r"[0-9]{4,8}")
_HEX = re.compile(r"[0-9a-f]+")
_OF_A_CITY = "00"
"""Ending of the GB/T 2260 code of a city, a province or the nation; a county has digits of its own."""


class Bureau(Protocol):
    """What is looked at: a case of an operation, or the hub's own register when a bureau is founded."""

    @property
    def register(self) -> Register:
        """With the registry of operators."""

    @property
    def policy(self) -> Policy:
        """Of the region."""

    @property
    def today(self) -> date:
        """Business date."""


def carries_out_grants(region: Region) -> bool:
    """Whether the bureau of a region has administrators who carry out grants: those of counties have none."""
    return region.code.endswith(_OF_A_CITY)


def misfit(bureau: Bureau, act: GrantAct, granted: Granted, *, first: bool) -> Problem | None:
    """The first thing that hinders it; asked at each of the four steps, for the registry may have moved meanwhile.

    `first` is the step at which it is asked for: later its first day may have come.
    """
    return next(_misfits(bureau, act, granted, first=first), None)


def _misfits(bureau: Bureau, act: GrantAct, granted: Granted, *, first: bool) -> Iterator[Problem]:
    yield from _ill_formed(granted)
    if Role.ADMINISTRATOR in granted.roles and not carries_out_grants(bureau.policy.region):
        yield stop_text("roles", "县级经办机构不设系统管理岗，请由上级机构设置")
    yield from _wrong_days(bureau, granted, first=first)
    present = bureau.register.operator(granted.number)
    yield from _new(present, granted) if act is GrantAct.ISSUE else _known(act, present, granted)
    yield from _foreign_certificate(bureau, act, granted)
    others = [each for each in bureau.register.operators() if each.number != granted.number]
    try:
        check_human([*others, granted.operator()])
    except PostsExclude as refusal:
        yield stop_text("roles", f"此人已有其他类别的岗位：{refusal.sentence}")


def _ill_formed(granted: Granted) -> Iterator[Problem]:
    if not _NUMBER.fullmatch(granted.number):
        yield stop_text("number", "工号应为 4 至 8 位数字，请核对后重新输入")
    if not granted.name.strip():
        yield stop_text("name", "姓名不能为空，请输入姓名")
    if not _HEX.fullmatch(granted.human):
        yield stop_text("identity", "没有人员标识，请重新输入证件号码")
    if not granted.issuer or not _HEX.fullmatch(granted.certificate_number) or not _HEX.fullmatch(granted.key_hash):
        yield stop_text("certificate", "没有可登记的证书，请选择证书")
    if not granted.roles or list(granted.roles) != sorted(set(granted.roles)):
        yield stop_text("roles", "请选择岗位")
    elif len({role.post_class for role in granted.roles}) > 1:
        yield stop_text("roles", "一个工号只能有同一类别的岗位，请分开办理")
    yield from _idle_groups(granted)


def _idle_groups(granted: Granted) -> Iterator[Problem]:
    """Groups are written down in one way only, and none that the roles have no part in."""
    if granted.groups != limited(granted.groups):
        yield stop_text("groups", "业务组不能重复，须按字母排列；全部业务组请不填")
    for group in granted.groups:
        if not act_in(granted.roles, group):
            yield stop_text("groups", f"{granted.posts}岗位不办理「{group.named}」，请去掉该业务组")


def _wrong_days(bureau: Bureau, granted: Granted, *, first: bool) -> Iterator[Problem]:
    if first and granted.since < bureau.today:
        yield stop_text("since", f"授权起始日不能早于今日 {bureau.today}")
    if granted.until < max(granted.since, bureau.today):
        yield stop_text("until", f"授权截止日 {granted.until} 已过或早于起始日，请更正")
    if granted.until > (last := a_year_from(granted.since)):
        yield stop_text("until", f"授权最长一年，截止日不能晚于 {last}")
    if granted.until > granted.certificate_until:
        yield stop_text("until", f"证书 {granted.certificate_until} 到期，授权截止日不能晚于证书")


def _new(present: Operator | None, granted: Granted) -> Iterator[Problem]:
    if present is not None:
        yield stop_text("number", f"工号 {granted.number} 已登记，请换一个工号，或办理换证、变更岗位")


def _known(act: GrantAct, present: Operator | None, granted: Granted) -> Iterator[Problem]:
    if present is None:
        yield stop_text("number", f"没有登记工号 {granted.number}，新设工号请办理新设")
        return
    if (present.human, present.name) != (granted.human, granted.name):
        yield stop_text("identity", f"工号 {granted.number} 不是此人的工号，请核对姓名和证件号码")
    yield from _RULES[act](present, granted)


def _renewed(present: Operator, granted: Granted) -> Iterator[Problem]:
    if present.key_hash == granted.key_hash:
        yield stop_text("certificate", "换证须用新的证书，请选择新证书")
    if not _same_rights(present, granted):
        yield stop_text("roles", "换证不能同时变更岗位或业务组，请分开办理")


def _changed(present: Operator, granted: Granted) -> Iterator[Problem]:
    if present.state is not OperatorState.ACTIVE:
        yield stop_text("number", f"工号 {granted.number} 已{present.state.label}，请先恢复或换证，再变更岗位")
    if not _same_certificate(present, granted):
        yield stop_text("certificate", "变更岗位不能同时换证，请分开办理")


def _resumed(present: Operator, granted: Granted) -> Iterator[Problem]:
    if present.state is not OperatorState.SUSPENDED:
        yield stop_text("number", f"工号 {granted.number} 为{present.state.label}，不需要或不能恢复")
    if not _same_certificate(present, granted) or not _same_rights(present, granted):
        yield stop_text("certificate", "恢复须用原来的证书、岗位和业务组")


_RULES = {GrantAct.RENEW: _renewed, GrantAct.CHANGE: _changed, GrantAct.RESUME: _resumed}
"""What an act may change of an account that is there."""


def _same_certificate(present: Operator, granted: Granted) -> bool:
    bound = (present.issuer, present.certificate_number, present.key_hash)
    return bound == (granted.issuer, granted.certificate_number, granted.key_hash)


def _same_rights(present: Operator, granted: Granted) -> bool:
    return (present.roles, present.groups) == (frozenset(granted.roles), frozenset(granted.groups))


def _foreign_certificate(bureau: Bureau, act: GrantAct, granted: Granted) -> Iterator[Problem]:
    """One certificate and one key for one account, for ever: not even a lost one comes back under another number."""
    for other in bureau.register.operators():
        if other.number != granted.number and other.key_hash == granted.key_hash:
            yield stop_text("certificate", f"该证书已登记在工号 {other.number} 名下，请换一个证书")
    if act not in {GrantAct.ISSUE, GrantAct.RENEW}:
        return
    for earlier in bureau.register.grants():
        if earlier.state is GrantState.CARRIED_OUT and earlier.granted.key_hash == granted.key_hash:
            yield stop_text(
                "certificate", f"该证书曾登记在工号 {earlier.granted.number} 名下，不能再次登记，请换新证书"
            )
