"""The same story on every terminal: the same cells, nothing but cells, and nothing left behind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.story.cities import facts_of
from tests.story.window import Window
from tests.terminals.looks import contrasts
from tests.terminals.story import Picture, text, works
from tests.wire.emulator import Traits
from tests.wire.keyboards import KEYPAD, LINUX, PUTTY, SCREEN, VT220, XTERM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.serial

STEERING = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.?|[\x00-\x1f\x7f-\x9f]", re.DOTALL)
ALLOWED = re.compile(r"\x1b\[(?:[0-9;]*m|[0-9;]*H|[0-9]*[CDX]|K|3?J|6n|\?(?:25|7|1049|2004)[hl])|[\r\n\b]")
"""Looks, places, blanks, the question of widths, cursor, wrap, other screen, paste."""
PROMPT = "$ counter"
SHELL = ("/bin/sh", "-c", 'echo "$0"; exec "$@"', PROMPT)
"""Something stands on the terminal already."""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of terminal."""

    term: str
    keyboard: Mapping[str, str]
    traits: Traits = field(default_factory=Traits)
    environment: Mapping[str, str] = field(default_factory=dict)
    charset: str = "utf-8"
    colours: int = 256
    contrast: float = 7.0
    """The least, WCAG; on sixteen colours it is the terminal that chooses the tones."""

    def opened(self) -> Window:
        """A window of it."""
        window = Window(self.charset, self.traits)
        window.keyboard = self.keyboard
        return window


CONSOLE = Traits(alternate_screen=False)
NO_ALTERNATE = Traits(alternate_screen=False, keeps_erased=True)
KINDS = {
    "linux": Kind(term="linux", keyboard=LINUX, traits=CONSOLE, colours=16, contrast=4.5),
    "vt220": Kind(term="vt220", keyboard=VT220, traits=CONSOLE, colours=16, contrast=4.5),
    "screen": Kind(term="screen", keyboard=SCREEN, traits=NO_ALTERNATE, colours=16, contrast=4.5),
    "tmux": Kind(term="tmux-256color", keyboard=SCREEN, traits=Traits(keeps_erased=True)),
    "putty": Kind(term="xterm", keyboard=PUTTY, traits=Traits(keeps_erased=True), colours=16, contrast=4.5),
    "putty-keypad": Kind(term="putty-256color", keyboard=KEYPAD),
    "no-color": Kind(term="xterm-256color", keyboard=XTERM, environment={"NO_COLOR": "1"}, colours=0),
    "gb18030": Kind(term="xterm-256color", keyboard=XTERM, environment={"LANG": "zh_CN.GB18030"}, charset="gb18030"),
}


def strays(window: Window) -> set[str]:
    """What was sent besides text and what a plain terminal knows; the text in a strict reading of its charset."""
    return {code for code in STEERING.findall(window.bytes.decode(window.charset)) if not ALLOWED.fullmatch(code)}


def colours_used(window: Window) -> set[str]:
    """Codes of colours among all that was sent: `31`, `97`, `38;5;17`."""
    codes = ";".join(code[2:-1] for code in COLOURS.findall(window.bytes.decode(window.charset)))
    return set(re.findall(r"(?:^|(?<=;))(?:[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|[34][0-7]|9[0-7]|10[0-7])(?=;|$)", codes))


def is_grey(code: str) -> bool:
    """Whether a colour of the 256 has no hue."""
    number = int(code.rpartition(";")[2])
    cube = number - 16
    return number >= 232 or (cube >= 0 and cube // 36 == cube // 6 % 6 == cube % 6)


@pytest.mark.parametrize("name", KINDS)
def test_every_terminal_shows_the_same_cells_and_is_left_as_it_was(
    name: str, received: Path, usual: dict[str, Picture]
) -> None:
    kind, facts = KINDS[name], facts_of("handan")
    with kind.opened() as window:
        window.starts(received, term=kind.term, environment=kind.environment, within=SHELL)
        seen = works(window)
        for at, shown in seen.items():
            assert shown == usual[at], f"{at}\n{text(shown)}\n\nusually\n{text(usual[at])}"
        poor = [(contrast, cell) for contrast, cell in contrasts(window) if contrast < kind.contrast]
        assert not poor
        window.signs_off()
        assert window.leaves() == 0

        assert not strays(window)
        used = colours_used(window)
        assert used, "a band, a field and a problem differ in colour"
        if kind.colours == 16:
            assert not [code for code in used if ";" in code]
        if kind.colours == 0:
            assert all(map(is_grey, used))

        left = "\n".join([*window.screen.scroll_back, window.text])
        for secret in (facts.employer_name, facts.resume_name, facts.resume_id, "林晓岚", "5,200.00"):
            assert secret not in left
        if kind.traits.alternate_screen:
            assert window.text.strip() == PROMPT
            assert window.cursor == (0, 1)
            assert not window.screen.scroll_back
        assert not window.screen.on_the_other_screen
        assert not window.screen.cursor.hidden
