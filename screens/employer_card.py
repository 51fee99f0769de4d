"""What a window reads of an employer before it receives its agent: identity, state, what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.domain.declarations import OPEN_STATES
from counter_tui.domain.receptions import ReceptionState
from screens.business import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.receptions import Reception
    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import LocalStore, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerCard:
    """An employer with its open items and the windows that serve it now."""

    employer: Employer
    open_items: tuple[Item, ...]
    elsewhere: tuple[Reception, ...]

    def lines(self, policy: Policy) -> list[str]:
        """The card in words; what stands in the way is marked with !."""
        known = self.employer
        schemes = "、".join(policy.scheme_name(code) for code in known.paying) or "无"
        return [
            f"名称：{known.name}",
            f"统一社会信用代码：{known.credit_code}  单位编号：{known.number}",
            f"状态：{named('CL-UNITSTATE', known.state)}  结算期：{known.settlement_month}  参保时间：{known.joined}",
            f"参保险种：{schemes}",
            f"未办结申报：{self._open_items()}",
            *(f"! {warning}" for warning in self._warnings()),
        ]

    def _open_items(self) -> str:
        counted = {state: sum(item.state is state for item in self.open_items) for state in sorted(OPEN_STATES)}
        parts = [f"{named('CL-ITEMSTATE', state)} {count}" for state, count in counted.items() if count]
        return "  ".join(parts) or "无"

    def _warnings(self) -> Iterator[str]:
        if self.employer.frozen:
            yield f"单位已冻结：{self.employer.frozen}"
        if self.employer.sealed:
            yield "单位已封存：登记证年检未办"
        if self.employer.arrears_months:
            yield f"欠费 {self.employer.arrears_months} 个月"
        if self.elsewhere:
            windows = "、".join(f"{int(each.window)}号窗" for each in self.elsewhere)
            yield f"{windows}正在接待该单位，本窗接待为只读"


async def read_card(store: LocalStore, employer: Employer, *, window: str) -> EmployerCard:
    """The card of an employer as the counter knows it now, seen from a window."""

    def read(reading: Reading) -> EmployerCard:
        register = reading.register
        busy = [each for each in register.receptions_for(employer.number) if each.window != window]
        return EmployerCard(
            employer=register.employer(employer.number) or employer,
            open_items=tuple(register.items_in(OPEN_STATES, employer.number)),
            elsewhere=tuple(each for each in busy if each.state is ReceptionState.OPEN),
        )

    return await store.read(read)
