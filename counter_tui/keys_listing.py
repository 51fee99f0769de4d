"""`counter-tui keys list` and `keys test`: which keys are plugged in, and whether one signs as its certificate says."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counter_tui.at_shell import NothingPlugged, key_meant
from counter_tui.settings import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.services.keys import PresentKey
    from counter_tui.settings import KeyringSettings

_HEADS: Final = ("序号", "姓名", "岗位", "证书编号", "算法", "有效期至", "方式", "读卡器")


def _keyring(command: Callable[..., int]) -> Callable[..., int]:
    """Options that take the place of the settings' `[keyring]`."""
    file = click.Path(dir_okay=False, path_type=Path)
    for option in (
        click.option("--skf-ulong", type=click.Choice(["4", "8"]), help="SKF 库的 ULONG 字节数。"),
        click.option("--skf-library", type=file, help="SKF 库文件。"),
        click.option("--pkcs11-module", type=file, help="PKCS#11 模块文件。"),
        click.option(
            "--backend",
            "backends",
            type=click.Choice(BACKENDS),
            multiple=True,
            help="介质的接入方式，可写几次；默认取设置文件。",
        ),
    ):
        command = option(command)
    return command


@click.command("list")
@_keyring
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取。")
def list_command(*, as_json: bool, **chosen: Any) -> int:
    """列出插在本机上的全部证书介质。"""
    from counter_tui.key_sources import key_source

    look = key_source(_settings(**chosen)).look()
    for trouble in look.troubles:
        print(trouble.sentence, file=sys.stderr)
    if as_json:
        print(json.dumps([_plain(key) for key in look.keys], ensure_ascii=False, indent=2))
    elif look.keys:
        _table(look.keys)
    elif not look.troubles:
        print(NothingPlugged().sentence, file=sys.stderr)
    return 2 if look.troubles and not look.keys else 0


@click.command("test")
@_keyring
@click.option("--pin-file", required=True, type=click.Path(path_type=Path), help="第一行是 PIN 的文件。")
@click.option("--key", "typed", default="", help="用哪一个：序号、证书编号或指纹的开头；只插一个时可省略。")
@click.option("--decision", is_flag=True, help="用签批证书（PIV 的 9C）签名；默认用登录证书。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取。")
def test_command(*, pin_file: Path, typed: str, decision: bool, as_json: bool, **chosen: Any) -> int:
    """用一个证书介质给一组随机数签名，并用它的证书验证；PIN 只剩两次机会时不再尝试。"""
    from counter_tui.key_sources import key_source
    from counter_tui.pin_files import read_pin
    from counter_tui.security.desk import wipe
    from counter_tui.security.trying_out import try_out
    from counter_tui.services.keys import Use

    source = key_source(_settings(**chosen))
    key = key_meant(source.present(), typed)
    pin = read_pin(pin_file)
    try:
        tried = try_out(source.open(key.fingerprint), Use.DECISION if decision else Use.SIGN_ON, pin)
    finally:
        wipe(pin)
    if as_json:
        proof = {"nonce": tried.nonce.hex(), "signature": tried.signature.hex(), "verified": True}
        print(json.dumps({**_plain(key), **proof}, ensure_ascii=False, indent=2))
    else:
        print(f"{key.name} {key.post}  证书编号 {key.certificate_number}  {tried.algorithm}")
        print(f"随机数 {tried.nonce.hex()}")
        print(f"签名 {tried.signature.hex()}")
        print("签名验证通过")
    return 0


def _settings(
    *,
    backends: tuple[str, ...],
    pkcs11_module: Path | None,
    skf_library: Path | None,
    skf_ulong: str | None,
) -> KeyringSettings:
    """The settings' keyring, with what the command line says instead."""
    from counter_tui.settings import read_settings

    keyring = read_settings(environment=os.environ).keyring
    named: dict[str, Any] = {
        "backends": backends,
        "pkcs11_module": str(pkcs11_module or ""),
        "skf_library": str(skf_library or ""),
        "skf_ulong": int(skf_ulong or 0),
    }
    return replace(keyring, **{name: value for name, value in named.items() if value})


def _plain(key: PresentKey) -> dict[str, str]:
    return {
        "backend": key.backend,
        "reader": key.reader,
        "subject": key.subject,
        "name": key.name,
        "post": key.post,
        "certificate_number": key.certificate_number,
        "valid_from": key.since.isoformat(),
        "valid_until": key.until.isoformat(),
        "algorithm": key.algorithm,
        "fingerprint": key.fingerprint,
    }


def _table(keys: tuple[PresentKey, ...]) -> None:
    from counter_tui.tables import table

    rows = [
        (
            str(number),
            key.name,
            key.post,
            key.certificate_number,
            key.algorithm,
            f"{key.until.astimezone():%Y-%m-%d}",
            key.backend,
            key.reader,
        )
        for number, key in enumerate(keys, 1)
    ]
    print(table(_HEADS, rows))
