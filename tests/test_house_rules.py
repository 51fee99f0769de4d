"""Rules of the house that no linter knows, read from the source itself."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

TOP = Path(__file__).parent.parent
EXACT = [TOP / "counter_tui" / layer for layer in ("domain", "policy", "forms", "operations")]
PRODUCT = [TOP / package for package in ("counter_tui", "screens", "storage")]
REGION_NAMES = {"region", "region_code", "region_id", "city", "city_code", "profile", "profile_code"}

BEFORE_THE_SCREEN = ("counter_tui/policy/regions.py",)
"""Refusals that end the start-up: written on a line of their own, never painted into a form."""

Rule: TypeAlias = Callable[[ast.AST], Iterator[ast.AST]]


def floats(tree: ast.AST) -> Iterator[ast.AST]:
    """Every mention of binary floating point: the name or a literal."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.Name) and node.id == "float") or (
            isinstance(node, ast.Constant) and isinstance(node.value, float)
        ):
            yield node


def _names_a_region(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in REGION_NAMES


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.Set | ast.Tuple | ast.List):
        return any(_is_literal(part) for part in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)


def region_decisions(tree: ast.AST) -> Iterator[ast.AST]:
    """Every comparison of a region with a literal, and every match on a region."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(_names_a_region, sides)) and any(map(_is_literal, sides)):
                yield node
        elif isinstance(node, ast.Match) and _names_a_region(node.subject):
            yield node


def mocks(tree: ast.AST) -> Iterator[ast.AST]:
    """Every import of a mock library and every test that asks for a mocker."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        else:
            if isinstance(node, ast.arg) and node.arg == "mocker":
                yield node
            continue
        if any(name.startswith(("unittest.mock", "mock")) for name in imported):
            yield node


def doubtful_sentences(tree: ast.AST) -> Iterator[ast.AST]:
    """Every refusal whose sentence has a character that some terminals draw one cell wide and others two."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.bases:
            sentence = ast.get_docstring(node) or ""
            chinese = any(unicodedata.east_asian_width(one) == "W" for one in sentence)
            if chinese and any(unicodedata.east_asian_width(one) == "A" for one in sentence):
                yield node


def offences(rule: Rule, folders: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(TOP)}:{getattr(node, 'lineno', 0)}"
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        for node in rule(ast.parse(path.read_text(encoding="utf-8")))
    ]


def test_money_and_law_know_no_floating_point() -> None:
    assert offences(floats, EXACT) == []


def test_regions_differ_in_data_and_never_in_code() -> None:
    assert offences(region_decisions, PRODUCT) == []


def test_every_refusal_is_as_wide_on_every_terminal() -> None:
    assert [found for found in offences(doubtful_sentences, PRODUCT) if not found.startswith(BEFORE_THE_SCREEN)] == []


def test_no_test_mocks_our_own_code() -> None:
    assert offences(mocks, [TOP / "tests"]) == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (floats, "def share(base: float) -> int: ..."),
        (floats, "rate = 0.08"),
        (floats, "rate = float(text)"),
        (region_decisions, "if settings.region == '130400': pass"),
        (region_decisions, "if region in {'130400', '120000'}: pass"),
        (region_decisions, "match profile:\n    case 'x': pass"),
        (doubtful_sentences, "class Wrong(CounterError): '日期“{text}”不正确'"),
        (mocks, "from unittest import mock"),
        (mocks, "import unittest.mock"),
        (mocks, "def test_a(mocker): ..."),
    ],
)
def test_each_rule_catches_what_it_forbids(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(source)))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (floats, "rate = Decimal('0.08')"),
        (region_decisions, "if parameters.region == other.region: pass"),
        (region_decisions, "if city == '': pass"),
        (mocks, "def test_a(monkeypatch): ..."),
    ],
)
def test_no_rule_forbids_what_the_house_does(rule: Rule, source: str) -> None:
    assert not list(rule(ast.parse(source)))
