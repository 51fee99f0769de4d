"""Settings of a counter host: one TOML file, read strictly, with a sentence for every mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

APP = "counter-tui"
THEMES: Final = ("dark", "light")
"""Style sheets that there are."""


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
    except UnicodeDecodeError:
        raise BadSettings(file=path.name, why="不是 UTF-8 编码的文字") from None
    except ValueError as mistake:
        raise BadSettings(file=path.name, why=_where(str(mistake))) from None
    if mistaken := _mistake(found):
        raise BadSettings(file=path.name, why=mistaken)
    try:
        return msgspec.convert(found, Settings)
    except msgspec.ValidationError as mistake:
        raise BadSettings(file=path.name, why=_wrong_type(str(mistake))) from None


def _where(mistake: str) -> str:
    """The parser's words, which are English, in a sentence for the administrator."""
    place = re.search(r"line (\d+), column (\d+)", mistake)
    return f"第 {place[1]} 行第 {place[2]} 列不是正确的 TOML 写法" if place else "末尾不完整"


def _wrong_type(mistake: str) -> str:
    place = re.search(r"Expected `(\w+)`.* at `\$\.?([^`]*)`", mistake)
    return f"“{place[2]}”的值应为{_TYPES.get(place[1], place[1])}" if place else "有一项的值类型不对"


def _mistake(found: Mapping[str, object]) -> str:
    """What no type can say: names that there are not, values that mean nothing. Empty when all is well."""
    known = {each.name for each in fields(Settings)}
    for name in found:
        if name not in known:
            return f"没有“{name}”这一项"
    printing = found.get("print", {})
    if not isinstance(printing, dict):
        return "[print] 应为一节，不是一个值"
    known_print = {each.name for each in fields(PrintSettings)}
    for name in printing:
        if name not in known_print:
            return f"[print] 没有“{name}”这一项"
    for name, (fits, wanted) in _VALUES.items():
        value = found.get(name)
        if isinstance(value, str | int) and not fits(value):
            return f"“{name}”的值应为{wanted}"
    return ""


WINDOWS: Final = range(1, 1000)
"""Window numbers: three digits of an acceptance number."""
_TYPES: Final = {"str": "文字（加引号）", "int": "整数", "array": "一组文字", "object": "一节"}
"""Types of TOML values as an administrator calls them."""
_VALUES: Final[Mapping[str, tuple[Callable[[str | int], bool], str]]] = {
    "theme": (lambda value: not isinstance(value, str) or value in THEMES, "dark 或 light"),
    "window": (
        lambda value: not isinstance(value, str) or (value.isdigit() and int(value) in WINDOWS),
        "1 至 999 的数字（加引号）",
    ),
    "idle_minutes": (lambda value: not isinstance(value, int) or value > 0, "大于 0 的整数"),
}
"""What a value of the right type must be, and how that is said."""
