"""Settings of a counter host: one TOML file, read strictly, with a sentence for every mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from counter_tui.operations.suites import INTERNATIONAL
from counter_tui.operations.suites import SUITES as _SUITES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

APP = "counter-tui"
THEMES: Final = ("dark", "light")
"""Style sheets that there are."""
BACKENDS: Final = ("piv", "pkcs11", "skf")
"""Kinds of operators' keys (证书介质)."""
SUITES: Final = tuple(suite.name for suite in _SUITES)
"""Suites of algorithms; one for a bureau."""


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
class KeyringSettings:
    """`[keyring]`: which operators' keys (证书介质) the host reads. Keys of the keyboard are `[keys]`."""

    backends: tuple[str, ...] = ("piv",)
    """Of `BACKENDS`, in the order in which they are listed."""
    pkcs11_module: str = ""
    """Path of the vendor's PKCS#11 module."""
    skf_library: str = ""
    """Path of the vendor's SKF library."""
    skf_ulong: int = 4
    """Bytes of the library's ULONG: 4 or 8; vendors differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySettings:
    """`[[trust.authorities]]`: an issuing authority (CA) whose certificates sign on, and the root above it."""

    certificate: str
    """File, PEM or DER."""
    root: str
    """File of the bureau's root, PEM or DER, which must have issued the authority."""
    names_holder: bool = True
    """Whether its certificates carry the holder as subject alternative name."""
    revocations: str = ""
    """Its revocation list: a file, or an address beginning with http:// or https://."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSettings:
    """`[trust]`: whom this bureau believes, and by which algorithms."""

    bureau: str = ""
    """Number of the bureau, six digits; empty: the region's."""
    suite: str = INTERNATIONAL.name
    """`international` (P-256, SHA-256) or `national` (SM2, SM3)."""
    authorities: tuple[AuthoritySettings, ...] = ()


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
    keyring: KeyringSettings = field(default_factory=KeyringSettings)
    trust: TrustSettings = field(default_factory=TrustSettings)

    @property
    def directory(self) -> Path:
        """Where the host keeps its files."""
        return Path(self.data_dir) if self.data_dir else default_directory()

    def office(self, region: str = "") -> Path:
        """Data directory of real business in a region, by default the host's own."""
        return self.directory / (region or self.region)

    def practice(self, region: str = "") -> Path:
        """Data directory of training in a region, by default the host's own."""
        return self.directory / "training" / (region or self.region)

    def in_use(self, region: str = "") -> Path:
        """The one of both that commands look after when none is named: real business where it is set up or done."""
        office = self.office(region)
        set_up = bool(self.trust.authorities) or (office / "counter.sqlite").exists()
        return office if set_up else self.practice(region)


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
    if mistaken := _unknown(found, Settings, ""):
        return mistaken
    for section, kind in _SECTIONS.items():
        value = found.get(section, {})
        if not isinstance(value, dict):
            return f"[{section}] 应为一节，不是一个值"
        if mistaken := _unknown(value, kind, f"[{section}] "):
            return mistaken
    for authority in _tables(found.get("trust", {})):
        if mistaken := _unknown(authority, AuthoritySettings, "[[trust.authorities]] "):
            return mistaken
    for name, (fits, wanted) in _VALUES.items():
        section, _, key = name.rpartition(".")
        value = found.get(section, {}).get(key) if section else found.get(key)  # type: ignore[attr-defined]
        if isinstance(value, str | int | list) and not fits(value):
            return f"“{name}”的值应为{wanted}"
    return ""


def _unknown(found: Mapping[str, object], kind: type, where: str) -> str:
    """The first name that a section does not have, in a sentence; empty when all are known."""
    known = {each.name for each in fields(kind)}
    return next((f"{where}没有“{name}”这一项" for name in found if name not in known), "")


def _tables(trust: object) -> list[dict[str, object]]:
    found = trust.get("authorities", []) if isinstance(trust, dict) else []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


BUREAU_DIGITS: Final = 6
WINDOWS: Final = range(1, 1000)
"""Window numbers: three digits of an acceptance number."""
_TYPES: Final = {"str": "文字（加引号）", "int": "整数", "array": "一组值", "object": "一节"}
"""Types of TOML values as an administrator calls them."""
_SECTIONS: Final = {"print": PrintSettings, "keyring": KeyringSettings, "trust": TrustSettings}
_VALUES: Final[Mapping[str, tuple[Callable[[str | int | list[object]], bool], str]]] = {
    "theme": (lambda value: not isinstance(value, str) or value in THEMES, "dark 或 light"),
    "window": (
        lambda value: not isinstance(value, str) or (value.isdigit() and int(value) in WINDOWS),
        "1 至 999 的数字（加引号）",
    ),
    "idle_minutes": (lambda value: not isinstance(value, int) or value > 0, "大于 0 的整数"),
    "keyring.backends": (
        lambda value: not isinstance(value, list) or (bool(value) and all(each in BACKENDS for each in value)),
        "piv、pkcs11、skf 中的一种或几种",
    ),
    "keyring.skf_ulong": (lambda value: not isinstance(value, int) or value in (4, 8), "4 或 8"),
    "trust.bureau": (
        lambda value: not isinstance(value, str) or not value or (value.isdigit() and len(value) == BUREAU_DIGITS),
        "6 位数字（加引号）",
    ),
    "trust.suite": (lambda value: not isinstance(value, str) or value in SUITES, "international 或 national"),
}
"""What a value of the right type must be, and how that is said."""
