"""scripts/bench: the suites, their figures as text and, when asked, the raw numbers as JSON."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import keys, law, paper, save, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.bench.measures import Comparison, Growth

SUITES: dict[str, Callable[[], Iterable[Comparison | Growth]]] = {
    "keys": keys.suite,
    "start": start.suite,
    "save": save.suite,
    "law": law.suite,
    "paper": paper.suite,
}


def main() -> None:
    """Run one suite or all and print each figure as soon as it is there."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Ratios to reference programs, in one run.")
    parser.add_argument("suite", choices=[*SUITES, "all"])
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the raw numbers")
    asked = parser.parse_args()
    raw = []
    for name in SUITES if asked.suite == "all" else [asked.suite]:
        for figure in SUITES[name]():
            print("\n".join(figure.lines()), flush=True)
            raw.append({"suite": name, **asdict(figure)})
    if asked.json:
        asked.json.write_text(json.dumps(raw, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
