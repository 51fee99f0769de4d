"""The two commands of the README on a machine where apt, uv and Python are as the test says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from counter_tui import __version__
from tests.conftest import needs

TOP = Path(__file__).parent.parent
COMMANDS = ("scripts/counter", "scripts/test", "scripts/bench", ".ci/run")
NO_NETWORK = {
    "UV_OFFLINE": "1",
    "PIP_NO_INDEX": "1",
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9"),
}
FAKE_UV = """
echo "sync $*" >>"$LOG"
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
for name in counter-tui ruff mypy lint-imports pytest; do
  printf '#!/bin/sh\\necho "%s CI=${CI:-} $*" >>"$LOG"\\n[ "%s" != "$BROKEN" ]\\n' $name $name \\
    >"$UV_PROJECT_ENVIRONMENT/bin/$name"
  chmod +x "$UV_PROJECT_ENVIRONMENT/bin/$name"
done
"""


class Machine:
    """A fresh machine: a copy of the project's commands, and programs of the system as the test wants them."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.programs = folder / "programs"
        self.log = folder / "log"
        self.log.touch()
        self.programs.mkdir()
        for name in ("scripts", ".ci"):
            shutil.copytree(TOP / name, self.project / name)
        for name in ("uv.lock", "pyproject.toml"):
            shutil.copy(TOP / name, self.project)

    def has(self, path: str | Path, script: str) -> None:
        """Put a program in place of the system's."""
        place = self.programs / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"#!/bin/bash\n{script}\n")
        place.chmod(0o755)

    def has_uv(self) -> None:
        version = re.search(r"^UV_VERSION=(\S+)", (TOP / "scripts/environment.sh").read_text(), re.MULTILINE)
        assert version
        self.has(self.project / f".tools/uv-{version[1]}/bin/uv", FAKE_UV)
        self.has("pdftotext", "exit 0")

    def starts(self, command: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        surroundings = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "LOG": str(self.log),
            "BROKEN": "",
            **NO_NETWORK,
            **environment,
        }
        return subprocess.Popen(
            [self.project / command, *arguments],
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def runs(self, command: str, *arguments: str, **environment: str) -> tuple[int, str]:
        process = self.starts(command, *arguments, **environment)
        output, _ = process.communicate(timeout=60)
        return process.returncode, output

    def did(self, what: str) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if line.startswith(what)]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_run_as_it_stands(command: str) -> None:
    assert os.access(TOP / command, os.X_OK)
    assert subprocess.run(["bash", "-n", TOP / command], check=False).returncode == 0


def test_the_second_start_synchronises_nothing(machine: Machine) -> None:
    machine.has_uv()
    assert machine.runs("scripts/counter", "demo")[0] == 0
    assert machine.runs("scripts/counter", "demo")[0] == 0
    assert len(machine.did("sync")) == 1
    assert "--locked" in machine.did("sync")[0]
    assert "--no-dev" in machine.did("sync")[0]
    assert machine.did("counter-tui") == ["counter-tui CI= demo"] * 2


def test_a_changed_lock_is_synchronised_once(machine: Machine) -> None:
    machine.has_uv()
    machine.runs("scripts/counter", "demo")
    with (machine.project / "uv.lock").open("a") as lock:
        lock.write("# changed\n")
    machine.runs("scripts/counter", "demo")
    machine.runs("scripts/counter", "demo")
    assert len(machine.did("sync")) == 2


def test_two_first_starts_at_once_prepare_one_environment(machine: Machine) -> None:
    machine.has_uv()
    starts = [machine.starts("scripts/counter", "demo") for _ in range(2)]
    for start in starts:
        start.communicate(timeout=60)
    assert [start.returncode for start in starts] == [0, 0]
    assert len(machine.did("sync")) == 1


def test_a_failed_check_fails_the_run_but_stops_no_other_check(machine: Machine) -> None:
    machine.has_uv()
    code, output = machine.runs("scripts/test", BROKEN="mypy")
    assert code == 1
    assert "failed: mypy" in output
    assert [line.split()[0] for line in machine.did("")] == [
        "sync",
        "ruff",
        "ruff",
        "mypy",
        "lint-imports",
        "pytest",
        "pytest",
    ]


def test_all_checks_passing_pass_the_run(machine: Machine) -> None:
    machine.has_uv()
    code, output = machine.runs("scripts/test")
    assert code == 0
    assert output.rstrip().endswith("all checks passed")


def test_the_gate_runs_the_tests_with_skips_forbidden(machine: Machine) -> None:
    machine.has_uv()
    assert machine.runs(".ci/run")[0] == 0
    assert all("CI=true" in line for line in machine.did("pytest"))


def test_a_machine_without_a_suitable_python_is_told_so_in_one_sentence(machine: Machine) -> None:
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 15))):
        machine.has(name, "exit 1")
    code, output = machine.runs("scripts/counter", "demo")
    assert code == 1
    assert "Python 3.11" in output.splitlines()[-1]


def test_a_newer_python_beside_an_old_one_is_found(machine: Machine) -> None:
    machine.has_uv()
    machine.has("python3", "exit 1")
    for minor in (11, 13, 14):
        machine.has(f"python3.{minor}", "exit 1")
    machine.has("python3.12", "exit 0")
    machine.runs("scripts/counter", "demo")
    assert str(machine.programs / "python3.12") in machine.did("sync")[0]


def test_a_user_without_rights_is_told_which_package_to_ask_for(machine: Machine) -> None:
    machine.has("id", "echo 1000")
    machine.has("apt-get", 'echo "apt $*" >>"$LOG"')
    machine.has("python3", '[[ "$*" != *ensurepip* ]]')
    code, output = machine.runs("scripts/counter", "demo")
    assert code == 1
    assert "python3-venv" in output.splitlines()[-1]
    assert machine.did("apt") == []


def test_an_administrator_gets_the_package_without_asking(machine: Machine) -> None:
    machine.has("id", "echo 0")
    machine.has("apt-get", 'echo "apt $*" >>"$LOG"')
    machine.has("python3", '[[ "$*" != *ensurepip* ]]')
    machine.runs("scripts/counter", "demo")
    assert "python3-venv" in machine.did("apt")[-1]


def test_the_second_start_of_the_real_program_needs_no_network() -> None:
    needs((TOP / ".venv/made-to-run").exists(), "the environment that scripts/counter or scripts/test makes")
    start = subprocess.run(
        [TOP / "scripts/counter", "--version"],
        env={**os.environ, **NO_NETWORK},
        capture_output=True,
        text=True,
        check=False,
    )
    assert start.returncode == 0, start.stderr
    assert __version__ in start.stdout
