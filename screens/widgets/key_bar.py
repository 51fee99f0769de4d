"""Row 23: the keys that do something here, in fixed places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from counter_tui.domain.text import pad, width
from screens.widgets.line import painted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style
    from textual.strip import Strip


class KeyBar(Widget):
    """Keys and labels in one `render_line`: no children, nothing recomposed when focus moves."""

    COMPONENT_CLASSES = {"key-bar--key"}  # noqa: RUF012 - the framework reads a plain set
    DEFAULT_CSS = "KeyBar { height: 1; width: 100%; }"

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__()
        self._places = tuple(places)
        self._shown: dict[str, tuple[str, str]] = {}

    def show(self, shown: Mapping[str, tuple[str, str]]) -> None:
        """Show these actions: id → (key, label). Others leave their place empty."""
        if dict(shown) != self._shown:
            self._shown = dict(shown)
            self.refresh()

    @property
    def text(self) -> str:
        """The keys and labels shown, for tests and for reading aloud."""
        return " ".join(f"{key}{label}" for key, label in self._shown.values())

    def render_line(self, y: int) -> Strip:
        """Fixed places where the width allows, else one after another."""
        del y
        rest, key_style = self.rich_style, self.get_component_rich_style("key-bar--key")
        cells = self.size.width
        place = cells // max(len(self._places), 1)
        fixed = all(width(key + label) < place for key, label in self._shown.values())
        parts: list[tuple[str, Style]] = []
        for action in self._places:
            if action in self._shown:
                key, label = self._shown[action]
                parts.append((key, key_style))
                parts.append((pad(label, place - width(key)) if fixed else f"{label} ", rest))
            elif fixed:
                parts.append((" " * place, rest))
        return painted(parts, cells, rest)
