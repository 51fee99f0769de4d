"""Telling humans apart across their accounts without keeping who they are: a keyed hash of the identity number."""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError
from counter_tui.own_files import file_mode

if TYPE_CHECKING:
    from pathlib import Path

SECRET_SIZE = 32
"""Bytes."""
TRAINING_SECRET = b"counter-tui training: no secret!"
"""In training the identities are made up, and so is this."""

_LABEL = b"counter-human/1"
_DIGITS = 32
"""Hex digits of a reference: 128 bits."""


class HumanSecretUnfit(CounterError):
    """人员标识密钥文件 {file} 不能使用：{why}，请管理员从备份恢复该文件；另造一个会使同一人查不出来"""

    file: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedHumans:
    """HMAC-SHA-256 (RFC 2104) under a secret of the bureau.

    An identity number has so little freedom that a plain hash is undone by trying all of them; who has the references
    but not the secret learns nothing. Bureaus that are to find one human in two of them share the secret.
    """

    secret: bytes = field(repr=False)

    def reference(self, identity: str) -> str:
        """The reference of an identity number as kept, 32 hex digits."""
        return hmac.digest(self.secret, _LABEL + b"\0" + identity.encode(), "sha256").hex()[:_DIGITS]


def human_secret(file: Path) -> bytes:
    """The secret in a file, drawn and written for the counter alone when there is none; two first starts draw one.

    Raises:
        HumanSecretUnfit: it cannot be read or written, others may read it, or it is no secret of ours.
    """
    try:
        if not file.exists():
            _draw(file)
        mode, content = file.stat().st_mode, file.read_bytes()
    except OSError as trouble:
        raise HumanSecretUnfit(file=file.name, why=trouble.strerror or "无法读写") from None
    if mode & stat.S_IRWXO:
        raise HumanSecretUnfit(file=file.name, why="其他人也能读取，须先 chmod o=")
    if len(content) != SECRET_SIZE:
        raise HumanSecretUnfit(file=file.name, why=f"应为 {SECRET_SIZE} 字节")
    return content


def _draw(file: Path) -> None:
    draft = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file_mode(file.parent)), "wb") as out:
        out.write(secrets.token_bytes(SECRET_SIZE))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)  # fails when another start was quicker: its secret counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()
