"""Private places of the screen library that this program leans on: loud when an upgrade moves them."""

from __future__ import annotations

import inspect

import textual
from textual import events
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.color import Color
from textual.drivers import linux_driver
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.widgets import Input

import screens.composing  # noqa: F401 - the seams are set when it is imported


def names(function: object) -> set[str]:
    assert inspect.isfunction(function)
    return set(function.__code__.co_names)


def test_the_library_is_the_one_these_seams_were_read_from() -> None:
    assert textual.__version__ == "8.2.8"


def test_the_input_thread_calls_the_decoder_by_the_name_that_is_replaced() -> None:
    assert "getincrementaldecoder" in names(linux_driver.LinuxDriver.run_input_thread)


def test_the_driver_writes_through_its_file_and_asks_in_methods_that_are_overridden() -> None:
    assert {"_file", "_writer_thread", "_request_terminal_sync_mode_support", "_query_in_band_window_resize"} <= names(
        linux_driver.LinuxDriver.start_application_mode
    )
    assert "DISABLE_KITTY_KEY" in names(linux_driver.LinuxDriver.start_application_mode)


def test_every_frame_passes_through_display_as_one_of_two_updates() -> None:
    assert "_display" in names(Screen._compositor_refresh)
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    assert {"_batch_count", "_running", "_closed"} <= names(App._display)
    assert {"render_full_update", "render_partial_update"} <= names(Compositor.render_update)
    assert issubclass(LayoutUpdate, CompositorUpdate)
    assert issubclass(ChopsUpdate, CompositorUpdate)
    assert list(inspect.signature(LayoutUpdate).parameters) == ["strips", "region"]
    assert list(inspect.signature(ChopsUpdate).parameters) == ["chops", "spans", "chop_ends"]
    assert list(inspect.signature(Strip.render_ansi).parameters) == ["style", "color_system"]


def test_a_part_of_the_screen_is_composed_in_the_method_that_is_overridden() -> None:
    assert "_compositor" in names(Screen._compositor_refresh)
    assert {"_dirty_regions", "_regions_to_spans", "cuts"} <= names(Compositor.render_partial_update)
    assert list(inspect.signature(Compositor.render_partial_update).parameters) == ["self"]
    assert {"sort", "overlaps"} <= names(vars(Compositor)["visible_widgets"].fget)


def test_the_colours_of_a_widget_are_remembered_without_the_widget() -> None:
    assert "get_inner_outer" in names(StylesCache.render_line)
    assert not hasattr(StylesCache.get_inner_outer, "cache_info")
    black, white = Color(0, 0, 0), Color(255, 255, 255)
    assert StylesCache().get_inner_outer(black, white) == (Style(background=white), Style(background=black))


def test_keys_and_pastes_come_to_the_app_before_any_widget() -> None:
    assert {"is_forwarded", "_forward_event", "_check_bindings"} <= names(App.on_event)
    assert isinstance(events.Key("a", "a").time, float)


def test_the_end_after_an_error_goes_through_what_is_overridden() -> None:
    assert {"panic", "_fatal_error"} <= names(App._handle_exception)
    assert {"_exit_renderables", "_close_messages_no_wait"} <= names(App._fatal_error)
    assert "_exit_renderables" in names(App._print_error_renderables)


def test_the_field_overrides_what_the_library_calls() -> None:
    for name in ("_watch_value", "_on_key", "_on_paste", "_restart_blink", "_pause_blink", "_position_to_cell"):
        assert callable(getattr(Input, name)), name
    assert "cursor_at_end" in names(Input.__dict__["_cursor_offset"].fget)
    assert {"_initial_value", "virtual_size"} <= names(Input._watch_value)


def test_focus_repaints_the_whole_screen_unless_told_otherwise() -> None:
    assert Screen.__dict__["focused"]._repaint is True
