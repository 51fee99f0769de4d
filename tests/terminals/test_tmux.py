"""Within a real tmux: what it shows, the keys it hands on, and what it remembers afterwards."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import needs
from tests.story.cities import facts_of
from tests.terminals.story import Picture, text, works

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.story.window import Window

pytestmark = pytest.mark.serial

ADVISED = """
set -g default-terminal tmux-256color
set -sg escape-time 10
set -g status off
"""
"""As docs/operations.md advises, without the row that tmux keeps for itself."""


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """A server of its own."""
    needs(shutil.which("tmux"), "tmux is not installed: apt-get install tmux")
    (tmp_path / "tmux.conf").write_text(ADVISED)
    command = ("tmux", "-S", str(tmp_path / "tmux"), "-f", str(tmp_path / "tmux.conf"))
    yield command
    subprocess.run([*command, "kill-server"], check=False, capture_output=True)


def remembered(tmux: tuple[str, ...]) -> str:
    """Screen and scroll-back of the pane, as tmux keeps them."""
    return subprocess.run(
        [*tmux, "capture-pane", "-p", "-S", "-"], check=True, capture_output=True, encoding="utf-8"
    ).stdout


def test_within_tmux_the_story_is_the_same_and_nothing_of_it_is_remembered(
    received: Path, window: Window, usual: dict[str, Picture], tmux: tuple[str, ...]
) -> None:
    facts = facts_of("handan")
    window.starts(received, within=(*tmux, "new-session", "/bin/sh", "-c", '"$0" "$@"; echo ended; exec cat'))
    for at, shown in works(window).items():
        assert shown == usual[at], f"{at}\n{text(shown)}\n\nusually\n{text(usual[at])}"
    window.does("<escape>11<enter>", until="证件号码")
    assert remembered(tmux).rstrip().split("\n")[0].split() == window.rows[0].split()
    window.does("<f12>", until="今日待办（05）")
    window.signs_off()
    window.does("<f12>", until="退出程序")
    window.confirms("<f12>", until="ended")
    left = remembered(tmux)
    for secret in (facts.employer_name, facts.resume_name, facts.resume_id, "林晓岚", "5,200.00"):
        assert secret not in left
