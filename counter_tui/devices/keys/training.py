"""The training bureau (演练社保中心): its own authority, a soft key for each of eight trainees, and two spare ones."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.devices.keys.soft_pairs import new_pair
from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import Role
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, Suite, check_suite
from counter_tui.own_files import folder_mode, make_folder, open_file
from counter_tui.x509 import SM2, point, said

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import CertificateBuilder, KeyUsage, Name

TRAINING_BUREAU = "999999"
"""Bureau number of training; refused by every production hub."""
TRAINING_PIN = "123456"
"""PIN of all training keys; shown on the sign-on screen of the demo."""

_ORGANISATION = "演练社保中心"
_LIFE = timedelta(days=3650)
_CA, _ROOT, _LATER = "issuing-ca.cer", "root-ca.cer", "issuing-ca-{}.cer"


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
    Trainee("0041", "沈清源", Role.CONTROL),
    Trainee("0051", "陆远山", Role.HEAD),
)
SPARE = (Trainee("0101", "备用一", Role.CLERK), Trainee("0102", "备用二", Role.CLERK))
"""Keys of nobody yet, for practising how posts are granted: they lie aside until somebody puts them in."""
SPARE_FOLDER = "spare"
"""Where they lie, below the folder of the keys; a file moved from there to the keys is a key put in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingBureau:
    """What the training hub must know: whom it trusts and who its operators are."""

    folder: Path
    """Where the keys lie; the place for `SoftKeys`."""
    root: bytes
    """Root certificate, DER; shown, never pinned."""
    issuing_ca: bytes
    """Issuing certificate, DER: the one to pin, in training only."""
    later_cas: tuple[bytes, ...] = ()
    """Made when keys were added to a folder of an earlier version: what issued the first is not kept."""
    operators: tuple[Operator, ...]

    @property
    def issuing_cas(self) -> tuple[bytes, ...]:
        """All to pin, in training only."""
        return (self.issuing_ca, *self.later_cas)


def training_bureau(data_dir: Path, *, now: datetime, suite: Suite = INTERNATIONAL) -> TrainingBureau:
    """The training bureau under `data_dir`, made if there is none yet. `now` is aware; keys live ten years from it.

    Raises OtherSuite when it was made in another suite, NoSm2 where this machine cannot make SM2 keys.
    """
    folder = data_dir / "keys"
    if not (folder / _CA).is_file():
        _make(folder, now, suite)
    check_suite(suite_there(data_dir).envelope, suite, "数据目录")
    _complete(folder, now, suite)
    return TrainingBureau(
        folder=folder,
        root=(folder / _ROOT).read_bytes(),
        issuing_ca=(folder / _CA).read_bytes(),
        later_cas=tuple(path.read_bytes() for path in sorted(folder.glob(_LATER.format("*")))),
        operators=tuple(_registered(trainee, folder) for trainee in TRAINEES),
    )


def suite_there(data_dir: Path) -> Suite:
    """The suite in which the training bureau under `data_dir` was made. Raises OSError where there is none."""
    made = said((data_dir / "keys" / _CA).read_bytes())
    return NATIONAL if made.algorithm == SM2 else INTERNATIONAL


def _make(folder: Path, now: datetime, suite: Suite) -> None:
    """Write everything beside the place and move it there at once: two first starts never mix their keys."""
    make_folder(folder.parent)
    draft = Path(tempfile.mkdtemp(prefix=".keys-", dir=folder.parent))
    draft.chmod(folder_mode(folder.parent))
    try:
        _issue(draft, now, suite)
        draft.rename(folder)
    except OSError:
        if not (folder / _CA).is_file():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _issue(folder: Path, now: datetime, suite: Suite) -> None:
    root, ca = new_pair(suite), new_pair(suite)
    root_name, ca_name = _authority_name("演练根证书"), _authority_name("演练签发证书")
    root_described = _authority(root.public_key, root_name, root_name, now, path_length=1)
    ca_described = _authority(ca.public_key, ca_name, root_name, now, path_length=0)
    _write(folder / _ROOT, root.certify(root_described, root.public_key))
    _write(folder / _CA, root.certify(ca_described, ca.public_key))
    make_folder(folder / SPARE_FOLDER)
    for path, trainee in _places(folder):
        pair = new_pair(suite)
        certificate = ca.certify(_operator(trainee, ca_name, ca.public_key, now), pair.public_key)
        _write(path.with_suffix(".cer"), certificate)
        _write(path.with_suffix(pair.suffix), pair.sealed(certificate, TRAINING_PIN.encode()))


def _places(folder: Path) -> list[tuple[Path, Trainee]]:
    """Everybody with the place of his key, without the ending of its files."""
    return [
        *((folder / trainee.number, trainee) for trainee in TRAINEES),
        *((folder / SPARE_FOLDER / trainee.number, trainee) for trainee in SPARE),
    ]


def _complete(folder: Path, now: datetime, suite: Suite) -> None:
    """Add the keys that a folder of an earlier version has not; a spare key that was put in is not missing."""
    missing = [
        path.relative_to(folder)
        for path, _ in _places(folder)
        if not path.with_suffix(".cer").is_file() and not (folder / f"{path.name}.cer").is_file()
    ]
    if not missing:
        return
    make_folder(folder / SPARE_FOLDER)
    draft = Path(tempfile.mkdtemp(prefix=".keys-", dir=folder.parent))
    try:
        _issue(draft, now, suite)
        count = len(list(folder.glob(_LATER.format("*"))))
        (draft / _CA).rename(folder / _LATER.format(count + 2))
        for path in missing:
            made = (draft / path).parent.glob(f"{path.name}.*")
            for file in sorted(made, key=_is_certificate):  # a key counts once its certificate is there
                file.rename(folder / path.with_name(file.name))
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _is_certificate(file: Path) -> bool:
    return file.suffix == ".cer"


def _authority_name(common: str) -> Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _authority(key: bytes, subject: Name, issuer: Name, now: datetime, *, path_length: int) -> CertificateBuilder:
    """The root, which issues itself, or the issuing authority below it."""
    from cryptography import x509

    builder = _dated(now).subject_name(subject).issuer_name(issuer)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    return builder.add_extension(x509.SubjectKeyIdentifier(_key_identifier(key)), critical=False)


def _operator(trainee: Trainee, issuer: Name, issuer_key: bytes, now: datetime) -> CertificateBuilder:
    from cryptography import x509
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
    issuer_identifier = x509.AuthorityKeyIdentifier(_key_identifier(issuer_key), None, None)
    builder = _dated(now).subject_name(subject).issuer_name(issuer)
    builder = builder.serial_number(trainee.certificate_number)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return builder.add_extension(issuer_identifier, critical=False)


def _key_identifier(key: bytes) -> bytes:
    """SHA-1 of the public point (RFC 5280 §4.2.1.2): it tells keys apart and protects nothing."""
    return hashlib.sha1(point(key), usedforsecurity=False).digest()


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


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(open_file(path, os.O_WRONLY | os.O_EXCL), "wb") as file:
        file.write(content)


def _registered(trainee: Trainee, folder: Path) -> Operator:
    read = said((folder / f"{trainee.number}.cer").read_bytes())
    return Operator(
        number=trainee.number,
        name=trainee.name,
        human=trainee.human,
        roles=frozenset({trainee.role}),
        post_class=trainee.role.post_class,
        issuer=read.issuer,
        certificate_number=read.number,
        key_hash=read.key_hash,
        valid_from=read.since,
        valid_until=read.until,
    )
