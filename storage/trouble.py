"""What the database says when it fails, as sentences for the clerk."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class DamagedStore(CounterError):
    """数据文件 {file} 已损坏，为防止数据丢失已停止使用；请保留原文件，由管理员运行 counter-tui backup restore 恢复"""


class LostStore(CounterError):
    """数据文件 {file} 不见了或是空的，为防止数据丢失没有启动；请由管理员运行 counter-tui backup restore 恢复"""


class DiskFull(CounterError):
    """磁盘空间已满，本次没有保存；请通知管理员清理磁盘后再按 F2"""


class StoreReadOnly(CounterError):
    """数据文件 {file} 不可写，本次没有保存；请通知管理员检查目录权限或磁盘"""


class StoreBusy(CounterError):
    """其他窗口正在保存，本次没有保存；请稍候再按 F2"""


class StoreUnreachable(CounterError):
    """读写数据文件 {file} 时出错，本次没有保存；请通知管理员检查磁盘"""


class StoreClosed(CounterError):
    """程序正在退出，本次没有保存"""


_SENTENCES: dict[str, type[CounterError]] = {
    "SQLITE_CORRUPT": DamagedStore,
    "SQLITE_NOTADB": DamagedStore,
    "SQLITE_FULL": DiskFull,
    "SQLITE_READONLY": StoreReadOnly,
    "SQLITE_CANTOPEN": StoreReadOnly,
    "SQLITE_PERM": StoreReadOnly,
    "SQLITE_BUSY": StoreBusy,
    "SQLITE_LOCKED": StoreBusy,
    "SQLITE_IOERR": StoreUnreachable,
}
"""By the first two words of SQLite's extended error name."""


def _refusal(error: BaseException, path: Path) -> CounterError | None:
    name = getattr(error, "sqlite_errorname", "")
    kind = _SENTENCES.get("_".join(name.split("_")[:2]))
    return kind(file=path.name) if kind else None


@contextmanager
def spoken(path: Path) -> Iterator[None]:
    """Turn the database's own errors into refusals with a sentence; others pass."""
    try:
        yield
    except DBAPIError as error:
        refusal = _refusal(error.orig, path) if error.orig else None
        if refusal is None:
            raise
        raise refusal from error
    except sqlite3.Error as error:
        refusal = _refusal(error, path)
        if refusal is None:
            raise
        raise refusal from error
