"""In which region file a figure stands, so that whoever keeps the law finds it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from counter_tui.policy.regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path


@cache
def place_of(city: str, table: str, key: str, published: date | None = None, *, training: bool) -> str:
    """Return file and table of a figure as a city has it, `hebei.toml [[limits]] 110`; empty when no file has it.

    Args:
        city: name of the region.
        table: limits, rates, parameters, late_fee or notices.
        key: a scheme, or the name of a parameter; empty for the whole table.
        published: day of publication of the value; a file without a value of that day does not have it.
        training: whether the invented figures count too.
    """
    for path, tables in _files(city, training=training):
        found = tables.get(table, ())
        if isinstance(found, dict):
            if key in found and _publishes(found[key], published):
                return f"{path.relative_to(REGIONS)} [{table}] {key}"
        elif any((not key or key in entry.get("schemes", ())) and _publishes(entry, published) for entry in found):
            return f"{path.relative_to(REGIONS)} [[{table}]] {key}".rstrip()
    return ""


def _publishes(entry: dict[str, Any], published: date | None) -> bool:
    """Whether one of an entry's values was published on a day; every entry has values without such a day."""
    values = entry.get("values", (entry,))
    return published is None or any(value.get("known_from") == str(published) for value in values)


def _files(city: str, *, training: bool) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Files of a region, the one that has the last word first."""
    if training and (path := REGIONS / "training" / f"{city}.toml").is_file():
        yield path, _read(path)
    name: object = city
    while isinstance(name, str) and (path := REGIONS / f"{name}.toml").is_file():
        tables = _read(path)
        yield path, tables
        name = tables.get("extends")


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
