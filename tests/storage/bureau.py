"""A small bureau for tests: a clock, a window, operations that need no form, a hub that trusts everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from counter_tui.domain.acceptance import acceptance_number
from counter_tui.domain.people import Person
from counter_tui.domain.problems import stop_text
from counter_tui.operations.chain import Pen, drafted, head_after, placed
from counter_tui.operations.decide import Case, decide, decides, kinds
from counter_tui.operations.envelope import Group, Maker, Operation, Proposal
from counter_tui.operations.outcome import Outcome, Status, applied, conflict, rejected
from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.services.numbers import salt, uuid7
from storage.hub import Judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import Work

BUREAU = "130400"
TODAY = date(2026, 11, 23)


@dataclass(slots=True)
class StillClock:
    """A clock that moves one millisecond each time it is read."""

    day: date = TODAY
    at: datetime = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def today(self) -> date:
        return self.day

    def mono(self) -> int:
        return int(self.at.timestamp() * 1000)


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return TODAY

    def mono(self) -> int:
        return int(self.now().timestamp() * 1000)


def person(number: str, name: str = "张三丰", **fields: Any) -> Person:
    given: dict[str, Any] = {
        "id_type": "01",
        "id_number": f"13040219900101{number[-4:]:0>4}",
        "sex": "1",
        "born": date(1990, 1, 1),
        **fields,
    }
    return Person(number=number, name=name, **given)


def _file(case: Case) -> Outcome:
    """Write the person of the body; a second different one of the number is a conflict."""
    body = case.operation.body
    known = case.register.person(body["number"])
    if known and known.name != body["name"] and not body.get("again"):
        return conflict(f"{known.name} 已登记")
    return applied(person(body["number"], body["name"]))


def _numbered(case: Case) -> Outcome:
    number = case.register.next_person_number()
    return applied(person(number, case.operation.body["name"])) if case.at_hub else applied()


def _refused(case: Case) -> Outcome:
    return rejected(stop_text(None, "不能办理")) if case.at_hub else applied(person("9999"))


def _poisonous(case: Case) -> Outcome:
    if case.at_hub:
        raise ZeroDivisionError
    return applied()


POISON_FIXED: set[str] = set()


def _curable(case: Case) -> Outcome:
    if case.at_hub and case.operation.op_id not in POISON_FIXED:
        raise ZeroDivisionError
    return applied(person("0777", "治好了"))


for kind, rule in (
    ("test.file", _file),
    ("test.numbered", _numbered),
    ("test.refused", _refused),
    ("test.poison", _poisonous),
    ("test.curable", _curable),
):
    if kind not in kinds():
        decides(kind)(rule)

NO_LAW = cast("Policy", None)
"""The kinds of this module ask no law."""


def judge(*, clock: Any = None, strict: frozenset[str] = frozenset(), refuse: str | None = None) -> Judge:
    refusal = rejected(stop_text(None, refuse)) if refuse else None
    return Judge(
        policy=NO_LAW,
        clock=clock or StillClock(),
        verify=lambda *_: refusal,
        strict=strict,
    )


def filing(number: str, name: str = "张三丰", **more: Any) -> Proposal:
    return Proposal(kind="test.file", unit_id=f"P:{number}", body={"number": number, "name": name, **more})


def act(name: str, unit: str = "B", /, **body: Any) -> Proposal:
    return Proposal(kind=name, unit_id=unit, body=body)


@dataclass(slots=True, kw_only=True)
class Clerk:
    """Somebody at a window who saves groups of operations, as the services do."""

    device: str = "host-1"
    window: str = "003"
    clock: Any = field(default_factory=StillClock)
    training: bool = False
    bureau: str = BUREAU
    suite: Suite = INTERNATIONAL

    def saves(self, *proposals: Proposal, numbered: bool = True) -> Callable[[Work], tuple[Operation, ...]]:
        return lambda work: self.keep(work, proposals, numbered=numbered)

    def keep(self, work: Work, proposals: tuple[Proposal, ...], *, numbered: bool = True) -> tuple[Operation, ...]:
        now = self.clock.now()
        pen = Pen(
            bureau=self.bureau,
            device=self.device,
            maker=Maker(
                operator="0001",
                human="h1",
                post="1",
                roles=(),
                window=self.window,
                key_serial="k",
                certificate="c",
                signon="s",
            ),
            made_at=now,
            mono=self.clock.mono(),
            policy_version="law",
            training=self.training,
            new_id=lambda: uuid7(now),
            new_salt=salt,
            suite=self.suite,
        )
        number = ""
        if numbered:
            number = acceptance_number(self.bureau, self.window, *work.next_sequence(self.window, self.clock.today()))
        head, kept = work.head(), []
        for index, proposal in enumerate(proposals):
            draft = drafted(proposal, pen, base_version=work.register.version(proposal.unit_id))
            group = Group(index=index, count=len(proposals))
            operation = placed(draft, head, group=group, acceptance_number=number)
            case = Case(
                operation=operation, register=work.register, policy=NO_LAW, today=self.clock.today(), at_hub=False
            )
            outcome = decide(case)
            assert outcome.status is Status.APPLIED, outcome
            work.append(operation, outcome.effects)
            head = head_after(operation)
            kept.append(operation)
        return tuple(kept)
