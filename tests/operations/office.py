"""A bureau for tests: invented employers and persons, clerks who act, and a hub that decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import counter_tui.operations.rules  # noqa: F401  # completes `decide`
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.check_characters import citizen_check_character
from counter_tui.domain.coverage import Coverage, CoverageState
from counter_tui.domain.employers import Employer, EmployerScheme, EmployerState, SchemeState
from counter_tui.domain.people import Person
from counter_tui.forms.spec import form
from counter_tui.operations.canonical import builtins, pack, unpack
from counter_tui.operations.chain import Head, Pen, drafted, head_after, placed
from counter_tui.operations.decide import Case, decide
from counter_tui.operations.envelope import Group, Maker, Operation, Proposal
from counter_tui.operations.facts import gather
from counter_tui.operations.outcome import Outcome, Status
from counter_tui.operations.settling import computed
from counter_tui.policy.regions import load_policy
from tests.operations.fake_register import FakeRegister

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.domain.bills import Bill
    from counter_tui.domain.declarations import Item
    from counter_tui.policy.regions import Policy

TODAY = date(2026, 11, 23)
MONTH = YearMonth(2026, 11)
SCHEMES = ("110", "210", "310", "410")
HERE, THERE = "130400000001", "130400000002"
"""Employers that an office knows from the start."""


@cache
def law(region: str) -> Policy:
    return load_policy(region, training=True)


def maker(number: str, *roles: str, window: str = "003") -> Maker:
    """An operator who shares nothing with any other."""
    return Maker(
        operator=number,
        human=f"human-{number}",
        post="B",
        roles=roles,
        window=window,
        key_serial=f"key-{number}",
        certificate=f"certificate-{number}",
        signon=f"signon-{number}",
    )


CLERK = maker("0001", "R1")
COLLEAGUE = maker("0002", "R1", window="004")
REVIEWER = maker("0003", "R2", window="005")
SECOND_REVIEWER = maker("0004", "R2", window="006")
SUPERVISOR = maker("0005", "R3", window="007")


def id_number(place: int = 0, born: str = "19900101") -> str:
    """Numbers with right check characters, men with odd places; the seventeenth digit tells the sex."""
    seventeen = f"130400{born}{place:03d}"
    return seventeen + citizen_check_character(seventeen)


ZHANG = id_number(1)
LI = id_number(3)


def employer(number: str = HERE, **changes: Any) -> Employer:
    """An employer on the register, paying four schemes, injury class 3, settling November 2026."""
    plain = Employer(
        number=number,
        name=f"演练单位{number[-1]}",
        credit_code=f"CREDIT{number}",
        state=EmployerState.ON_REGISTER,
        settlement_month=MONTH,
        joined=YearMonth(2015, 1),
        schemes=tuple(
            EmployerScheme(scheme=scheme, state=SchemeState.PAYING, since=YearMonth(2015, 1), injury_class=3)
            for scheme in SCHEMES
        ),
    )
    return replace(plain, **changes)


def person(number: str, id_: str, **changes: Any) -> Person:
    """Somebody with a file, working at the first employer."""
    plain = Person(
        number=number,
        id_type="01",
        id_number=id_,
        name="张三",
        sex="1",
        born=date(1990, 1, 1),
        first_job=date(2012, 7, 1),
        hukou="11",
        employment_form="2",
        phone="13900000000",
        first_enrolled=date(2012, 8, 1),
        employer=HERE,
    )
    return replace(plain, **changes)


def coverage(of: str, scheme: str = "110", **changes: Any) -> Coverage:
    """A paying coverage at the first employer since 2020, wage 6,000.00."""
    plain = Coverage(
        person=of,
        scheme=scheme,
        employer=HERE,
        state=CoverageState.PAYING,
        since=date(2020, 3, 1),
        first_month=YearMonth(2020, 3),
        wage=600000,
        changed_on=date(2020, 3, 1),
    )
    return replace(plain, **changes)


ENROL = {"name": "张三", "first_job": "20120701", "hukou": "11", "phone": "13900000000", "wage": "6000"}
"""What a clerk types for a person nobody knows; the rest stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """An operation and what became of it."""

    operation: Operation
    outcome: Outcome

    @property
    def status(self) -> Status:
        return self.outcome.status

    @property
    def messages(self) -> list[str | None]:
        return [problem.message for problem in self.outcome.problems]

    @property
    def sentence(self) -> str:
        return self.outcome.sentence

    @property
    def id(self) -> str:
        """Of the item, reception or request that the operation made."""
        return self.operation.op_id


class Office:
    """One bureau on one business day."""

    def __init__(self, region: str = "handan", today: date = TODAY) -> None:
        self.policy = law(region)
        self.register = FakeRegister()
        self.today = today
        self.now = datetime(today.year, today.month, today.day, 1, tzinfo=UTC)
        self.register.put(employer(), employer(THERE))
        self._heads: dict[str, Head] = {}
        self._made = 0
        self.receptions: dict[tuple[str, str], str] = {}
        self.human_of: Callable[[str], str] = str

    def insure(
        self, number: str = "130400990001", id_: str = ZHANG, schemes: tuple[str, ...] = SCHEMES, **changes: Any
    ) -> Person:
        """Put a person on file with paying coverages; changes go to the coverages."""
        filed = person(number, id_, employer=changes.get("employer", HERE))
        self.register.put(filed, *(coverage(number, scheme, **changes) for scheme in schemes))
        return filed

    def amend_employer(self, number: str = HERE, **changes: Any) -> None:
        self.register.put(replace(self.employer(number), **changes))

    def employer(self, number: str = HERE) -> Employer:
        found = self.register.employer(number)
        assert found is not None
        return found

    def act(
        self,
        kind: str,
        body: dict[str, Any],
        *,
        by: Maker = CLERK,
        unit: str = "",
        at: str = HERE,
        at_hub: bool = True,
        seen: int | None = None,
        made_at: datetime | None = None,
        reception: str | None = None,
    ) -> Acted:
        """Make an operation of a clerk's device, let the hub decide it, and take its effects."""
        sent = pack(self._operation(kind, body, by, unit or f"E:{at}", at, seen, made_at, reception))
        operation = unpack(Operation, sent)
        case = Case(
            operation=operation,
            register=self.register,
            policy=self.policy,
            today=self.today,
            at_hub=at_hub,
            human_of=self.human_of,
        )
        outcome = decide(case)
        if outcome.status is Status.APPLIED and outcome.effects and at_hub:
            self.register.apply(outcome.effects, operation.unit_id, operation.device_id)
            self.register.registry.update({each.number: each for each in outcome.operators})
        return Acted(operation=operation, outcome=outcome)

    def _operation(
        self,
        kind: str,
        body: dict[str, Any],
        by: Maker,
        unit: str,
        at: str,
        seen: int | None,
        made_at: datetime | None,
        reception: str | None,
    ) -> Operation:
        self._made += 1
        self.now += timedelta(minutes=1)
        device = f"host-{by.window}"
        pen = Pen(
            bureau=self.policy.region.bureau,
            device=device,
            maker=by,
            made_at=made_at or self.now,
            mono=self._made,
            policy_version=self.policy.version,
            training=self.policy.training,
            new_id=lambda: f"op-{self._made:04d}",
            new_salt=lambda: "00" * 16,
        )
        proposal = Proposal(
            kind=kind,
            unit_id=unit,
            body=body,
            reception_id=self.receptions.get((by.window, at), "") if reception is None else reception,
        )
        draft = drafted(proposal, pen, base_version=self.register.version(unit) if seen is None else seen)
        head = self._heads.get(device, Head())
        operation = placed(
            draft, head, group=Group(index=0, count=1), acceptance_number=f"999999{by.window}261123{self._made:04d}0"
        )
        self._heads[device] = head_after(operation)
        return operation

    def receive(self, at: str = HERE, by: Maker = CLERK, **how: Any) -> Acted:
        """Open a reception for an employer at the operator's window."""
        body = {"subject": "1", "employer": at, "person": "", "visitor": "王五", "visitor_id": "", "letter": True}
        opened = self.act("reception.open", {**body, "in_person": False} | how, by=by, at=at)
        self.receptions[by.window, at] = opened.id
        return opened

    def filled(
        self, function: str, id_: str = ZHANG, at: str = HERE, editing: str = "", **typed: str
    ) -> dict[str, Any]:
        """The body that the form makes of what is typed, as things stand. Raises Rejected."""
        asked = form(function).in_region(self.policy)
        named = [typed["new_id_number"]] if "new_id_number" in typed else []
        facts = gather(
            self.register,
            employer=at,
            id_number=id_,
            today=self.today,
            editing=editing,
            training=True,
            named=named,
        )
        known = dict(ENROL) if function == "P01" and facts.person is None else {}
        if function == "P01":
            known |= {"wage": "6000", "registration": "1"}
        if function == "P05":
            known["registration"] = "1"
        texts = asked.defaults(facts, self.policy) | known | {"id_number": id_} | typed
        read = asked.read_overridden(texts, facts, self.policy)
        return {"form": builtins(read), "override": None}

    def filled_again(self, saved: Acted, **typed: str) -> dict[str, Any]:
        """The body of an item's form, corrected."""
        item = self.item(saved)
        return self.filled(item.function, item.id_number, item.employer, editing=item.id, **typed)

    def save(self, function: str, id_: str = ZHANG, *, by: Maker = CLERK, at: str = HERE, **typed: str) -> Acted:
        """Fill a form in and save it."""
        return self.act(f"{function}.save", self.filled(function, id_, at, **typed), by=by, at=at)

    def item(self, acted: Acted | str) -> Item:
        found = self.register.item(acted if isinstance(acted, str) else acted.id)
        assert found is not None
        return found

    def submit(self, *saved: Acted, by: Maker = CLERK, at: str = HERE) -> Acted:
        return self.act("item.submit", {"items": [each.id for each in saved]}, by=by, at=at)

    def cancel(self, *saved: Acted, by: Maker = CLERK, at: str = HERE) -> Acted:
        return self.act("item.cancel", {"items": [each.id for each in saved], "reason": "录错"}, by=by, at=at)

    def review(self, *saved: Acted, result: str = "1", reason: str = "", by: Maker = REVIEWER) -> Acted:
        """Decide a ticked set."""
        items = [self.item(each) for each in saved]
        units = {f"E:{item.employer}" for item in items}
        body = {
            "targets": [{"item": item.id, "body_hash": item.body_hash} for item in items],
            "result": result,
            "reason": reason,
            "pages": 0,
        }
        return self.act("item.decide", body, by=by, unit=units.pop() if len(units) == 1 else "B")

    def pass_through(self, function: str, id_: str = ZHANG, *, at: str = HERE, **typed: str) -> Acted:
        """Save, submit and approve; returns the save."""
        saved = self.act(f"{function}.save", self.filled(function, id_, at, **typed), at=at)
        assert saved.status is Status.APPLIED, saved.sentence
        submitted = self.submit(saved, at=at)
        assert submitted.status is Status.APPLIED, submitted.sentence
        approved = self.review(saved)
        assert approved.status is Status.APPLIED, approved.sentence
        return saved

    def settle(self, function: str, month: YearMonth = MONTH, *, by: Maker = CLERK, **asked: Any) -> Acted:
        """Settle a month for what the trial says."""
        body = self.order(function, month, **asked)
        total = computed(self.register, self.policy, self.employer(), body, self.today).total
        return self.act("month.settle", {**body, "total": total}, by=by)

    def order(self, function: str, month: YearMonth = MONTH, **asked: Any) -> dict[str, Any]:
        plain = {"schemes": [], "late_fee": False, "late_fee_until": "", "interest": False, "total": 0}
        return {"function": function, "month": str(month), **plain, **asked}

    def bill_of(self, month: YearMonth = MONTH) -> Bill:
        kept = self.register.unit_month(HERE, month)
        found = self.register.bill(kept.bill) if kept else None
        assert found is not None
        return found

    def coverages(self, id_: str = ZHANG) -> dict[str, Coverage]:
        filed = self.register.person_by_id(id_)
        return {row.scheme: row for row in self.register.coverages(filed.number)} if filed else {}

    def steps(self, acted: Acted) -> list[tuple[str | None, str]]:
        """States an item went through."""
        return [(step.before, step.after) for step in self.register.transitions(acted.id)]
