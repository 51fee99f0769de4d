"""Whether a function may begin now: who must be in reception, and whether this window may write for him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.posts import Right, right_needed
from counter_tui.errors import CounterError
from counter_tui.forms.spec import form
from screens.seated import EMPLOYER

if TYPE_CHECKING:
    from counter_tui.services.seats import Seat

_ONLY_LOOKS: Final = frozenset({Right.ENQUIRE, Right.PRINT, Right.READ, Right.RECEIVE})


class EmployerFirst(CounterError):
    """请先按 02 接待单位，再办理 {name}"""

    name: str


class PersonFirst(CounterError):
    """请先按 03 接待个人，再办理 {name}"""

    name: str


class AnyFirst(CounterError):
    """请先按 02 接待单位或 03 接待个人，再办理 {name}"""

    name: str


class OnlyReading(CounterError):
    """其他窗口正在接待该单位，本窗只能查询和打印，不能办理 {name}"""

    name: str


class OutsideGroups(CounterError):
    """您没有「{group}」业务组的授权，不能办理 {name}；请主管在 92 申请"""

    group: str
    name: str


def within(function: str, name: str, seat: Seat) -> None:
    """Raise OutsideGroups when the operator was not granted the group of a function."""
    if (missing := seat.session.operator.lacks(function)) is not None:
        raise OutsideGroups(group=missing.named, name=name)


def admit(function: str, name: str, seat: Seat) -> None:
    """Raise what has to be done first: EmployerFirst, PersonFirst, AnyFirst; or OnlyReading, OutsideGroups."""
    within(function, name, seat)
    reception, subject = seat.reception, _subject(function)
    if subject == "employer" and (reception is None or reception.subject != EMPLOYER):
        raise EmployerFirst(name=name)
    if subject == "person" and (reception is None or reception.subject == EMPLOYER):
        raise PersonFirst(name=name)
    if subject == "either" and reception is None:
        raise AnyFirst(name=name)
    if subject and reception is not None and reception.read_only and right_needed(function) not in _ONLY_LOOKS:
        raise OnlyReading(name=name)


def _subject(function: str) -> str:
    """What must be in reception for a function; nothing for what is no form."""
    try:
        return form(function).subject
    except KeyError:
        return ""
