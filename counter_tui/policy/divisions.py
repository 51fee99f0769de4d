"""Administrative divisions (GB/T 2260): what a code is called, and whether it still stands; a subset for our cities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.policy.pension_figures import is_region_code, province_of
from counter_tui.policy.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DATA: Final = Path(__file__).parent / "data" / "divisions.toml"
_CITY: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One code and what we know of it."""

    code: str
    name: str
    """Own name without the divisions above; empty when the code is not in the table."""
    current: bool
    """Whether the code still stands; abolished ones were valid once, and old cards bear them."""
    note: str = ""
    """What became of it, or since when it stands."""

    @property
    def known(self) -> bool:
        """Whether the code is, or ever was, valid as far as the table goes."""
        return bool(self.name)

    @property
    def full_name(self) -> str:
        """The name with those of the divisions above it, such as 河北省邯郸市丛台区."""
        return "".join(division.name for division in (*_above(self.code), self))

    @property
    def warning(self) -> str | None:
        """What to tell the clerk of a code that is not in the table, or None; never a reason to refuse."""
        if self.known:
            return None
        within = self.full_name
        near = f"（前几位属于{within}）" if within else ""
        return f"行政区划代码 {self.code} 不在本地代码表内{near}，请核对证件"


def division(code: str) -> Division:
    """Return what is known of a code; one that is not in the table is no error and carries a warning."""
    return divisions().get(code) or Division(code=code, name="", current=False)


@cache
def divisions(path: Path = _DATA) -> Mapping[str, Division]:
    """Read the table; anything out of order raises LawFault."""
    file = Section.of_file(path)
    file.text("by")
    file.confidence()
    found: dict[str, Division] = {}
    for key, current in (("current", True), ("abolished", False)):
        for item in file.sections(key):
            one = _division(item, current=current)
            if one.code in found:
                raise item.fault("code", f"{one.code} 有两条重叠的记录")
            found[one.code] = one
    if not found:
        raise file.fault("current", "没有数值")
    file.finish()
    return found


def _division(item: Section, *, current: bool) -> Division:
    code = item.text("code")
    if not is_region_code(code):
        raise item.fault("code", "应为六位行政区划代码")
    found = Division(
        code=code, name=item.text("name"), current=current, note=item.text("note") if item.has("note") else ""
    )
    item.finish()
    return found


def _above(code: str) -> Iterator[Division]:
    if not is_region_code(code):
        return
    city = code[:_CITY].ljust(len(code), "0")
    for parent in dict.fromkeys((province_of(code), city)):
        if parent != code and parent in divisions():
            yield divisions()[parent]
