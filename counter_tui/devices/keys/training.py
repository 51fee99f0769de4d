"""The training bureau (演练社保中心): its own authority and six soft keys, made at the first demo start."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import Role
from counter_tui.own_files import folder_mode, make_folder, open_file

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.x509 import Certificate, CertificateBuilder, KeyUsage, Name

TRAINING_BUREAU = "999999"
"""Bureau number of training; refused by every production hub."""
TRAINING_PIN = "123456"
"""PIN of all training keys; shown on the sign-on screen of the demo."""

_ORGANISATION = "演练社保中心"
_LIFE = timedelta(days=3650)
_ROUNDS = 2000
"""Key derivation rounds of the files: low, since their PIN is public."""
_CA, _ROOT = "issuing-ca.cer", "root-ca.cer"


@dataclass(frozen=True, slots=True)
class Trainee:
    """A synthetic operator of the training bureau."""

    number: str
    name: str
    role: Role

    @property
    def human(self) -> str:
        """Person reference: a digest, as in production."""
        return hashlib.sha256(f"training-human:{self.number}".encode()).hexdigest()[:32]

    @property
    def certificate_number(self) -> int:
        """Reads, in hex, as bureau and operator, so that a trainer recognises it."""
        return int(TRAINING_BUREAU + self.number, 16)


TRAINEES = (
    Trainee("0007", "林晓岚", Role.CLERK),
    Trainee("0008", "赵启明", Role.CLERK),
    Trainee("0011", "孙若溪", Role.REVIEWER),
    Trainee("0012", "何思远", Role.REVIEWER),
    Trainee("0021", "周定安", Role.SUPERVISOR),
    Trainee("0031", "吴长庚", Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingBureau:
    """What the training hub must know: whom it trusts and who its operators are."""

    folder: Path
    """Where the keys lie; the place for `SoftKeys`."""
    root: bytes
    """Root certificate, DER; shown, never pinned."""
    issuing_ca: bytes
    """Issuing certificate, DER: the one to pin, in training only."""
    operators: tuple[Operator, ...]


def training_bureau(data_dir: Path, *, now: datetime) -> TrainingBureau:
    """The training bureau under `data_dir`, made if there is none yet. `now` is aware; keys live ten years from it."""
    folder = data_dir / "keys"
    if not (folder / _CA).is_file():
        _make(folder, now)
    return TrainingBureau(
        folder=folder,
        root=(folder / _ROOT).read_bytes(),
        issuing_ca=(folder / _CA).read_bytes(),
        operators=tuple(_registered(trainee, folder) for trainee in TRAINEES),
    )


def _make(folder: Path, now: datetime) -> None:
    """Write everything beside the place and move it there at once: two first starts never mix their keys."""
    make_folder(folder.parent)
    draft = Path(tempfile.mkdtemp(prefix=".keys-", dir=folder.parent))
    draft.chmod(folder_mode(folder.parent))
    try:
        _issue(draft, now)
        draft.rename(folder)
    except OSError:
        if not (folder / _CA).is_file():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _issue(folder: Path, now: datetime) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    root_key, ca_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _authority(root_key.public_key(), "演练根证书", None, root_key, now)
    issuing = _authority(ca_key.public_key(), "演练签发证书", root.subject, root_key, now)
    _write(folder / _ROOT, _der(root))
    _write(folder / _CA, _der(issuing))
    for trainee in TRAINEES:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _operator_certificate(trainee, key.public_key(), issuing.subject, ca_key, now)
        _write(folder / f"{trainee.number}.cer", _der(certificate))
        _write(folder / f"{trainee.number}.p12", _sealed(trainee, key, certificate))


def _authority(
    key: EllipticCurvePublicKey, name: str, issuer: Name | None, signer: EllipticCurvePrivateKey, now: datetime
) -> Certificate:
    """A root when `issuer` is None, else the issuing authority below it."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import NameOID

    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    builder = _dated(now).subject_name(subject).issuer_name(issuer or subject).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=1 if issuer is None else 0), critical=True
    )
    builder = builder.add_extension(_usage(authority=True), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    return builder.sign(signer, SHA256())


def _operator_certificate(
    trainee: Trainee, key: EllipticCurvePublicKey, issuer: Name, signer: EllipticCurvePrivateKey, now: datetime
) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.TITLE, trainee.role.label),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, trainee.number),
            x509.NameAttribute(NameOID.COMMON_NAME, trainee.name),
        ]
    )
    address = x509.RFC822Name(f"{trainee.number}@training.invalid")
    builder = _dated(now).subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(trainee.certificate_number)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
    )
    return builder.sign(signer, SHA256())


def _dated(now: datetime) -> CertificateBuilder:
    from cryptography import x509

    since = now - timedelta(days=1)
    return x509.CertificateBuilder().not_valid_before(since).not_valid_after(since + _LIFE)


def _usage(*, authority: bool) -> KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _der(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _sealed(trainee: Trainee, key: EllipticCurvePrivateKey, certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

    seal = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(_ROUNDS).hmac_hash(SHA256())
    seal = seal.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
    return pkcs12.serialize_key_and_certificates(
        trainee.number.encode(), key, certificate, None, seal.build(TRAINING_PIN.encode())
    )


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(open_file(path, os.O_WRONLY | os.O_EXCL), "wb") as file:
        file.write(content)


def _registered(trainee: Trainee, folder: Path) -> Operator:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    certificate = x509.load_der_x509_certificate((folder / f"{trainee.number}.cer").read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Operator(
        number=trainee.number,
        name=trainee.name,
        human=trainee.human,
        roles=frozenset({trainee.role}),
        post_class=trainee.role.post_class,
        issuer=certificate.issuer.rfc4514_string(),
        certificate_number=f"{certificate.serial_number:x}",
        key_hash=hashlib.sha256(key).hexdigest(),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )
