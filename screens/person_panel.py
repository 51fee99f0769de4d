"""Finding a person from what was typed: a full number, the last four, initials, a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from counter_tui.domain.masking import mask_id
from counter_tui.domain.text import plain
from screens.business import named
from screens.widgets.panel import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.people import Person
    from counter_tui.services.enquiries import Enquiries

_WHOLE: Final = re.compile(r"[0-9]{17}[0-9Xx*]|[0-9]{15}|[A-Za-z]+[0-9]{6,}|[0-9]{9,14}|[0-9]{16}")
"""What is a number by itself: identity cards, passports, 个人编号. Shorter is searched for."""
TOO_MANY: Final = MOST_ROWS + 1


def is_whole_number(text: str) -> bool:
    """Whether what was typed names one person without a search."""
    return _WHOLE.fullmatch(plain(text)) is not None


async def found_persons(enquiries: Enquiries, text: str, employer: str) -> tuple[Person, ...]:
    """Persons of the employer in reception first; of the whole bureau when it has none such."""
    if employer and (here := await enquiries.persons(text, employer=employer)):
        return here
    return await enquiries.persons(text)


def panel_rows(persons: Sequence[Person]) -> list[str]:
    """How hits are shown: name, number masked, state."""
    return [f"{each.name}  {mask_id(each.id_number)}  {named('CL-PERSTATE', each.state)}" for each in persons]
