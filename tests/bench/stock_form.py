"""Reference program: a form of ten fields from Textual's own widgets, as its tutorial would build it."""

from __future__ import annotations

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Input, Label

FIELDS = 10


class StockForm(App[None]):
    """Enter goes to the next field."""

    AUTO_FOCUS = "Input"
    CSS = "Horizontal { height: auto; } Label { width: 18; }"

    def compose(self) -> ComposeResult:
        """Ten labelled fields and the key bar."""
        with VerticalScroll():
            yield Label("Ten fields")
            for row in range(FIELDS):
                with Horizontal():
                    yield Label(f"Field {row + 1}:")
                    yield Input(compact=True)
        yield Footer()

    @on(Input.Submitted)
    def go_on(self) -> None:
        """Focus the field below."""
        self.screen.focus_next(Input)


if __name__ == "__main__":
    StockForm().run(mouse=False)
