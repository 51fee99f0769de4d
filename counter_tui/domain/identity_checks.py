"""Stored numbers checked by kind: nothing is put right on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from counter_tui.domain.check_characters import icao_731
from counter_tui.domain.citizens import CitizenId, upgrade_citizen_id
from counter_tui.domain.identity import fpr15, fpr18, hmt_residence, hmt_travel, passport
from counter_tui.domain.numbers import (
    CreditCode,
    NotAsKept,
    WrongCheckCharacter,
    WrongShape,
    bank_card,
    org_code,
    phone,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date


def machine_readable(text: str) -> str:
    """Characters with their ICAO 9303 check digit at the end, or the whole second line of a passport.

    Raises:
        WrongNumber: a character is not of the machine-readable line, or one of its check digits is wrong.
    """
    what = "机读码"
    line = tidy(text)
    if not re.fullmatch(r"[0-9A-Z<]{1,43}[0-9]", line, re.ASCII):
        raise WrongShape(what=what, shape="大写字母、数字和 <，以一位校验数字结尾")
    fields = _PASSPORT_FIELDS if len(line) == _PASSPORT_LINE else ((0, len(line) - 1),)
    for first, last in fields:
        # An empty optional field may have < for its digit.
        if line[last] != icao_731(line[first:last]) and line[first : last + 1].strip("<"):
            raise WrongCheckCharacter(what=what)
    composite = line[:10] + line[13:20] + line[21:43]
    if len(line) == _PASSPORT_LINE and icao_731(composite) != line[43]:
        raise WrongCheckCharacter(what=what)
    return line


_PASSPORT_LINE: Final = 44
_PASSPORT_FIELDS: Final = ((0, 9), (13, 19), (21, 27), (28, 42))
"""Number, birth, expiry and optional data: first character and place of the check digit."""


def _upgraded(text: str, today: date) -> str:
    """Of a 15-digit number; with `->` behind it, the number it must become."""
    old, arrow, new = text.partition("->")
    upgraded = upgrade_citizen_id(old, today).number
    if arrow and new != upgraded:
        raise WrongCheckCharacter(what="升位后的号码")
    return old + arrow + new


def _with_check_digit(text: str, _: date) -> str:
    """Of machine-readable characters; their check digit stands at the end or behind `->`."""
    body, arrow, digit = text.partition("->")
    return body + arrow + digit if machine_readable(body + digit) else ""


_KEPT: Final[Mapping[str, tuple[str, Callable[[str, date], str]]]] = {
    "citizen_id": ("居民身份证号码", lambda text, today: CitizenId.parse(text, today).number),
    "citizen_id_15to18": ("15位身份证号码，可写成 15位->18位", _upgraded),
    "hmt_residence": ("港澳台居民居住证号码", lambda text, today: hmt_residence(text, today).number),
    "hmt_travel": ("港澳台居民通行证号码", lambda text, _: hmt_travel(text).number),
    "fpr15": ("外国人永久居留证号码（15位）", lambda text, today: fpr15(text, today).number),
    "fpr18": ("外国人永久居留证号码（18位）", lambda text, today: fpr18(text, today).number),
    "passport": ("护照号码", lambda text, _: passport(text).number),
    "icao_731": ("旅行证件机读码及其校验数字，可写成 机读码->校验数字", _with_check_digit),
    "uscc": ("统一社会信用代码", lambda text, _: CreditCode.parse(text).number),
    "org_code": ("组织机构代码", lambda text, _: org_code(text)),
    "bank_card": ("银行卡号", lambda text, _: bank_card(text)),
    "phone": ("电话号码", lambda text, _: phone(text)),
}
_WRITTEN_VARIOUSLY: Final = frozenset({"org_code", "phone"})
"""Kinds that are right with and without their hyphen."""

KINDS: Final[Mapping[str, str]] = {kind: name for kind, (name, _) in _KEPT.items()}
"""Chinese names of the kinds that `check` knows."""


def check(kind: str, value: str, today: date) -> None:
    """Check a stored value of some kind; unlike reading, nothing is put right on the way.

    Spaces are passed over around `->` and in telephone numbers, which are written with them.

    Raises:
        WrongNumber: the value is not one of its kind, or not in the form that is kept.
        KeyError: there is no such kind.
    """
    _, read = _KEPT[kind]
    bare = value.replace(" ", "") if kind == "phone" else value.replace(" -> ", "->")
    kept = tidy(bare)
    if kept == bare:
        kept = read(bare, today)
    if kept != bare and (kind not in _WRITTEN_VARIOUSLY or tidy(bare) != bare):
        raise NotAsKept(what="号码", kept=kept)


def doubt(kind: str, value: str) -> str:
    """What is odd about a value that `check` lets pass, in Chinese; empty when nothing is."""
    if kind == "uscc" and not CreditCode.parse(value).organisation_part_fits:
        return "统一社会信用代码第9至17位不符合组织机构代码的校验规则，少数早期代码如此，请核对"
    return ""
