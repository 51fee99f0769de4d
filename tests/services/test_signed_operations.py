"""What the hub asks of the signatures on operations that a counter really made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from counter_tui.devices.keys.training import training_bureau
from counter_tui.operations.envelope import operation_hash
from counter_tui.security.certificates import Authority
from counter_tui.security.verifying import SignatureCheck
from storage.local import SqliteLocalStore, journal
from tests.services.bureau import EMPLOYER, FixedClock, counter_of, sign_on
from tests.services.test_one_employer_from_key_to_bill import receive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counter_tui.domain.operators import Operator
    from counter_tui.operations.envelope import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A hub's registry of operators, and the operations it has."""

    registered: Sequence[Operator]
    kept: Sequence[Operation]

    def operators(self) -> Sequence[Operator]:
        return self.registered

    def operator(self, number: str) -> Operator | None:
        return next((each for each in self.registered if each.number == number), None)

    def operation(self, op_id: str) -> Operation | None:
        return next((each for each in self.kept if each.op_id == op_id), None)


async def test_a_sign_on_is_good_at_its_own_device_alone(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007")
        await receive(counter, EMPLOYER)
        store = cast("SqliteLocalStore", counter.store)
        kept = await store.look(lambda connection: journal.since(connection, 1, 100))
    bureau = training_bureau(tmp_path, now=FixedClock().now())
    known = Known(registered=bureau.operators, kept=kept)
    check = SignatureCheck(
        authorities=(Authority(certificate=bureau.issuing_ca),), training=True, clock=FixedClock().now
    )
    made = kept[-1]

    assert made.kind == "reception.open"
    assert check(made, operation_hash(made), known) is None
    assert check(replace(made, device_id="another-host"), operation_hash(made), known) is not None
    assert check(made, operation_hash(made), known) is None
