"""Where values of fields come from that nobody types: the person's file, his document, the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.citizens import CitizenId
from counter_tui.domain.identity import document
from counter_tui.domain.names import clean_name
from counter_tui.domain.problems import Problem, stop, stop_text
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Values
    from counter_tui.policy.regions import Policy

RESIDENT: Final = "01"
"""居民身份证, CL-IDTYPE."""
CITIZEN_CHECKED: Final = frozenset({"01", "16"})
"""Documents whose number carries birth date, sex and the GB 11643 check."""


def carried(id_type: str, id_number: str, today: date) -> tuple[date | None, str | None]:
    """Birth date and sex (CL-SEX) that a document's number carries; None for what it does not tell."""
    try:
        read = document(id_type or RESIDENT, id_number, today)
    except CounterError:
        return None, None
    return read.born, read.sex


def citizen(values: Values, facts: Facts) -> CitizenId | None:
    """The identity number in the form, when its document carries birth date and sex."""
    if values.get("id_type", RESIDENT) not in CITIZEN_CHECKED:
        return None
    try:
        return CitizenId.parse(values.get("id_number", ""), facts.today)
    except CounterError:
        return None


def known(_: Values, facts: Facts) -> bool:
    """Whether the person has a file already."""
    return facts.person is not None


def on_file(name: str) -> Any:
    """Derive a field from the person's file: read-only while the person exists."""

    def value(_: Values, facts: Facts) -> Any:
        return getattr(facts.person, name) if facts.person else None

    return value


def as_filed(name: str, otherwise: Any = None) -> Any:
    """Default a field from the person's file, else to a fixed value."""

    def value(facts: Facts, _: Policy) -> Any:
        return (getattr(facts.person, name) or otherwise) if facts.person else otherwise

    return value


def today(facts: Facts, _: Policy) -> date:
    """The business date."""
    return facts.today


def settlement_month(facts: Facts, _: Policy) -> YearMonth:
    """The month the employer declares for (I12)."""
    return facts.month


def from_last_month(facts: Facts, _: Policy) -> date:
    """The first day of the month before the settlement month: what was settled last is still in sight."""
    return (facts.month - 1).first_day


def last_assessed(facts: Facts, _: Policy) -> YearMonth:
    """The month before the settlement month: the last one that is assessed."""
    return facts.month - 1


def number_of_document(value: str, values: Values, facts: Facts) -> Iterator[Problem]:
    """M01: the number is not one of its document."""
    if facts.person is not None and value in {facts.person.id_number, *facts.person.former_numbers}:
        return
    try:
        document(values.get("id_type") or RESIDENT, value, facts.today)
    except CounterError:
        yield stop("id_number", "M01")


def name_on_document(value: str, values: Values, facts: Facts) -> Iterator[Problem]:
    """A name on a resident identity card has neither spaces nor Latin punctuation."""
    if facts.person is not None or values.get("id_type", RESIDENT) != RESIDENT:
        return
    try:
        clean_name(value, resident=True)
    except CounterError as refusal:
        yield stop_text("name", f"姓名：{refusal.sentence}")


def sex_carried(values: Values, facts: Facts) -> str | None:
    """Sex as the number in the form tells it."""
    return carried(values.get("id_type", RESIDENT), values.get("id_number", ""), facts.today)[1]


def born_carried(values: Values, facts: Facts) -> date | None:
    """Birth date as the number in the form tells it."""
    return carried(values.get("id_type", RESIDENT), values.get("id_number", ""), facts.today)[0]


def born_before_today(value: date, _: Values, facts: Facts) -> Iterator[Problem]:
    """Nobody is born tomorrow."""
    if value > facts.today:
        yield stop_text("born", "出生日期不能晚于今天，改正后按 F2")
