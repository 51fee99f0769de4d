"""The story of one employer, on the real program: from the clerk's key to the printed notice, to the fen."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import needs
from tests.story.cities import facts_of
from tests.story.hand import HANDAN, TIANJIN, TIANJIN_STORAGE, Line, bill, payroll, yuan
from tests.story.walk import NEW_WAGE, RESUMED_WAGE, Walk
from tests.story.window import CLERK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.story.cities import City
    from tests.story.window import Window

pytestmark = pytest.mark.serial

NAMES = {"110": "养老", "210": "失业", "310": "医疗", "410": "工伤"}
FULL_NAMES = {"110": "企业职工基本养老保险", "210": "失业保险", "310": "职工基本医疗保险", "410": "工伤保险"}


MARKS = "*#~"
"""Short marks behind amounts that rest on unconfirmed, invented or carried figures."""


def marked(window: Window) -> set[str]:
    """Schemes all of whose amounts bear marks."""
    rows = (row.split() for row in window.rows)
    return {row[-6] for row in rows if len(row) > 6 and all(amount[-1] in MARKS for amount in row[-4:])}


def on_screen(window: Window) -> dict[str, tuple[str, ...]]:
    """The rows of money: scheme → heads, base, employer, person, total, as they stand there."""
    found = {}
    for scheme, name in NAMES.items():
        row = next(row for row in window.rows if re.match(rf"[> ]\s+\d+\s+{name} ", row))
        found[scheme] = tuple(amount.rstrip(MARKS) for amount in row.split()[-5:])
    return found


def said(lines: dict[str, Line]) -> dict[str, tuple[str, ...]]:
    """How a bill stands on the screen."""
    return {
        scheme: (str(line.heads), yuan(line.base), yuan(line.employer), yuan(line.person), yuan(line.total))
        for scheme, line in lines.items()
    }


def paper(folder: Path) -> str:
    """The text of the one notice that was printed, without blanks and thousands separators."""
    needs(shutil.which("pdftotext"), "pdftotext is missing: apt install poppler-utils")
    (file,) = (folder / "prints").glob("D01_*.pdf")
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"[\s,]", "", text)


def is_on_paper(text: str, lines: dict[str, Line], total: int) -> None:
    """Every figure of the bill is printed, the total also in words."""
    for scheme, line in lines.items():
        for amount in (line.base, line.employer, line.person, line.total):
            assert yuan(amount).replace(",", "") in text, (FULL_NAMES[scheme], yuan(amount))
        assert FULL_NAMES[scheme] in text
    assert yuan(total).replace(",", "") in text


def test_one_employer_of_handan_is_served_from_key_to_bill(tmp_path: Path, window: Window) -> None:
    folder = tmp_path / "never-used"
    window.starts(folder, columns=80, rows=24)
    walk = Walk(window, facts_of("handan"))
    paying = payroll(folder, "1304000001")
    walk.first_clerk()
    walk.resume()
    walk.refused_elsewhere()
    assert len(walk.numbers) == 1
    walk.newcomer()
    walk.suspend()
    walk.submit(3)
    walk.review()
    walk.correct()
    shown = walk.assess()

    # Who pays in the month: the eleven on the payroll, the one who leaves in it included (the month of the stop is
    # paid), the resumed one and the new one: thirteen. Bases of the pension scheme, in yuan:
    #   9,130.86 + 11,414.20 + 6,032.72 + 5,543.89 + 4,076.00 + 4,076.00 (3,802.90 lifted) + 20,382.00 (22,828.71 cut)
    #   + 20,382.00 + 7,500.92 + 5,298.95 + 5,054.48 + 5,200.00 + 4,500.00 = 108,592.02
    # Medical counts 3,802.90 as it is and the two high ones at 18,900.00: 105,354.92.
    wages = [*paying.values(), 520_000, 450_000]
    assert sum(min(max(wage, 407_600), 2_038_200) for wage in wages) == 10_859_202
    by_hand = bill(HANDAN, wages)
    assert on_screen(window) == {
        "110": ("13", "108,592.02", "17,374.73", "8,687.37", "26,062.10"),
        "210": ("13", "108,592.02", "760.14", "325.78", "1,085.92"),
        "310": ("13", "105,354.92", "8,428.40", "2,107.10", "10,535.50"),
        "410": ("13", "108,592.02", "977.33", "0.00", "977.33"),
    }
    assert on_screen(window) == said(by_hand)
    assert marked(window) == {"医疗"}
    assert shown == yuan(sum(line.total for line in by_hand.values())) == "38,660.85"

    walk.print_notice()
    printed = paper(folder)
    is_on_paper(printed, by_hand, 3_866_085)
    assert "叁万捌仟陆佰陆拾元零捌角伍分" in printed
    assert "演练" in printed

    walk.home()
    window.does("43<enter>", until="F5 查询")
    window.does("-1<enter><f5>", until="应缴 38,660.85 元")
    assert on_screen(window) == said(by_hand)
    walk.leave()
    assert len(walk.numbers) == len(set(walk.numbers)) == 6
    assert b"Traceback" not in window.bytes


def test_tianjin_settles_with_changes_and_the_neighbour_without(city: City, window: Window) -> None:
    folder = city("tianjin")
    facts = facts_of("tianjin")
    paying, next_door = payroll(folder, "1200000001"), payroll(folder, "1200000002")
    window.starts(folder, "tianjin", columns=132, rows=43)
    walk = Walk(window, facts, tianjin=True)
    walk.first_clerk()
    walk.resume()
    walk.refused_elsewhere()
    walk.newcomer()
    walk.suspend()
    walk.submit(3)
    walk.review()
    walk.correct()
    shown = walk.assess("55")

    # Thirteen again. 4,832.94 and the new one's 4,500.00 are lifted to 5,180.00, 29,011.11 is cut to 25,902.00:
    #   11,603.82 + 14,505.40 + 7,666.64 + 7,045.33 + 5,180.00 + 5,180.00 + 25,902.00 + 25,902.00 + 9,532.28
    #   + 6,734.15 + 6,423.44 + 5,200.00 + 5,180.00 = 136,055.06
    by_hand = bill(TIANJIN, [*paying.values(), 520_000, 450_000])
    assert on_screen(window) == {
        "110": ("13", "136,055.06", "21,768.79", "10,884.41", "32,653.20"),
        "210": ("13", "136,055.06", "680.28", "680.28", "1,360.56"),
        "310": ("13", "136,055.06", "14,285.79", "2,721.11", "17,006.90"),
        "410": ("13", "136,055.06", "1,224.50", "0.00", "1,224.50"),
    }
    assert on_screen(window) == said(by_hand)
    assert shown == yuan(sum(line.total for line in by_hand.values())) == "52,245.16"
    walk.print_notice()
    is_on_paper(paper(folder), by_hand, 5_224_516)
    walk.home()

    # Employer no. 2: nothing has happened, six persons, class 5. Three are lifted to 5,180.00 (4,288.48, 4,749.69,
    # 5,003.12): 8,578.58 + 5,180.00 + 10,111.88 + 5,180.00 + 5,180.00 + 8,931.22 = 43,161.68.
    window.does("04<enter>", until="接待已结束")
    window.receives(facts.second_employer_number, facts.agent_name, facts.agent_id)
    shown = walk.assess("56")
    by_hand = bill(TIANJIN_STORAGE, next_door.values())
    assert on_screen(window) == {
        "110": ("6", "43,161.68", "6,905.87", "3,452.94", "10,358.81"),
        "210": ("6", "43,161.68", "215.81", "215.81", "431.62"),
        "310": ("6", "43,161.68", "4,531.98", "863.23", "5,395.21"),
        "410": ("6", "43,161.68", "474.77", "0.00", "474.77"),
    }
    assert on_screen(window) == said(by_hand)
    assert shown == "16,660.41"
    assert b"Traceback" not in window.bytes


def test_an_employer_with_changes_cannot_settle_without_them(city: City, window: Window) -> None:
    facts = facts_of("tianjin")
    window.starts(city("tianjin"), "tianjin")
    walk = Walk(window, facts, tianjin=True)
    walk.first_clerk()
    walk.resume()
    walk.home()
    window.does("56<enter>", until="F5 试算")
    window.does("1<enter>", until="路径 55")
    assert "核对后按 F8" not in window.text
    window.does("<f8>", until="路径 55")
    assert "PIN" not in window.text


def test_the_wages_typed_in_the_story_are_those_of_the_calculation() -> None:
    assert (RESUMED_WAGE, NEW_WAGE, CLERK) == ("5200", "4500", "0007")
