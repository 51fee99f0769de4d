"""Figures brought into force by two persons, at real files, with a real hub and real soft keys."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.figures import FiguresState
from counter_tui.domain.problems import Rejected
from counter_tui.policy.dated import FigureDamaged, NotInForce
from counter_tui.policy.ledgers import RateNotPublished, ledger
from counter_tui.policy.loaded import CurrentLaw
from counter_tui.policy.provisional_pension import base_to_use
from counter_tui.policy.regions import load_policy
from counter_tui.policy.supplements import BadFigures
from counter_tui.services.figures import NoSuchFiguresFile
from counter_tui.services.keys import WrongPin
from counter_tui.services.settlement import Order
from storage.hub.judging import Judge
from storage.hub.opening import open_hub
from storage.local.store import open_local
from storage.sync.hub_client import InProcessHub
from storage.sync.line import Line
from tests.services.bureau import EMPLOYER, PIN, FixedClock, counter_of, sign_on
from tests.services.test_one_employer_from_key_to_bill import receive

if TYPE_CHECKING:
    from counter_tui.domain.figures import FiguresFile
    from counter_tui.services.counter import Counter

ADMINISTRATOR, SUPERVISOR, CLERK = "0031", "0021", "0007"
NEW_YEAR, JANUARY = date(2028, 1, 11), YearMonth(2028, 1)
ROOT = Path(__file__).parents[2]

LIMITS = """region = "handan"

[[limits]]
schemes = ["110", "210", "410"]
values = [
  { since = "2028-01", until = "2028-12", floor = "4200", ceiling = "21000", by = "演练数据", confidence = "low", known_from = "2026-11-20" },
]
"""  # noqa: E501  # one value on a line, as the files have them


@pytest.fixture
def in_january(monkeypatch: pytest.MonkeyPatch) -> None:
    """The employers settle January 2028, for which no figures are shipped, nor any of the year before to carry on."""
    monkeypatch.setattr("tests.services.bureau.TODAY", NEW_YEAR)
    monkeypatch.setattr("tests.services.bureau.MONTH", JANUARY)


async def connected(counter: Counter) -> None:
    """The line's first exchange is done."""
    async with asyncio.timeout(20):
        while not counter.line.connected:
            counter.line.wake()
            await asyncio.sleep(0.01)


async def propose(counter: Counter, text: str = LIMITS, *, by: str = ADMINISTRATOR) -> FiguresFile:
    await sign_on(counter, by)
    await connected(counter)
    looked = await counter.figures.look(text.encode(), "2028.toml")
    kept = await counter.figures.propose(looked, seat=counter.seat, pin=bytearray(PIN))
    file = await counter.figures.file(kept.operations[-1].op_id)
    await counter.leave_seat()
    return file


async def confirm(counter: Counter, file: FiguresFile, *, by: str = SUPERVISOR) -> None:
    await sign_on(counter, by)
    await connected(counter)
    await counter.figures.confirm(file, seat=counter.seat, pin=bytearray(PIN))
    await counter.leave_seat()


async def trial(counter: Counter) -> int:
    """What January comes to, in fen."""
    computed = await counter.settlement.trial(Order(function="P29", month=JANUARY), seat=counter.seat)
    assert computed.assessment is not None, computed.problems
    return computed.assessment.total


@pytest.mark.usefixtures("in_january")
async def test_a_month_refused_for_lack_of_a_figure_is_settled_once_two_persons_loaded_it(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, CLERK)
        await receive(counter)
        with pytest.raises(NotInForce, match=r"2028-01 的「企业职工基本养老保险缴费基数下限」.*路径 99"):
            await trial(counter)
        await counter.leave_seat()

        file = await propose(counter)
        await sign_on(counter, CLERK)
        with pytest.raises(NotInForce):
            await trial(counter)
        await counter.leave_seat()

        await confirm(counter, file)
        await sign_on(counter, CLERK)
        total = await trial(counter)
        bill = await counter.settlement.settle(
            Order(function="P29", month=JANUARY), total, seat=counter.seat, pin=bytearray(PIN)
        )
        assert bill.total == total
        assert bill.month == JANUARY


@pytest.mark.usefixtures("in_january")
async def test_a_bill_keeps_its_figures_when_newer_ones_are_loaded(tmp_path: Path) -> None:
    newer = LIMITS.replace("4200", "9000").replace("2026-11-20", "2027-01-05")
    async with counter_of(tmp_path) as counter:
        await confirm(counter, await propose(counter))
        await sign_on(counter, CLERK)
        await receive(counter)
        order, total = Order(function="P29", month=JANUARY), await trial(counter)
        bill = await counter.settlement.settle(order, total, seat=counter.seat, pin=bytearray(PIN))
        roster = await counter.settlement.roster(bill)
        await counter.leave_seat()

        await confirm(counter, await propose(counter, newer))
        assert (await counter.figures.in_force()).limits("110", JANUARY).floor == 900_000
        await sign_on(counter, CLERK)
        assert await counter.settlement.bills(EMPLOYER, JANUARY, JANUARY) == (bill,)
        assert await counter.settlement.roster(bill) == roster


async def test_one_person_alone_never_brings_a_figure_into_force(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        file = await propose(counter)
        await sign_on(counter, ADMINISTRATOR)
        with pytest.raises(Rejected) as refused:
            await counter.figures.confirm(file, seat=counter.seat, pin=bytearray(PIN))
        assert refused.value.problems[0].message == "M59"
        await counter.leave_seat()
        await sign_on(counter, SUPERVISOR)
        with pytest.raises(WrongPin):
            await counter.figures.confirm(file, seat=counter.seat, pin=bytearray(b"000000"))
        assert (await counter.figures.file(file.id)).state is FiguresState.PROPOSED
        with pytest.raises(NotInForce):
            (await counter.figures.in_force()).limits("110", JANUARY)


async def test_a_clerk_neither_proposes_nor_confirms(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with pytest.raises(Rejected, match="岗位"):
            await propose(counter, by=CLERK)
        await counter.leave_seat()
        file = await propose(counter)
        with pytest.raises(Rejected, match="岗位"):
            await confirm(counter, file, by=CLERK)


async def test_a_refused_file_stays_without_effect_and_says_why(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        file = await propose(counter)
        await sign_on(counter, SUPERVISOR)
        await counter.figures.refuse(file, reason="与公布的文件不符", seat=counter.seat, pin=bytearray(PIN))
        kept = await counter.figures.file(file.id)
        assert (kept.state, kept.reason) == (FiguresState.REFUSED, "与公布的文件不符")
        assert (await counter.figures.in_force()) is counter.figures.law.shipped


async def test_a_bad_file_is_refused_with_its_line_before_anything_is_kept(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with pytest.raises(BadFigures) as refused:
            await propose(counter, LIMITS.replace("4200", "42000"))
        assert "2028.toml 第 6 行" in refused.value.sentence
        assert await counter.figures.files() == ()


@pytest.mark.parametrize("steering", ["\t", "\x1b[2J", "\u202e"])
async def test_a_text_that_could_steer_a_terminal_is_refused_with_its_line(tmp_path: Path, steering: str) -> None:
    async with counter_of(tmp_path) as counter:
        with pytest.raises(BadFigures, match="第 7 行") as refused:
            await counter.figures.look(f"{LIMITS[:-2]}#{steering}\n]".encode(), "2028.toml")
        assert "不能显示的字符" in refused.value.sentence


async def test_a_file_is_named_by_the_beginning_of_its_number(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        file = await propose(counter)
        assert await counter.figures.file(file.id[:13]) == file
        for start in ("", "zz"):
            with pytest.raises(NoSuchFiguresFile):
                await counter.figures.file(start)


YEARS = """region = "handan"

[[pension_base]]
year = 2026
monthly = "7500.00"
by = "冀人社字〔2026〕88号"
confidence = "high"
known_from = "2026-11-20"

[[account_interest]]
year = 2026
rate = "0.0260"
by = "人社部、财政部 2027 年公布"
confidence = "high"
known_from = "2027-06-20"
"""


async def test_the_figures_of_a_year_rule_once_two_persons_loaded_them_each_from_its_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter_of(tmp_path) as counter:
        looked = await counter.figures.look(YEARS.encode(), "2026.toml")
        assert [each.text for each in looked.changes] == [
            "个人账户记账利率 2026-01 至 2026-12：无数据 → 2.6%（人社部、财政部 2027 年公布，2027-06-20 公布）",
            "河北省养老金计发基数 2026-01 至 2026-12：无数据 → 7,500.00 元（冀人社字〔2026〕88号，2026-11-20 公布）",
        ]
        file = await propose(counter, YEARS)
        law = await counter.figures.in_force()
        assert base_to_use(law.yearly, 2026).provisional

        await confirm(counter, file)
        law = await counter.figures.in_force()
        assert base_to_use(law.yearly, 2026).value.value == 750_000
        assert not base_to_use(law.yearly, 2026).provisional
        with pytest.raises(RateNotPublished):
            ledger(law.yearly.account_interest, 10_000_000, {2026: (0,) * 12})
    monkeypatch.setattr("tests.services.bureau.TODAY", date(2027, 6, 21))
    async with counter_of(tmp_path) as counter:
        law = await counter.figures.in_force()
        assert ledger(law.yearly.account_interest, 10_000_000, {2026: (0,) * 12}).closing == 10_260_000


async def test_one_person_alone_never_brings_a_yearly_figure_into_force(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        file = await propose(counter, YEARS)
        with pytest.raises(Rejected, match="不能为同一人"):
            await confirm(counter, file, by=ADMINISTRATOR)
        law = await counter.figures.in_force()
        assert law.yearly == counter.figures.law.shipped.yearly


async def test_a_yearly_figure_edited_in_the_file_refuses_for_every_year_and_nothing_else_does(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await confirm(counter, await propose(counter, YEARS.replace("2027-06-20", "2026-11-22")))
    with sqlite3.connect(tmp_path / "counter.sqlite") as store:
        store.execute("UPDATE figures SET text = replace(text, '7500.00', '9500.00')")
    store.close()
    async with counter_of(tmp_path) as counter:
        law = await counter.figures.in_force()
        with pytest.raises(FigureDamaged, match=r"2028\.toml，内容与确认时不同"):
            base_to_use(law.yearly, 2025)
        with pytest.raises(FigureDamaged):
            ledger(law.yearly.account_interest, 0, {2025: (0,) * 12})
        assert law.yearly.index_wage == counter.figures.law.shipped.yearly.index_wage


PROPOSES_AND_DIES = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.services.bureau import counter_of
from tests.services.test_figures import propose

async def main():
    async with counter_of(Path(sys.argv[1])) as counter:
        await propose(counter)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_proposal_survives_the_sudden_end_of_the_program(tmp_path: Path) -> None:
    ended = subprocess.run(  # noqa: ASYNC221  # nothing else runs in this loop
        [sys.executable, "-c", PROPOSES_AND_DIES, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    async with counter_of(tmp_path) as counter:
        (file,) = await counter.figures.files()
        assert (file.state, file.text, file.proposed.operator) == (FiguresState.PROPOSED, LIMITS, ADMINISTRATOR)
        await confirm(counter, file)
        assert (await counter.figures.in_force()).limits("110", JANUARY).floor == 420_000


async def test_every_counter_gets_the_figures_by_the_feed(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await confirm(counter, await propose(counter))
    law, clock = load_policy("handan", training=True), FixedClock()
    judge = Judge(policy=law, clock=clock, verify=lambda *_: None)
    hub = open_hub(tmp_path / "hub.sqlite", bureau=law.region.bureau, training=True, judge=judge)
    other = open_local(tmp_path / "other.sqlite", bureau=law.region.bureau, device="training-2")
    client = InProcessHub(hub)
    try:
        async with Line(other, client, clock) as line:
            known = 0
            while not known:
                line.wake()
                known = await other.read(lambda r: len(r.register.figures_files()))
        files = await other.read(lambda r: r.register.figures_files())
        taken = CurrentLaw(law).on(clock.today(), files)
        assert taken.limits("110", JANUARY).floor == 420_000
    finally:
        client.close()
        hub.close()
        other.close()


@pytest.mark.usefixtures("in_january")
async def test_the_hub_judges_by_new_figures_in_the_next_operation_and_the_counter_at_the_next_reception(
    tmp_path: Path,
) -> None:
    async with counter_of(tmp_path) as counter:
        await confirm(counter, await propose(counter))
        await sign_on(counter, CLERK)
        before = counter.policy.version
        await receive(counter)
        assert counter.policy.limits("110", JANUARY).ceiling == 2_100_000
        assert counter.record.policy is counter.policy
        assert counter.policy.version == before
        total = await trial(counter)
        kept = await counter.settlement.settle(
            Order(function="P29", month=JANUARY), total, seat=counter.seat, pin=bytearray(PIN)
        )
        assert kept.total == total


async def test_text_edited_in_the_file_refuses_its_figures_and_nothing_else(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await confirm(counter, await propose(counter))
    with sqlite3.connect(tmp_path / "counter.sqlite") as store:
        store.execute("UPDATE figures SET text = replace(text, '4200', '1')")
    store.close()
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, CLERK)
        with pytest.raises(FigureDamaged, match=r"2028\.toml，内容与确认时不同"):
            counter.policy.limits("110", JANUARY)
        assert counter.policy.limits("310", JANUARY - 2).floor == 378_000


async def test_damaged_figures_are_healed_by_loading_their_file_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await confirm(counter, await propose(counter))
    for name in ("counter.sqlite", "hub.sqlite"):
        with sqlite3.connect(tmp_path / name) as store:
            store.execute("UPDATE figures SET text = replace(text, '4200', '1')")
        store.close()
    async with counter_of(tmp_path) as counter:
        with pytest.raises(FigureDamaged):
            (await counter.figures.in_force()).limits("110", JANUARY)
        await confirm(counter, await propose(counter))
        assert (await counter.figures.in_force()).limits("110", JANUARY).floor == 420_000
