"""What is the matter with this host's revocation lists, in words, on the screens where work begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.services.trust import ReadOnly, Standing
from screens.widgets.line import Words
from screens.widgets.reader import folded

if TYPE_CHECKING:
    from counter_tui.services.trust import TrustState


class Trouble(Words):
    """Rows of a warning; none at all while all is well."""

    def __init__(self) -> None:
        super().__init__(classes="problem")
        self.display = False
        self._said = ""

    def tell(self, state: TrustState) -> None:
        """Show how the host stands; nothing is painted while nothing changes."""
        said = _sentence(state)
        if said != self._said:
            self._said = said
            self.display = bool(said)
            self._fold()

    def on_resize(self) -> None:
        """Another width, other rows."""
        self._fold()

    def _fold(self) -> None:
        self.show("\n".join(folded([self._said], self.app.size.width)))


def _sentence(state: TrustState) -> str:
    match state.standing:
        case Standing.READ_ONLY:
            return ReadOnly(why=state.sentence).sentence
        case Standing.WARNED:
            return f"注意：{state.sentence}"
        case Standing.SOUND:
            return ""
