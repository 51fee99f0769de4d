"""The hub's side of founding a bureau (`services.founding.Book`): first accounts without an operation, and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from counter_tui.domain.founding import FoundingCode
from counter_tui.operations.canonical import pack, unpack
from storage.hub.register import HubRegister
from storage.hub.tables import founding_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection

    from counter_tui.domain.grants import LedgerEntry
    from counter_tui.domain.operators import Operator
    from counter_tui.domain.posts import Role
    from counter_tui.operations.register import Register
    from storage.hub.ingest import Hub


@dataclass(frozen=True, slots=True)
class FoundingBook:
    """Registry and codes of one hub."""

    hub: Hub

    def operators(self) -> Sequence[Operator]:
        """Every registered operator, by number."""
        return self.hub.operators()

    def code(self, role: Role) -> FoundingCode | None:
        """The code for a post, if one was made."""
        text = self.hub.change(
            lambda connection: connection.execute(select(founding_codes.c.code).where(*self._of(role))).scalar()
        )
        return unpack(FoundingCode, text) if text else None

    def keep_code(self, code: FoundingCode) -> None:
        """Keep a code in the place of an earlier one for the post."""

        def keep(connection: Connection) -> None:
            connection.execute(founding_codes.delete().where(*self._of(code.role)))
            values = {"bureau_id": self.hub.bureau, "role": code.role.value, "code": pack(code).decode()}
            connection.execute(founding_codes.insert().values(values))

        self.hub.change(keep)

    def found(self, role: Role, make: Callable[[Register], tuple[Operator, LedgerEntry]]) -> Operator:
        """Register whom `make` makes, enter him in the ledger, tell the feed and use up the code: all or nothing."""
        made: list[Operator] = []

        def found(connection: Connection) -> tuple[Sequence[Operator], Sequence[LedgerEntry]]:
            operator, entry = make(HubRegister(connection, self.hub.bureau))
            connection.execute(founding_codes.delete().where(*self._of(role)))
            made.append(operator)
            return [operator], [entry]

        self.hub.change_registry(found)
        return made[0]

    def _of(self, role: Role) -> tuple[ColumnElement[bool], ...]:
        return founding_codes.c.bureau_id == self.hub.bureau, founding_codes.c.role == role.value
