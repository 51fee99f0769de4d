"""What every screen of a business function shares: the counter, the seat, the heading, words for codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.codes import codelist
from counter_tui.domain.masking import mask_address, mask_id, mask_phone
from counter_tui.domain.problems import Grade as ProblemGrade
from counter_tui.domain.text import fit, width
from counter_tui.errors import CounterError
from screens.base import CounterScreen
from screens.card_filling import fill_from_card, reads_cards, say_in_hints
from screens.marks import marked
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from counter_tui.domain.problems import Problem
    from counter_tui.services.counter import Counter
    from counter_tui.services.seats import Seat
    from screens.widgets.field_input import FieldInput

MASKS: Final[Mapping[str, Callable[[str], str]]] = {"id": mask_id, "phone": mask_phone, "address": mask_address}
"""By the word of `Ask.mask`."""

_NAME_CELLS: Final = 28
"""Cells of an employer's name in the title row."""


class BusinessScreen(CounterScreen):
    """A screen behind the login, for one business function."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code, P05."""
        super().__init__()
        self.code = code

    @property
    def counter(self) -> Counter:
        """The use cases."""
        return cast("Counter", self.desk.counter)

    @property
    def seat(self) -> Seat:
        """Who works here, for whom."""
        return self.counter.seat

    @property
    def month(self) -> YearMonth:
        """The month the employer in reception declares for; without one the month of today."""
        employer = self.counter.employer
        return employer.settlement_month if employer else YearMonth.of(self.counter.clock.today())

    def heading(self) -> str:
        """Path and local name."""
        entry = next((entry for entry in self.counter.menu() if entry.function == self.code), None)
        return f"{entry.path} {entry.name}" if entry else self.counter.form(self.code).title

    def heading_right(self) -> str:
        """The words that hold everywhere, whom it is for, and the month."""
        employer = self.counter.employer
        who = (
            f"{_shortened(employer.name)} {employer.number}  {employer.settlement_month}" if employer else "未接待单位"
        )
        return marked(self.counter, who)

    def on_mount(self) -> None:
        """Name the key that reads a card where one may be read."""
        say_in_hints(self)

    def offers(self, action: str) -> bool:
        """F4 also where a card may fill a field."""
        return super().offers(action) or (action == "look" and reads_cards(self))

    async def look_around(self) -> None:
        """Read a social security card into an empty field for a person's number."""
        if not fill_from_card(self):
            await super().look_around()

    def holder_told(self, field: FieldInput, name: str) -> None:
        """A card told the name of the person whose number stands in `field`: screens put it beside."""

    def done(self, sentence: str) -> None:
        """Say that something was done, and count again."""
        self.say(sentence, Grade.DONE)
        self.refresh_status()

    @property
    def has_employer(self) -> bool:
        """Whether an employer is in reception; says so when none is."""
        if self.counter.employer is None:
            self.say("尚未接待单位，请按 F12 返回后由 02 接待单位", Grade.PROBLEM)
        return self.counter.employer is not None

    def say_problem(self, problem: Problem) -> None:
        """Say one problem in its grade: a hint is no refusal."""
        self.say(problem.sentence, Grade.INFO if problem.grade is ProblemGrade.HINT else Grade.PROBLEM)

    def nothing_found(self) -> None:
        """M57."""
        self.say("查询结果为空（M57），改变条件后按 F5")


def _shortened(name: str) -> str:
    return name if width(name) <= _NAME_CELLS else f"{fit(name, _NAME_CELLS - 2)}.."


def named(list_id: str, code: str) -> str:
    """A code as clerks call it; the code itself when the list never had it."""
    try:
        return codelist(list_id).short(code)
    except CounterError:
        return code


def all_named(list_id: str, codes: Iterable[str]) -> str:
    """Several codes as clerks call them."""
    return "、".join(named(list_id, code) for code in codes)


def masked(kind: str, text: str) -> str:
    """A personal value as it is shown outside its form."""
    return MASKS[kind](text) if kind in MASKS else text
