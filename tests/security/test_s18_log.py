"""S18: the program log is one JSON line per event, private, masked, and silent on the screen."""

from __future__ import annotations

import json
import logging
import stat
import warnings
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from counter_tui.security.logs import LONGEST, ProgramLog, reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NUMBER = "11010519491231002X"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "counter.log"


@pytest.fixture(autouse=True)
def log(path: Path) -> Iterator[ProgramLog]:
    opened = ProgramLog(path)
    yield opened
    opened.close()


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_an_event_is_one_line_with_time_level_and_place(path: Path) -> None:
    structlog.stdlib.get_logger("sync").info("pushed", operations=3)

    (event,) = events(path)
    assert (event["event"], event["operations"], event["level"], event["logger"]) == ("pushed", 3, "info", "sync")
    assert event["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "fact",
    [
        NUMBER,
        f"证件号码 {NUMBER} 已停保",
        {"person": {"id": NUMBER}},
        [(NUMBER,)],
        {NUMBER: 1},
        int("110105194912310021"),
        ValueError(NUMBER),
        NUMBER.encode(),
    ],
    ids=repr,
)
def test_identity_numbers_are_masked_wherever_they_stand(path: Path, fact: object) -> None:
    structlog.stdlib.get_logger().warning("refused", fact=fact)

    assert len(events(path)) == 1
    assert "19491231" not in path.read_text(encoding="utf-8")


def test_identity_numbers_are_masked_in_events_of_libraries_and_in_tracebacks(path: Path) -> None:
    def fail() -> None:
        raise RuntimeError(f"no person {NUMBER}")

    logging.getLogger("library").error("person %s", NUMBER)
    try:
        fail()
    except RuntimeError:
        structlog.stdlib.get_logger().exception("unknown", reference="K7D-2MX")

    written = path.read_text(encoding="utf-8")
    assert "Traceback" in written
    assert "K7D-2MX" in written
    assert "19491231" not in written


@pytest.mark.parametrize(
    "payload",
    ['\n{"event":"forged"}', "\r\n", "\x1b[2J\x1b]52;c;AAAA\x07", "\x9b2J", "\u202e倒", "\u2028", "a\x00b", "\x7f"],
    ids=ascii,
)
def test_no_value_breaks_the_line_or_speaks_to_the_terminal(path: Path, payload: str) -> None:
    structlog.stdlib.get_logger().info(payload, remark=payload, **{payload: "key"})

    raw = path.read_text(encoding="utf-8")
    assert raw.count("\n") == 1
    assert raw[:-1].isprintable()
    assert events(path)[0]["remark"] == payload


def test_chinese_stays_readable(path: Path) -> None:
    structlog.stdlib.get_logger().info("复核通过")

    assert "复核通过" in path.read_text(encoding="utf-8")


def test_the_log_is_for_its_owner_alone(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_left_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    loose = tmp_path / "loose.log"
    loose.touch(mode=0o644)
    ProgramLog(loose).close()

    assert stat.S_IMODE(loose.stat().st_mode) == 0o600


def test_a_link_in_the_place_of_the_log_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link.log").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="link"):
        ProgramLog(tmp_path / "link.log")


def test_a_full_file_makes_room_and_its_successor_is_private_too(path: Path, log: ProgramLog) -> None:
    log.close()
    small = ProgramLog(path, largest=4096)
    for _ in range(6):
        structlog.stdlib.get_logger().info("x" * 1000)
    small.close()

    rotated = sorted(path.parent.iterdir())
    assert [one.name for one in rotated] == ["counter.log", "counter.log.1"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in rotated} == {0o600}


@pytest.mark.parametrize("before", range(LONGEST - 20, LONGEST + 2))
def test_a_number_at_the_end_of_what_is_kept_of_a_long_value_is_not_told(path: Path, before: int) -> None:
    structlog.stdlib.get_logger().info("-" * before + NUMBER + "-" * LONGEST)

    assert "1101051" not in path.read_text(encoding="utf-8")


@pytest.mark.filterwarnings("default")
def test_warnings_go_to_the_log_and_never_to_the_screen(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("something is old", UserWarning, stacklevel=1)
        logging.captureWarnings(capture=False)

    assert "something is old" in path.read_text(encoding="utf-8")
    assert capfd.readouterr() == ("", "")


def test_an_event_that_cannot_be_written_is_silent(
    path: Path, log: ProgramLog, capfd: pytest.CaptureFixture[str]
) -> None:
    log.close()
    full = ProgramLog(path)
    stream = full._handler.stream
    assert stream is not None
    stream.close()
    logging.getLogger("library").error("%d", "not a number")
    structlog.stdlib.get_logger().error("disk gone")
    full._handler.stream = None
    full.close()

    assert capfd.readouterr() == ("", "")


def test_a_reference_is_short_and_without_letters_taken_for_digits() -> None:
    drawn = {reference() for _ in range(500)}

    assert len(drawn) > 490
    assert all(len(one) == 7 and one[3] == "-" and not set(one) & set("01ILOU") for one in drawn)
