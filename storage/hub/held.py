"""What the hub holds: judged again when a cause may have gone, or ended by a supervisor's word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.figures import FiguresFile
from counter_tui.domain.held import HeldAct, Hold
from counter_tui.domain.problems import stop_text
from counter_tui.operations.held import Turn
from counter_tui.operations.outcome import Outcome, Status, rejected
from storage.hub import kept
from storage.hub.judging import Judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from counter_tui.domain.problems import Problem
    from counter_tui.operations.envelope import Operation
    from storage.hub.judging import Bench
    from storage.hub.kept import Waiting
    from storage.hub.telling import Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldWork:
    """The held operations of a bureau, within one transaction."""

    connection: Connection
    bureau: str
    bench: Bench
    telling: Telling

    def again(self) -> list[Judged]:
        """Judge whatever is held, oldest first; what changed has its row. Returns every one with what it is now."""
        return self._with_followers(self._judged(kept.held(self.connection, self.bureau)))

    def follow(self, judged: Iterable[Judged]) -> list[Judged]:
        """Do what operations just judged mean for those that are held; returns them with what did not take effect."""
        told = []
        for entry in judged:
            ended = self._answered(entry)
            if _frees(entry.outcome):
                self.again()
            left = tuple(_left(each) for each in ended if _disappoints(each))
            told.append(replace(entry, outcome=replace(entry.outcome, problems=(*entry.outcome.problems, *left))))
        return told

    def _with_followers(self, judged: list[Judged]) -> list[Judged]:
        """What became final may itself answer others, or free them."""
        for entry in judged:
            if entry.outcome.status is Status.APPLIED:
                self.follow([entry])
        return judged

    def _answered(self, entry: Judged) -> list[Judged]:
        answers = {each.operation: each for each in entry.outcome.answers}
        if not answers:
            return []
        by, again = entry.operation, []
        for each in kept.held(self.connection, self.bureau, answers):
            match answers[each.operation.op_id].act:
                case HeldAct.REFUSE:
                    self._refuse(each, answers[each.operation.op_id].reason, by=by)
                case HeldAct.RELEASE:
                    again.append(replace(each, outcome=replace(each.outcome, word=by.op_id)))
                case HeldAct.AGAIN:
                    again.append(each)
        return self._with_followers(self._judged(again))

    def _refuse(self, waiting: Waiting, reason: str, *, by: Operation) -> None:
        """End one with the supervisor's reason, and with it what depends on it in its own local transaction."""
        sentence = f"主管（工号 {by.maker.operator}）核实后不同意：{reason}"
        outcome = replace(rejected(stop_text(None, sentence)), word=by.op_id)
        fallen = {waiting.operation.op_id}
        for each in kept.held_of_transaction(self.connection, self.bureau, waiting.operation):
            if each.operation.op_id in fallen or fallen & {*each.operation.refs}:
                fallen.add(each.operation.op_id)
                version = self.bench.version(each.operation)
                self._settle(Judged(operation=each.operation, op_hash=each.op_hash, outcome=outcome, unit_ver=version))

    def _judged(self, waiting: Sequence[Waiting]) -> list[Judged]:
        """Judge by local transactions, as they came; those that a supervisor vouched for by themselves."""
        known = {each.operation.op_id: each.outcome for each in waiting}
        judged = []
        for members in _transactions(waiting):
            word = members[0].outcome.word
            turn = Turn.VOUCHED if word else Turn.WAITING
            for entry in self.bench.group([(each.operation, each.op_hash) for each in members], turn):
                now = replace(entry, outcome=replace(entry.outcome, word=word))
                if not _same(known[now.operation.op_id], now.outcome):
                    self._settle(now)
                judged.append(now)
        return judged

    def _settle(self, entry: Judged) -> None:
        pos = self.telling.place()
        self.telling.tell(entry, pos)
        kept.settle(self.connection, self.bureau, entry, pos)


def _transaction(waiting: Waiting) -> tuple[str, int]:
    operation = waiting.operation
    return operation.device_id, operation.dev_seq - operation.group.index


def _transactions(waiting: Iterable[Waiting]) -> Iterator[list[Waiting]]:
    found: dict[tuple[str, int, str], list[Waiting]] = {}
    for each in waiting:
        found.setdefault((*_transaction(each), each.outcome.word), []).append(each)
    for members in found.values():
        yield sorted(members, key=lambda each: each.operation.dev_seq)


def _same(before: Outcome, now: Outcome) -> bool:
    """Whether nothing new is to be told; a fault gets another number at each try and stays the same fault."""
    if now.status is not Status.HELD or (before.hold, before.word) != (now.hold, now.word):
        return False
    return now.hold is Hold.FAULT or before.why == now.why


def _frees(outcome: Outcome) -> bool:
    """Whether an outcome changes the registry or the law, for which others may wait."""
    applied = outcome.status is Status.APPLIED
    return applied and (bool(outcome.operators) or any(isinstance(each, FiguresFile) for each in outcome.effects))


def _disappoints(entry: Judged) -> bool:
    return entry.outcome.status is not Status.APPLIED


_WORDS = {Status.HELD: "仍在暂缓", Status.CONFLICT: "未生效", Status.REJECTED: "未生效"}


def _left(entry: Judged) -> Problem:
    """What the supervisor reads of one that was released or judged again and did not take effect."""
    operation, outcome = entry.operation, entry.outcome
    number = f"受理号 {grouped_number(operation.acceptance_number)} " if operation.acceptance_number else ""
    return stop_text(operation.op_id, f"{number}{_WORDS[outcome.status]}：{outcome.sentence}")
