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


SHELLS = {
    *("os.system", "os.popen", "os.startfile", "subprocess.getoutput", "subprocess.getstatusoutput", "pty.spawn"),
    *("asyncio.create_subprocess_shell", "pydoc.pager", "webbrowser.open", "click.edit", "click.launch"),
    *("click.echo_via_pager", "code.interact", "breakpoint"),
}
SUSPENSIONS = ("app.suspend", ".action_suspend_process")
FOREIGN_PROGRAMS = {"PAGER", "EDITOR", "VISUAL", "SHELL", "less", "more", "vi", "vim", "nano", "/bin/sh", "bash"}


def ways_to_a_shell(tree: ast.AST) -> Iterator[ast.AST]:
    """Every call that a clerk could leave the counter by: a shell, a pager, an editor, a stopped program."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            shell = (each.value for each in node.keywords if each.arg == "shell")
            opens = any(not isinstance(value, ast.Constant) or value.value for value in shell)
            if opens or called in SHELLS or called.startswith(("os.exec", "os.spawn")) or called.endswith(SUSPENSIONS):
                yield node
        elif isinstance(node, ast.Constant) and node.value in FOREIGN_PROGRAMS:
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


def test_no_clerk_reaches_a_shell_from_the_counter() -> None:
    assert offences(ways_to_a_shell, PRODUCT) == []


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
        (ways_to_a_shell, "subprocess.run(command, shell=True)"),
        (ways_to_a_shell, "subprocess.run(command, shell=wanted)"),
        (ways_to_a_shell, "os.system('lp')"),
        (ways_to_a_shell, "os.execvp('sh', ['sh'])"),
        (ways_to_a_shell, "await asyncio.create_subprocess_shell('lp')"),
        (ways_to_a_shell, "pydoc.pager(text)"),
        (ways_to_a_shell, "subprocess.run(['less', name])"),
        (ways_to_a_shell, "os.environ.get('EDITOR')"),
        (ways_to_a_shell, "with self.app.suspend(): pass"),
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
        (ways_to_a_shell, "subprocess.run(['lp', '--', name], shell=False)"),
        (mocks, "def test_a(monkeypatch): ..."),
    ],
)
def test_no_rule_forbids_what_the_house_does(rule: Rule, source: str) -> None:
    assert not list(rule(ast.parse(source)))
