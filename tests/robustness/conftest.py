"""Cities and windows for every test of this folder."""

from __future__ import annotations

from tests.story.cities import city, made_once, other_window, window

__all__ = ["city", "made_once", "other_window", "window"]
