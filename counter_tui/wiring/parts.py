"""The parts of a counter put together, whatever ground it stands on."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counter_tui.services.trust import NoLists

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.policy.regions import Policy
    from counter_tui.security.certificates import Authority
    from counter_tui.security.desk import KeyDesk
    from counter_tui.security.trust import Trust
    from counter_tui.services.counter import Counter
    from counter_tui.services.keys import KeySource, KeyWatch
    from counter_tui.services.ports import Clock
    from counter_tui.services.social_card import ReadSocialCard
    from counter_tui.settings import Settings
    from storage.hub.ingest import Hub
    from storage.local.store import SqliteLocalStore
    from storage.sync.hub_client import InProcessHub
    from storage.sync.line import Line

INCOMING = "incoming"
"""Folder below the data directory in which files lie that are to be loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a counter stands on: its law and clock, its files and hub, and whom it believes."""

    policy: Policy
    clock: Clock
    folder: Path
    """The data directory."""
    device: str
    hub: Hub
    store: SqliteLocalStore
    source: KeySource
    authorities: tuple[Authority, ...]
    humans: bytes
    """The secret by which humans are told apart across their accounts."""
    trust: Trust | NoLists = field(default_factory=NoLists)
    """Revocation lists, which whoever opened them has started; closed with the counter."""
    pin_note: str = ""
    """In training with soft keys only: their PIN, told on the sign-on screen."""


@dataclass(slots=True, kw_only=True)
class Opened:
    """A counter with everything that must be given back at the end."""

    counter: Counter
    line: Line
    client: InProcessHub
    hub: Hub
    store: SqliteLocalStore
    trust: Trust | NoLists
    watch: KeyWatch
    desk: KeyDesk

    async def close(self) -> None:
        """Stop the watch and the line, let the hub finish, give the files back."""
        self.watch.close()
        self.trust.close()
        await self.line.stop()
        await asyncio.to_thread(self.desk.close)
        await asyncio.to_thread(self._close_files)

    def _close_files(self) -> None:
        self.client.close()
        self.hub.close()
        self.store.close()


def wired(settings: Settings, ground: Ground) -> Opened:
    """Put a counter together; the line to its hub is not started yet."""
    from pathlib import Path

    from counter_tui.devices.printer import FolderPrinter
    from counter_tui.documents.stationery import BureauStationery, KeptPrints
    from counter_tui.faults import FaultLog
    from counter_tui.policy.loaded import CurrentLaw
    from counter_tui.security.certificates import OperatorList
    from counter_tui.security.challenges import Challenges
    from counter_tui.security.desk import KeyDesk
    from counter_tui.security.humans import KeyedHumans
    from counter_tui.security.offering import OfferedCertificates
    from counter_tui.security.sessions import SignOn
    from counter_tui.security.signing_on import KeySigningOn
    from counter_tui.security.ssh_key import Admission, this_connection
    from counter_tui.security.statements import Place
    from counter_tui.services.counter import Counter
    from counter_tui.services.declarations import Declarations
    from counter_tui.services.drafts import Drafts
    from counter_tui.services.enquiries import Enquiries
    from counter_tui.services.figures import LoadFigures
    from counter_tui.services.held import HeldWork
    from counter_tui.services.operators import GrantPosts, Registered
    from counter_tui.services.printing import Printing
    from counter_tui.services.receptions import Receptions
    from counter_tui.services.recording import RecordOperations
    from counter_tui.services.refused_proofs import NotedSigning
    from counter_tui.services.reviews import Reviews
    from counter_tui.services.settlement import Settlement
    from storage.incoming import IncomingFolder
    from storage.sync.hub_client import InProcessHub
    from storage.sync.line import Line

    policy, clock, folder, store = ground.policy, ground.clock, ground.folder, ground.store
    client = InProcessHub(ground.hub)
    line = Line(store, client, clock, report=FaultLog(folder / "counter.log").write)
    humans = KeyedHumans(secret=ground.humans)
    record = RecordOperations(
        store=store,
        line=line,
        clock=clock,
        policy=policy,
        device=ground.device,
        suite=store.suite,
        trust=ground.trust,
        human_of=humans.reference,
    )
    registered = Registered(store=store, clock=clock, training=policy.training)
    watch, desk = ground.source.watch(), KeyDesk()
    watch.start()
    signing = KeySigningOn(
        source=ground.source,
        watch=watch,
        desk=desk,
        rule=SignOn(
            authorities=ground.authorities,
            operators=OperatorList(()),
            challenges=Challenges(),
            revocations=ground.trust.lists,
            clock=clock.now,
            suite=store.suite,
        ),
        place=Place(bureau=policy.region.bureau, device=ground.device, terminal="", training=policy.training),
        registry=registered,
        admission=Admission(connection=this_connection(os.environ), log=folder / "counter.log"),
    )
    incoming = IncomingFolder(folder / INCOMING)
    prints = folder / "prints"
    counter = Counter(
        policy=policy,
        clock=clock,
        store=store,
        line=line,
        record=record,
        signing=NotedSigning(signing=signing, store=store, clock=clock),
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
            incoming=incoming,
        ),
        posts=GrantPosts(
            record=record,
            store=store,
            clock=clock,
            registered=registered,
            certificates=OfferedCertificates(signing),
            humans=humans,
            incoming=incoming,
        ),
        held=HeldWork(record=record, store=store),
        social_cards=_social_cards(clock),
        pin_note=ground.pin_note,
        first_window=f"{int(settings.window):03d}",
        idle_minutes=settings.idle_minutes,
    )
    return Opened(
        counter=counter,
        line=line,
        client=client,
        hub=ground.hub,
        store=store,
        trust=ground.trust,
        watch=watch,
        desk=desk,
    )


def _social_cards(clock: Clock) -> ReadSocialCard | None:
    """Readers for social security cards; None without their library (extra `usbkey`), which is not loaded yet."""
    from importlib.util import find_spec

    if find_spec("smartcard") is None:
        return None
    from counter_tui.devices.cards import PcscCards
    from counter_tui.devices.social_card import CardReaders
    from counter_tui.services.social_card import ReadSocialCard

    return ReadSocialCard(CardReaders(PcscCards()), clock=clock)
