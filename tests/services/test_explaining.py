"""A bill is read back with everything that explains it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.employers import Employer
from counter_tui.domain.problems import Rejected
from counter_tui.operations.explaining import explain_line, explain_total
from counter_tui.services.explaining import ExplainBill, trial_dues
from counter_tui.services.settlement import Order
from tests.services.bureau import MONTH, PIN, TODAY, counter_of, register, sign_on
from tests.services.test_one_employer_from_key_to_bill import receive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from counter_tui.services.counter import Counter

OCTOBER = MONTH - 1
ORDER = Order(function="P29", month=OCTOBER, late_fee=True, late_fee_until=date(2026, 11, 20))


@asynccontextmanager
async def a_month_late(folder: Path) -> AsyncIterator[Counter]:
    """A counter whose employers have October still to settle."""
    rows = [replace(row, settlement_month=OCTOBER) if isinstance(row, Employer) else row for row in register()]
    async with counter_of(folder, rows=rows) as counter:
        await sign_on(counter, "0007")
        await receive(counter)
        yield counter


async def settled(counter: Counter) -> str:
    trial = await counter.settlement.trial(ORDER, seat=counter.seat)
    assert trial.assessment is not None
    bill = await counter.settlement.settle(ORDER, trial.assessment.total, seat=counter.seat, pin=bytearray(PIN))
    return bill.number


def explaining(counter: Counter) -> ExplainBill:
    return ExplainBill(store=counter.store, policy=counter.policy, shipped=counter.figures.law.shipped)


async def test_a_bill_is_explained_as_its_trial_was(tmp_path: Path) -> None:
    async with a_month_late(tmp_path) as counter:
        trial = await counter.settlement.trial(ORDER, seat=counter.seat)
        before = trial_dues(trial, ORDER, counter.policy, TODAY)
        dues = await explaining(counter)(await settled(counter))
        assert before is not None
        assert [line.text() for line in explain_total(dues).lines] == [
            line.text() for line in explain_total(before).lines
        ]
        for line in dues.lines:
            said = explain_line(dues, line).text()
            assert said == explain_line(before, line).text()
            assert any("自 2026-10-25 次日起至 2026-11-20" in each for each in said), said
        assert dues.names["1000000001"] == "张建国"


async def test_a_change_of_law_since_the_bill_is_said_beside_what_was_assessed(tmp_path: Path) -> None:
    async with a_month_late(tmp_path) as counter:
        number = await settled(counter)
        law = counter.policy
        raised = {
            scheme: replace(history, values=tuple(replace(each, value=each.value + 500_000) for each in history.values))
            for scheme, history in law.floors.items()
        }
        today = ExplainBill(
            store=counter.store, policy=replace(law, floors=raised), shipped=counter.figures.law.shipped
        )
        dues = await today(number)
        pension = explain_line(dues, dues.lines[0]).text()
        assert any("单位 1,422.22 + 个人 711.11" in each for each in pension)
        assert any(each.startswith("与现行数值不同，以核定时为准") for each in pension)


async def test_a_bill_that_is_not_here_is_refused(tmp_path: Path) -> None:
    async with a_month_late(tmp_path) as counter:
        with pytest.raises(Rejected):
            await explaining(counter)("202610999999")
