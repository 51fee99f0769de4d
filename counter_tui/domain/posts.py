"""Posts and roles (岗位、角色), what each may do, and that no human checks his own work.

Source: 人社厅发〔2021〕64号, four post classes that one human may not combine.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from counter_tui.domain.functions import PASSED_THROUGH, held
from counter_tui.domain.problems import stop
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from counter_tui.domain.functions import FunctionGroup
    from counter_tui.domain.problems import Problem


class PostsExclude(CounterError):
    """{first}与{second}不能由同一人担任，请管理员更正岗位"""

    first: str
    second: str


class PostClass(StrEnum):
    """The classes (岗位类别) that exclude each other for one human, in one bureau or across bureaus.

    Four are those of the rule; the head of the bureau is a fifth, so that whoever approves a grant holds nothing else.
    """

    BUSINESS = "B"
    FUND = "F"
    DATA = "D"
    CONTROL = "C"
    HEAD = "H"

    @property
    def label(self) -> str:
        """The class in the words of the rule."""
        return _CLASS_LABELS[self]


class Role(StrEnum):
    """Who signs on at a counter."""

    CLERK = "R1"
    REVIEWER = "R2"
    SUPERVISOR = "R3"
    ADMINISTRATOR = "R4"
    FUND = "F"
    CONTROL = "C"
    HEAD = "H"

    @property
    def label(self) -> str:
        """The post as printed and shown."""
        return _ROLE_LABELS[self]

    @property
    def post_class(self) -> PostClass:
        """The one class the role belongs to."""
        return _CLASS_OF[self]


class Right(StrEnum):
    """What an operator does with a function."""

    RECEIVE = "receive"
    """Open and close receptions (接待)."""
    ENTER = "enter"
    """Key, save, submit and cancel."""
    ENQUIRE = "enquire"
    PRINT = "print"
    """Receipts and working papers."""
    REVIEW = "review"
    """Approve or reject what another human made."""
    CONFIRM = "confirm"
    """Be the second person of a roll-back or an unlocking."""
    OVERRIDE = "override"
    """Go on in spite of an *ask* problem, with a reason."""
    REVERSE = "reverse"
    """Take back what is already approved (T15)."""
    REPRINT = "reprint"
    """Print a certificate a second time."""
    ANSWER_HELD = "answer-held"
    """Vouch for what the hub holds because of the maker's certificate, or refuse it."""
    SEAL_DAY = "seal-day"
    CONFIRM_MONEY = "confirm-money"
    ADMINISTER = "administer"
    """Parameters, code lists, calendars, announcements, devices, and carrying out approved grants."""
    REQUEST_GRANT = "request-grant"
    REVIEW_GRANT = "review-grant"
    APPROVE_GRANT = "approve-grant"
    READ_POSTS = "read-posts"
    """Who holds which post and certificate, what was asked for, and the ledger of posts."""
    AUDIT = "audit"
    """Read the log and the access records, sample cases."""
    READ = "read"
    """Announcements, notices, questions and answers."""


_CLASS_LABELS: Mapping[PostClass, str] = MappingProxyType(
    {
        PostClass.BUSINESS: "业务运行岗",
        PostClass.FUND: "基金财务岗",
        PostClass.DATA: "数据管理岗",
        PostClass.CONTROL: "稽核内控岗",
        PostClass.HEAD: "机构负责人",
    }
)
_ROLE_LABELS: Mapping[Role, str] = MappingProxyType(
    {
        Role.CLERK: "经办",
        Role.REVIEWER: "复核",
        Role.SUPERVISOR: "主管",
        Role.ADMINISTRATOR: "系统管理",
        Role.FUND: "基金财务",
        Role.CONTROL: "稽核内控",
        Role.HEAD: "机构负责人",
    }
)
_CLASS_OF: Mapping[Role, PostClass] = MappingProxyType(
    {
        Role.CLERK: PostClass.BUSINESS,
        Role.REVIEWER: PostClass.BUSINESS,
        Role.SUPERVISOR: PostClass.BUSINESS,
        Role.ADMINISTRATOR: PostClass.DATA,
        Role.FUND: PostClass.FUND,
        Role.CONTROL: PostClass.CONTROL,
        Role.HEAD: PostClass.HEAD,
    }
)

_CLERK = frozenset({Right.RECEIVE, Right.ENTER, Right.ENQUIRE, Right.PRINT, Right.READ})
_REVIEWER = frozenset({Right.REVIEW, Right.CONFIRM, Right.ENQUIRE, Right.READ})
_SUPERVISOR = (
    _CLERK
    | _REVIEWER
    | {Right.OVERRIDE, Right.REVERSE, Right.REPRINT, Right.SEAL_DAY, Right.REQUEST_GRANT, Right.READ_POSTS}
    | {Right.ANSWER_HELD}
)

RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.CLERK: _CLERK,
        Role.REVIEWER: _REVIEWER,
        Role.SUPERVISOR: _SUPERVISOR,
        Role.ADMINISTRATOR: frozenset({Right.ADMINISTER, Right.READ_POSTS, Right.READ}),
        Role.FUND: frozenset({Right.CONFIRM_MONEY, Right.READ}),
        Role.CONTROL: frozenset({Right.AUDIT, Right.REVIEW_GRANT, Right.READ_POSTS, Right.ENQUIRE, Right.READ}),
        Role.HEAD: frozenset({Right.APPROVE_GRANT, Right.READ_POSTS, Right.READ}),
    }
)
"""What each role may do; what is not listed is refused."""

_NEEDS: Mapping[str, Right] = MappingProxyType(
    {
        "P27": Right.REVIEW,
        "P85": Right.RECEIVE,
        "posts": Right.READ_POSTS,
        **dict.fromkeys(("P28", "P98", *(f"P{number}" for number in range(48, 58))), Right.ENQUIRE),
        **dict.fromkeys((f"P{number}" for number in range(60, 70)), Right.PRINT),
        **dict.fromkeys(("P94", "P95", "P96"), Right.READ),
    }
)
SECOND_PERSON: frozenset[str] = frozenset({"P12", "P34", "P46"})
"""Functions that a second person confirms outside review (P12: unlocking a bureau lock)."""


def right_needed(function: str) -> Right:
    """The right a business function asks for; entry, unless it is known as something else."""
    return _NEEDS.get(function, Right.ENTER)


def holds(roles: Iterable[str], right: Right) -> bool:
    """Whether one of the roles carries the right."""
    return any(right in RIGHTS[Role(role)] for role in roles)


def may_use(roles: Iterable[str], function: str) -> bool:
    """Whether the roles open a business function, named by its id such as `P05`."""
    return holds(roles, right_needed(function))


def may_confirm(roles: Iterable[str], function: str) -> bool:
    """Whether the roles may be the second person of a function."""
    return function in SECOND_PERSON and holds(roles, Right.CONFIRM)


def opened(roles: Iterable[str], function: str) -> bool:
    """Whether the roles open a function, as its maker or as its second person."""
    return may_use(roles, function) or may_confirm(roles, function)


def act_in(roles: Iterable[str], group: FunctionGroup) -> bool:
    """Whether the roles make, check, look up or print anything that belongs to a group."""
    carried = frozenset(roles)
    return any(_has_part(carried, function) for function in held(group) if function not in PASSED_THROUGH)


def _has_part(roles: frozenset[str], function: str) -> bool:
    reviewed = right_needed(function) is Right.ENTER and holds(roles, Right.REVIEW)
    return reviewed or opened(roles, function)


def check_exclusive(classes: Iterable[PostClass]) -> None:
    """Refuse two different classes in one hand. Raises PostsExclude."""
    held = sorted(set(classes), key=list(PostClass).index)
    if len(held) > 1:
        raise PostsExclude(first=held[0].label, second=held[1].label)


class Hand(Protocol):
    """By which hand something was made or checked: the five things compared. An operation's maker is one."""

    @property
    def operator(self) -> str:
        """Operator number (工号)."""

    @property
    def human(self) -> str:
        """Person reference, the same for every account of one human."""

    @property
    def certificate(self) -> str:
        """Certificate number."""

    @property
    def key_serial(self) -> str:
        """Serial number of the key, or its fingerprint."""

    @property
    def signon(self) -> str:
        """Id of the sign-on."""


COMPARED = ("operator", "human", "certificate", "key_serial", "signon")
"""What must differ between maker and checker."""


def same_facts(maker: Hand, checker: Hand) -> tuple[str, ...]:
    """Which of `COMPARED` are equal. Two unknowns count as equal: what is not known is refused."""
    return tuple(name for name in COMPARED if getattr(maker, name) == getattr(checker, name))


def same_hand(maker: Hand, checker: Hand) -> Problem | None:
    """Problem M59 when maker and checker are the same in one respect or more; None when all five differ."""
    return stop(None, "M59") if same_facts(maker, checker) else None
