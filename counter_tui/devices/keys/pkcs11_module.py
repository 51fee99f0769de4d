"""A vendor's PKCS#11 module in this program: loaded when first asked, one step at a time."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Any

from counter_tui.devices.keys.vendors import LibraryUnfit, check_there
from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyFault, KeyGone, NoLibrary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GONE = frozenset(
    {
        "DeviceRemoved",
        "NoSuchToken",
        "SessionClosed",
        "SessionHandleInvalid",
        "SlotIDInvalid",
        "TokenNotPresent",
        "TokenNotRecognised",
    }
)
"""What the library calls it when there is no key any more."""


class Pkcs11Module:
    """The module at a path, for all threads: python-pkcs11 initialises it for one caller at a time.

    The interpreter is free while the module works, so a module that hangs holds up its callers, never the screen.
    """

    def __init__(self, path: Path) -> None:
        """Loaded with the first step, and once in a program: a module keeps one state for all."""
        self._path = path
        self._lock = Lock()
        self._library: Any = None

    @contextmanager
    def step(self, name: str) -> Iterator[Any]:
        """The library (`pkcs11.lib`) for one step, called by the standard's name, such as `C_Login`.

        Every error of the library comes out as KeyGone, or as KeyFault with the library's name for it as code.
        Raises NoLibrary and LibraryUnfit, too.
        """
        with self._lock, _quiet_ends():
            library = self._loaded()
            try:
                yield library
            except CounterError:
                raise
            except Exception as error:  # noqa: BLE001  what the binding makes of a module's garbage has no common type
                code = error_name(error)
                raise KeyGone() if code in _GONE else KeyFault(step=name, code=code) from None

    def _loaded(self) -> Any:
        if self._library is None:
            try:
                import pkcs11
            except ImportError:
                raise NoLibrary from None
            check_there(self._path, "pkcs11_module")
            try:
                self._library = pkcs11.lib(str(self._path))
            except pkcs11.PKCS11Error as error:
                raise self._unfit(error_name(error)) from None
        return self._library

    def _unfit(self, code: str) -> LibraryUnfit:
        why = "不是本机能装载的 PKCS#11 模块" if code == "PKCS11Error" else f"不能初始化，{code}"
        return LibraryUnfit(setting="pkcs11_module", file=str(self._path), why=why)


@contextmanager
def _quiet_ends() -> Iterator[None]:
    """Let nothing be printed that a destructor raises in this thread: the screen is where it would be printed.

    python-pkcs11 ends a search that failed when it is thrown away, and a key that is gone makes that fail, too.
    """
    own, before = get_ident(), sys.unraisablehook

    def hook(unraisable: sys.UnraisableHookArgs) -> None:
        if get_ident() != own:
            before(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


def error_name(error: Exception) -> str:
    """What the library calls an error; a code that it does not know, by number."""
    words = str(error).split()
    return words[-1] if type(error).__name__ == "PKCS11Error" and words[:1] == ["Unmapped"] else type(error).__name__
