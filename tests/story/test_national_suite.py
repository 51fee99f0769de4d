"""The demo in the national suite, on a terminal: reception, review and assessment with SM2 keys, as with the others."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.story.cities import facts_of
from tests.story.walk import Walk
from tests.story.window import CLERK, PIN, REVIEWER
from tests.wire.terminal import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.story.cities import City
    from tests.story.window import Window

pytestmark = pytest.mark.serial


def test_one_employer_is_served_with_sm2_keys_and_the_chain_verifies(window: Window, tmp_path: Path) -> None:
    settings, folder, facts = tmp_path / "national.toml", tmp_path / "city", facts_of("handan")
    settings.write_text('[trust]\nsuite = "national"\n', encoding="utf-8")
    national = {"COUNTER_SETTINGS": str(settings)}

    window.starts(folder, environment=national)
    walk = Walk(window, facts)
    window.signs_on(CLERK)
    window.receives(facts.employer_number, facts.agent_name, facts.agent_id)
    walk.suspend()
    walk.submit(1)
    window.signs_off()
    window.signs_on(REVIEWER, window="2")
    window.does("98<enter>", until=facts.suspend_name)
    window.does(" <f8>", until="共 1 笔")
    window.does(f"<enter>{PIN}<enter>", until="审核完成")
    walk.home()
    window.signs_off()
    window.signs_on(CLERK)
    window.receives(facts.employer_number, facts.agent_name, facts.agent_id)
    walk.assess()
    walk.leave()

    asked = (sys.executable, "-m", "counter_tui", "verify", "--region", "handan", "--data-dir", str(folder))
    verified = subprocess.run(asked, cwd=ROOT, env=os.environ | national, capture_output=True, text=True, check=False)
    assert verified.stdout.startswith("业务链与审计链完整"), verified.stderr


def test_a_city_of_the_other_suite_is_refused_with_the_setting(city: City, window: Window, tmp_path: Path) -> None:
    settings = tmp_path / "national.toml"
    settings.write_text('[trust]\nsuite = "national"\n', encoding="utf-8")

    window.starts(city(), environment={"COUNTER_SETTINGS": str(settings)}, until="数据目录用的是国际算法套件")
    assert "[trust] suite" in window.text
