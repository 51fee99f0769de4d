"""Finding a person from what was typed: a full number, the last four, initials, a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from counter_tui.domain.citizens import CitizenId
from counter_tui.domain.masking import mask_id
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from screens.business import named
from screens.widgets.panel import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from counter_tui.domain.people import Person
    from counter_tui.forms.facts import Facts
    from counter_tui.services.enquiries import Enquiries

_WHOLE: Final = re.compile(r"[0-9]{17}[0-9Xx*]|[0-9]{15}|[A-Za-z]+[0-9]{6,}|[0-9]{9,14}|[0-9]{16}")
"""What is a number by itself: identity cards, passports, 个人编号. Shorter is searched for."""
_CITIZEN: Final = re.compile(r"[0-9]{17}[0-9Xx]")
MISREAD: Final = "读到身份证号，请先到证件号码栏"
"""What is said when a scanner or reader wrote an identity number into another field."""
TOO_MANY: Final = MOST_ROWS + 1


def is_whole_number(text: str) -> bool:
    """Whether what was typed names one person without a search."""
    return _WHOLE.fullmatch(plain(text)) is not None


def is_identity_number(text: str, today: date) -> bool:
    """Whether what stands in a field can only be an identity number: 18 characters that check."""
    typed = plain(text)
    if not _CITIZEN.fullmatch(typed):
        return False
    try:
        CitizenId.parse(typed.upper(), today)
    except CounterError:
        return False
    return True


async def found_persons(enquiries: Enquiries, text: str, employer: str) -> tuple[Person, ...]:
    """Persons of the employer in reception first; of the whole bureau when it has none such."""
    if employer and (here := await enquiries.persons(text, employer=employer)):
        return here
    return await enquiries.persons(text)


def panel_rows(persons: Sequence[Person]) -> list[str]:
    """How hits are shown: name, number masked, state."""
    return [f"{each.name}  {mask_id(each.id_number)}  {named('CL-PERSTATE', each.state)}" for each in persons]


def person_lines(facts: Facts) -> list[str]:
    """What the register says of the person in a form: coverages by employer, lock, arrears of the employer."""
    lines = [
        f"{named('CL-INS', entry.scheme)}  {named('CL-PERINS', entry.state)}"
        f"  {facts.employer_names.get(entry.employer, entry.employer)}  {entry.since} 起"
        for entry in facts.coverages
    ]
    if facts.person is not None and facts.person.lock:
        lines.append(f"信息锁定：{named('CL-LOCK', facts.person.lock)}")
    if facts.employer is not None and facts.employer.arrears_months:
        lines.append(f"单位欠费 {facts.employer.arrears_months} 个月")
    return lines or ["没有参保记录"]
