"""Strict reading of the law's files before anybody works with them: all of them, or a file that is to replace one."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from counter_tui.policy import inventory
from counter_tui.policy.account_credits import credit_histories
from counter_tui.policy.accounts import interest_law
from counter_tui.policy.collection_terms import collection_terms
from counter_tui.policy.divisions import divisions
from counter_tui.policy.figure_entries import Group
from counter_tui.policy.loader import read_policy
from counter_tui.policy.payout_months import payout_law
from counter_tui.policy.pension_figures import index_wages, pension_bases
from counter_tui.policy.pension_rules import pension_rules
from counter_tui.policy.regions import REGIONS
from counter_tui.policy.retirement import retirement_law
from counter_tui.policy.retirement_terms import retirement_terms
from counter_tui.policy.sections import Section
from counter_tui.policy.supplements import read_supplement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.regions import Policy

DATA: Final = Path(__file__).parent / "data"
_TRAINING: Final = "training"
TABLES: Final[Mapping[str, Callable[[Path], object]]] = {
    "account_credit.toml": credit_histories,
    "account_interest.toml": interest_law,
    "collection.toml": collection_terms,
    "divisions.toml": divisions,
    "index_wage.toml": index_wages,
    "payout_months.toml": payout_law,
    "pension_base.toml": pension_bases,
    "pension_rules.toml": pension_rules,
    "retirement.toml": retirement_law,
    "retirement_terms.toml": retirement_terms,
}
"""National tables and what reads them."""


def everything() -> Iterator[tuple[str, Callable[[YearMonth], str]]]:
    """Yield what is to be checked, by name: each region as in earnest and as in training, and the national tables."""
    for region in _cities(REGIONS):
        yield region, partial(_of_region, REGIONS, region, training=False)
        if (REGIONS / _TRAINING / f"{region}.toml").is_file():
            yield f"{region}（演练）", partial(_of_region, REGIONS, region, training=True)
    for name in TABLES:
        yield name, partial(_of_table, DATA / name)


def check_file(path: Path, month: YearMonth, *, region: str) -> str:
    """Read one file as strictly as the counter would, and say in words that it can be used.

    One that names its region on a line of its own, as files that are loaded, is held against the law of that region or
    of the one given; one of the name of a national table is read as that; any other one is read as a region file in the
    place of that name.

    Raises:
        LawFault, BadFigures, UnknownRegion: what is wrong with it.

    """
    section = Section.of_file(path)
    content = path.read_bytes()
    if section.has("region") and isinstance(section.raw("region"), str):
        law = read_policy(REGIONS, region or Section.of_file(path).text("region"), training=False)
        supplement = read_supplement(content.decode(), name=path.name, policy=law)
        return f"可用，载入后改变 {len(supplement.keys(law))} 项"
    if path.name in TABLES:
        return _of_table(path, month)
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "regions"
        shutil.copytree(REGIONS, copied)
        marked = Section.of_file(path)
        training = marked.has(_TRAINING)
        (copied / (_TRAINING if training else "") / path.name).write_bytes(content)
        concerned = [city for city in _cities(copied) if path.name in _files(copied, city, training=training)]
        if not concerned:
            raise marked.fault("extends", "没有地区用到本文件")
        return "；".join(_of_region(copied, city, month, training=training) for city in concerned)


def _cities(folder: Path) -> list[str]:
    return [path.stem for path in sorted(folder.glob("*.toml")) if Section.of_file(path).has("region")]


def _files(folder: Path, city: str, *, training: bool) -> Iterator[str]:
    """Names of the files that a city is read from."""
    if training:
        yield f"{city}.toml"
        return
    seen: set[str] = set()
    wanted: str | None = city
    while wanted is not None and wanted not in seen and (folder / f"{wanted}.toml").is_file():
        seen.add(wanted)
        yield f"{wanted}.toml"
        section = Section.of_file(folder / f"{wanted}.toml")
        wanted = section.text("extends") if section.has("extends") else None


def _counted(policy: Policy, month: YearMonth) -> str:
    ruling = [entry for entry in inventory.in_force(policy, month) if entry.group is not Group.CODES]
    gone, doubtful = inventory.missing(policy, month), inventory.unconfirmed(policy, month)
    return (
        f"{policy.region.city}可用，{month} 在用数值 {len(ruling)} 项，缺少 {len(gone)} 项，未确认 {len(doubtful)} 项"
    )


def _of_region(folder: Path, city: str, month: YearMonth, *, training: bool) -> str:
    return _counted(read_policy(folder, city, training=training), month)


def _of_table(path: Path, month: YearMonth) -> str:
    del month
    TABLES[path.name](path)
    return "可用"
