"""Certificates offered for a post (`services.operators`): on a key that is plugged in, or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BEIJING
from counter_tui.security.certificates import judge
from counter_tui.security.proofs import guard_tries, signed_by
from counter_tui.security.refusals import CertificateUnreadable
from counter_tui.security.revocations import check_revoked
from counter_tui.services.keys import Use
from counter_tui.services.operators import Offered
from counter_tui.x509 import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.security.signing_on import KeySigningOn
    from counter_tui.services.keys import KeyRing, PresentKey

_PEM = b"-----BEGIN "


@dataclass(frozen=True, slots=True)
class OfferedCertificates:
    """Judges a certificate as a sign-on with it would be judged; whose it is to become, the grant says."""

    signing: KeySigningOn

    async def keys(self) -> Sequence[PresentKey]:
        """Keys plugged in now."""
        return await self.signing.keys()

    async def on_key(self, fingerprint: str) -> Offered:
        """The sign-on certificate of a key. Raises KeyGone and the refusals of the certificate."""

        def act() -> Offered:
            keyring = self.signing.source.open(fingerprint)
            try:
                return self._judged(keyring.certificate(Use.SIGN_ON))
            finally:
                keyring.close()

        return await self.signing.desk.call(act)

    async def proven(self, fingerprint: str, pin: bytearray) -> Offered:
        """As `on_key`, after the key has proved itself with its PIN, which is wiped.

        Raises what the key raises, StopAtTwo, ConfirmTries, LastTryKept, ProofRefused.
        """
        rule = self.signing.rule

        def act(keyring: KeyRing, own: bytearray, confirmed: int | None) -> Offered:
            try:
                certificate = keyring.certificate(Use.SIGN_ON)
                offered = self._judged(certificate)
                challenge = rule.challenges.issue(self.signing.place)
                guard_tries(keyring.attempts_left(), confirmed)
                keyring.verify_pin(own)
                signed_by(keyring, Use.SIGN_ON, challenge.digest(rule.suite))
                rule.challenges.redeem(challenge)
                return offered
            finally:
                keyring.close()

        return await self.signing.careful.with_pin(fingerprint, pin, act)

    def read(self, content: bytes) -> Offered:
        """The certificate in a file, PEM or DER. Raises CertificateUnreadable and the refusals of the certificate."""
        return self._judged(_der(content) if content.lstrip().startswith(_PEM) else content)

    def _judged(self, certificate: bytes) -> Offered:
        rule = self.signing.rule
        facts = judge(certificate, rule.authorities, rule.clock(), rule.suite)
        check_revoked(facts, rule.revocations())
        return Offered(
            issuer=facts.issuer,
            number=facts.number,
            key_hash=facts.key_hash,
            holder=said(certificate).common_name,
            until=(facts.until.astimezone(BEIJING) - timedelta(days=1)).date(),
        )


def _der(content: bytes) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        return x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
    except ValueError:
        raise CertificateUnreadable from None
