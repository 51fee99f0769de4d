"""A training bureau and clocks that stand still, for tests of keys and sign-on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from counter_tui.devices.keys.soft import SoftKey, SoftKeys
from counter_tui.devices.keys.training import TRAINING_BUREAU, TRAINING_PIN, TrainingBureau, training_bureau
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, Suite
from counter_tui.security.certificates import Authority, OperatorList
from counter_tui.security.challenges import Challenges
from counter_tui.security.sessions import Session, SignOn
from counter_tui.security.statements import Place

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PLACE = Place(bureau=TRAINING_BUREAU, device="host-1", terminal="window-3", training=True)


def pin(text: str = TRAINING_PIN) -> bytearray:
    return bytearray(text.encode())


@dataclass
class Clock:
    """Both clocks of a host, moved by hand."""

    seconds: float = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds - 1000.0)


@dataclass
class Counter:
    """One counter of the training bureau with all keys plugged in."""

    bureau: TrainingBureau
    suite: Suite = INTERNATIONAL
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.keys = SoftKeys(self.bureau.folder, training=True, monotonic=self.clock.monotonic)
        self.authorities = tuple(Authority(certificate=one) for one in self.bureau.issuing_cas)
        self.operators = OperatorList(self.bureau.operators)
        self.challenges = Challenges(monotonic=self.clock.monotonic)
        self.sign_on = SignOn(
            authorities=self.authorities,
            operators=self.operators,
            challenges=self.challenges,
            clock=self.clock.now,
            monotonic=self.clock.monotonic,
            suite=self.suite,
        )

    def key(self, number: str = "0007") -> SoftKey:
        """The key of an operator, by his number."""
        certificate = next(one.certificate_number for one in self.bureau.operators if one.number == number)
        shown = next(one for one in self.keys.present() if one.certificate_number == certificate)
        return self.keys.open(shown.fingerprint)

    def file(self, number: str = "0007") -> Path:
        """The file of an operator's key; moved away, the key is pulled."""
        return self.bureau.folder / f"{number}{'.sm2' if self.suite is NATIONAL else '.p12'}"

    def session(self, number: str = "0007") -> Session:
        """Sign an operator on."""
        return self.sign_on(self.key(number), pin(), self.challenges.issue(PLACE))


def counter(data_dir: Path, suite: Suite = INTERNATIONAL) -> Counter:
    return Counter(training_bureau(data_dir, now=NOON, suite=suite), suite)
