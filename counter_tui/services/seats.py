"""A seat: the operator who signed on, the window, and the reception that is open there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from counter_tui.operations.envelope import Maker

if TYPE_CHECKING:
    from counter_tui.domain.receptions import Reception
    from counter_tui.services.ports import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who works where, for whom. A new one is made when any of it changes."""

    session: Session
    window: str
    """Three digits."""
    reception: Reception | None = None
    signon: str = ""
    """The operation that recorded the sign-on; the session's own id until then."""

    @property
    def maker(self) -> Maker:
        """What every operation made here carries."""
        operator = self.session.operator
        return Maker(
            operator=operator.number,
            human=operator.human,
            post=str(operator.post_class),
            roles=tuple(sorted(str(role) for role in operator.roles)),
            window=self.window,
            key_serial=self.session.key_serial,
            certificate=operator.certificate_number,
            signon=self.signon or self.session.id,
        )

    @property
    def reception_id(self) -> str:
        """Id of the open reception, empty without one."""
        return self.reception.id if self.reception else ""

    @property
    def employer(self) -> str:
        """Number of the employer in reception, empty without one."""
        return self.reception.employer if self.reception else ""

    def receiving(self, reception: Reception | None) -> Seat:
        """The same seat with another reception, or none."""
        return replace(self, reception=reception)
