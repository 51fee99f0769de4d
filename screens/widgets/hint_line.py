"""Row 21: format, length and an example for the field under the cursor."""

from __future__ import annotations

from screens.widgets.line import Line


class HintLine(Line):
    """The hint of the focused field."""

    DEFAULT_CSS = "HintLine { height: 1; width: 100%; }"
