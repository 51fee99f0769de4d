"""An authority with SM2 keys, made by OpenSSL alone: what strangers issue."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conftest import needs

if TYPE_CHECKING:
    from pathlib import Path

ID = "distid:1234567812345678"
"""OpenSSL's own default is empty: every step needs it."""
HOLDER = """\
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
subjectAltName=email:op1024@bureau.invalid
authorityKeyIdentifier=keyid
"""
CA = """\
[ca]
default_ca = one
[one]
database = index.txt
crlnumber = crlnumber
default_md = sm3
default_crl_days = 1
"""


@dataclass(frozen=True)
class OpenSsl:
    """A folder in which OpenSSL works."""

    folder: Path

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def read(self, name: str) -> bytes:
        """A file in the folder."""
        return (self.folder / name).read_bytes()

    def key(self, name: str) -> None:
        """An SM2 key pair: NAME.key, and NAME.spki in DER."""
        self("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", f"{name}.key")
        self("pkey", "-in", f"{name}.key", "-pubout", "-outform", "DER", "-out", f"{name}.spki")

    def signs(self, name: str, message: bytes) -> bytes:
        """A signature of NAME's key over a message."""
        (self.folder / "message").write_bytes(message)
        self("dgst", "-sm3", "-sign", f"{name}.key", "-sigopt", ID, "-out", "signature", "message")
        return self.read("signature")


def authority(folder: Path) -> OpenSsl:
    """`ca.der`, an operator's `op.der` below it, and a list that revokes nobody, `list.der`."""
    needs(shutil.which("openssl"), "openssl is missing: apt install openssl")
    openssl = OpenSsl(folder)
    openssl.key("ca")
    openssl.key("op")
    signed = ("-sm3", "-sigopt", ID)
    openssl(
        *("req", "-x509", "-new", "-key", "ca.key", *signed, "-utf8", "-days", "3650", "-out", "ca.pem"),
        *("-subj", "/C=CN/CN=社保SM2签发CA", "-addext", "basicConstraints=critical,CA:true,pathlen:0"),
        *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
    )
    openssl(
        *("req", "-new", "-key", "op.key", *signed, "-utf8", "-out", "op.csr"),
        *("-subj", "/C=CN/CN=张䶮/serialNumber=OP1024"),
    )
    (folder / "ext").write_text(HOLDER, encoding="utf-8")
    openssl(
        *("x509", "-req", "-in", "op.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-vfyopt", ID),
        *(*signed, "-extfile", "ext", "-days", "365", "-out", "op.pem"),
    )
    (folder / "ca.cnf").write_text(CA, encoding="utf-8")
    (folder / "index.txt").touch()
    (folder / "crlnumber").write_text("01\n", encoding="utf-8")
    openssl(
        *("ca", "-config", "ca.cnf", "-gencrl", "-keyfile", "ca.key", "-cert", "ca.pem", "-sigopt", ID),
        *("-out", "list.pem"),
    )
    for name in ("ca", "op"):
        openssl("x509", "-in", f"{name}.pem", "-outform", "DER", "-out", f"{name}.der")
    openssl("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der")
    return openssl
