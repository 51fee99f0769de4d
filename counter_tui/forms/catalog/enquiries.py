"""信息查询 (P50)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # read from the annotations
from counter_tui.forms import dictionary as asked
from counter_tui.forms.filling import last_assessed
from counter_tui.forms.spec import Declaration, Style, business


@business("P50", "本月结算金额", style=Style.ENQUIRY, rules=("M57",))
@dataclass(frozen=True, slots=True, kw_only=True)
class SettledAmount(Declaration):
    """The month whose settled amounts are shown by scheme."""

    month: Annotated[YearMonth, asked.I11.but(label="结算月份", default=last_assessed)]
