"""What every test of the counter shares: a clean account, one seed, and no silent skips where it counts."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Generator

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

settings.register_profile("counter", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("counter"), derandomize=True, database=None)
settings.load_profile("ci" if IN_CI else "counter")


def needs(component: object, reason: str) -> None:
    """Skip the running test unless the real component is there; in CI the skip is a failure.

    Args:
        component: anything that is false when missing, such as `shutil.which("pdftotext")`.
        reason: what is missing and how to get it.
    """
    if not component:
        pytest.skip(reason)


def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed of this run once; parallel workers inherit it."""
    del config
    os.environ.setdefault("COUNTER_TEST_SEED", "20261123" if IN_CI else str(random.randrange(10**8)))


def pytest_report_header() -> str:
    return f"seed of random typing: COUNTER_TEST_SEED={os.environ['COUNTER_TEST_SEED']}"


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure with CI=true: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture
def seed() -> int:
    """The seed of this run, for tests that draw their own random keys or records."""
    return int(os.environ["COUNTER_TEST_SEED"])


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Places of a clerk's account that belongs to this run alone."""
    home = tmp_path_factory.mktemp("home")
    places = {"HOME": str(home)}
    for kind in ("CONFIG", "DATA", "STATE", "CACHE", "RUNTIME"):
        suffix = "DIR" if kind == "RUNTIME" else "HOME"
        folder = home / kind.lower()
        folder.mkdir(mode=0o700)
        places[f"XDG_{kind}_{suffix}"] = str(folder)
    return places


@pytest.fixture(autouse=True)
def clean_account(account: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither read nor write the files and settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("COUNTER_") and name != "COUNTER_TEST_SEED"]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, place in account.items():
        monkeypatch.setenv(name, place)
