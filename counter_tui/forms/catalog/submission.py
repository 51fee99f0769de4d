"""数据提交、取消申报、业务状态 (P25, P26, P28): lists of own items, and what is done with the ticked ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from counter_tui.domain.problems import stop_text
from counter_tui.forms import dictionary as asked
from counter_tui.forms.checks import freeze_problems
from counter_tui.forms.codes import CodeOf, OneOf
from counter_tui.forms.fields import Ask
from counter_tui.forms.filling import from_last_month
from counter_tui.forms.kinds import Day, DocumentNumber, Text
from counter_tui.forms.spec import Declaration, Style, business

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Values

CRITERIA, ACT = "查询条件", "办理"

KIND_OF_BUSINESS: Final = OneOf(
    "业务类型",
    words=(
        ("P01", "人员参保", "rycb"),
        ("P05", "人员停保", "rytb"),
        ("P10", "人员关键信息修改", "rygjxxxg"),
        ("P11", "人员一般信息修改", "ryybxxxg"),
    ),
)
"""CL-BIZTYPE: our function ids."""


def _until(value: date, values: Values, _: Facts) -> Iterator[Problem]:
    since = values.get("since")
    if isinstance(since, date) and value < since:
        yield stop_text("until", "截止日期不能早于起始日期，改正后按 F5")


def criterion(label: str, kind: Any, **changes: Any) -> Ask:
    """A field that narrows a list; empty means all."""
    return Ask(label=label, kind=kind, section=CRITERIA, required=False).but(**changes)


FUNCTION: Final = criterion("业务类型", KIND_OF_BUSINESS)
NAME: Final = criterion("姓名", Text(50), source="E04")
ID_NUMBER: Final = criterion("证件号码", DocumentNumber(), source="E03", mask="id")
SINCE: Final = criterion("录入日期起", Day())
UNTIL: Final = criterion("录入日期止", Day(), verify=_until)
STATE: Final = criterion("业务状态", CodeOf("CL-ITEMSTATE"))


@business(
    "P25",
    "数据提交",
    style=Style.LIST,
    opens=freeze_problems,
    prints=("D17", "D05"),
    rules=("M09", "M11", "M22", "M44"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(Declaration):
    """Which saved items are listed for submission."""

    function: Annotated[str, FUNCTION] = ""
    name: Annotated[str, NAME] = ""
    id_number: Annotated[str, ID_NUMBER] = ""
    since: Annotated[date | None, SINCE] = None
    until: Annotated[date | None, UNTIL] = None


@business("P26", "取消申报", style=Style.LIST, opens=freeze_problems, rules=("M22",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Declaration):
    """Which own items are listed for cancellation, and why they are cancelled."""

    function: Annotated[str, FUNCTION] = ""
    name: Annotated[str, NAME] = ""
    id_number: Annotated[str, ID_NUMBER] = ""
    since: Annotated[date | None, SINCE] = None
    until: Annotated[date | None, UNTIL] = None
    reason: Annotated[str, asked.E23.but(label="取消原因", section=ACT, required=True, action=True, dup=True)] = ""


@business("P28", "业务状态查看", style=Style.LIST, rules=("M57",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Declaration):
    """Which items are shown with their state."""

    since: Annotated[date | None, SINCE.but(label="开始时间", default=from_last_month)] = None
    until: Annotated[date | None, UNTIL.but(label="结束时间")] = None
    function: Annotated[str, FUNCTION.but(label="功能事项")] = ""
    state: Annotated[str, STATE] = ""
