"""A whole bureau in a folder: real files, real hub, real soft keys, a few employers and persons."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from counter_tui.devices.keys.training import training_bureau
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.check_characters import citizen_check_character
from counter_tui.domain.coverage import Coverage, CoverageState
from counter_tui.domain.employers import Employer, EmployerScheme, EmployerState, SchemeState
from counter_tui.domain.people import Person
from counter_tui.forms.spec import form
from counter_tui.operations import rules  # noqa: F401  # makes decide() complete
from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.policy.regions import load_policy
from counter_tui.security.certificates import Authority
from counter_tui.security.verifying import SignatureCheck
from counter_tui.services.seats import Seat
from counter_tui.settings import Settings
from counter_tui.wiring.parts import wired
from counter_tui.wiring.training import DEVICE, WINDOWS, training_ground
from storage.hub.judging import Judge
from storage.hub.opening import open_hub
from storage.local.store import open_local

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from counter_tui.operations.outcome import Record
    from counter_tui.security.revocations import RevocationList
    from counter_tui.services.counter import Counter
    from counter_tui.services.keys import KeySource

TODAY = date(2026, 11, 23)
MONTH = YearMonth(2026, 11)
EMPLOYER, OTHER = "130400100001", "130400100002"
PIN = b"123456"


def citizen(seventeen: str) -> str:
    """A valid identity number from its first seventeen digits."""
    return seventeen + citizen_check_character(seventeen)


PAYING = citizen("13040319900101001")
SUSPENDED = citizen("13040319880214002")
ELSEWHERE = citizen("13040319950630003")
NEW = citizen("13040320010910004")


@dataclass(slots=True)
class FixedClock:
    """A clock that stands on the story's day and moves on by itself a little at each look."""

    moment: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """A millisecond later at each call, so that ids sort by time."""
        from datetime import timedelta

        self.moment += timedelta(milliseconds=1)
        return self.moment

    def today(self) -> date:
        """The story's day."""
        return TODAY

    def mono(self) -> int:
        """Milliseconds of the same clock."""
        return int(self.moment.timestamp() * 1000)


def employer(number: str, name: str, **changes: Any) -> Employer:
    """An employer in four schemes, injury class 2."""
    schemes = tuple(
        EmployerScheme(
            scheme=code,
            state=SchemeState.PAYING,
            since=YearMonth(2020, 1),
            injury_class=2 if code == "410" else None,
        )
        for code in ("110", "210", "310", "410")
    )
    return Employer(
        number=number,
        name=name,
        credit_code="91130400MA0000015Y",
        state=EmployerState.ON_REGISTER,
        settlement_month=MONTH,
        joined=YearMonth(2020, 1),
        schemes=schemes,
        **changes,
    )


def person(number: str, id_number: str, name: str, at: str) -> Person:
    """A person with the file that an enrolment leaves."""
    born = date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    return Person(
        number=number,
        id_type="01",
        id_number=id_number,
        name=name,
        sex="1" if int(id_number[16]) % 2 else "2",
        born=born,
        first_job=date(2015, 7, 1),
        hukou="11",
        employment_form="2",
        phone="13800138000",
        employer=at,
    )


def coverages(number: str, at: str, state: CoverageState, wage: int) -> list[Coverage]:
    """The four schemes of a person at an employer."""
    stopped = state is CoverageState.SUSPENDED
    return [
        Coverage(
            person=number,
            scheme=scheme,
            employer=at,
            state=state,
            since=date(2022, 3, 1),
            first_month=YearMonth(2022, 3),
            wage=wage,
            changed_on=date(2022, 3, 1),
            stopped_on=date(2026, 5, 31) if stopped else None,
            first_unpaid=YearMonth(2026, 6) if stopped else None,
        )
        for scheme in ("110", "210", "310", "410")
    ]


def register() -> Sequence[Record]:
    """Two employers; one person paying, one suspended, one paying elsewhere."""
    return [
        employer(EMPLOYER, "邯郸市丛台区明远机械有限公司"),
        replace(employer(OTHER, "邯郸市复兴区通达物流有限公司"), credit_code="91130400MA07ABCD0Y"),
        person("1000000001", PAYING, "张建国", EMPLOYER),
        *coverages("1000000001", EMPLOYER, CoverageState.PAYING, 888_888),
        person("1000000002", SUSPENDED, "李秀英", EMPLOYER),
        *coverages("1000000002", EMPLOYER, CoverageState.SUSPENDED, 500_000),
        person("1000000003", ELSEWHERE, "王海燕", OTHER),
        *coverages("1000000003", OTHER, CoverageState.PAYING, 600_000),
    ]


@asynccontextmanager
async def counter_of(
    folder: Path,
    *,
    region: str = "handan",
    rows: Sequence[Record] = (),
    suite: Suite = INTERNATIONAL,
    clock: FixedClock | None = None,
    revocations: Sequence[RevocationList] = (),
    source: KeySource | None = None,
) -> AsyncIterator[Counter]:
    """An open training counter on real files; what `rows` hold stands in the register, `revocations` at the hub.

    Keys are the training bureau's soft keys, or come from a `source`.
    """
    policy, clock = load_policy(region, training=True), clock or FixedClock()
    bureau = training_bureau(folder, now=clock.now(), suite=suite)
    check = SignatureCheck(
        authorities=tuple(Authority(certificate=one) for one in bureau.issuing_cas),
        training=True,
        suite=suite,
        clock=clock.now,
        revocations=lambda: revocations,
    )
    judge = Judge(policy=policy, clock=clock, verify=check, causes=lambda: tuple(revocations))
    hub = open_hub(folder / "hub.sqlite", bureau=policy.region.bureau, training=True, judge=judge, suite=suite)
    store = open_local(folder / "counter.sqlite", bureau=policy.region.bureau, device=DEVICE, suite=suite)
    if not hub.operators():
        seeded = list(rows or register())
        hub.load(seeded)
        store.load(seeded)
        hub.enrol_device(DEVICE, WINDOWS)
        hub.register_operators(bureau.operators)
        store.register_operators(bureau.operators)
    opened = wired(Settings(), training_ground(policy, clock, bureau, hub, store, source=source))
    opened.line.start()
    try:
        await opened.line.answer([])
        yield opened.counter
    finally:
        await opened.close()


async def sign_on(counter: Counter, operator: str, window: str = "003") -> Seat:
    """Sit an operator down at a window with his key and PIN."""
    keys = await counter.signing.keys()
    key = next(each for each in keys if each.certificate_number.endswith(operator))
    session = await counter.signing.sign_on(key.fingerprint, bytearray(PIN), window=window)
    await counter.take_seat(Seat(session=session, window=window))
    return counter.seat


def texts_of(function: str, **typed: str) -> dict[str, str]:
    """What is typed into a form, by field name."""
    known = {each.name for each in form(function).fields}
    assert set(typed) <= known, set(typed) - known
    return typed
