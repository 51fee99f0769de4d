"""A command takes a PIN from a file: its first line, nothing else, and says so when others could read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.pin_files import NoPinFile, read_pin

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("content", [b"123456", b"123456\n", b"123456\r\n", b"123456\nsecond line\n"])
def test_the_first_line_is_the_pin(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pin"
    file.write_bytes(content)
    file.chmod(0o600)

    assert read_pin(file) == bytearray(b"123456")
    assert not capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"\n123456", b"1" * 64])
def test_a_file_without_a_pin_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pin"
    file.write_bytes(content)

    with pytest.raises(NoPinFile, match="第一行不是 PIN"):
        read_pin(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoPinFile, match="gone 无法读取"):
        read_pin(tmp_path / "gone")


def test_a_pin_that_others_can_read_is_used_with_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pin"
    file.write_bytes(b"123456\n")
    file.chmod(0o644)

    assert read_pin(file) == bytearray(b"123456")
    told = capsys.readouterr().err
    assert "chmod 600" in told
    assert "123456" not in told
