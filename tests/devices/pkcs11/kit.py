"""Tokens of a PKCS#11 module with operators' keys on them, for tests: SoftHSM, plain or behind a module that fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter_tui.devices.keys.pkcs11 import Pkcs11Keys
from tests.conftest import needs

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    from counter_tui.devices.keys.pkcs11_key import Pkcs11Key

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
FAULTY = Path(__file__).with_name("faulty.c")
PIN, SO_PIN = "135790", "24681357"


def pin(text: str = PIN) -> bytearray:
    return bytearray(text.encode())


def faulty(folder: Path) -> Path:
    """The module that fails, in a file of that folder; skips without a compiler."""
    needs(shutil.which("gcc"), "没有 C 编译器: apt-get install gcc")
    module = folder / "faulty.so"
    options = ("-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", f'-DREAL="{SOFTHSM}"')
    subprocess.run(["gcc", *options, FAULTY, "-o", module, "-ldl"], check=True)
    return module


@cache
def issued(name: str, kind: str, *, authority: bool = False, signing: bool = True) -> tuple[Any, bytes]:
    """A private key and its certificate (DER): an operator's, an authority's, or one that may not sign."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "P-256" else rsa.generate_private_key(65537, 2048)
    title = x509.NameAttribute(NameOID.TITLE, "前台经办")
    subject = x509.Name([title, x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=365))
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    usage = x509.KeyUsage(
        digital_signature=signing and not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=not signing,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = builder.add_extension(usage, critical=True)
    return key, builder.sign(key, SHA256()).public_bytes(Encoding.DER)


@dataclass
class Tokens:
    """A module with tokens of its own, in a folder; `SOFTHSM2_CONF` must name `configuration` before it is used."""

    module: Path
    folder: Path
    keys: Pkcs11Keys = field(init=False)

    def __post_init__(self) -> None:
        needs(SOFTHSM.exists() and shutil.which("softhsm2-util"), "没有 SoftHSM: apt-get install softhsm2")
        (self.folder / "tokens").mkdir()
        self.configuration.write_text(f"directories.tokendir = {self.folder}/tokens\nlog.level = ERROR\n")
        self.keys = Pkcs11Keys(self.module)

    @property
    def configuration(self) -> Path:
        return self.folder / "softhsm2.conf"

    def set_up(self, *labels: str) -> None:
        """Make tokens; before the module is first asked, which looks for tokens only then."""
        for label in labels:
            command = ("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", SO_PIN)
            environment = os.environ | {"SOFTHSM2_CONF": str(self.configuration)}
            subprocess.run(command, check=True, capture_output=True, env=environment)

    def put(
        self,
        name: str = "张䶮",
        *,
        on: str = "A",
        id: bytes = b"\x01",  # noqa: A002  CKA_ID
        kind: str = "P-256",
        label: str = "sign",
        always: bool = False,
        authority: bool = False,
        signing: bool = True,
    ) -> bytes:
        """A key with its certificate, which comes back."""
        key, certificate = issued(name, kind, authority=authority, signing=signing)
        self.put_key(key, on=on, id=id, label=label, always=always)
        self.put_certificate(certificate, on=on, id=id, label=label)
        return certificate

    def put_key(
        self,
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
        *,
        on: str = "A",
        id: bytes = b"\x01",  # noqa: A002  CKA_ID
        label: str = "sign",
        always: bool = False,
    ) -> None:
        from cryptography.hazmat.primitives.asymmetric import rsa
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
        from pkcs11 import Attribute
        from pkcs11.util.ec import decode_ec_private_key
        from pkcs11.util.rsa import decode_rsa_private_key

        der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        decoded = decode_rsa_private_key(der) if isinstance(key, rsa.RSAPrivateKey) else decode_ec_private_key(der)
        own = {Attribute.ID: id, Attribute.LABEL: label, Attribute.TOKEN: True, Attribute.SIGN: True}
        self._create(on, decoded | own | {Attribute.ALWAYS_AUTHENTICATE: always, Attribute.PRIVATE: True})

    def put_certificate(
        self,
        certificate: bytes,
        *,
        on: str = "A",
        id: bytes = b"\x01",  # noqa: A002  CKA_ID
        label: str = "sign",
    ) -> None:
        from pkcs11 import Attribute, CertificateType, ObjectClass

        self._create(
            on,
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.PRIVATE: False,
                Attribute.ID: id,
                Attribute.LABEL: label,
                Attribute.SUBJECT: b"",
                Attribute.VALUE: certificate,
            },
        )

    def empty(self, on: str = "A") -> None:
        """Take everything off a token."""
        with self._token(on).open(rw=True, user_pin=PIN) as session:
            for each in list(session.get_objects()):
                each.destroy()

    def only_key(self) -> Pkcs11Key:
        (shown,) = self.keys.present()
        return self.keys.open(shown.fingerprint)

    def _create(self, on: str, attributes: dict[Any, Any]) -> None:
        with self._token(on).open(rw=True, user_pin=PIN) as session:
            session.create_object(attributes)

    def _token(self, label: str) -> Any:
        import pkcs11

        return pkcs11.lib(str(self.module)).get_token(token_label=label)
