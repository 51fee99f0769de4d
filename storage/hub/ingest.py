"""The hub: takes operations from counters, decides each exactly once, and tells everybody through the feed.

Signed bytes in, bytes out; in-process and HTTPS callers use the same two functions.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec

from counter_tui.domain.operators import check_human
from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.envelope import operation_hash
from counter_tui.operations.outcome import Status, applied
from counter_tui.operations.suites import INTERNATIONAL, Suite, UnknownSuite
from storage.hub import devices, feed, kept, operators
from storage.hub.devices import DeviceState
from storage.hub.held import HeldWork
from storage.hub.judging import Bench, Judge, Judged
from storage.hub.telling import Telling
from storage.register.bulk import load
from storage.register.writing import put
from storage.wire import UNIT_LIMIT, Answer, FeedRow, Push, Pushed, Refusal, outcome_builtins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from counter_tui.domain.contributions import ContributionSpan
    from counter_tui.domain.grants import LedgerEntry
    from counter_tui.domain.operators import Operator
    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.outcome import Record

T = TypeVar("T")

Transaction: TypeAlias = "Callable[[], AbstractContextManager[Connection]]"

_SENTENCES = {
    "malformed": "发送的数据无法读取，请升级程序或联系管理员",
    "foreign": "数据属于其他机构或培训环境，不能接收",
    "suite": "本机构使用{suite}，本机的业务不是用它签名的，不能接收，请管理员核对设置 [trust] suite",
    "unknown-device": "本机尚未在上级登记，请联系管理员登记",
    "quarantined": "本机数据与上级不一致（数据文件可能被复制或恢复过），已停止接收，请联系管理员（M66）",
    "retired": "本机已在上级注销，请联系管理员",
    "gap": "上级缺少本机较早的业务，将自动从断点重新发送",
}


class _Quarantined(Exception):  # not an error: it leaves the transaction undone
    """What the device sent contradicts what the hub has from it."""


class _Refused(Exception):  # as above
    """The request is not taken."""

    def __init__(self, code: str, retry: str, **facts: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code=code, message_zh=_SENTENCES[code].format(**facts), retry=retry)


class Hub:
    """One bureau's hub over one database."""

    def __init__(
        self,
        *,
        bureau: str,
        training: bool,
        judge: Judge,
        writing: Transaction,
        reading: Transaction,
        suite: Suite = INTERNATIONAL,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        """Serve a bureau.

        Args:
            bureau: the only bureau whose operations are taken.
            training: whether it takes training operations, and no others.
            judge: law, clock and checks.
            writing: opens a write transaction; committed on a clean exit.
            reading: opens a transaction for reading.
            suite: the only suite whose operations are taken; the feed's log is hashed by it.
            close: gives the database back.
        """
        self.bureau = bureau
        self._training = training
        self._judge = judge
        self._writing = writing
        self._reading = reading
        self._suite = suite
        self._judged_under: object = None
        """What lay outside the file when the held operations were judged last; only this program knows it."""
        self.close = close

    def ingest(self, data: bytes) -> bytes:
        """Take a push and reply with the outcome of each operation, one transaction for the request."""
        try:
            push = unpack(Push, data)
            hashed = [(operation, operation_hash(operation)) for operation in push.operations]
        except UnknownSuite:
            return pack(Pushed(expected=0, refusal=self._other_suite().refusal))
        except (msgspec.ValidationError, msgspec.DecodeError, ValueError):
            return pack(Pushed(expected=0, refusal=_Refused("malformed", "never").refusal))
        return pack(self._pushed(push, hashed))

    def _pushed(self, push: Push, hashed: Sequence[tuple[Operation, str]]) -> Pushed:
        try:
            try:
                return self._taken(push, hashed, careful=False)
            except (_Quarantined, _Refused):
                raise
            except Exception:  # noqa: BLE001  # undone whole; now the guilty operation is found
                return self._taken(push, hashed, careful=True)
        except _Quarantined as found:
            return self._quarantine(push.device, str(found))
        except _Refused as refused:
            return Pushed(expected=0, refusal=refused.refusal)

    def _taken(self, push: Push, hashed: Sequence[tuple[Operation, str]], *, careful: bool) -> Pushed:
        with self._writing() as connection:
            device = self._admitted(connection, push)
            telling = Telling(connection, self.bureau, self._suite)
            bench = Bench(connection, self.bureau, self._judge, careful=careful)
            held = HeldWork(connection=connection, bureau=self.bureau, bench=bench, telling=telling)
            expected, head = device.expected_seq, device.head_hash
            answers: list[Answer] = []
            refusal = None
            for group in _groups(hashed):
                first = group[0][0]
                if first.dev_seq < expected:
                    answers += [self._answered(connection, operation, op_hash) for operation, op_hash in group]
                    continue
                if first.dev_seq > expected or not _whole(group):
                    refusal = _Refused("gap", "now").refusal
                    break
                self._check_chain(connection, group, head)
                judged = bench.group(group)
                places = [telling.place() for _ in judged]
                placed = list(zip(held.follow(judged), places, strict=True))
                kept.keep(connection, self.bureau, placed, self._now())
                for entry, pos in placed:
                    telling.tell(entry, pos)
                answers += [_answer(entry, pos) for entry, pos in placed]
                expected, head = expected + len(group), group[-1][1]
            telling.end()
            now = self._now()
            devices.advance(connection, self.bureau, push.device, expected=expected, head=head, at=now)
            end = feed.head(connection, self.bureau, self._suite, now)
        return Pushed(expected=expected, results=tuple(answers), head=end, refusal=refusal)

    def _admitted(self, connection: Connection, push: Push) -> devices.Device:
        device = devices.known(connection, self.bureau, push.device)
        if device is None:
            raise _Refused("unknown-device", "later")
        if device.state is not DeviceState.ACTIVE:
            raise _Refused(device.state.value, "never")
        for operation in push.operations:
            if operation.bureau_id != self.bureau or operation.training != self._training:
                raise _Refused("foreign", "never")
            if operation.suite != self._suite.envelope:
                raise self._other_suite()
            if operation.device_id != push.device:
                raise _Quarantined(f"operation of device {operation.device_id}")
        return device

    def _other_suite(self) -> _Refused:
        return _Refused("suite", "never", suite=self._suite.title)

    def _answered(self, connection: Connection, operation: Operation, op_hash: str) -> Answer:
        try:
            return kept.answer(connection, self.bureau, operation, op_hash)
        except kept.AnotherThere:
            raise _Quarantined(f"another operation at {operation.dev_seq}") from None

    def _check_chain(self, connection: Connection, group: Sequence[tuple[Operation, str]], head: str) -> None:
        for operation, op_hash in group:
            if operation.prev_hash != head:
                raise _Quarantined(f"chain broken at {operation.dev_seq}")
            head = op_hash
        if again := kept.known(connection, self.bureau, [operation.op_id for operation, _ in group]):
            raise _Quarantined(f"operation {again} again at another place")

    def _quarantine(self, device: str, trouble: str) -> Pushed:
        with self._writing() as connection:
            devices.set_state(connection, self.bureau, device, DeviceState.QUARANTINED, trouble)
        return Pushed(expected=0, refusal=_Refused("quarantined", "never").refusal)

    def feed(self, after: int, limit: int) -> bytes:
        """A page of the feed behind a position; first what a renewed list or a new day may have freed is judged."""
        if self._causes() != self._judged_under:
            self.judge_held_again()
        with self._reading() as connection:
            return pack(feed.page(connection, self.bureau, after, limit, self._suite, self._now()))

    def judge_held_again(self) -> int:
        """Judge again whatever is held, oldest first; return how many got their final outcome."""
        causes = self._causes()
        with self._reading() as connection:
            waits = kept.any_held(connection, self.bureau)
        final = 0
        if waits:
            with self._writing() as connection:
                telling = Telling(connection, self.bureau, self._suite)
                bench = Bench(connection, self.bureau, self._judge, careful=True)
                held = HeldWork(connection=connection, bureau=self.bureau, bench=bench, telling=telling)
                final = sum(entry.outcome.status is not Status.HELD for entry in held.again())
                telling.end()
        self._judged_under = causes
        return final

    def _causes(self) -> object:
        return self._judge.causes(), self._judge.clock.today()

    def enrol_device(self, device: str, windows: Iterable[str] = ()) -> None:
        """Register a device, if it is new, and give it windows."""
        with self._writing() as connection:
            devices.enrol(connection, self.bureau, device, windows)

    def device(self, device: str) -> devices.Device | None:
        """A registered device."""
        with self._writing() as connection:
            return devices.known(connection, self.bureau, device)

    def release_device(self, device: str) -> None:
        """End a device's quarantine; the bureau answers for it with two persons."""
        with self._writing() as connection:
            devices.set_state(connection, self.bureau, device, DeviceState.ACTIVE, "")

    def register_operators(self, changed: Iterable[Operator]) -> None:
        """Register operators or change them; the feed tells every counter.

        Raises:
            PostsExclude: one human would hold posts that exclude each other, if under two numbers.
        """
        entries = tuple(changed)
        self.change_registry(lambda _: (entries, ()))

    def change_registry(self, make: Callable[[Connection], tuple[Sequence[Operator], Sequence[LedgerEntry]]]) -> None:
        """Change the registry of operators without an operation, in one transaction; the feed tells every counter.

        Args:
            make: sees the registry as it stands, and gives the accounts as they shall stand with lines of the ledger.

        Raises:
            PostsExclude: as `register_operators`; and whatever `make` raises, with nothing changed.
        """
        with self._writing() as connection:
            entries, ledger = make(connection)
            known = operators.Registry(connection, self.bureau).operators()
            check_human({each.number: each for each in (*known, *entries)}.values())
            operators.keep(connection, self.bureau, entries)
            put(connection, self.bureau, ledger)
            row = FeedRow(
                pos=feed.take(connection, self.bureau, self._suite) + 1,
                operators=tuple(entries),
                outcome=outcome_builtins(applied(*ledger)),
            )
            feed.append(connection, self.bureau, [row], self._suite)
        self.judge_held_again()

    def change(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of writing on the connection itself; for the parts of storage."""
        with self._writing() as connection:
            return work(connection)

    def operators(self) -> Sequence[Operator]:
        """Every registered operator, by number."""
        with self._reading() as connection:
            return operators.Registry(connection, self.bureau).operators()

    def load(self, records: Iterable[Record | ContributionSpan]) -> int:
        """Fill the register of a new hub in one transaction; return the number of rows."""
        with self._writing() as connection:
            return load(connection, self.bureau, records).rows

    def _now(self) -> str:
        return self._judge.clock.now().isoformat()


def _groups(hashed: Sequence[tuple[Operation, str]]) -> Iterator[list[tuple[Operation, str]]]:
    """Operations by the local transaction that kept them."""
    for _, members in groupby(hashed, key=lambda entry: entry[0].dev_seq - entry[0].group.index):
        yield list(members)


def _whole(group: Sequence[tuple[Operation, str]]) -> bool:
    count = group[0][0].group.count
    return len(group) == count <= UNIT_LIMIT and all(
        (operation.group.index, operation.group.count) == (index, count) for index, (operation, _) in enumerate(group)
    )


def _answer(entry: Judged, pos: int) -> Answer:
    return Answer(
        op_id=entry.operation.op_id, outcome=outcome_builtins(entry.outcome), unit_ver=entry.unit_ver, pos=pos
    )
