"""Settings of a counter host: one TOML file, read strictly, with a sentence for every mistake."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = "counter-tui"


class BadSettings(CounterError):
    """设置文件 {file} 有误：{why}。请管理员改正后再启动"""

    file: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSettings:
    """`[print]`."""

    fonts: tuple[str, ...] = ()
    """Font files tried before the built-in ones."""
    telephone: str = ""
    """Telephone of the branch, printed on notices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a host decides for itself; everything has a default."""

    region: str = "handan"
    window: str = "001"
    theme: str = "dark"
    idle_minutes: int = 5
    data_dir: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    """`[keys]`: action id → key."""
    print: PrintSettings = field(default_factory=PrintSettings)

    @property
    def directory(self) -> Path:
        """Where the host keeps its files."""
        return Path(self.data_dir) if self.data_dir else default_directory()


def default_directory() -> Path:
    """The platform's place for data of this program."""
    from platformdirs import user_data_path

    return user_data_path(APP)


def settings_file() -> Path:
    """The platform's place for the settings."""
    from platformdirs import user_config_path

    return user_config_path(APP) / "settings.toml"


def read_settings(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; a file that is not there means the defaults.

    Args:
        file: the TOML file; the platform's own place without one, or `COUNTER_SETTINGS` in the environment.
        environment: variables of the process.

    Raises:
        BadSettings: the file cannot be read, a key is unknown or a value has the wrong type.
    """
    import msgspec

    named = (environment or {}).get("COUNTER_SETTINGS")
    path = file or (Path(named) if named else settings_file())
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        if file is None and not named:
            return Settings()
        raise BadSettings(file=path.name, why="文件不存在") from None
    except OSError as trouble:
        raise BadSettings(file=path.name, why=trouble.strerror or "无法读取") from None
    try:
        found = msgspec.toml.decode(text)
        _refuse_unknown(found, path)
        return msgspec.convert(found, Settings)
    except msgspec.MsgspecError as mistake:
        raise BadSettings(file=path.name, why=str(mistake)) from None
    except ValueError as mistake:
        raise BadSettings(file=path.name, why=str(mistake)) from None


def _refuse_unknown(found: object, path: Path) -> None:
    from dataclasses import fields

    known = {each.name for each in fields(Settings)}
    if not isinstance(found, dict):
        raise BadSettings(file=path.name, why="应为 TOML 表")
    for name in found:
        if name not in known:
            raise BadSettings(file=path.name, why=f"没有“{name}”这一项")
    known_print = {each.name for each in fields(PrintSettings)}
    for name in found.get("print", {}):
        if name not in known_print:
            raise BadSettings(file=path.name, why=f"[print] 没有“{name}”这一项")
