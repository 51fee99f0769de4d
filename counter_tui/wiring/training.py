"""Opening the training counter: a made-up city, its own bureau, the hub in the same process."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from counter_tui.clock import SystemClock
    from counter_tui.devices.keys.training import TrainingBureau
    from counter_tui.operations.suites import Suite
    from counter_tui.policy.regions import Policy
    from counter_tui.services.keys import KeySource
    from counter_tui.services.ports import Clock
    from counter_tui.settings import Settings
    from counter_tui.wiring.parts import Ground, Opened
    from storage.hub.ingest import Hub
    from storage.local.store import SqliteLocalStore

DEVICE = "training-1"
WINDOWS = tuple(f"{number:03d}" for number in range(1, 21))
"""Windows that the training hub gives to its one device."""
DEMO_EMPLOYERS, DEMO_PERSONS, DEMO_SEED = 60, 5_000, 2026
SEEDED = "city.seeded"
"""Written last when a training city was made, with its region; without it what lies there is made anew."""


class OtherRegion(CounterError):
    """数据目录中是 {found} 的演练城市，不能用于 {region}；请用 --data-dir 另指一个目录"""

    found: str
    region: str


async def open_training(
    settings: Settings, region: str, folder: Path, *, real_today: date, source: KeySource | None = None
) -> Opened:
    """Open the training counter of a region in a folder of its own; the first time a city is made there.

    The line to the in-process hub runs in the calling event loop. Without a `source` of keys, the training bureau's
    soft keys are used; with one, its certificates must stand on real keys.

    Raises:
        UnknownRegion, OtherRegion, OtherSuite, NoSm2, NoSm3, LostStore, DamagedStore, StoreReadOnly, DiskFull
            and the other refusals of opening a file.
    """
    opened = await asyncio.to_thread(_open_training, settings, region, folder, real_today, source)
    opened.line.start()
    return opened


def _open_training(settings: Settings, region: str, folder: Path, real_today: date, source: KeySource | None) -> Opened:
    from counter_tui.clock import SystemClock
    from counter_tui.devices.keys.training import training_bureau
    from counter_tui.operations.suites import suite_named
    from counter_tui.policy.regions import load_policy
    from counter_tui.training.plan import business_date
    from counter_tui.wiring.parts import wired

    suite = suite_named(settings.trust.suite)
    suite.require()
    policy = load_policy(region, training=True)
    clock = SystemClock.showing(business_date(policy, real_today))
    with _folder_to_itself(folder, policy.region.name):
        bureau = training_bureau(folder, now=clock.now(), suite=suite)
        hub, store = _open_city(policy, clock, bureau, suite)
    return wired(settings, training_ground(policy, clock, bureau, hub, store, source=source))


def training_ground(
    policy: Policy,
    clock: Clock,
    bureau: TrainingBureau,
    hub: Hub,
    store: SqliteLocalStore,
    *,
    source: KeySource | None = None,
) -> Ground:
    """The ground of a training counter: the training bureau's authority, its operators, and its soft keys or others."""
    from counter_tui.devices.keys.soft import SoftKeys
    from counter_tui.devices.keys.training import TRAINING_PIN
    from counter_tui.security.certificates import Authority
    from counter_tui.security.humans import TRAINING_SECRET
    from counter_tui.wiring.parts import Ground

    return Ground(
        policy=policy,
        clock=clock,
        folder=bureau.folder.parent,
        device=DEVICE,
        hub=hub,
        store=store,
        source=source or SoftKeys(bureau.folder, training=True),
        authorities=tuple(Authority(certificate=each) for each in bureau.issuing_cas),
        humans=TRAINING_SECRET,
        pin_note="" if source else TRAINING_PIN,
    )


@contextmanager
def _folder_to_itself(folder: Path, region: str) -> Iterator[None]:
    """Keep other programs out while a city is looked for or made: two first starts make one city.

    Raises:
        OtherRegion, LostStore, StoreReadOnly.
    """
    from storage.engine import Gate, create_private
    from storage.trouble import LostStore

    seeded = folder / SEEDED
    create_private(folder / "city.gate")
    gate = Gate(folder / "city.gate")
    try:
        with gate.held():
            if seeded.exists():
                if (made := seeded.read_text(encoding="utf-8").strip()) and made != region:
                    raise OtherRegion(found=made, region=region)
                for file in (folder / "counter.sqlite", folder / "hub.sqlite", folder / "keys"):
                    if not file.exists() or not file.stat().st_size:
                        raise LostStore(file=file.name)
            yield
    finally:
        gate.close()


def _open_city(
    policy: Policy, clock: SystemClock, bureau: TrainingBureau, suite: Suite
) -> tuple[Hub, SqliteLocalStore]:
    from counter_tui.faults import FaultLog
    from counter_tui.operations import rules  # noqa: F401  # makes decide() complete
    from counter_tui.security.certificates import Authority
    from counter_tui.security.humans import TRAINING_SECRET, KeyedHumans
    from counter_tui.security.verifying import SignatureCheck
    from storage.hub.judging import Judge
    from storage.hub.opening import open_hub
    from storage.local.store import open_local

    folder = bureau.folder.parent
    if not (folder / SEEDED).exists():
        for left in (*folder.glob("hub.sqlite*"), *folder.glob("counter.sqlite*")):
            left.unlink()
    authorities = tuple(Authority(certificate=each) for each in bureau.issuing_cas)
    check = SignatureCheck(authorities=authorities, training=True, suite=suite, clock=clock.now)
    faults = FaultLog(folder / "counter.log")
    humans = KeyedHumans(secret=TRAINING_SECRET)
    judge = Judge(policy=policy, clock=clock, verify=check, human_of=humans.reference, report=faults.write)
    hub = open_hub(folder / "hub.sqlite", bureau=policy.region.bureau, training=True, judge=judge, suite=suite)
    try:
        store = open_local(folder / "counter.sqlite", bureau=policy.region.bureau, device=DEVICE, suite=suite)
        if not (folder / SEEDED).exists():
            _seed(policy, clock, hub, store)
            (folder / SEEDED).write_text(policy.region.name, encoding="utf-8")
        _tell_operators(bureau, hub, store)
        hub.judge_held_again()  # the program or its law may be newer than when they were held
    except BaseException:
        hub.close()
        raise
    return hub, store


def _seed(policy: Policy, clock: SystemClock, hub: Hub, store: SqliteLocalStore) -> None:
    """Make the city once and lay it into the hub's register and the counter's mirror alike."""
    from counter_tui.training.city import build_city

    city = list(build_city(policy, employers=DEMO_EMPLOYERS, persons=DEMO_PERSONS, seed=DEMO_SEED, today=clock.today()))
    hub.load(city)
    store.load(city)
    hub.enrol_device(DEVICE, WINDOWS)


def _tell_operators(bureau: TrainingBureau, hub: Hub, store: SqliteLocalStore) -> None:
    """Register trainees that the hub does not know yet; the counter knows them before its first exchange."""
    known = {each.number for each in hub.operators()}
    if added := [each for each in bureau.operators if each.number not in known]:
        hub.register_operators(added)
        store.register_operators(added)
