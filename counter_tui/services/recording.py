"""The one way in which anything is recorded: decided, chained, queued and kept in one transaction."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from counter_tui.domain.acceptance import acceptance_number
from counter_tui.domain.problems import Problem, Rejected
from counter_tui.errors import CounterError
from counter_tui.operations.chain import Pen, drafted, head_after, placed
from counter_tui.operations.decide import NEEDS_HUB, Case, decide
from counter_tui.operations.envelope import Group, Operation, Proposal, content, operation_hash, signed
from counter_tui.operations.outcome import Outcome, Status
from counter_tui.operations.signed_on import superseded
from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.services.numbers import salt, uuid7
from counter_tui.services.refused_proofs import handed_over, is_worth_a_leaf, refused
from counter_tui.services.trust import NoLists, refuse_new_work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import Clock, HubLine, LocalStore, Work
    from counter_tui.services.seats import Seat
    from counter_tui.services.trust import Trust

NUMBERED = frozenset({"item.submit", "item.cancel", "month.settle", "rollback.ask", "item.reverse"})
"""Kinds besides the saves that get an acceptance number: the customer takes a receipt home."""


LARGEST_GROUP = 200
"""Operations that one transaction may hold; the hub takes a group whole or not at all."""


class HubAway(CounterError):
    """此项业务须与上级连通后办理，现在未连通（M63）。请稍后再按 F8，已录入的内容不会丢失"""


class Conflicted(CounterError):
    """与已办业务冲突：{why}。请按 F5 刷新后重新核对（M64）"""

    why: str


class Waiting(CounterError):
    """上级暂缓处理：{why}。结果请在 05 今日待办 中查看（M65）"""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was kept, and what is known of its outcome."""

    operations: tuple[Operation, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def acceptance_number(self) -> str:
        """The number of this acceptance, empty for kinds that have none."""
        return self.operations[-1].acceptance_number

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why parts of it stayed behind."""
        return tuple(problem for outcome in self.outcomes for problem in outcome.problems)


@dataclass(slots=True, kw_only=True)
class RecordOperations:
    """Keep a group of operations and queue it for the hub: all of it or nothing."""

    store: LocalStore
    line: HubLine
    clock: Clock
    policy: Policy
    """The law in force; another one when figures were loaded."""
    device: str
    suite: Suite = INTERNATIONAL
    """Of the bureau: a device's chain has one."""
    trust: Trust = field(default_factory=NoLists)
    """Whether new work may be recorded at all."""
    human_of: Callable[[str], str] = str
    """As `Case.human_of`."""

    async def __call__(
        self,
        proposals: Sequence[Proposal],
        *,
        seat: Seat,
        pin: bytearray | None = None,
        alongside: Callable[[Work, tuple[Operation, ...]], None] | None = None,
    ) -> Recorded:
        """Record proposals as one group, signed by the seat's sign-on key.

        With `pin` the operator's own key signs the last proposal first (decisive tier); the PIN is wiped.
        `alongside` writes rows of its own in the same transaction.
        Kinds that only the hub may settle are pushed at once and their outcome is awaited.

        Raises:
            Rejected: a rule stops it; nothing was kept (or, by the hub, it was kept as refused).
            Conflicted, Waiting: the hub's answer.
            HubAway: it needs the hub and the line is down.
            Superseded: the key of the seat has signed on elsewhere.
            ReadOnly: no new work may be recorded on this host now.
            WrongPin, PinBlocked, KeyGone: the key refused; nothing was kept.
        """
        if not 0 < len(proposals) <= LARGEST_GROUP:
            msg = f"a group of {len(proposals)} operations"
            raise ValueError(msg)
        try:
            return await self._recorded(proposals, seat, pin, alongside)
        finally:
            if pin is not None:  # refused before the key was asked: it has not wiped it
                pin[:] = bytes(len(pin))

    async def _recorded(
        self,
        proposals: Sequence[Proposal],
        seat: Seat,
        pin: bytearray | None,
        alongside: Callable[[Work, tuple[Operation, ...]], None] | None,
    ) -> Recorded:
        refuse_new_work(self.trust, (proposal.kind for proposal in proposals))
        ask_hub = any(proposal.kind in NEEDS_HUB for proposal in proposals)
        if ask_hub and not self.line.connected:
            raise HubAway
        drafts = await self._drafts(proposals, seat)
        if pin is not None:
            signature = await self._decided(content(drafts[-1]), seat, pin)
            drafts = (*drafts[:-1], replace(drafts[-1], key_sig=signature.hex()))
        operations, outcomes = await self.store.write(lambda work: self._keep(work, drafts, seat, alongside))
        self.line.wake()
        if ask_hub:
            outcomes = await self._answers(operations)
        return Recorded(operations=operations, outcomes=outcomes)

    async def _decided(self, decision: bytes, seat: Seat, pin: bytearray) -> bytes:
        """The signature of the operator's own key; a proof that fails is put on record."""
        try:
            return await seat.session.decide(decision, pin)
        except CounterError as refusal:
            if is_worth_a_leaf(refusal) and seat.session.alive:
                at = self.clock.now().isoformat()
                told = refused(refusal, act="decision", key=seat.session.key_serial, at=at)
                with suppress(CounterError):  # the refusal matters more than a file that cannot be written
                    await self._recorded([handed_over([told], seat.window)], seat, None, None)
            raise

    async def _drafts(self, proposals: Sequence[Proposal], seat: Seat) -> tuple[Operation, ...]:
        pen = Pen(
            bureau=self.policy.region.bureau,
            device=self.device,
            maker=seat.maker,
            made_at=self.clock.now(),
            mono=self.clock.mono(),
            policy_version=self.policy.version,
            training=self.policy.training,
            new_id=lambda: uuid7(self.clock.now()),
            new_salt=salt,
            suite=self.suite,
        )
        versions = await self.store.read(lambda r: [r.register.version(proposal.unit_id) for proposal in proposals])
        return tuple(
            drafted(proposal, pen, base_version=version) for proposal, version in zip(proposals, versions, strict=True)
        )

    def _keep(
        self,
        work: Work,
        drafts: tuple[Operation, ...],
        seat: Seat,
        alongside: Callable[[Work, tuple[Operation, ...]], None] | None,
    ) -> tuple[tuple[Operation, ...], tuple[Outcome, ...]]:
        _refuse_superseded(work, drafts, seat)
        number = self._number(work, seat) if any(map(_numbered, drafts)) else ""
        head, kept, outcomes = work.head(), [], []
        for index, draft in enumerate(drafts):
            group = Group(index=index, count=len(drafts))
            operation = placed(draft, head, group=group, acceptance_number=number)
            if index == len(drafts) - 1:
                digest = bytes.fromhex(operation_hash(operation))
                operation = signed(operation, seat.session.sign(digest))
            outcome = self._foreseen(work, operation)
            work.append(operation, () if operation.kind in NEEDS_HUB else outcome.effects)
            head = head_after(operation)
            kept.append(operation)
            outcomes.append(outcome)
        if alongside is not None:
            alongside(work, tuple(kept))
        return tuple(kept), tuple(outcomes)

    def _number(self, work: Work, seat: Seat) -> str:
        day, sequence = work.next_sequence(seat.window, self.clock.today())
        return acceptance_number(self.policy.region.bureau, seat.window, day, sequence)

    def _foreseen(self, work: Work, operation: Operation) -> Outcome:
        """What the hub will say if nothing changes: the clerk learns at once."""
        case = Case(
            operation=operation,
            register=work.register,
            policy=self.policy,
            today=self.clock.today(),
            at_hub=False,
            human_of=self.human_of,
        )
        return granted(decide(case))

    async def _answers(self, operations: tuple[Operation, ...]) -> tuple[Outcome, ...]:
        answers = await self.line.answer([operation.op_id for operation in operations])
        return tuple(granted(answers[operation.op_id]) for operation in operations)


def _refuse_superseded(work: Work, drafts: tuple[Operation, ...], seat: Seat) -> None:
    """Within the write transaction: another program's sign-on with the same key stands before this, or behind it."""
    if all(draft.kind.startswith("signon.") for draft in drafts):
        return
    if (elsewhere := superseded(work.register, seat.signon)) is not None:
        raise elsewhere


def granted(outcome: Outcome) -> Outcome:
    """An outcome that took effect, or the refusal it stands for. Raises Rejected, Conflicted, Waiting."""
    match outcome.status:
        case Status.REJECTED:
            raise Rejected(outcome.problems)
        case Status.CONFLICT:
            raise Conflicted(why=outcome.why)
        case Status.HELD:
            raise Waiting(why=outcome.why)
    return outcome


def _numbered(operation: Operation) -> bool:
    return operation.kind in NUMBERED or operation.kind.endswith((".save", ".edit"))
