"""Reference program: the smallest Textual application."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static("Hello")


if __name__ == "__main__":
    Hello().run(mouse=False)
