"""Opening the counter of a real bureau: its own authorities and operators, keys in readers, the hub in this process."""

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.operations.suites import Suite
    from counter_tui.policy.regions import Policy
    from counter_tui.services.keys import KeySource
    from counter_tui.settings import Settings
    from counter_tui.wiring.parts import Opened
    from storage.hub.ingest import Hub
    from storage.hub.judging import Judge

WINDOWS = tuple(f"{number:03d}" for number in range(1, 1000))
"""Windows that a hub in this process gives to its one host: all there are."""
REVOCATIONS = "revocations"
"""Folder of the data directory that keeps the revocation lists for days without a line."""
HUMANS = "humans.secret"
"""File of the data directory with the secret by which humans are told apart; belongs into the bureau's backup."""
DEVICE = "device"
"""File of the data directory that names this host for ever; copied to another host it would name two, so it stays."""


async def open_production(settings: Settings, region: str, folder: Path, *, source: KeySource) -> Opened:
    """Open the counter of a bureau, made in `folder` the first time; the line to its hub runs in the calling loop.

    Raises:
        NoAuthority, and the refusals of an authority's files: nobody could sign on.
        UnknownRegion, DamagedStore, StoreReadOnly, DiskFull and the other refusals of opening a file.
    """
    opened = await asyncio.to_thread(_open_production, settings, region, folder, source)
    opened.line.start()
    return opened


def production_policy(settings: Settings, region: str) -> Policy:
    """The law of a region, with the number of the bureau that the settings name."""
    from counter_tui.policy.regions import load_policy

    policy = load_policy(region, training=False)
    number = settings.trust.bureau
    return replace(policy, region=replace(policy.region, bureau=number)) if number else policy


def _open_production(settings: Settings, region: str, folder: Path, source: KeySource) -> Opened:
    from counter_tui.clock import SystemClock
    from counter_tui.faults import FaultLog
    from counter_tui.operations.suites import suite_named
    from counter_tui.security.authorities import read_authorities
    from counter_tui.security.humans import KeyedHumans, human_secret
    from counter_tui.security.trust import Trust
    from counter_tui.security.verifying import SignatureCheck
    from counter_tui.wiring.parts import Ground, wired
    from storage.hub.judging import Judge
    from storage.local.store import open_local

    policy, clock, suite = production_policy(settings, region), SystemClock(), suite_named(settings.trust.suite)
    suite.require()
    authorities = read_authorities(settings.trust.authorities, clock.now(), suite)
    device, report = this_device(folder), FaultLog(folder / "counter.log").write
    humans = human_secret(folder / HUMANS)
    trust = Trust(authorities, folder / REVOCATIONS, clock.now, report)
    judge = Judge(
        policy=policy,
        clock=clock,
        verify=SignatureCheck(
            authorities=authorities, training=False, clock=clock.now, suite=suite, revocations=trust.lists
        ),
        causes=trust.lists,
        human_of=KeyedHumans(secret=humans).reference,
        report=report,
    )
    hub = open_own_hub(judge, folder, device, suite)
    try:
        store = open_local(folder / "counter.sqlite", bureau=policy.region.bureau, device=device, suite=suite)
    except BaseException:
        hub.close()
        raise
    trust.start()
    ground = Ground(
        policy=policy,
        clock=clock,
        folder=folder,
        device=device,
        hub=hub,
        store=store,
        source=source,
        authorities=authorities,
        humans=humans,
        trust=trust,
    )
    return wired(settings, ground)


def open_own_hub(judge: Judge, folder: Path, device: str, suite: Suite) -> Hub:
    """The hub of a bureau that has no other: a file beside the counter's, in which this host has every window."""
    from counter_tui.operations import rules  # noqa: F401  # makes decide() complete
    from storage.hub.opening import open_hub

    bureau = judge.policy.region.bureau
    hub = open_hub(folder / "hub.sqlite", bureau=bureau, training=False, judge=judge, suite=suite)
    try:
        if hub.device(device) is None:
            hub.enrol_device(device, WINDOWS)
        hub.judge_held_again()
    except BaseException:
        hub.close()
        raise
    return hub


def this_device(folder: Path) -> str:
    """The name of this host's chain of operations, drawn once for a data directory; two first starts draw one.

    Raises:
        StoreReadOnly: the directory cannot be written.
    """
    from counter_tui.own_files import make_folder
    from storage.trouble import StoreReadOnly

    file, draft = folder / DEVICE, folder / f".{DEVICE}-{secrets.token_hex(8)}"
    try:
        make_folder(folder)
        if not file.exists():
            draft.write_text(f"host-{secrets.token_hex(4)}", encoding="ascii")
            try:
                os.link(draft, file)  # fails when another start was quicker: its name counts
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise StoreReadOnly(file=DEVICE) from error
