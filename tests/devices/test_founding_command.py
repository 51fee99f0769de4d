"""A new bureau is founded from a shell: two persons, a one-time code and a real card for each of its first posts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.devices.virtual.issue import key_card
from tests.devices.virtual.piv import Holding, Piv, Slot
from tests.security import chains

if TYPE_CHECKING:
    from tests.devices.readers import Readers
    from tests.devices.virtual.card import Card

pytestmark = pytest.mark.serial

TOP = Path(__file__).resolve().parents[2]
PIN = "246810"
FIRST, OTHERS = "110101199003070011", ("110101198501010017", "110101197712120019", "110101196606060011")
POSTS = (("R4", "9001", "吴长庚"), ("R3", "9002", "周定安"), ("C", "9003", "沈清源"), ("H", "9004", "陆远山"))


def card(number: int, name: str) -> Card:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = chains.Certificate(
        subject=chains.name(name), key=key, number=number, since=now - chains.DAY, until=now + timedelta(days=300)
    )
    holding = Holding(key, certificate.der())
    return key_card(Piv({Slot.AUTHENTICATION: holding, Slot.SIGNATURE: holding}, pin=PIN))


@dataclass(frozen=True)
class Host:
    """A host whose settings pin an authority; nobody is registered yet."""

    folder: Path

    def prepare(self) -> None:
        trust = self.folder / "trust"
        trust.mkdir()
        (trust / "root.pem").write_bytes(chains.pem(chains.root().der()))
        (trust / "issuing.pem").write_bytes(chains.pem(replace(chains.authority()).der()))
        (self.folder / "settings.toml").write_text(
            f'region = "handan"\ndata_dir = "{self.folder}/data"\n'
            f'[[trust.authorities]]\ncertificate = "{trust}/issuing.pem"\nroot = "{trust}/root.pem"\n'
        )

    def secret(self, name: str, content: str) -> str:
        file = self.folder / name
        file.write_text(content + "\n")
        file.chmod(0o600)
        return str(file)

    def says(self, *arguments: str, code: int = 0) -> str:
        ended = subprocess.run(
            [sys.executable, "-m", "counter_tui", "keys", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd=TOP,
            env={**os.environ, "PYTHONPATH": str(TOP), "COUNTER_SETTINGS": str(self.folder / "settings.toml")},
        )
        assert "Traceback" not in ended.stderr
        assert ended.returncode == code, ended.stderr
        return ended.stdout if code == 0 else ended.stderr

    def founds(self, post: str, number: str, name: str, *, by: str, for_whom: str) -> str:
        made = self.says("found", "code", "--post", post, "--identity-file", self.secret("first", by))
        shown = made.splitlines()[0].rpartition("：")[2]
        return self.says(
            *("found", "enter", "--post", post, "--number", number, "--name", name),
            *("--identity-file", self.secret("second", for_whom), "--code-file", self.secret("code", shown)),
            *("--pin-file", self.secret("pin", PIN)),
        )


def test_a_bureau_is_founded_post_by_post_and_then_closed_to_founding(virtual_readers: Readers, tmp_path: Path) -> None:
    host = Host(tmp_path)
    host.prepare()
    assert [line[:2].strip() for line in host.says("found", "missing").splitlines()] == ["R3", "C", "H", "R4"]

    for place, (post, number, name) in enumerate(POSTS):
        virtual_readers.insert(card(0x9000 + place, name))
        holder = (*OTHERS, "110101195505050012")[place]
        assert f"已开立：{number} {name}" in host.founds(post, number, name, by=FIRST, for_whom=holder)

    assert host.says("found", "missing").strip() == "四类岗位已齐全"
    assert "已有在用的系统管理" in host.says(
        *("found", "code", "--post", "R4", "--identity-file", host.secret("first", FIRST)), code=2
    )
    registered = json.loads(host.says("operators", "--json"))
    assert [(each["number"], each["roles"]) for each in registered] == [(number, [post]) for post, number, _ in POSTS]
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert FIRST.encode() not in kept
    assert not any(each.encode() in kept for each in OTHERS)
