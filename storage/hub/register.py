"""The register where it is true: the hub's, which also gives numbers out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from storage.hub import kept
from storage.hub.operators import Registry
from storage.register.queries import SqlRegister
from storage.register.tables import numbers, persons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.operators import Operator
    from counter_tui.operations.held import Held

_PERSON_DIGITS = 8
_BILL_DIGITS = 6


class HubRegister(SqlRegister):
    """The hub's register; number series are raised in the transaction that uses the number."""

    def operators(self) -> Sequence[Operator]:
        """Every registered operator, by number."""
        return Registry(self._connection, self._bureau).operators()

    def operator(self, number: str) -> Operator | None:
        """Operator by number."""
        return Registry(self._connection, self._bureau).operator(number)

    def held_operations(self) -> Sequence[Held]:
        """Operations of the bureau that the hub holds, oldest first."""
        return [each.shown() for each in kept.held(self._connection, self._bureau)]

    def held_operation(self, op_id: str) -> Held | None:
        """One of them; None when it is not, or no longer, held."""
        return next((each.shown() for each in kept.held(self._connection, self._bureau, [op_id])), None)

    def next_person_number(self) -> str:
        """One above the highest number in use; the first of a bureau is its code and eight digits."""
        last = self._last("person")
        if last is None:
            last = self._highest_person()
        self._keep("person", last + 1)
        return str(last + 1)

    def next_bill_number(self, month: YearMonth) -> str:
        """Month and six digits, counted within the month."""
        series = f"bill:{month.compact}"
        last = self._last(series) or 0
        while self.bill(number := f"{month.compact}{last + 1:0{_BILL_DIGITS}d}"):
            last += 1
        self._keep(series, last + 1)
        return number

    def _highest_person(self) -> int:
        highest = self._connection.execute(
            select(func.max(persons.c.number)).where(persons.c.bureau_id == self._bureau)
        ).scalar()
        return int(highest) if highest and highest.isdecimal() else int(self._bureau + "0" * _PERSON_DIGITS)

    def _last(self, series: str) -> int | None:
        return self._connection.execute(
            select(numbers.c.last).where(numbers.c.bureau_id == self._bureau, numbers.c.series == series)
        ).scalar()

    def _keep(self, series: str, last: int) -> None:
        mine = (numbers.c.bureau_id == self._bureau, numbers.c.series == series)
        if not self._connection.execute(numbers.update().where(*mine).values(last=last)).rowcount:
            self._connection.execute(numbers.insert().values(bureau_id=self._bureau, series=series, last=last))
