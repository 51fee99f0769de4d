"""What may stand on the screen, and how it looks: read from the sources themselves."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.style import Style

from counter_tui.domain.text import safe, width
from screens.widgets.line import painted

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    [*ROOT.glob("screens/**/*.py"), *ROOT.glob("counter_tui/app.py"), *ROOT.glob("counter_tui/terminal.py")]
)
STYLES = sorted(ROOT.glob("screens/styles/*.tcss"))
NAMES_NEED = {"·"}
"""The dot within names; which form is shown is asked of the terminal."""
ONLY_COME_IN = {"\ufffd", "—"}
"""What a wrong charset and an input method give: compared, never shown."""


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Strings of a module that can be shown: docstrings and comments are not."""
    tree = ast.parse(path.read_text())
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | loose:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_string_of_the_screens_has_a_character_of_doubtful_width(path: Path) -> None:
    for line, text in strings(path):
        doubtful = {one for one in text if unicodedata.east_asian_width(one) == "A"} - NAMES_NEED - ONLY_COME_IN
        assert not doubtful, f"{path.name}:{line} {doubtful}"


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_style_draws_a_box_or_a_doubtful_character(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert text.isascii()
    assert not re.search(r"border[a-z-]*:\s*(?!none|ascii)", text)
    assert not re.search(r"\bblink\b|\bdim\b|opacity", text)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_screen_uses_widgets_that_read_markup_or_draw_boxes(path: Path) -> None:
    if "screens/widgets" in str(path):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual.widgets"):
            raise AssertionError(f"{path.name}:{node.lineno} imports {[name.name for name in node.names]}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            assert not re.fullmatch(r"(\w+\.)*(self|app)\.(notify|suspend)", called), f"{path.name}:{node.lineno}"


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rules(theme: str) -> Iterator[tuple[str, str, str]]:
    """Selector, background and colour of every rule; a rule that names one of the two names both."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / f"screens/styles/{theme}.tcss").read_text(), flags=re.DOTALL)
    variables = dict(re.findall(r"\$(\w+):\s*(#[0-9a-f]{6});", text))
    for selector, body in re.findall(r"([^{};]+)\{([^}]*)\}", text):
        found = dict(re.findall(r"(background|color):\s*([#$\w]+)", body))
        assert set(found) == {"background", "color"}, selector
        named = {part: str(variables.get(value.removeprefix("$"), value)) for part, value in found.items()}
        yield selector.strip(), named["background"], named["color"]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_pair_of_colours_is_at_least_seven_to_one(theme: str) -> None:
    for selector, background, colour in rules(theme):
        assert contrast(background, colour) >= 7, f"{theme} {selector} {contrast(background, colour):.1f}"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_pair_of_colours_can_still_be_read_in_sixteen(theme: str) -> None:
    from rich.color import Color, ColorSystem
    from rich.terminal_theme import TerminalTheme

    xterm = TerminalTheme(
        (0, 0, 0),
        (255, 255, 255),
        [
            (0, 0, 0),
            (205, 0, 0),
            (0, 205, 0),
            (205, 205, 0),
            (0, 0, 238),
            (205, 0, 205),
            (0, 205, 205),
            (229, 229, 229),
        ],
        [
            (127, 127, 127),
            (255, 0, 0),
            (0, 255, 0),
            (255, 255, 0),
            (92, 92, 255),
            (255, 0, 255),
            (0, 255, 255),
            (255, 255, 255),
        ],
    )

    def seen(colour: str) -> str:
        triplet = Color.parse(colour).downgrade(ColorSystem.STANDARD).get_truecolor(xterm)
        return triplet.hex

    for selector, background, colour in rules(theme):
        assert contrast(seen(background), seen(colour)) >= 4.5, f"{theme} {selector} {seen(background)} {seen(colour)}"


@given(st.text(max_size=60), st.integers(0, 40))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_text_takes_exactly_its_cells_and_is_safe(text: str, cells: int) -> None:
    strip = painted([(text, Style.null())], cells, Style.null())
    assert width(strip.text) == cells
    assert strip.text == safe(strip.text)
