"""Row 24: window, clerk, post, key, counts, last sync; drawn last and by the program alone."""

from __future__ import annotations

from screens.widgets.line import Line


class StatusBar(Line):
    """Counts come from rows, never from a socket; zeros are shown."""

    DEFAULT_CSS = "StatusBar { height: 1; width: 100%; }"
