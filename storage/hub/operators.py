"""The registry of operators, as the hub keeps it and tells it through the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from counter_tui.domain.operators import Operator
from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.envelope import Operation
from storage.hub.tables import operations, operators

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection


class Registry:
    """What a signature is checked against: who is registered, and what was signed on with."""

    def __init__(self, connection: Connection, bureau: str) -> None:
        """Look through this connection."""
        self._connection = connection
        self._bureau = bureau

    def operator(self, number: str) -> Operator | None:
        """A registered operator."""
        text = self._connection.execute(
            select(operators.c.operator).where(operators.c.bureau_id == self._bureau, operators.c.number == number)
        ).scalar()
        return unpack(Operator, text) if text else None

    def operators(self) -> Sequence[Operator]:
        """Every registered operator, by number."""
        found = self._connection.execute(
            select(operators.c.operator).where(operators.c.bureau_id == self._bureau).order_by(operators.c.number)
        )
        return [unpack(Operator, text) for (text,) in found]

    def operation(self, op_id: str) -> Operation | None:
        """An operation the hub has, such as the sign-on that another one names."""
        envelope = self._connection.execute(
            select(operations.c.envelope).where(operations.c.bureau_id == self._bureau, operations.c.op_id == op_id)
        ).scalar()
        return unpack(Operation, envelope) if envelope else None


def keep(connection: Connection, bureau: str, changed: Iterable[Operator]) -> None:
    """Put operators under their numbers."""
    for operator in changed:
        connection.execute(
            operators.delete().where(operators.c.bureau_id == bureau, operators.c.number == operator.number)
        )
        connection.execute(
            operators.insert().values(bureau_id=bureau, number=operator.number, operator=pack(operator).decode())
        )
