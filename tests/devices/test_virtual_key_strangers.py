"""Programs of strangers accept the virtual key: our own client is proved against a card that others know too.

OpenSC's and Yubico's tools ask for other objects, in other portions and in another order than we do. `libykcs11` only
looks at readers with a name like a YubiKey's, so all of them find the card in such a reader.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.conftest import needs
from tests.devices.readers import Readers, readers
from tests.devices.virtual.issue import Algorithm, SmallAuthority, key_card
from tests.devices.virtual.pins import Secret
from tests.devices.virtual.piv import Piv, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.serial

LIBRARIES = next((module.parent for module in Path("/usr/lib").glob("*/opensc-pkcs11.so")), Path("/usr/lib"))
OPENSC, YKCS11 = LIBRARIES / "opensc-pkcs11.so", LIBRARIES / "libykcs11.so"
PACKAGES = {
    "opensc-tool": "opensc",
    "openssl": "openssl",
    "p11tool": "gnutls-bin",
    "yubico-piv-tool": "yubico-piv-tool",
}
CHAINED_HASH = {"P-256": ("ECDSA-SHA256", "openssl"), "RSA-2048": ("SHA256-RSA-PKCS", "rs")}
"""What pkcs11-tool calls the signature, and the form in which it writes it."""


@pytest.fixture(scope="module")
def like_yubikey() -> Iterator[Readers]:
    for program, package in PACKAGES.items():
        needs(shutil.which(program), f"{program} is missing: apt install {package}")
    needs(OPENSC.exists() and YKCS11.exists(), "a PKCS#11 module is missing: apt install opensc ykcs11")
    with readers(named="Yubico YubiKey OTP+FIDO+CCID") as ready:
        yield ready


@pytest.fixture(scope="module", params=["P-256", "RSA-2048"])
def inserted(request: pytest.FixtureRequest, like_yubikey: Readers) -> Iterator[tuple[Algorithm, Piv]]:
    """A card with a key of its own in each of the four slots, in the reader for all tests."""
    algorithm = cast("Algorithm", request.param)
    authority = SmallAuthority.found()
    piv = Piv({slot: authority.issue(algorithm=algorithm) for slot in Slot})
    like_yubikey.insert(key_card(piv))
    yield algorithm, piv
    like_yubikey.clear()


@dataclass
class Stranger:
    """Somebody else's computer with the key in its reader."""

    piv: Piv
    algorithm: Algorithm
    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "data").write_bytes(b"counter")
        for slot, holding in self.piv.slots.items():
            certificate = x509.load_der_x509_certificate(holding.certificate)
            public = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            (self.folder / f"{slot:x}.pub").write_bytes(public)
            (self.folder / f"{slot:x}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))

    def runs(self, *command: str, fails: bool = False) -> str:
        """What a program says, on either stream."""
        done = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=60, check=False)
        said = (done.stdout + done.stderr).decode(errors="replace")
        assert bool(done.returncode) is fails, said
        return said

    def yubico(self, *actions: str, fails: bool = False) -> str:
        return self.runs("yubico-piv-tool", "-r", "", *actions, fails=fails)

    def pkcs11(self, module: Path, *options: str, fails: bool = False) -> str:
        return self.runs("pkcs11-tool", "--module", str(module), *options, fails=fails)

    def verifies(self, signature: str, slot: Slot) -> bool:
        """Whether OpenSSL takes a signature of `data` as that slot's."""
        public = f"{slot:x}.pub"
        return "Verified OK" in self.runs(
            "openssl", "dgst", "-sha256", "-verify", public, "-signature", signature, "data"
        )


@pytest.fixture
def stranger(inserted: tuple[Algorithm, Piv], tmp_path: Path) -> Stranger:
    """The card with its first PIN and PUK, and all six tries; other programs leave it powered with the PIN verified."""
    algorithm, piv = inserted
    piv.left()
    piv.pin, piv.puk, piv.signatures = Secret("123456", 6), Secret("12345678", 6), 0
    return Stranger(piv, algorithm, tmp_path)


def test_opensc_knows_the_card(stranger: Stranger) -> None:
    assert "Personal Identity Verification Card" in stranger.runs("opensc-tool", "-n")
    assert "Personal Identity Verification Card" in stranger.runs("piv-tool", "-n")


def test_opensc_lists_keys_and_certificates_of_all_slots(stranger: Stranger) -> None:
    listed = stranger.runs("pkcs15-tool", "-D")

    assert "PKCS#15 Card [张䶮]" in listed
    assert [f"({slot:#X})".replace("X", "x") in listed for slot in Slot] == [True] * 4
    assert "Certificate for Digital Signature" in listed


@pytest.mark.parametrize("module", [OPENSC, YKCS11], ids=["opensc", "ykcs11"])
@pytest.mark.parametrize(("slot", "id_"), [(Slot.AUTHENTICATION, "01"), (Slot.SIGNATURE, "02")], ids=["9a", "9c"])
def test_a_signature_through_pkcs11_verifies(stranger: Stranger, module: Path, slot: Slot, id_: str) -> None:
    mechanism, form = CHAINED_HASH[stranger.algorithm]
    signing = ["--sign", "--id", id_, "-m", mechanism, "--signature-format", form, "-i", "data", "-o", "signature"]
    stranger.pkcs11(module, "--login", "--pin", "123456", *signing)

    assert stranger.verifies("signature", slot)


def test_a_signature_of_pkcs15_crypt_verifies(stranger: Stranger) -> None:
    stranger.runs("openssl", "dgst", "-sha256", "-binary", "-out", "digest", "data")
    form = ["-f", "openssl"] if stranger.algorithm == "P-256" else ["--pkcs1"]
    signing = ["-s", "-R", "-k", "01", "--pin", "123456", "--sha-256", *form, "-i", "digest", "-o", "signature"]
    stranger.runs("pkcs15-crypt", *signing)

    assert stranger.verifies("signature", Slot.AUTHENTICATION)


def test_gnutls_lists_the_objects_and_signs(stranger: Stranger) -> None:
    provider = ["p11tool", "--provider", str(OPENSC), "--login", "--set-pin", "123456"]

    assert "Certificate for PIV Authentication" in stranger.runs(*provider, "--list-all")
    assert stranger.runs(*provider, "--test-sign", "pkcs11:id=%01;type=private").count("... ok") == 3


def test_the_engine_of_openssl_signs(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    needs((LIBRARIES / "engines-3/pkcs11.so").exists(), "engine missing: apt install libengine-pkcs11-openssl")
    monkeypatch.setenv("PKCS11_MODULE_PATH", str(OPENSC))
    key = "pkcs11:id=%01;type=private;pin-value=123456"
    engine = ["openssl", "dgst", "-engine", "pkcs11", "-keyform", "engine", "-sign", key]
    stranger.runs(*engine, "-sha256", "-out", "signature", "data")

    assert stranger.verifies("signature", Slot.AUTHENTICATION)


def test_yubicos_tool_reads_version_serial_number_and_certificates(stranger: Stranger) -> None:
    status = stranger.yubico("-a", "status")

    assert "Version:\t5.1.2" in status
    assert f"Serial Number:\t{stranger.piv.serial}" in status
    assert [f"Slot {slot:x}:" in status for slot in Slot] == [True] * 4
    assert "PIN tries left:\t6" in status
    assert (stranger.folder / "9a.pem").read_text().strip() in stranger.yubico("-a", "read-certificate", "-s", "9a")


@pytest.mark.parametrize("slot", ["9a", "9c"])
def test_yubicos_tool_verifies_a_test_signature(stranger: Stranger, slot: str) -> None:
    said = stranger.yubico("-a", "verify-pin", "-P", "123456", "-a", "test-signature", "-s", slot, "-i", f"{slot}.pem")

    assert "Successfully verified PIN." in said
    assert f"Successful {'ECDSA' if stranger.algorithm == 'P-256' else 'RSA'} verification." in said


def test_yubicos_tool_signs_nothing_without_the_pin(stranger: Stranger) -> None:
    assert "Failed signing" in stranger.yubico("-a", "test-signature", "-s", "9a", "-i", "9a.pem", fails=True)
    assert stranger.piv.signatures == 0


def test_pin_and_puk_are_changed_and_the_pin_is_unblocked_with_yubicos_tool(stranger: Stranger) -> None:
    assert "Successfully changed the pin" in stranger.yubico("-a", "change-pin", "-P", "123456", "-N", "654321")
    for _ in range(6):
        stranger.yubico("-a", "verify-pin", "-P", "123456", fails=True)
    assert "blocked" in stranger.yubico("-a", "verify-pin", "-P", "654321", fails=True)

    assert "Successfully changed the puk" in stranger.yubico("-a", "change-puk", "-P", "12345678", "-N", "87654321")
    assert "Successfully unblocked" in stranger.yubico("-a", "unblock-pin", "-P", "87654321", "-N", "123456")
    assert "Successfully verified PIN." in stranger.yubico("-a", "verify-pin", "-P", "123456")


def test_strangers_see_the_wrong_pins_of_each_other(stranger: Stranger) -> None:
    assert "5 tries left" in stranger.yubico("-a", "verify-pin", "-P", "000000", fails=True)
    assert "CKR_PIN_INCORRECT" in stranger.pkcs11(OPENSC, "-O", "--login", "--pin", "000000", fails=True)
    stranger.runs("pkcs15-tool", "--verify-pin", "--pin", "000000", fails=True)

    assert "SW1=0x63, SW2=0xC3" in stranger.runs("opensc-tool", "-s", "00:20:00:80")
    assert "PIN tries left:\t3" in stranger.yubico("-a", "status")
    assert stranger.piv.pin.left == 3


def test_opensc_changes_and_unblocks_the_pin(stranger: Stranger) -> None:
    stranger.runs("pkcs15-tool", "--change-pin", "--pin", "123456", "--new-pin", "654321")
    stranger.runs("pkcs15-tool", "--verify-pin", "--pin", "123456", fails=True)
    stranger.runs("pkcs15-tool", "--unblock-pin", "--puk", "12345678", "--new-pin", "246802")

    stranger.runs("pkcs15-tool", "--verify-pin", "--pin", "246802")
