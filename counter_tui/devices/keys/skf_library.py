"""The calls of a vendor's SKF library that operators' keys need (GM/T 0016-2012, GB/T 35291-2017), through ctypes.

One lock lets one call in at a time, whichever thread comes: no vendor promises more. ctypes gives the interpreter free
while a call runs, so a library that hangs holds up its callers, never the screen.
"""

from __future__ import annotations

import ctypes
import sys
import tomllib
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from counter_tui.devices.keys.vendors import LibraryUnfit, check_there
from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyFault, KeyGone

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

REMOVED, PIN_INCORRECT, PIN_LOCKED, PIN_INVALID, PIN_LENGTH, NOT_LOGGED_IN = (
    0x0A000023,
    0x0A000024,
    0x0A000025,
    0x0A000026,
    0x0A000027,
    0x0A00002D,
)
NOT_SUPPORTED, NO_CERTIFICATE = 0x0A000003, 0x0A00001C
RSA, SM2 = 1, 2
"""Types of containers."""

_ADMINISTRATOR, _USER = 0, 1
"""Types of PINs."""
_PLUGGED: Final = 1
"""State of a device."""
_MOST: Final = 1 << 16
"""Bytes of the longest list or certificate that is believed."""
_SPARE: Final = 512
"""Bytes a list may grow by between the question for its size and the question for itself."""
_SERIAL = slice(162, 194)
"""Place of the serial number in DEVINFO; the numbers of unknown width stand behind it."""
_UNTOUCHED: Final = 0xA5
_NUMBER: Final = 64
"""Bytes of each number in a signature; the 32 of SM2 stand at the right."""

Handle = ctypes.c_void_p


class UlongUnfit(CounterError):
    """SKF 驱动的整数是 {found} 字节，设置 [keyring] skf_ulong 却是 {told}，请管理员改正设置"""

    found: int
    told: int


class _Ulong:
    """A number that the library writes.

    It has eight bytes whatever its width, so that a wider library than the settings tell spoils nothing, and is
    noticed: by the bytes that it touched, or left untouched.
    """

    def __init__(self, width: int, value: int | None = None) -> None:
        """Of `width` bytes, with a value to begin with where the call reads one."""
        self._width = width
        self.room = (ctypes.c_ubyte * 8)(*[_UNTOUCHED] * 8)
        if value is not None:
            self.room[:width] = list(value.to_bytes(width, sys.byteorder))

    @property
    def value(self) -> int:
        """What the library wrote. Raises UlongUnfit."""
        upper = bytes(self.room[4:])
        if self._width == 4 and upper != bytes([_UNTOUCHED] * 4):  # noqa: PLR2004  bytes of a narrow ULONG
            raise UlongUnfit(found=8, told=4)
        if self._width == 8 and upper == bytes([_UNTOUCHED] * 4):  # noqa: PLR2004  bytes of a wide ULONG
            raise UlongUnfit(found=4, told=8)
        return int.from_bytes(bytes(self.room[: self._width]), sys.byteorder)


class Skf:
    """A vendor's library. Every call may raise KeyGone, KeyFault, and LibraryUnfit or UlongUnfit; names are GBK."""

    def __init__(self, library: Path, *, ulong: int) -> None:
        """Loaded with the first call. `ulong` is the number of bytes of its ULONG, 4 or 8."""
        self._path = library
        self._width = ulong
        self._lock = Lock()
        self._library: ctypes.CDLL | None = None

    def devices(self) -> tuple[bytes, ...]:
        """Names of what is plugged in."""
        return self._names("SKF_EnumDev", ctypes.c_int(1))

    def plugged(self, device: bytes) -> bool:
        """Whether it still is; True where the library lists devices but tells no states."""
        state = _Ulong(self._width)
        if self._call("SKF_GetDevState", device, state.room, allowed=(NOT_SUPPORTED,)):
            return True
        return state.value == _PLUGGED

    def connect(self, device: bytes) -> Handle:
        """Begin to speak with a device."""
        return self._opened("SKF_ConnectDev", device)

    def disconnect(self, device: Handle) -> None:
        """End it, and with it every verified PIN."""
        self._call("SKF_DisConnectDev", device)

    def serial(self, device: Handle) -> bytes:
        """Serial number of a device."""
        room = (ctypes.c_char * 1024)()
        self._call("SKF_GetDevInfo", device, room)
        return room.raw[_SERIAL].partition(b"\0")[0]

    def applications(self, device: Handle) -> tuple[bytes, ...]:
        """Names of the applications on a device; each has PINs of its own."""
        return self._names("SKF_EnumApplication", device)

    def open_application(self, device: Handle, name: bytes) -> Handle:
        """Open one of them."""
        return self._opened("SKF_OpenApplication", device, name)

    def close_application(self, application: Handle) -> None:
        """Forget its verified PIN and close it."""
        self._call("SKF_ClearSecureState", application, allowed=(NOT_SUPPORTED,))
        self._call("SKF_CloseApplication", application)

    def containers(self, application: Handle) -> tuple[bytes, ...]:
        """Names of its containers; each holds one key pair to sign with."""
        return self._names("SKF_EnumContainer", application)

    def open_container(self, application: Handle, name: bytes) -> Handle:
        """Open one of them."""
        return self._opened("SKF_OpenContainer", application, name)

    def close_container(self, container: Handle) -> None:
        """Close it."""
        self._call("SKF_CloseContainer", container)

    def kind(self, container: Handle) -> int:
        """RSA or SM2; anything else is an empty container."""
        kind = _Ulong(self._width)
        self._call("SKF_GetContainerType", container, kind.room)
        return kind.value

    def certificate(self, container: Handle) -> bytes:
        """The certificate of its signing key, DER; empty when it holds none."""
        size = _Ulong(self._width)
        signing = ctypes.c_int(1)
        if self._call("SKF_ExportCertificate", container, signing, None, size.room, allowed=(NO_CERTIFICATE,)):
            return b""
        room = self._room("SKF_ExportCertificate", size.value)
        size = _Ulong(self._width, len(room))
        self._call("SKF_ExportCertificate", container, signing, room, size.room)
        return room.raw[: size.value]

    def tries_left(self, application: Handle) -> int | None:
        """Tries of the user's PIN before it locks; None where the library does not tell."""
        most, left, default = _Ulong(self._width), _Ulong(self._width), _Ulong(self._width)
        arguments = application, self._number(_USER), most.room, left.room, default.room
        if self._call("SKF_GetPINInfo", *arguments, allowed=(NOT_SUPPORTED,)):
            return None
        return left.value

    def verify_pin(self, application: Handle, pin: bytearray) -> tuple[int, int]:
        """The code of `PIN_ANSWERS`, 0 when it is right, and how many tries are left."""
        with _text(pin) as text:
            return self._answer("SKF_VerifyPIN", application, self._number(_USER), text)

    def change_pin(self, application: Handle, old: bytearray, new: bytearray) -> tuple[int, int]:
        """As `verify_pin`."""
        with _text(old) as before, _text(new) as after:
            return self._answer("SKF_ChangePIN", application, self._number(_USER), before, after)

    def unblock_pin(self, application: Handle, puk: bytearray, new: bytearray) -> tuple[int, int]:
        """As `verify_pin`; the tries are those of the administrator's PIN, which unblocks."""
        with _text(puk) as code, _text(new) as after:
            return self._answer("SKF_UnblockPIN", application, code, after)

    def sign_sm2(self, container: Handle, digest: bytes) -> tuple[int, int] | None:
        """Both numbers of the signature over SM3(Z‖M); None when the PIN is wanted first."""
        blob = (ctypes.c_char * (2 * _NUMBER))()
        arguments = container, digest, self._number(len(digest)), blob
        if self._call("SKF_ECCSignData", *arguments, allowed=(NOT_LOGGED_IN,)):
            return None
        return int.from_bytes(blob.raw[:_NUMBER], "big"), int.from_bytes(blob.raw[_NUMBER:], "big")

    def sign_rsa(self, container: Handle, info: bytes) -> bytes | None:
        """The block over a DigestInfo, which the key pads; None when the PIN is wanted first."""
        room = (ctypes.c_char * 512)()
        size = _Ulong(self._width, len(room))
        arguments = container, info, self._number(len(info)), room, size.room
        if self._call("SKF_RSASignData", *arguments, allowed=(NOT_LOGGED_IN,)):
            return None
        return room.raw[: size.value]

    def _names(self, name: str, *before: object) -> tuple[bytes, ...]:
        """A list of texts, each ended by a zero: asked for its size, then for itself."""
        size = _Ulong(self._width)
        self._call(name, *before, None, size.room)
        if not size.value:
            return ()
        room = self._room(name, size.value)
        size = _Ulong(self._width, len(room))
        self._call(name, *before, room, size.room)
        return tuple(text for text in room.raw[: size.value].split(b"\0") if text)

    def _room(self, name: str, size: int) -> ctypes.Array[ctypes.c_char]:
        if size > _MOST:
            raise KeyFault(step=name, code=f"{size} 字节")
        return (ctypes.c_char * (size + _SPARE))()

    def _opened(self, name: str, *which: object) -> Handle:
        handle = Handle()
        self._call(name, *which, ctypes.byref(handle))
        return handle

    def _answer(self, name: str, *arguments: object) -> tuple[int, int]:
        left = _Ulong(self._width, 0)
        return self._call(name, *arguments, left.room, allowed=PIN_ANSWERS), left.value

    def _number(self, value: int) -> object:
        """A ULONG handed over by value: wide enough for both widths."""
        return ctypes.c_uint64(value)

    def _call(self, name: str, *arguments: object, allowed: Container[int] = ()) -> int:
        """The answer, which is 0 or one of the allowed."""
        with self._lock:
            code = int(self._function(name)(*arguments))
        if code == REMOVED:
            raise KeyGone
        if code and code not in allowed:
            raise KeyFault(step=name, code=f"{code:08X} {meanings().get(code, '含义未知')}")
        return code

    def _function(self, name: str) -> ctypes._NamedFuncPointer:
        try:
            function = getattr(self._loaded(), name)
        except AttributeError:
            raise self._unfit(f"缺少函数 {name}") from None
        function.restype = ctypes.c_uint32
        return function  # type: ignore[no-any-return]  # what a loaded library is asked for has no type

    def _loaded(self) -> ctypes.CDLL:
        if self._library is None:
            check_there(self._path, "skf_library")
            try:
                self._library = ctypes.CDLL(str(self._path))
            except OSError:
                raise self._unfit("不是本机能装载的动态库") from None
        return self._library

    def _unfit(self, why: str) -> LibraryUnfit:
        return LibraryUnfit(setting="skf_library", file=str(self._path), why=why)


PIN_ANSWERS = frozenset({PIN_INCORRECT, PIN_LOCKED, PIN_INVALID, PIN_LENGTH})
"""What a library may answer to a PIN, beside 0."""


@cache
def meanings() -> dict[int, str]:
    """Return codes of the standard in Chinese."""
    table = Path(__file__).parents[1] / "data" / "skf_errors.toml"
    return {int(code, 16): text for code, text in tomllib.loads(table.read_text("utf-8"))["meanings"].items()}


@contextmanager
def _text(secret: bytearray) -> Iterator[ctypes.Array[ctypes.c_char]]:
    """A PIN as C reads it. The one copy that is made of it; overwritten when the call is over."""
    copy = (ctypes.c_char * (len(secret) + 1))()
    try:
        ctypes.memmove(copy, (ctypes.c_char * len(secret)).from_buffer(secret), len(secret))
        yield copy
    finally:
        ctypes.memset(copy, 0, len(copy))
