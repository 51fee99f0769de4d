"""What a PKCS#11 module's refusal of a PIN means, and how many tries its token tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_tui.services.keys import NotOnThisKey, PinBlocked, PinUnfit, PukBlocked, WrongPin, WrongPuk

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.errors import CounterError
    from counter_tui.services.keys import KeyFault

AFTER_A_WRONG_ONE = 2
"""Tries that are counted on after a wrong PIN: a token tells only its last one, so it may be the last but one."""

_WRONG = frozenset({"PinIncorrect", "PinInvalid", "PinLenRange"})
_RULES = {
    "PinLenRange": "长度不在介质允许的范围内",
    "PinInvalid": "含有介质不允许的字符",
    "PinTooWeak": "过于简单",
}
_NOT_OFFERED = frozenset(
    {
        "ArgumentsBad",
        "FunctionNotSupported",
        "SessionReadOnly",
        "TokenWriteProtected",
        "UserNotLoggedIn",
        "UserPinNotInitialized",
        "UserTypeInvalid",
    }
)
"""What modules answer to an act that they do not have."""
_NO_SUCH_PIN = "GeneralError"
"""What OpenSC answers when a card has no PIN of a security officer."""


class WrongPinUncounted(WrongPin):
    """PIN 错误，此介质不告知还可尝试几次，请核对后再输入"""


class WrongPukUncounted(WrongPuk):
    """解锁码（PUK）错误，此介质不告知还可尝试几次，请核对后再输入"""


def tries_told(token: Any, kind: str) -> int | None:
    """What the flags of a token tell of its `USER_PIN` or `SO_PIN`: 0 locked, 1 the last try, 2 after a wrong one."""
    from pkcs11 import TokenFlag

    flags = token.flags
    told = {"LOCKED": 0, "FINAL_TRY": 1, "COUNT_LOW": AFTER_A_WRONG_ONE}
    return next((tries for flag, tries in told.items() if flags & TokenFlag[f"{kind}_{flag}"]), None)


def pin_refusal(fault: KeyFault, tries: Callable[[], int | None]) -> CounterError:
    """Why a PIN was not taken. The key is asked for the tries only when it was wrong."""
    if fault.code == "PinLocked":
        return PinBlocked()
    if fault.code not in _WRONG:
        return fault
    left = tries()
    if left == 0:
        return PinBlocked()
    return WrongPin(left=left) if left == 1 else WrongPinUncounted(left=AFTER_A_WRONG_ONE)


def puk_refusal(fault: KeyFault, tries: Callable[[], int | None]) -> CounterError:
    """Why the security officer's PIN was not taken."""
    if fault.code == "PinLocked":
        return PukBlocked()
    if fault.code in _NOT_OFFERED or fault.code == _NO_SUCH_PIN:
        return NotOnThisKey(act="解锁")
    if fault.code not in _WRONG:
        return fault
    left = tries()
    if left == 0:
        return PukBlocked()
    return WrongPuk(left=left) if left == 1 else WrongPukUncounted(left=AFTER_A_WRONG_ONE)


def new_pin_refusal(fault: KeyFault, *, act: str) -> CounterError:
    """Why a new PIN was not taken; the old one is known to be right by then."""
    if fault.code in _RULES:
        return PinUnfit(rule=_RULES[fault.code])
    return NotOnThisKey(act=act) if fault.code in _NOT_OFFERED else fault
