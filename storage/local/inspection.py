"""Looking a counter's file over from outside: is the chain whole, take a copy, put a copy back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError
from counter_tui.own_files import make_folder
from storage.engine import reading_engine
from storage.local import journal
from storage.local.backup import copy_to
from storage.migrations.upgrade import version
from storage.trouble import DamagedStore, spoken

if TYPE_CHECKING:
    from pathlib import Path


class NoStore(CounterError):
    """没有找到数据文件 {file}，请核对 --data-dir 和 --region"""

    file: str


class WouldOverwrite(CounterError):
    """{file} 已存在，没有覆盖；请另取文件名，或先移走原文件"""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a look at the chain found."""

    operations: int
    sound: bool

    @property
    def sentence(self) -> str:
        """For the one who asked."""
        if self.sound:
            return f"业务链与审计链完整，共 {self.operations} 笔"
        return f"业务链或审计链不完整（共 {self.operations} 笔），请停止使用本机并联系管理员"


def verify_file(path: Path) -> Report:
    """Check every hash from the first operation to the head; reads only.

    Raises:
        NoStore, DamagedStore.
    """
    if not path.is_file():
        raise NoStore(file=path.name)
    engine = reading_engine(path)
    try:
        with spoken(path), engine.connect() as connection:
            if not version(connection):  # empty, or a database of something else
                raise DamagedStore(file=path.name)
            return Report(operations=journal.head(connection).seq, sound=journal.unbroken(connection))
    finally:
        engine.dispose()


def back_up_file(path: Path, target: Path) -> None:
    """Copy a counter's file while it is in use.

    Raises:
        NoStore, WouldOverwrite, DamagedStore.
    """
    if not path.is_file():
        raise NoStore(file=path.name)
    if target.exists():
        raise WouldOverwrite(file=target.name)
    engine = reading_engine(path)
    try:
        with spoken(path), engine.connect() as connection:
            # Writing the copy counts as writing: a connection that may only ask is refused it.
            connection.exec_driver_sql("PRAGMA query_only=OFF")
            connection.rollback()
            copy_to(connection, target)
    finally:
        engine.dispose()


def restore_file(source: Path, path: Path) -> Report:
    """Put a copy in the place of a counter's file that is gone or damaged and was moved away; the copy is checked.

    Raises:
        NoStore, WouldOverwrite, and DamagedStore when the copy itself is not whole.
    """
    report = verify_file(source)
    if not report.sound:
        raise DamagedStore(file=source.name)
    if path.exists():
        raise WouldOverwrite(file=path.name)
    make_folder(path.parent)
    back_up_file(source, path)
    return report
