"""A key as the sign-on screen and `counter-tui keys list` show it, by what its certificate says."""

from __future__ import annotations

from functools import lru_cache

from counter_tui.services.keys import PresentKey
from counter_tui.x509 import said


@lru_cache(maxsize=64)  # keys are listed several times a second, and a certificate says the same each time
def described(certificate: bytes, *, backend: str, reader: str) -> PresentKey:
    """The key that holds a certificate (DER), plugged in at `reader`. Raises NoCertificate."""
    read = said(certificate)
    return PresentKey(
        fingerprint=read.fingerprint,
        name=read.common_name,
        post=read.title,
        certificate_number=read.number,
        backend=backend,
        reader=reader,
        subject=read.subject,
        algorithm=read.algorithm,
        since=read.since,
        until=read.until,
    )
