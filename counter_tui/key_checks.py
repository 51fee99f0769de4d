"""What the doctor finds out about operators' keys: readers, libraries, authorities, revocation lists."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from counter_tui.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counter_tui.security.certificates import Authority
    from counter_tui.settings import KeyringSettings, Settings

_BACKENDS: Final = {"piv": "PIV 读卡器", "pkcs11": "PKCS#11 模块", "skf": "SKF 库"}
_PLACES: Final = {
    "piv": "请管理员检查读卡服务 pcscd；SSH 连接须转发读卡通道（PCSCLITE_CSOCK_NAME）",
    "pkcs11": "请管理员核对设置 [keyring] pkcs11_module",
    "skf": "请管理员核对设置 [keyring] skf_library 和 skf_ulong",
}


def keys_and_trust(settings: Settings, folder: Path) -> Iterator[Finding]:
    """Every backend answers, every authority's files hold, the revocation lists are young.

    A host that pins no authority is for training only: its soft keys need no reader.
    """
    from counter_tui.operations.suites import suite_named
    from counter_tui.security.authorities import read_authorities

    if not settings.trust.authorities:
        yield Finding(good=True, text="未设置签发机构（[[trust.authorities]]）：本机只用于演练，不检查证书介质")
        return
    for backend in settings.keyring.backends:
        yield _backend(backend, settings.keyring)
    try:
        suite = suite_named(settings.trust.suite)
        authorities = read_authorities(settings.trust.authorities, datetime.now(UTC), suite)
    except CounterError as fault:
        yield Finding(good=False, text=fault.sentence, cure="在此之前无人能登录")
        return
    yield Finding(good=True, text=f"签发机构 {len(authorities)} 家，证书可读且在有效期内")
    yield _revocations(authorities, folder)


def _backend(name: str, keyring: KeyringSettings) -> Finding:
    """A backend can be asked for its keys; none need be plugged in."""
    from counter_tui.key_sources import key_source

    try:
        found = key_source(replace(keyring, backends=(name,))).present()
    except CounterError as fault:
        return Finding(good=False, text=f"{_BACKENDS[name]}：{fault.sentence}", cure=_PLACES[name])
    return Finding(good=True, text=f"{_BACKENDS[name]}可用，现有证书介质 {len(found)} 个")


def _revocations(authorities: Sequence[Authority], folder: Path) -> Finding:
    """What the counter would find when it starts now, without touching what it keeps."""
    from counter_tui.security.trust import Trust
    from counter_tui.services.trust import Standing
    from counter_tui.wiring.production import REVOCATIONS

    if not any(authority.revocations for authority in authorities):
        return Finding(good=True, text="签发机构没有设置吊销列表（revocations）")
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch) / REVOCATIONS
        if (folder / REVOCATIONS).is_dir():
            shutil.copytree(folder / REVOCATIONS, cache)
        trust = Trust(authorities, cache, lambda: datetime.now(UTC), lambda trouble: trouble)
        trust.refresh()
        state, lists = trust.state(), trust.lists()
    if state.standing is Standing.SOUND:
        oldest = min(each.made_at for each in lists)
        hours = int((datetime.now(UTC) - oldest).total_seconds() // 3600)
        return Finding(good=True, text=f"吊销列表 {len(lists)} 份，最旧的签发于 {hours} 小时前")
    return Finding(good=False, text=state.sentence, cure="满 72 小时没有新列表，本机停止受理新业务")
