"""Grants of posts (岗位授权): what is asked for, the four steps by four humans, and the ledger of posts (台账).

Source: 人社厅发〔2021〕64号: 业务申请, 内控审核, 领导核准, 系统赋权.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.declarations import Stamp  # noqa: TC001  # msgspec reads the annotations
from counter_tui.domain.functions import FunctionGroup, in_words
from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import Right, Role, check_exclusive


class GrantAct(StrEnum):
    """What is asked for."""

    ISSUE = "issue"
    RENEW = "renew"
    """Another certificate for the same operator, also after a loss."""
    CHANGE = "change"
    """Other roles or groups of functions for the same operator and certificate."""
    RESUME = "resume"

    @property
    def label(self) -> str:
        """The act as shown."""
        return {"issue": "新设", "renew": "换证", "change": "变更岗位", "resume": "恢复"}[self.value]


class GrantState(StrEnum):
    """Where a grant stands."""

    REQUESTED = "G1"
    REVIEWED = "G2"
    APPROVED = "G3"
    CARRIED_OUT = "G4"
    REFUSED = "G9"

    @property
    def label(self) -> str:
        """The state as shown: what it waits for, or what became of it."""
        labels = {"G1": "待内控审核", "G2": "待领导核准", "G3": "待系统赋权", "G4": "已赋权", "G9": "未同意"}
        return labels[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantStep:
    """One of the four steps: who signs it, and where the grant stands before and after."""

    kind: str
    """Of the operation."""
    name: str
    right: Right
    post: str
    """Who has the right, in words."""
    before: GrantState | None
    after: GrantState


REQUEST = GrantStep(
    kind="grant.request",
    name="业务申请",
    right=Right.REQUEST_GRANT,
    post="主管",
    before=None,
    after=GrantState.REQUESTED,
)
REVIEW = GrantStep(
    kind="grant.review",
    name="内控审核",
    right=Right.REVIEW_GRANT,
    post="稽核内控",
    before=GrantState.REQUESTED,
    after=GrantState.REVIEWED,
)
APPROVE = GrantStep(
    kind="grant.approve",
    name="领导核准",
    right=Right.APPROVE_GRANT,
    post="机构负责人",
    before=GrantState.REVIEWED,
    after=GrantState.APPROVED,
)
CARRY_OUT = GrantStep(
    kind="grant.carry_out",
    name="系统赋权",
    right=Right.ADMINISTER,
    post="系统管理",
    before=GrantState.APPROVED,
    after=GrantState.CARRIED_OUT,
)
STEPS = (REQUEST, REVIEW, APPROVE, CARRY_OUT)
"""In their order; only the last one changes the registry of operators."""


def next_step(state: GrantState) -> GrantStep | None:
    """The step that a grant in that state waits for; None when it waits for nothing."""
    return next((step for step in STEPS if step.before is state), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """An account as it will stand in the registry."""

    number: str
    """Operator number (工号)."""
    name: str
    human: str
    """Keyed reference of the human; the identity number itself is kept nowhere."""
    roles: tuple[Role, ...]
    """Of one post class, sorted."""
    issuer: str
    certificate_number: str
    key_hash: str
    """What binds the certificate, as in `Operator`."""
    certificate_until: date
    since: date
    until: date
    """First and last day of the grant."""
    groups: tuple[FunctionGroup, ...] = ()
    """In which the roles act, sorted; none for all that they open."""

    def operator(self) -> Operator:
        """The account, active. Raises PostsExclude for roles of two classes."""
        check_exclusive(role.post_class for role in self.roles)
        return Operator(
            number=self.number,
            name=self.name,
            human=self.human,
            roles=frozenset(self.roles),
            post_class=self.roles[0].post_class,
            issuer=self.issuer,
            certificate_number=self.certificate_number,
            key_hash=self.key_hash,
            valid_from=_midnight(self.since),
            valid_until=_midnight(self.until + timedelta(days=1)),
            groups=frozenset(self.groups),
        )

    @property
    def posts(self) -> str:
        """The roles in words."""
        return "、".join(role.label for role in self.roles)

    @property
    def scope(self) -> str:
        """The groups in words."""
        return in_words(self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One request and the hands it has gone through."""

    id: str
    """The operation that asked for it."""
    act: GrantAct
    granted: Granted
    granted_hash: str
    """Over act and account: what each of the four has seen and signed."""
    state: GrantState
    signed: tuple[Stamp, ...]
    """One for each step done, in the order of `STEPS`."""
    refused: Stamp | None = None
    reason: str = ""
    """Why it was refused."""


class LedgerAct(StrEnum):
    """What happened to a post."""

    FOUND = "found"
    """One of the first four posts of a bureau, by two persons and a one-time code."""
    ISSUE = "issue"
    RENEW = "renew"
    CHANGE = "change"
    RESUME = "resume"
    SUSPEND = "suspend"
    SILENCE = "silence"
    """Suspended for want of a sign-on."""
    REVOKE = "revoke"
    LOSE = "lose"

    @property
    def label(self) -> str:
        """The act as the ledger names it."""
        return _LEDGER_LABELS[self.value]


_LEDGER_LABELS = {
    "found": "首次开立",
    "issue": "新设",
    "renew": "换证",
    "change": "变更岗位",
    "resume": "恢复",
    "suspend": "停用",
    "silence": "久未登录停用",
    "revoke": "吊销",
    "lose": "挂失",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One line of the ledger of posts; never changed, never taken away."""

    id: str
    """The operation that did it."""
    act: LedgerAct
    at: datetime
    number: str
    name: str
    roles: tuple[Role, ...]
    certificate_number: str
    since: date
    until: date
    """First and last day of the account as it stands afterwards."""
    signed: tuple[Stamp, ...]
    """Everybody who signed it, in order; who brought the code and who entered it where a post was founded."""
    reason: str = ""
    groups: tuple[FunctionGroup, ...] = ()
    """In which the roles act afterwards; none for all that they open."""

    @property
    def posts(self) -> str:
        """The roles in words."""
        return "、".join(role.label for role in self.roles)

    @property
    def scope(self) -> str:
        """The groups in words."""
        return in_words(self.groups)


def entered(
    act: LedgerAct, operator: Operator, *, by: tuple[Stamp, ...], at: datetime, operation: str, reason: str = ""
) -> LedgerEntry:
    """The line for what was done to an account, which is given as it stands afterwards."""
    return LedgerEntry(
        id=operation,
        act=act,
        at=at,
        number=operator.number,
        name=operator.name,
        roles=tuple(sorted(operator.roles)),
        certificate_number=operator.certificate_number,
        since=operator.first_day,
        until=operator.last_day,
        signed=by,
        reason=reason,
        groups=tuple(sorted(operator.groups)),
    )


def a_year_from(day: date) -> date:
    """The last day of a year that begins on a day: what a grant lasts at most."""
    try:
        return day.replace(year=day.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)
