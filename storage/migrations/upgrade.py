"""Upgrade of a file's schema under a lock, after a backup; a file that is up to date costs one question."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from counter_tui.errors import CounterError
from counter_tui.own_files import open_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine


class OtherVersionRunning(CounterError):
    """本机还有旧版本程序正在运行，请全部退出后再启动新版本"""


class NewerStore(CounterError):
    """数据文件 {file} 由更新版本的程序使用过（{version}），请升级本程序后再启动"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One line of migrations and the version at its end, so that starting up need not load Alembic."""

    name: str
    head: str
    known: frozenset[str]
    """Every version that this program can start from."""


LOCAL = Tree(name="local", head="0005", known=frozenset({"", "0001", "0002", "0003", "0004", "0005"}))
HUB = Tree(name="hub", head="0004", known=frozenset({"", "0001", "0002", "0003", "0004"}))


class Occupancy:
    """Says to other programs that this one uses the file with its schema as it is.

    Raises:
        OtherVersionRunning: the schema is being changed by another program just now.
    """

    def __init__(self, path: Path) -> None:
        """Share the file with every program of the same version."""
        self._descriptor = open_file(path)
        self._lock(fcntl.LOCK_SH)

    def _lock(self, kind: int) -> None:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OtherVersionRunning from error

    def alone(self) -> None:
        """Have the file to oneself for a change of schema. Raises OtherVersionRunning."""
        self._lock(fcntl.LOCK_EX)

    def shared(self) -> None:
        """Let other programs in again."""
        self._lock(fcntl.LOCK_SH)

    def release(self) -> None:
        """Leave the file."""
        os.close(self._descriptor)


def version(connection: Connection) -> str:
    """The schema version of an open file, empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")


def bring_up_to_date(
    engine: Engine, tree: Tree, path: Path, occupancy: Occupancy, *, back_up: Callable[[Connection, Path], None]
) -> bool:
    """Upgrade the file when its schema is older; return whether anything was done.

    Raises:
        NewerStore: a newer program has used the file.
        OtherVersionRunning: another program uses the older schema.
    """
    with engine.connect() as connection:
        found = version(connection)
    if found == tree.head:
        return False
    if found not in tree.known:
        raise NewerStore(file=path.name, version=found)
    occupancy.alone()
    try:
        if found:
            with engine.connect() as connection:
                back_up(connection, path.with_name(f"{path.name}.before-{tree.head}"))
        migrate(engine, tree)
    finally:
        occupancy.shared()
    return True


def migrate(engine: Engine, tree: Tree) -> None:
    """Run the migrations up to the head in one transaction."""
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / tree.name))
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
