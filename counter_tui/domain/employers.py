"""Employers (参保单位) and the schemes they take part in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # as above


class EmployerState(StrEnum):
    """Registration state of an employer, CL-UNITSTATE."""

    UNDECIDED = "0"
    ON_REGISTER = "1"
    BANKRUPT = "2"
    DEREGISTERED = "3"


class SchemeState(StrEnum):
    """An employer's state in one scheme, CL-UNITINS."""

    NOT_INSURED = "0"
    PAYING = "1"
    SUSPENDED = "2"
    ENDED = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerScheme:
    """One scheme (险种) an employer takes part in."""

    scheme: str
    state: SchemeState
    since: YearMonth
    injury_class: int | None = None
    """Risk class 1-8, injury insurance (410) only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """An employer (参保单位) as the register knows it."""

    number: str
    name: str
    credit_code: str
    state: EmployerState
    settlement_month: YearMonth
    """The month it currently declares for: the first one not yet assessed."""
    joined: YearMonth
    schemes: tuple[EmployerScheme, ...]
    unit_type: str = "10"
    industry: str = "00"
    subordination: str = "9"
    economic_type: str = "150"
    address: str = ""
    phone: str = ""
    agent: str = ""
    agent_phone: str = ""
    collect: str = "2"
    """How the money is collected, CL-COLLECT."""
    bank: str = ""
    account_name: str = ""
    account: str = ""
    frozen: str = ""
    """Reason of a freeze (M52), empty when free."""
    sealed: bool = False
    arrears_months: int = 0
    """Assessed months past their due day and unpaid."""
    auto_review: bool = False

    def scheme(self, code: str) -> EmployerScheme | None:
        """Return the employer's entry for a scheme, or None when it has none."""
        return next((entry for entry in self.schemes if entry.scheme == code), None)

    @property
    def paying(self) -> tuple[str, ...]:
        """Codes of the schemes in which the employer is insured and paying."""
        return tuple(entry.scheme for entry in self.schemes if entry.state is SchemeState.PAYING)
