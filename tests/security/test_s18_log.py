"""S18: the program log is one JSON line per event, private, masked, and silent on the screen."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from counter_tui.domain.codes import NoSuchCode
from counter_tui.faults import FaultLog, reference
from counter_tui.security.logs import LONGEST, keep
from storage.engine import writing_engine

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = "11010519491231002X"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "counter.log"


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_an_event_is_one_line_with_all_it_has_to_say(path: Path) -> None:
    keep(path, {"event": "pushed", "operations": 3})
    keep(path, {"event": "pulled"})

    assert events(path) == [{"event": "pushed", "operations": 3}, {"event": "pulled"}]


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
    keep(path, {"event": "refused", "fact": fact})

    assert len(events(path)) == 1
    assert "19491231" not in path.read_text(encoding="utf-8")


def test_a_fault_tells_where_it_happened_and_of_whom_nothing(path: Path) -> None:
    def fail() -> None:
        raise RuntimeError(f"张建国 {NUMBER} 13912345678") from NoSuchCode(title="民族", typed="张建国")

    with pytest.raises(RuntimeError) as failed:
        fail()
    number = FaultLog(path).write(failed.value)

    (event,) = events(path)
    assert (event["reference"], event["error"]) == (number, "RuntimeError")
    assert f"{__file__}:" in event["trace"]
    assert NoSuchCode.__doc__ is not None
    assert NoSuchCode.__doc__ in event["trace"]
    assert not [one for one in ("张", "建国", "1949", "139", "民族") if one in event["trace"]]


def test_an_error_of_the_store_does_not_repeat_what_was_to_be_kept(path: Path, tmp_path: Path) -> None:
    engine = writing_engine(tmp_path / "store.sqlite")
    with engine.connect() as connection:
        connection.execute(text("create table people (name text check (length(name) < 3))"))
        with pytest.raises(IntegrityError) as failed:
            connection.execute(text("insert into people values (:name)"), {"name": "Ann Lee"})
        connection.rollback()
    engine.dispose()
    FaultLog(path).write(failed.value)

    assert "IntegrityError" in path.read_text(encoding="utf-8")
    assert "Ann" not in path.read_text(encoding="utf-8")


def test_a_fault_that_cannot_be_kept_says_so_to_the_clerk(tmp_path: Path) -> None:
    (tmp_path / "folder.log").mkdir()

    assert FaultLog(tmp_path / "folder.log").write(ValueError()).endswith("-未记录")
    assert FaultLog(None).write(ValueError()).endswith("-未记录")


@pytest.mark.parametrize(
    "payload",
    ['\n{"event":"forged"}', "\r\n", "\x1b[2J\x1b]52;c;AAAA\x07", "\x9b2J", "\u202e倒", "\u2028", "a\x00b", "\x7f"],
    ids=ascii,
)
def test_no_value_breaks_the_line_or_speaks_to_the_terminal(path: Path, payload: str) -> None:
    keep(path, {"event": payload, "remark": payload, payload: "key"})

    raw = path.read_text(encoding="utf-8")
    assert raw.count("\n") == 1
    assert raw[:-1].isprintable()
    assert events(path)[0]["remark"] == payload


def test_chinese_stays_readable(path: Path) -> None:
    keep(path, {"event": "复核通过"})

    assert "复核通过" in path.read_text(encoding="utf-8")


def test_the_log_is_for_its_owner_alone(path: Path) -> None:
    keep(path, {"event": "started"})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_left_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    loose = tmp_path / "loose.log"
    loose.touch(mode=0o644)
    keep(loose, {"event": "started"})

    assert stat.S_IMODE(loose.stat().st_mode) == 0o600


def test_a_link_in_the_place_of_the_log_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link.log").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="link"):
        keep(tmp_path / "link.log", {"event": "started"})


def test_what_is_no_file_is_left_as_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.log", mode=0o644)
    reader = os.open(tmp_path / "pipe.log", os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(OSError, match="no file"):
            keep(tmp_path / "pipe.log", {"event": "started"})
    finally:
        os.close(reader)

    assert stat.S_IMODE((tmp_path / "pipe.log").stat().st_mode) == 0o644


def test_a_full_file_makes_room_and_its_successor_is_private_too(path: Path) -> None:
    for number in range(8):
        keep(path, {"event": "x" * 1000, "number": number}, largest=4096)

    rotated = sorted(path.parent.iterdir())
    assert [one.name for one in rotated] == ["counter.log", "counter.log.1", "counter.log.2"]
    assert [event["number"] for file in reversed(rotated) for event in events(file)] == list(range(8))
    assert {stat.S_IMODE(one.stat().st_mode) for one in rotated} == {0o600}


@pytest.mark.parametrize("before", range(LONGEST - 20, LONGEST + 2))
def test_a_number_at_the_end_of_what_is_kept_of_a_long_value_is_not_told(path: Path, before: int) -> None:
    keep(path, {"event": "-" * before + NUMBER + "-" * LONGEST})

    assert "1101051" not in path.read_text(encoding="utf-8")


def test_a_reference_is_short_and_without_letters_taken_for_digits() -> None:
    drawn = {reference() for _ in range(500)}

    assert len(drawn) > 490
    assert all(len(one) == 6 and not set(one) & set("01ILO") for one in drawn)
