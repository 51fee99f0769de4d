"""The register as this counter has it: the mirror, with the registry of operators that the feed brought down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from counter_tui.domain.operators import Operator
from counter_tui.operations.canonical import pack, unpack
from storage.local import held
from storage.local.tables import operators
from storage.register.queries import SqlRegister

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from counter_tui.operations.held import Held


class MirrorRegister(SqlRegister):
    """Mirror plus the effects of own pending operations."""

    def operators(self) -> Sequence[Operator]:
        """Operators registered at the hub, as known here."""
        found = self._connection.execute(select(operators.c.operator).order_by(operators.c.number))
        return [unpack(Operator, text) for (text,) in found]

    def operator(self, number: str) -> Operator | None:
        """Operator by number."""
        text = self._connection.execute(select(operators.c.operator).where(operators.c.number == number)).scalar()
        return unpack(Operator, text) if text else None

    def held_operations(self) -> Sequence[Held]:
        """Operations of the bureau that the hub holds, oldest first."""
        return held.all_held(self._connection)

    def held_operation(self, op_id: str) -> Held | None:
        """One of them; None when it is not, or no longer, held."""
        return held.one_held(self._connection, op_id)


def keep_operators(connection: Connection, changed: Iterable[Operator]) -> None:
    """Put operators under their numbers, as the feed tells them."""
    for operator in changed:
        connection.execute(operators.delete().where(operators.c.number == operator.number))
        connection.execute(operators.insert().values(number=operator.number, operator=pack(operator).decode()))
