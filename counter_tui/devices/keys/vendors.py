"""What is common to keys that only their vendor's library can reach: how they fail, how what they say is handed on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyFault, KeyGone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from counter_tui.services.keys import KeyRing

P = TypeVar("P")
T = TypeVar("T")


class LibraryUnfit(CounterError):
    """设置 [keyring] {setting} 所指的介质驱动不能使用（{file}：{why}），请管理员改正设置或重装驱动"""

    setting: str
    """Name of the setting that holds its path."""
    file: str
    why: str


def check_there(library: Path, setting: str) -> None:
    """Refuse a path without a file behind it; the loader would look for its name elsewhere. Raises LibraryUnfit."""
    if not library.name:
        raise LibraryUnfit(setting=setting, file="空", why="没有填写路径")
    if not library.is_file():
        raise LibraryUnfit(setting=setting, file=str(library), why="文件不存在")


def found_in(places: Iterable[P], read: Callable[[P], Iterable[T]]) -> Iterator[T]:
    """What each slot or device holds. One that fails hides no other; when all fail, the first one says why."""
    troubles: list[CounterError] = []
    found = False
    for place in places:
        try:
            held = tuple(read(place))
        except KeyGone:
            continue
        except KeyFault as trouble:
            troubles.append(trouble)
            continue
        found = found or bool(held)
        yield from held
    if troubles and not found:
        raise troubles[0]


@contextmanager
def question(key: KeyRing) -> Iterator[None]:
    """One question to a key, closed when it fails. One that is no longer there was pulled, whatever it answered."""
    try:
        yield
    except KeyGone:
        key.close()
        raise
    except KeyFault:
        key.close()
        if key.plug() is None:
            raise KeyGone from None
        raise


def der_signature(r: int, s: int) -> bytes:
    """Both numbers of an elliptic curve signature as the key port hands them on: DER."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    return encode_dss_signature(r, s)


def shown(name: bytes, encoding: str) -> str:
    """A vendor's name for a device as a terminal may show it: what is not printable is left out."""
    return "".join(sign for sign in name.decode(encoding, "replace") if sign.isprintable()).strip()
