"""A vendor's SKF library with national keys plugged in, for tests: compiled, and really signing."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui import x509
from counter_tui.devices.keys.skf import SkfKeys
from tests.conftest import needs

if TYPE_CHECKING:
    from counter_tui.devices.keys.skf_key import SkfKey

SOURCE = Path(__file__).with_name("library.c")
ID = "distid:1234567812345678"
PIN, PUK = "135790", "Adm1n24680"
TRIES = 6
_DEFAULT_ID = b"1234567812345678"
_A = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
_B = "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
_GX = "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
_GY = "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0"


def pin(text: str = PIN) -> bytearray:
    return bytearray(text.encode())


def sm3(content: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SM3, Hash

    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize()


def sm2_digest(certificate: bytes, content: bytes) -> bytes:
    """SM3(Z‖M) for the key of a certificate (GB/T 32918.2)."""
    point = x509.point(x509.said(certificate).public_key)[1:]
    bits = (len(_DEFAULT_ID) * 8).to_bytes(2, "big")
    z = sm3(bits + _DEFAULT_ID + bytes.fromhex(_A + _B + _GX + _GY) + point)
    return sm3(z + content)


def compiled(folder: Path, ulong: int) -> Path:
    """The library of that width, in a file of that folder; skips without a compiler."""
    needs(shutil.which("gcc"), "没有 C 编译器: apt-get install gcc libssl-dev")
    library = folder / f"libskf{ulong}.so"
    warnings = ("-Wall", "-Wextra", "-Werror", "-Wno-format-truncation")
    command = ("gcc", *warnings, "-O1", "-fPIC", "-shared", f"-DULONG_BYTES={ulong}", SOURCE, "-o", library)
    subprocess.run([*command, "-lcrypto", "-ldl"], check=True, capture_output=True)
    return library


@dataclass
class Vendor:
    """One vendor's library in a folder of its own, with what is plugged in."""

    library: Path
    ulong: int

    def __post_init__(self) -> None:
        self.devices = self.library.parent / "devices"
        self.devices.mkdir(exist_ok=True)
        self.keys = SkfKeys(self.library, ulong=self.ulong)
        self.rig = ctypes.CDLL(str(self.library))

    def plug_in(
        self,
        name: str = "张䶮",
        *,
        device: str = "龙脉 GM3000 #1",
        application: str = "社保",
        container: str = "签名",
        kind: str = "SM2",
    ) -> Path:
        """A key of that kind in a container; made with its device and application where they are not there yet."""
        at = self.devices / _gbk(device) / _gbk(application) / _gbk(container)
        at.mkdir(parents=True)
        serial = at.parents[1] / "serial"
        if not serial.exists():
            serial.write_text(f"SN{len(list(self.devices.iterdir())):04}")
        self.set_pins(at.parent)
        key, certificate = issued(name, kind)
        (at / "sign.key").write_bytes(key)
        (at / "sign.cer").write_bytes(certificate)
        return at

    def set_pins(self, application: Path, *, left: int = TRIES, puk_left: int = TRIES) -> None:
        (application / "pins").write_text(f"{PIN} {left} {TRIES}\n{PUK} {puk_left} {TRIES}\n")

    def pull(self, device: str = "龙脉 GM3000 #1") -> None:
        (self.devices / _gbk(device) / "absent").touch()

    def put_back(self, device: str = "龙脉 GM3000 #1") -> None:
        (self.devices / _gbk(device) / "absent").unlink()

    def only_key(self) -> SkfKey:
        (shown,) = self.keys.present()
        return self.keys.open(shown.fingerprint)

    def remove_after(self, calls: int) -> None:
        """Everything is gone after so many more calls; -1: never."""
        self.rig.rig_remove_after(calls)

    def answers(self, function: str, *, code: int = 0, size: int = 0) -> None:
        """A function that answers with a code, or with a size that is not true."""
        self.rig.rig_answer(function.encode(), ctypes.c_uint32(code), ctypes.c_uint64(size))


def _gbk(name: str) -> Path:
    """A file name of GBK bytes, as Python writes names that are no UTF-8."""
    return Path(name.encode("gbk").decode("utf-8", "surrogateescape"))


@cache
def issued(name: str, kind: str) -> tuple[bytes, bytes]:
    """A private key (PEM) and its certificate (DER) of the bureau's authority, made with OpenSSL."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        at = Path(place)
        sm2 = kind == "SM2"
        options = ("ec_paramgen_curve:SM2",) if sm2 else ("rsa_keygen_bits:2048",)
        openssl("genpkey", "-algorithm", "EC" if sm2 else "RSA", "-pkeyopt", *options, "-out", at / "key")
        hashing = ("-sm3", "-sigopt", ID) if sm2 else ("-sha256",)
        subject = f"/C=CN/O=社保局/title=前台经办/serialNumber=OP1024/CN={name}"
        extensions = ("basicConstraints=critical,CA:false", "keyUsage=critical,digitalSignature")
        added = [part for extension in extensions for part in ("-addext", extension)]
        request = ("req", "-x509", "-new", "-key", at / "key", *hashing, "-utf8", "-subj", subject, "-days", "365")
        openssl(*request, *added, "-outform", "DER", "-out", at / "cer")
        return (at / "key").read_bytes(), (at / "cer").read_bytes()


def openssl(*arguments: str | Path) -> None:
    needs(shutil.which("openssl"), "没有 openssl: apt-get install openssl")
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
