"""分中心审核 (P27): what waits for review, and the decision on the ticked cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # read from the annotations
from typing import TYPE_CHECKING, Annotated, Final

from counter_tui.domain.declarations import ItemState
from counter_tui.forms.catalog.submission import ACT, FUNCTION, SINCE, STATE, UNTIL, criterion
from counter_tui.forms.codes import CodeOf
from counter_tui.forms.fields import Ask
from counter_tui.forms.kinds import Count, Number, Text
from counter_tui.forms.spec import Declaration, Style, business

if TYPE_CHECKING:
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Values

PASSED: Final = "1"
NOT_PASSED: Final = "2"
"""CL-REVIEW."""


def _not_passed(values: Values, _: Facts) -> bool:
    return values.get("result") == NOT_PASSED


@business("P27", "分中心审核", style=Style.LIST, subject="", rules=("M59", "M60"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Declaration):
    """Which cases are listed, and what is decided on the ticked ones."""

    employer: Annotated[str, criterion("单位编号", Number(18), source="U01", lookup="employer")] = ""
    function: Annotated[str, FUNCTION] = ""
    since: Annotated[date | None, SINCE.but(label="提交日期起")] = None
    until: Annotated[date | None, UNTIL.but(label="提交日期止")] = None
    state: Annotated[str, STATE.but(label="状态", default=lambda *_: ItemState.SUBMITTED.value)] = ""
    result: Annotated[
        str,
        Ask(label="审核结果", kind=CodeOf("CL-REVIEW", only=(PASSED, NOT_PASSED)), section=ACT, action=True),
    ] = ""
    reason: Annotated[
        str,
        Ask(
            label="未通过原因",
            kind=Text(200),
            section=ACT,
            action=True,
            when=_not_passed,
            missing="M60",
            rules=("M60",),
            dup=True,
        ),
    ] = ""
    pages: Annotated[
        int | None, Ask(label="实收材料页数", kind=Count(0, 999), section=ACT, required=False, action=True)
    ] = None
