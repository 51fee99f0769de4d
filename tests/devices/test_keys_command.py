"""`counter-tui keys list` and `keys test`: an administrator sees at the shell what a real reader holds."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from counter_tui.security.signatures import labelled, verify_signature
from tests.devices.virtual.issue import SmallAuthority, key_card
from tests.devices.virtual.piv import Holding, Piv, Slot

if TYPE_CHECKING:
    from tests.devices.readers import Readers
    from tests.devices.virtual.card import Card

pytestmark = pytest.mark.serial

AUTHORITY = SmallAuthority.found()
CLERK, REVIEWER = AUTHORITY.issue("张䶮", "0007"), AUTHORITY.issue("孙若溪", "0011", algorithm="RSA-2048")
PIN = "246810"
TOP = Path(__file__).resolve().parents[2]


def card(sign_on: Holding, decision: Holding | None = None) -> Card:
    return key_card(Piv({Slot.AUTHENTICATION: sign_on, Slot.SIGNATURE: decision or sign_on}, pin=PIN))


def told(*arguments: str, **environment: str) -> tuple[int, str, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "counter_tui", "keys", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP), **environment},
    )
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


def listed(*arguments: str) -> list[dict[str, Any]]:
    code, out, _ = told("list", "--json", *arguments)
    assert code == 0
    found: list[dict[str, Any]] = json.loads(out)
    return found


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n")
    file.chmod(0o600)
    return file


def number(holding: Holding) -> str:
    return f"{x509.load_der_x509_certificate(holding.certificate).serial_number:x}"


def test_every_key_is_named_with_reader_subject_number_validity_and_algorithm(virtual_readers: Readers) -> None:
    virtual_readers.insert(card(CLERK), 0)
    virtual_readers.insert(card(REVIEWER), 1)

    first, second = listed()

    assert (first["backend"], first["reader"], first["algorithm"]) == ("piv", "Virtual PCD 00 00", "P-256")
    assert "CN=张䶮" in first["subject"]
    assert first["certificate_number"] == number(CLERK)
    assert first["fingerprint"] == hashlib.sha256(CLERK.certificate).hexdigest()
    assert first["valid_from"] < first["valid_until"]
    assert (second["reader"], second["algorithm"]) == ("Virtual PCD 00 01", "RSA-2048")

    code, table, _ = told("list")
    assert code == 0
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [["1", "张䶮"], ["2", "孙若溪"]]


@pytest.mark.parametrize("holding", [CLERK, REVIEWER], ids=["P-256", "RSA-2048"])
def test_a_key_signs_a_nonce_and_anybody_can_verify_it(
    virtual_readers: Readers, pin_file: Path, holding: Holding
) -> None:
    virtual_readers.insert(card(holding), 0)

    code, out, _ = told("test", "--pin-file", str(pin_file), "--json")

    assert code == 0
    proof = json.loads(out)
    key = x509.load_der_x509_certificate(holding.certificate).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = labelled("counter-key-test", bytes.fromhex(proof["nonce"]), training=False)
    assert verify_signature(spki, digest, bytes.fromhex(proof["signature"]))
    assert proof["verified"] is True


def test_the_decision_certificate_is_tried_with_its_own_slot(virtual_readers: Readers, pin_file: Path) -> None:
    virtual_readers.insert(card(CLERK, REVIEWER), 0)

    code, out, _ = told("test", "--pin-file", str(pin_file), "--decision")

    assert code == 0
    assert "RSA-2048" in out
    assert "签名验证通过" in out


def test_of_two_keys_one_must_be_named(virtual_readers: Readers, pin_file: Path) -> None:
    virtual_readers.insert(card(CLERK), 0)
    virtual_readers.insert(card(REVIEWER), 1)

    code, _, why = told("test", "--pin-file", str(pin_file))
    assert (code, "--key" in why) == (2, True)
    code, out, _ = told("test", "--pin-file", str(pin_file), "--key", number(REVIEWER)[:12])
    assert (code, "孙若溪" in out) == (0, True)
    code, _, why = told("test", "--pin-file", str(pin_file), "--key", "3")
    assert (code, "keys list" in why) == (2, True)


def test_wrong_pins_stop_before_the_last_two_are_spent(virtual_readers: Readers, tmp_path: Path) -> None:
    virtual_readers.insert(card(CLERK), 0)
    wrong = tmp_path / "wrong"
    wrong.write_text("000000\n")
    wrong.chmod(0o600)

    answers = [told("test", "--pin-file", str(wrong)) for _ in range(3)]

    assert [code for code, _, _ in answers] == [2, 2, 2]
    assert "还可尝试 2 次" in answers[0][2]
    assert "拔出介质后重新插入" in answers[1][2]
    assert answers[1] == answers[2]
    assert not any("000000" in out + why for _, out, why in answers)


@pytest.mark.usefixtures("virtual_readers")
def test_empty_readers_and_a_dead_service_are_told_apart(tmp_path: Path) -> None:
    assert listed() == []
    assert "请插入 USB Key" in told("list")[2]

    code, out, why = told("list", "--json", PCSCLITE_CSOCK_NAME=str(tmp_path / "no socket"))

    assert (code, json.loads(out)) == (2, [])
    assert why.strip() == "读卡服务未启动，请联系管理员（pcscd）"
