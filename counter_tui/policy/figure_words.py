"""Figures in the clerk's words: what a value says, and what a file changes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from counter_tui.domain.money import grouped
from counter_tui.policy.charges import Merged, RiskClasses, Shares, YearlyAmount
from counter_tui.policy.explanation import percent

if TYPE_CHECKING:
    from counter_tui.policy.dated import Value
    from counter_tui.policy.parameters import Setting


def shown_limit(fen: int) -> str:
    """Write a floor or a ceiling in yuan a month."""
    return f"{grouped(fen)} 元"


def shown_value(value: Any) -> str:
    """Write what a scheme charges, or what a parameter is set to."""
    match value:
        case Shares():
            accounts = value.account_employer + value.account_person
            parts = [f"单位 {percent(value.employer)}", f"个人 {percent(value.person)}"]
            parts += [f"划入账户 {percent(accounts)}"] if accounts else []
            return "，".join([*parts, *(f"{name} {percent(rate)}" for name, rate in value.components)])
        case RiskClasses():
            return "，".join(f"{number} 类 {percent(rate)}" for number, rate in sorted(value.rates.items()))
        case YearlyAmount():
            return f"每年单位 {grouped(value.employer)} 元，个人 {grouped(value.person)} 元"
        case Merged():
            return f"并入 {value.into}"
    return _setting(value)


def _setting(value: Setting) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return ("、".join(map(str, value)) or "无") if isinstance(value, tuple) else str(value)


def digest_of(value: Value[Any]) -> str:
    """Tell one published figure from another of the same months: sixteen hex digits."""
    said = f"{shown_value(value.value)}|{value.since}|{value.until}|{value.known_from}|{value.by}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
