"""`counter-tui calc` as other programs start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import cycle, islice

import pytest

from counter_tui.calc_kinds import CALCULATIONS
from counter_tui.domain.identity_checks import KINDS
from tests.wire.terminal import ROOT

CALC = (sys.executable, "-m", "counter_tui", "calc")
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
EXAMPLES = [each.example for each in CALCULATIONS.values()]


def ran(sent: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*CALC, *arguments], input=sent, capture_output=True, check=False, cwd=ROOT, env=ENVIRONMENT)


def started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        CALC, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT
    )


def test_every_line_is_answered_and_the_end_is_a_success_even_after_bad_lines() -> None:
    done = ran(b'{"calc":"capital","amount":"1"}\n\n[\n{"calc":"capital","amount":"2"}')
    assert done.returncode == 0
    assert done.stderr == b""
    assert [json.loads(line)["ok"] for line in done.stdout.splitlines()] == [True, False, True]
    assert "人民币贰元整".encode() in done.stdout


def test_nothing_asked_is_nothing_answered() -> None:
    done = ran(b"")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_another_program_gets_each_answer_before_it_asks_again() -> None:
    with started() as program:
        assert program.stdin
        assert program.stdout
        for example in EXAMPLES:
            program.stdin.write(example.encode() + b"\n")
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["ok"] is True
        program.stdin.close()
        assert program.wait(10) == 0


def test_a_reader_that_goes_away_ends_it_without_a_word() -> None:
    with started() as program:
        assert program.stdin
        assert program.stdout
        assert program.stderr
        program.stdin.write(EXAMPLES[0].encode() + b"\n")
        program.stdin.flush()
        program.stdout.readline()
        program.stdout.close()
        program.stdin.write(EXAMPLES[0].encode() + b"\n")
        program.stdin.close()
        assert program.wait(10) == 1
        assert program.stderr.read() == b""


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_missing_stream_is_said_in_one_sentence(closed: str) -> None:
    command = f'"$0" -m counter_tui calc {closed}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], capture_output=True, check=False, cwd=ROOT, env=ENVIRONMENT
    )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("没有标准输入或标准输出")
    assert done.stderr.count(b"\n") == 1


def test_a_full_disk_is_said_in_one_sentence() -> None:
    command = 'echo "$1" | "$0" -m counter_tui calc > /dev/full'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, EXAMPLES[0]], capture_output=True, check=False, cwd=ROOT, env=ENVIRONMENT
    )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("读取输入或写出结果时出错")
    assert b"Traceback" not in done.stderr


def test_the_help_lists_every_kind() -> None:
    said = ran(b"", "--help").stdout.decode()
    for kind, each in CALCULATIONS.items():
        assert f"{kind} " in said
        assert each.name in said


def test_the_listed_examples_can_be_sent_as_they_stand() -> None:
    listed = ran(b"", "--kinds").stdout
    assert all(kind in listed.decode() for kind in KINDS)
    examples = [line.strip() for line in listed.splitlines() if line.strip().startswith(b"{")]
    assert len(examples) == len(CALCULATIONS)
    assert all(json.loads(line)["ok"] for line in ran(b"\n".join(examples)).stdout.splitlines())


@pytest.mark.serial
def test_ten_thousand_mixed_lines_take_seconds() -> None:
    sent = "\n".join(islice(cycle(EXAMPLES), 10_000)).encode()
    began = time.monotonic()
    done = ran(sent)
    assert time.monotonic() - began < 20
    assert done.stdout.count(b"\n") == 10_000
