"""A month's bill worked out by hand: a dozen lines of whole numbers, which know nothing of the program's own law.

Published figures of 2026, per month, in fen and parts per million:

========= ==================== ========================= ======================================================
 scheme    floor – ceiling       employer / person         source
========= ==================== ========================= ======================================================
 Handan
 110       4,076 – 20,382        16 % / 8 %                limits 冀人社字〔2026〕57号; rates 国办发〔2019〕13号
 210       4,076 – 20,382        0.7 % / 0.3 %             人社部发〔2017〕14号
 310       3,780 – 18,900        8 % / 2 %                 invented for training: the city never published them
 410       4,076 – 20,382        class 4: 0.9 % / 0        人社部发〔2015〕71号
 Tianjin
 110       5,180 – 25,902        16 % / 8 %                limits 津人社局发〔2026〕5号; rates 国办发〔2019〕13号
 210       5,180 – 25,902        0.5 % / 0.5 %             人社部发〔2017〕14号
 310       5,180 – 25,902        10.5 % / 2 %              国办发〔2019〕10号
 410       5,180 – 25,902        class 4: 0.9 %, 5: 1.1 %  人社部发〔2015〕71号
========= ==================== ========================= ======================================================

Wages outside the limits count at the limit; each person's share of each scheme is rounded half up to the fen.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

HANDAN = {
    "110": (407_600, 2_038_200, 160_000, 80_000),
    "210": (407_600, 2_038_200, 7_000, 3_000),
    "310": (378_000, 1_890_000, 80_000, 20_000),
    "410": (407_600, 2_038_200, 9_000, 0),
}
TIANJIN = {
    "110": (518_000, 2_590_200, 160_000, 80_000),
    "210": (518_000, 2_590_200, 5_000, 5_000),
    "310": (518_000, 2_590_200, 105_000, 20_000),
    "410": (518_000, 2_590_200, 9_000, 0),
}
TIANJIN_STORAGE = {**TIANJIN, "410": (518_000, 2_590_200, 11_000, 0)}
"""Employer no. 2 stores goods: class 5."""


@dataclass(frozen=True, slots=True)
class Line:
    """One scheme of a bill, in fen."""

    heads: int
    base: int
    employer: int
    person: int

    @property
    def total(self) -> int:
        return self.employer + self.person


def bill(figures: Mapping[str, tuple[int, int, int, int]], wages: Iterable[int]) -> dict[str, Line]:
    """What everybody with these wages owes."""
    wages = tuple(wages)
    lines = {}
    for scheme, (floor, ceiling, employer, person) in figures.items():
        bases = [min(max(wage, floor), ceiling) for wage in wages]
        shares = [[(base * ppm + 500_000) // 1_000_000 for base in bases] for ppm in (employer, person)]
        lines[scheme] = Line(len(bases), sum(bases), sum(shares[0]), sum(shares[1]))
    return lines


def payroll(folder: Path, employer: str) -> dict[str, int]:
    """Wages in fen of who pays at an employer, by name and number, read from the counter's file as it lies there."""
    with sqlite3.connect(f"file:{folder / 'counter.sqlite'}?mode=ro", uri=True) as file:
        rows = file.execute(
            "SELECT persons.name, persons.number, coverages.wage FROM coverages JOIN persons"
            " ON persons.number = coverages.person WHERE coverages.employer = ? AND coverages.scheme = '110'"
            " AND coverages.state = '1' ORDER BY persons.number",
            (employer,),
        ).fetchall()
    file.close()
    return {f"{name} {number}": wage for name, number, wage in rows}


def yuan(fen: int) -> str:
    """12345678 → 123,456.78."""
    return f"{fen // 100:,}.{fen % 100:02}"
