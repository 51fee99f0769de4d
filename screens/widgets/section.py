"""A part of a form that is a page of its own where the screen is small."""

from __future__ import annotations

from textual.containers import Vertical

from screens.widgets.line import Line


class Section(Vertical):
    """Fields under a heading. PgDn and PgUp go from section to section; on 60×15 each becomes a page."""

    DEFAULT_CSS = "Section { height: auto; width: 100%; }"

    def __init__(self, heading: str = "") -> None:
        super().__init__()
        if heading:
            self.compose_add_child(Line(heading, classes="heading"))
