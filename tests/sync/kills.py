"""Programs that save and synchronise are killed with signal 9 at random moments; then every receipt is looked up.

Run as `python -m tests.sync.kills --seed N --count N`; ends with 1 when anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import select
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from storage.hub import Hub, open_hub
from storage.local import SqliteLocalStore, open_local
from storage.local.outbox import waiting_from
from storage.sync import InProcessHub, Line
from tests.storage.bureau import BUREAU, Clerk, WallClock, act, filing, judge
from tests.sync.checks import decided, faults

KILLED_AFTER = 0.25
"""Seconds at most from a program's first receipt to its end."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def opened(folder: Path) -> tuple[SqliteLocalStore, Hub]:
    store = open_local(folder / "counter.db", bureau=BUREAU, device="host-1")
    hub = open_hub(folder / "hub.db", bureau=BUREAU, training=False, judge=judge(clock=WallClock()))
    return store, hub


async def work(folder: Path, window: str, chance: random.Random, paper: int) -> None:
    """Save groups for ever and print a receipt for each operation that is kept."""
    store, hub = opened(folder)
    clerk = Clerk(window=window, clock=WallClock())
    async with Line(store, InProcessHub(hub), WallClock(), chance=chance) as line:
        while True:
            proposals = [
                chance.choice((filing(f"{chance.randrange(10_000):04}", again=True), act("test.numbered", name="甲")))
                for _ in range(chance.randrange(1, 6))
            ]
            kept = await store.write(clerk.saves(*proposals))
            receipts = "".join(f"{operation.acceptance_number} {operation.op_id}\n" for operation in kept)
            os.write(paper, receipts.encode())
            line.wake()
            await asyncio.sleep(chance.uniform(0, 0.01))


def start(folder: Path, window: str, chance: random.Random, paper: int) -> int:
    process = os.fork()
    if process == 0:
        try:
            asyncio.run(work(folder, window, chance, paper))
        finally:
            traceback.print_exc()
            os._exit(1)
    return process


def receipts_until_killed(folder: Path, chance: random.Random) -> list[tuple[str, str]]:
    """Let two clerks work at one or two windows, kill both, and return the receipts they printed."""
    reading, paper = os.pipe()
    windows = chance.choice((("003", "004"), ("003", "003")))
    programs = [start(folder, window, random.Random(chance.random()), paper) for window in windows]
    os.close(paper)
    printed = b""
    if chance.random() < 0.8:
        select.select([reading], [], [], 10)
        time.sleep(chance.uniform(0, KILLED_AFTER))
    else:
        time.sleep(chance.uniform(0, KILLED_AFTER))  # while it opens its files
    for program in programs:
        os.kill(program, signal.SIGKILL)
    ends = [os.waitstatus_to_exitcode(os.waitpid(program, 0)[1]) for program in programs]
    if ends != [-signal.SIGKILL] * len(programs):
        raise RuntimeError(f"a program ended by itself: {ends}")
    while part := os.read(reading, 1 << 16):
        printed += part
    os.close(reading)
    lines = printed.decode().splitlines()
    return [(number, op_id) for number, op_id in (line.split() for line in lines)]


async def quiet(folder: Path, receipts: list[tuple[str, str]]) -> tuple[list[str], int]:
    """Let the line drain, then return what is wrong and the number of operations at the hub."""
    store, hub = opened(folder)
    client = InProcessHub(hub)
    async with Line(store, client, WallClock()) as line:
        async with asyncio.timeout(60):
            while await store.look(waiting_from) is not None:
                line.wake()
                await asyncio.sleep(0.02)
        ids = [op_id for op_id, *_ in decided(hub)]
        if ids:
            await line.answer(ids[-1:], seconds=60)
    client.close()
    wrong = await faults(store, hub, receipts)
    count = len(ids)
    store.close()
    hub.close()
    return wrong, count


def campaign(seed: int, count: int, folder: Path) -> list[str]:
    """Kill programs until `count` have died; return what is wrong afterwards."""
    chance = random.Random(seed)
    store, hub = opened(folder)
    hub.enrol_device("host-1", ["003", "004"])
    store.close()
    hub.close()
    receipts: list[tuple[str, str]] = []
    for _ in range((count + 1) // 2):
        receipts += receipts_until_killed(folder, chance)
    wrong, kept = asyncio.run(quiet(folder, receipts))
    say(f"{count} programs killed, {len(receipts)} receipts, {kept} operations at the hub")
    if len(receipts) < count:
        wrong.append("too few receipts: the programs did not work")
    return wrong


def main() -> int:
    """Run a campaign and say what it found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=None)
    arguments.add_argument("--count", type=int, default=2_000)
    given = arguments.parse_args()
    seed = given.seed if given.seed is not None else int(time.time())
    say(f"--seed {seed} --count {given.count}")
    with tempfile.TemporaryDirectory() as folder:
        wrong = campaign(seed, given.count, Path(folder))
    say("\n".join(wrong) or "nothing lost, nothing doubled")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
