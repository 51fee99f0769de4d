"""counter-tui doctor about operators' keys: readers, libraries, authorities, lists; each red line names what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from counter_tui.key_checks import keys_and_trust
from counter_tui.settings import AuthoritySettings, KeyringSettings, Settings, TrustSettings
from tests.security.chains import authority, crl, pem, root

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = KeyringSettings(backends=("pkcs11", "skf"), pkcs11_module="/none/p11.so", skf_library="/none/skf.so")


def settings(folder: Path, *, revocations: str = "", keyring: KeyringSettings = NOWHERE) -> Settings:
    """A bureau with one authority."""
    (folder / "root.pem").write_bytes(pem(root().der()))
    (folder / "issuing.cer").write_bytes(authority().der())
    one = AuthoritySettings(
        certificate=str(folder / "issuing.cer"), root=str(folder / "root.pem"), revocations=revocations
    )
    return Settings(trust=TrustSettings(authorities=(one,)), keyring=keyring)


def said(settings: Settings, folder: Path) -> list[str]:
    return [finding.line() for finding in keys_and_trust(settings, folder)]


def test_a_training_host_needs_no_reader(tmp_path: Path) -> None:
    (line,) = said(Settings(), tmp_path)
    assert line.startswith("[好]")
    assert "只用于演练" in line


def test_libraries_that_cannot_be_loaded_are_named_with_their_setting(tmp_path: Path) -> None:
    module, library, *_ = said(settings(tmp_path), tmp_path)
    assert module.startswith("[差] PKCS#11 模块：")
    assert "[keyring] pkcs11_module" in module
    assert library.startswith("[差] SKF 库：")
    assert "skf_ulong" in library


def test_without_a_reader_service_the_piv_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(tmp_path / "no-socket"))
    (line, *_) = said(settings(tmp_path, keyring=KeyringSettings()), tmp_path)
    assert line.startswith("[差] PIV 读卡器：")
    assert "pcscd" in line


def test_authorities_that_hold_are_counted_and_a_missing_file_is_named(tmp_path: Path) -> None:
    there = settings(tmp_path)
    assert "[好] 签发机构 1 家，证书可读且在有效期内" in said(there, tmp_path)
    (tmp_path / "root.pem").unlink()
    last = said(there, tmp_path)[-1]
    assert last.startswith("[差]")
    assert "root.pem" in last


@pytest.mark.parametrize(
    ("hours", "mark", "words"),
    [(3, "[好]", "最旧的签发于 3 小时前"), (30, "[差]", "满 72 小时将停止受理新业务"), (80, "[差]", "没有更新")],
)
def test_the_age_of_a_list_is_judged(tmp_path: Path, hours: int, mark: str, words: str) -> None:
    made_at = datetime.now(UTC) - timedelta(hours=hours, minutes=1)
    (tmp_path / "ca.crl").write_bytes(crl(0x1024, made_at=made_at))
    last = said(settings(tmp_path, revocations=str(tmp_path / "ca.crl")), tmp_path)[-1]
    assert last.startswith(mark)
    assert words in last


def test_a_list_that_is_not_there_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    last = said(settings(tmp_path, revocations=str(tmp_path / "no.crl")), data)[-1]
    assert "[差] 本机还没有可用的吊销列表" in last
    assert not list(data.iterdir())
