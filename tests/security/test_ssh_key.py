"""Over SSH an operator signs on by his own account, and by no connection that another operator's key has opened."""

from __future__ import annotations

import json
import os
import pwd
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate

from counter_tui.devices.keys.training import training_bureau
from counter_tui.security.ssh_key import (
    HOST_FILE,
    Admission,
    BadHostFile,
    Connection,
    ConnectionUnknown,
    OthersAccount,
    OthersConnection,
    key_hash,
    owners,
    this_connection,
)

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.devices.keys.training import TrainingBureau

ACCOUNT = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture
def bureau(tmp_path: Path) -> TrainingBureau:
    return training_bureau(tmp_path, now=datetime(2026, 7, 26, tzinfo=UTC))


def told(file: Path, key: bytes) -> Path:
    """What sshd writes down of the key that opened a connection."""
    file.write_bytes(b"publickey " + key + b"\n")
    return file


def card_key(bureau: TrainingBureau, number: str) -> bytes:
    """The key on an operator's certificate, as `ssh-keygen -D` prints it."""
    certificate = load_der_x509_certificate((bureau.folder / f"{number}.cer").read_bytes())
    return certificate.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)


def test_the_key_of_a_card_is_known_as_its_operator_s(bureau: TrainingBureau, tmp_path: Path) -> None:
    clerk = bureau.operators[0]
    assert key_hash(told(tmp_path / "auth", card_key(bureau, clerk.number))) == clerk.key_hash


def test_a_key_that_lies_in_a_file_is_nobody_s(bureau: TrainingBureau, tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    connection = Connection(account="li", key_hash=key_hash(told(tmp_path / "auth", key)))
    for operator in bureau.operators:
        connection.admit(operator, bureau.operators)


@pytest.mark.parametrize("content", [b"", b"publickey\n", b"publickey ssh-ed25519 AAAA\n", b"password\n", b"\xff\xfe"])
def test_a_connection_whose_key_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "auth").write_bytes(content)
    with pytest.raises(ConnectionUnknown):
        this_connection({"SSH_USER_AUTH": str(tmp_path / "auth")})
    with pytest.raises(ConnectionUnknown):
        this_connection({"SSH_USER_AUTH": str(tmp_path / "none")})


def test_an_account_signs_on_its_own_operator_alone(bureau: TrainingBureau) -> None:
    first, second, *_ = bureau.operators
    connection = Connection(account="lin", bound=first.number)
    connection.admit(first, bureau.operators)
    with pytest.raises(OthersAccount) as refused:
        connection.admit(second, bureau.operators)
    assert refused.value.sentence == "账户 lin 属于柜员 0007，柜员 0008 不能在此登录。请退出后用自己的账户连接"


def test_a_connection_opened_with_another_operator_s_card_is_refused(bureau: TrainingBureau) -> None:
    first, second, *_ = bureau.operators
    connection = Connection(account="shared", key_hash=second.key_hash)
    connection.admit(second, bureau.operators)
    with pytest.raises(OthersConnection) as refused:
        connection.admit(first, bureau.operators)
    assert "柜员 0008 的介质" in refused.value.sentence


def test_two_certificates_of_one_operator_are_his(bureau: TrainingBureau) -> None:
    first = bureau.operators[0]
    renewed = replace(first, certificate_number="1f", key_hash="00" * 32)
    Connection(account="lin", key_hash=first.key_hash).admit(renewed, (first, renewed))


def test_without_ssh_and_without_a_prepared_host_anybody_signs_on(bureau: TrainingBureau) -> None:
    connection = this_connection({})
    assert connection == Connection(account=ACCOUNT)
    for operator in bureau.operators:
        connection.admit(operator, bureau.operators)


def test_whose_the_account_is_stands_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / HOST_FILE).write_text(f'[accounts]\n{ACCOUNT} = "0007"\nli = ""\n', encoding="utf-8")
    assert this_connection({"COUNTER_SETTINGS": str(tmp_path / "settings.toml")}).bound == "0007"
    assert owners(tmp_path / HOST_FILE)["li"] == ""


@pytest.mark.parametrize("content", [b"[accounts", b"accounts = 3", b"[accounts]\nli = 7", b"\xff"])
def test_a_damaged_host_file_admits_nobody(tmp_path: Path, content: bytes) -> None:
    (tmp_path / HOST_FILE).write_bytes(content)
    with pytest.raises(BadHostFile):
        this_connection({"COUNTER_SETTINGS": str(tmp_path / "settings.toml")})


def test_a_refusal_is_written_down_and_names_no_person(bureau: TrainingBureau, tmp_path: Path) -> None:
    first, second, *_ = bureau.operators
    log = tmp_path / "counter.log"
    admission = Admission(connection=Connection(account="lin", bound=first.number), log=log)
    admission(first, bureau.operators)
    assert not log.exists()
    with pytest.raises(OthersAccount):
        admission(second, bureau.operators)
    (event,) = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    assert event["event"] == "sign-on refused"
    assert (event["account"], event["operator"]) == ("lin", "0008")
    assert second.name not in log.read_text(encoding="utf-8")
