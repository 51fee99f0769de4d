"""A fabricated region, so that rules can be tested apart from anybody's figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from counter_tui.policy.loader import read_policy
from counter_tui.policy.regions import Policy

if TYPE_CHECKING:
    from pathlib import Path

FABRICATED = """
extends = "nation"

[region]
name = "testland"
code = "990000"
profile = "HD"
city = "试验市"
title = "试验市"
bureau = "990000"

[[limits]]
schemes = ["110", "210", "410"]
values = [{ since = "2020-01", floor = "4200.00", ceiling = "21000.00", by = "虚构", confidence = "high" }]

[[rates]]
schemes = ["110"]

[[rates.values]]
since = "2020-01"
employer = "0.16"
person = "0.08"
account_person = "0.08"
by = "虚构"
confidence = "high"

[[rates]]
schemes = ["210"]
values = [{ since = "2020-01", employer = "0.005", person = "0.005", by = "虚构", confidence = "high" }]

[[rates]]
schemes = ["410"]
values = [{ since = "2020-01", classes = { 2 = "0.004" }, by = "虚构", confidence = "high" }]
"""

NATION = """
[schemes]
110 = "养老"
210 = "失业"
310 = "医疗"
330 = "大额"
410 = "工伤"
510 = "生育"

[groups]
1 = "人员增减"

[[late_fee]]
since = "2011-07-01"
per_day = "0.0005"
by = "虚构"
confidence = "high"

[parameters]
base_mode = { value = "clamp", by = "虚构", confidence = "high" }
base_rounding = { value = "half_up_fen", by = "虚构", confidence = "high" }
employer_rounding = { value = "half_up_fen", by = "虚构", confidence = "high" }
person_rounding = { value = "half_up_fen", by = "虚构", confidence = "high" }
late_fee_rounding = { value = "half_up_fen", by = "虚构", confidence = "high" }
late_fee_cap = { value = false, by = "虚构", confidence = "high" }
"""

Fabricate = Callable[..., Policy]


@pytest.fixture
def fabricate(tmp_path: Path) -> Fabricate:
    """Write a region's files, with one text replaced or some added, and read them."""

    def read(
        *, replaced: tuple[str, str] | None = None, added: str = "", nation: str = "", training: str = ""
    ) -> Policy:
        city, country = FABRICATED, NATION + nation
        if replaced:
            assert replaced[0] in city + country
            city, country = city.replace(*replaced), country.replace(*replaced)
        (tmp_path / "nation.toml").write_text(country, encoding="utf-8")
        (tmp_path / "testland.toml").write_text(city + added, encoding="utf-8")
        if training:
            (tmp_path / "training").mkdir(exist_ok=True)
            (tmp_path / "training" / "testland.toml").write_text(training, encoding="utf-8")
        return read_policy(tmp_path, "testland", training=bool(training))

    return read
