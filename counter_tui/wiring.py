"""The one place where the parts meet: files, hub, keys, law and use cases become one counter."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from counter_tui.clock import SystemClock
    from counter_tui.devices.keys.training import TrainingBureau
    from counter_tui.policy.regions import Policy
    from counter_tui.services.counter import Counter
    from counter_tui.settings import Settings
    from storage.hub.ingest import Hub
    from storage.local.store import SqliteLocalStore
    from storage.sync.hub_client import InProcessHub
    from storage.sync.line import Line

DEVICE = "training-1"
WINDOWS = tuple(f"{number:03d}" for number in range(1, 21))
"""Windows that the training hub gives to its one device."""
DEMO_EMPLOYERS, DEMO_PERSONS, DEMO_SEED = 60, 5_000, 2026
INCOMING = "incoming"
"""Folder below the data directory in which files lie that are to be loaded."""
SEEDED = "city.seeded"
"""Written last when a training city was made, with its region; without it what lies there is made anew."""


class OtherRegion(CounterError):
    """数据目录中是 {found} 的演练城市，不能用于 {region}；请用 --data-dir 另指一个目录"""

    found: str
    region: str


@dataclass(slots=True, kw_only=True)
class Opened:
    """A counter with everything that must be given back at the end."""

    counter: Counter
    line: Line
    client: InProcessHub
    hub: Hub
    store: SqliteLocalStore

    async def close(self) -> None:
        """Stop the line, let the hub finish, give the files back."""
        await self.line.stop()
        await asyncio.to_thread(self._close_files)

    def _close_files(self) -> None:
        self.client.close()
        self.hub.close()
        self.store.close()


async def open_training(settings: Settings, region: str, folder: Path, *, real_today: date) -> Opened:
    """Open the training counter of a region in a folder of its own; the first time a city is made there.

    The line to the in-process hub runs in the calling event loop.

    Raises:
        UnknownRegion, OtherRegion, LostStore, DamagedStore, StoreReadOnly, DiskFull and the other refusals of
            opening a file.
    """
    opened = await asyncio.to_thread(_open_training, settings, region, folder, real_today)
    opened.line.start()
    return opened


def _open_training(settings: Settings, region: str, folder: Path, real_today: date) -> Opened:
    from counter_tui.clock import SystemClock
    from counter_tui.devices.keys.training import training_bureau
    from counter_tui.policy.regions import load_policy
    from counter_tui.training.plan import business_date

    policy = load_policy(region, training=True)
    clock = SystemClock.showing(business_date(policy, real_today))
    with _folder_to_itself(folder, policy.region.name):
        bureau = training_bureau(folder, now=clock.now())
        hub, store = _open_city(policy, clock, bureau, folder)
    return _wired(settings, policy, clock, bureau, hub, store, folder)


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
    policy: Policy, clock: SystemClock, bureau: TrainingBureau, folder: Path
) -> tuple[Hub, SqliteLocalStore]:
    from counter_tui.faults import FaultLog
    from counter_tui.operations import rules  # noqa: F401  # makes decide() complete
    from counter_tui.security.certificates import Authority
    from counter_tui.security.verifying import SignatureCheck
    from storage.hub.judging import Judge
    from storage.hub.opening import open_hub
    from storage.local.store import open_local

    if not (folder / SEEDED).exists():
        for left in (*folder.glob("hub.sqlite*"), *folder.glob("counter.sqlite*")):
            left.unlink()
    check = SignatureCheck(authorities=(Authority(certificate=bureau.issuing_ca),), training=True)
    faults = FaultLog(folder / "counter.log")
    judge = Judge(policy=policy, clock=clock, verify=check, report=faults.write)
    hub = open_hub(folder / "hub.sqlite", bureau=policy.region.bureau, training=True, judge=judge)
    try:
        store = open_local(folder / "counter.sqlite", bureau=policy.region.bureau, device=DEVICE)
        if not (folder / SEEDED).exists():
            _seed(policy, clock, bureau, hub, store)
            (folder / SEEDED).write_text(policy.region.name, encoding="utf-8")
        hub.judge_held_again()  # the program or its law may be newer than when they were held
    except BaseException:
        hub.close()
        raise
    return hub, store


def _seed(policy: Policy, clock: SystemClock, bureau: TrainingBureau, hub: Hub, store: SqliteLocalStore) -> None:
    """Make the city once and lay it into the hub's register and the counter's mirror alike."""
    from counter_tui.training.city import build_city

    city = list(build_city(policy, employers=DEMO_EMPLOYERS, persons=DEMO_PERSONS, seed=DEMO_SEED, today=clock.today()))
    hub.load(city)
    store.load(city)
    hub.enrol_device(DEVICE, WINDOWS)
    hub.register_operators(bureau.operators)


def _wired(
    settings: Settings,
    policy: Policy,
    clock: SystemClock,
    bureau: TrainingBureau,
    hub: Hub,
    store: SqliteLocalStore,
    folder: Path,
) -> Opened:
    from pathlib import Path

    from counter_tui.devices.keys.soft import SoftKeys
    from counter_tui.devices.keys.training import TRAINING_PIN
    from counter_tui.devices.printer import FolderPrinter
    from counter_tui.documents.stationery import BureauStationery, KeptPrints
    from counter_tui.faults import FaultLog
    from counter_tui.policy.loaded import CurrentLaw
    from counter_tui.security.certificates import Authority, OperatorList
    from counter_tui.security.challenges import Challenges
    from counter_tui.security.sessions import SignOn
    from counter_tui.security.signing_on import KeySigningOn
    from counter_tui.security.statements import Place
    from counter_tui.services.counter import Counter
    from counter_tui.services.declarations import Declarations
    from counter_tui.services.drafts import Drafts
    from counter_tui.services.enquiries import Enquiries
    from counter_tui.services.figures import LoadFigures
    from counter_tui.services.printing import Printing
    from counter_tui.services.receptions import Receptions
    from counter_tui.services.recording import RecordOperations
    from counter_tui.services.reviews import Reviews
    from counter_tui.services.settlement import Settlement
    from storage.incoming import IncomingFolder
    from storage.sync.hub_client import InProcessHub
    from storage.sync.line import Line

    client = InProcessHub(hub)
    line = Line(store, client, clock, report=FaultLog(folder / "counter.log").write)
    record = RecordOperations(store=store, line=line, clock=clock, policy=policy, device=DEVICE)
    signing = KeySigningOn(
        source=SoftKeys(bureau.folder, training=True),
        rule=SignOn(
            authorities=(Authority(certificate=bureau.issuing_ca),),
            operators=OperatorList(bureau.operators),
            challenges=Challenges(),
            clock=clock.now,
        ),
        place=Place(bureau=policy.region.bureau, device=DEVICE, terminal="", training=True),
    )
    prints = folder / "prints"
    counter = Counter(
        policy=policy,
        clock=clock,
        store=store,
        line=line,
        record=record,
        signing=signing,
        receptions=Receptions(record=record, store=store),
        declarations=Declarations(record=record, store=store, clock=clock),
        reviews=Reviews(record=record, store=store),
        settlement=Settlement(record=record, store=store, clock=clock),
        enquiries=Enquiries(record=record, store=store),
        drafts=Drafts(store=store, clock=clock),
        printing=Printing(
            record=record,
            store=store,
            clock=clock,
            stationery=BureauStationery(
                policy=policy,
                telephone=settings.print.telephone,
                fonts=tuple(Path(font) for font in settings.print.fonts),
            ),
            folder=KeptPrints(folder=prints),
            printer=FolderPrinter(folder=prints),
        ),
        figures=LoadFigures(
            record=record,
            store=store,
            clock=clock,
            law=CurrentLaw(policy),
            incoming=IncomingFolder(folder / INCOMING),
        ),
        pin_note=TRAINING_PIN,
        first_window=f"{int(settings.window):03d}",
        idle_minutes=settings.idle_minutes,
    )
    return Opened(counter=counter, line=line, client=client, hub=hub, store=store)
