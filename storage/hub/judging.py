"""What the hub makes of a group of operations: one durable outcome each, effects in the register."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, or_, select
from sqlalchemy.exc import OperationalError

from counter_tui.domain.figures import FiguresFile
from counter_tui.domain.held import Hold
from counter_tui.domain.problems import Rejected, stop_text
from counter_tui.domain.text import Unclean, clean_text, safe
from counter_tui.errors import CounterError
from counter_tui.operations.canonical import builtins
from counter_tui.operations.decide import STRICT, Case, decide, kinds
from counter_tui.operations.envelope import is_untouched
from counter_tui.operations.held import Turn
from counter_tui.operations.outcome import Outcome, Status, conflict, held, rejected
from counter_tui.policy.loaded import CurrentLaw
from storage.hub import devices, kept, operators
from storage.hub.operators import Registry
from storage.hub.register import HubRegister
from storage.hub.tables import operations
from storage.prepared import Prepared
from storage.register.queries import raise_others, set_version
from storage.register.writing import put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from counter_tui.operations.envelope import Operation
    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import Clock


_USED_NUMBER = Prepared(
    select(operations.c.op_id)
    .where(
        operations.c.bureau_id == bindparam("of"),
        operations.c.acceptance_number == bindparam("number"),
        operations.c.item_no == bindparam("item"),
        or_(operations.c.device_id != bindparam("by"), operations.c.dev_seq < bindparam("first")),
    )
    .limit(1)
)
"""Whether another local transaction has given the number; a group may share one."""


class Verify(Protocol):
    """Checks an operation's signatures and rights to sign; injected, because storage knows no cryptography."""

    def __call__(
        self, operation: Operation, op_hash: str, registry: Registry, turn: Turn = Turn.ARRIVING
    ) -> Outcome | None:
        """Return why the operation is refused or held, or None when it may be judged.

        The last operation of a group carries the group's signature, over its own hash. In a later turn than the first
        the operation is one that this check has held before, all else being in order.
        """


def unreported(error: BaseException) -> str:
    """Keep no record of an error, for hubs whose caller has no log; a number all the same."""
    del error
    return secrets.token_hex(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The law, the clock and the checks by which this hub judges."""

    policy: Policy
    clock: Clock
    verify: Verify
    strict: frozenset[str] = STRICT
    law: CurrentLaw = field(init=False)
    """The policy with the figures that the bureau has loaded."""
    human_of: Callable[[str], str] = str
    """As `Case.human_of`."""
    causes: Callable[[], object] = tuple
    """What may end a hold and lies outside the hub's file, to be compared with what it was: the revocation lists."""
    report: Callable[[BaseException], str] = unreported
    """Told the error when an operation is held because of a fault of ours; the number under which it is found."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "law", CurrentLaw(self.policy))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An operation and what became of it."""

    operation: Operation
    op_hash: str
    outcome: Outcome
    unit_ver: int


class Bench:
    """Judges operations one after another inside one transaction; each sees the effects of those before."""

    def __init__(self, connection: Connection, bureau: str, judge: Judge, *, careful: bool) -> None:
        """Judge over this connection.

        With `careful`, an unexpected error undoes and holds one operation instead of failing the transaction.
        """
        self._connection = connection
        self._bureau = bureau
        self._judge = judge
        self._careful = careful
        self._register = HubRegister(connection, bureau)
        self._registry = Registry(connection, bureau)
        self._policy: Policy | None = None

    def group(self, members: Sequence[tuple[Operation, str]], turn: Turn = Turn.ARRIVING) -> list[Judged]:
        """Judge the operations of one local transaction of a counter; a refusal takes its dependents with it."""
        refusal = self._refusal(members, turn)
        judged: list[Judged] = []
        fallen: dict[str, Outcome] = {}
        for operation, op_hash in members:
            outcome = refusal or next((fallen[ref] for ref in operation.refs if ref in fallen), None)
            entry = (
                Judged(operation=operation, op_hash=op_hash, outcome=outcome, unit_ver=self.version(operation))
                if outcome
                else self._one(operation, op_hash, turn)
            )
            if entry.outcome.status is not Status.APPLIED:
                fallen[operation.op_id] = entry.outcome
            judged.append(entry)
        return judged

    def _one(self, operation: Operation, op_hash: str, turn: Turn) -> Judged:
        """Judge one operation and apply its effects."""
        if not self._careful and not turn.late:
            return self._judged(operation, op_hash, turn)
        try:
            with self._connection.begin_nested():
                return self._judged(operation, op_hash, turn)
        except (OperationalError, sqlite3.OperationalError):
            raise  # the disk or the server, not the operation
        except Exception as error:  # noqa: BLE001  # one poisonous operation must not stop the queue
            return self._poisoned(operation, op_hash, error)

    def _poisoned(self, operation: Operation, op_hash: str, error: Exception) -> Judged:
        reference = self._judge.report(error)
        outcome = held(f"上级处理时出错，编号 {reference}，请通知管理员", Hold.FAULT)
        return Judged(operation=operation, op_hash=op_hash, outcome=outcome, unit_ver=self.version(operation))

    def _judged(self, operation: Operation, op_hash: str, turn: Turn) -> Judged:
        outcome = self._outcome(operation, turn)
        version = self.version(operation)
        if outcome.status is Status.APPLIED and outcome.effects:
            version += 1
            put(self._connection, self._bureau, outcome.effects)
            operators.keep(self._connection, self._bureau, outcome.operators)
            if any(isinstance(effect, FiguresFile) for effect in outcome.effects):
                self._policy = None
            set_version(self._connection, self._bureau, operation.unit_id, operation.device_id, version)
            raise_others(self._connection, self._bureau, operation.unit_id, operation.device_id, outcome.effects)
        return Judged(operation=operation, op_hash=op_hash, outcome=outcome, unit_ver=version)

    def version(self, operation: Operation) -> int:
        """The version of the unit that an operation is about."""
        return self._register.version(operation.unit_id)

    def _outcome(self, operation: Operation, turn: Turn) -> Outcome:
        if operation.kind not in kinds():
            return held("上级程序版本较旧，不认识此项业务，请等待上级升级", Hold.KIND)
        if operation.kind in self._judge.strict and self._moved(operation):
            return conflict("打开之后其他窗口已办理过该单位（人员）的业务，请刷新后重新核对")
        today = self._judge.clock.today()
        case = Case(
            operation=operation,
            register=self._register,
            policy=self._law(today),
            today=today,
            at_hub=True,
            precedes=partial(kept.is_before, self._connection, self._bureau, operation) if turn.late else None,
            human_of=self._judge.human_of,
        )
        try:
            return decide(case)
        except Rejected as refusal:
            return rejected(*refusal.problems)
        except CounterError as refusal:
            return held(refusal.sentence, Hold.LAW)

    def _law(self, today: date) -> Policy:
        """The law as the register completes it; read again after an operation that changed it."""
        if self._policy is None:
            self._policy = self._judge.law.on(today, self._register.figures_files())
        return self._policy

    def _moved(self, operation: Operation) -> bool:
        others = self._register.last_change_by_others(operation.unit_id, operation.device_id)
        return others > operation.base_ver

    def _refusal(self, members: Sequence[tuple[Operation, str]], turn: Turn) -> Outcome | None:
        """Why the whole group is refused or held before anything of it is judged.

        Nothing is held before every member has been verified: the signature of the group stands in its last one.
        """
        found = None
        for operation, op_hash in members:
            if sentence := _touched(operation) or _unclean(operation) or self._misplaced(operation, turn):
                return rejected(stop_text(None, sentence))
            refusal = self._judge.verify(operation, op_hash, self._registry, turn)
            if refusal is not None and refusal.status is not Status.HELD:
                return refusal
            found = found or refusal
        return found

    def _misplaced(self, operation: Operation, turn: Turn) -> str | None:
        """What is looked at when an operation arrives, and has its place from then on."""
        return None if turn.late else self._foreign_window(operation) or self._used_number(operation)

    def _foreign_window(self, operation: Operation) -> str | None:
        window = operation.maker.window
        if not window or devices.owner(self._connection, self._bureau, window) == operation.device_id:
            return None
        return f"{window} 号窗口没有登记在本机名下，请联系管理员"

    def _used_number(self, operation: Operation) -> str | None:
        if not operation.acceptance_number:
            return None
        first = operation.dev_seq - operation.group.index
        used = _USED_NUMBER.scalar(
            self._connection,
            of=self._bureau,
            number=operation.acceptance_number,
            item=operation.item_no,
            by=operation.device_id,
            first=first,
        )
        return f"受理号 {operation.acceptance_number} 已被使用" if used else None


def _touched(operation: Operation) -> str | None:
    if is_untouched(operation):
        return None
    return "业务内容与签名时不同，可能被改动，请停止使用本机并报告管理员"


def _unclean(operation: Operation) -> str | None:
    """Another device's texts are checked as typed ones are, before they are kept, shown and printed elsewhere."""
    try:
        for text in _texts(builtins(operation)):
            if safe(text) != text:
                clean_text(text)
    except Unclean as refusal:
        return refusal.sentence
    return None


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list() | tuple():
            for each in value:
                yield from _texts(each)
        case dict():
            for name, each in value.items():
                yield name
                yield from _texts(each)
