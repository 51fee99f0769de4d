"""Paper: render, file, record, spool, follow — in this order, so that no paper exists without a record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from counter_tui.domain.problems import Rejected, stop, stop_text
from counter_tui.errors import CounterError
from counter_tui.operations.envelope import Operation, Proposal
from counter_tui.policy.contributions import contribution
from counter_tui.services.ports import Print, PrintState, RenderedPaper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from counter_tui.domain.bills import Bill
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.coverage import CoverageChange
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.services.ports import Clock, LocalStore, Printer, Reading, Work
    from counter_tui.services.recording import RecordOperations
    from counter_tui.services.seats import Seat


ADDING = frozenset({"11", "12", "13", "14"})
STOPPING = frozenset({"21", "22", "23", "24", "25"})
"""CL-CHANGE of enrolments and of stops."""


class PrinterTrouble(CounterError):
    """打印机未接受：{why}。业务不受影响，请稍后再按 F9"""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What stands on a sheet besides its content."""

    number: int
    """1 for the first print; from 2 the sheet says 补打."""
    printed_by: str
    maker: str
    checker: str
    window: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One line of the staff-change sheet."""

    change: CoverageChange
    item: Item | None
    base: int
    """Contribution base in fen; 0 when it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """Persons of one scheme before and during a month."""

    scheme: str
    last_month: int
    added: int
    stopped: int


class Paper(Protocol):
    """A document with its content, before anything is drawn."""

    @property
    def document(self) -> str:
        """D01 …"""

    @property
    def serial(self) -> str:
        """What is counted when it is printed again."""

    @property
    def subject(self) -> str:
        """Employer or person it speaks of."""

    @property
    def month(self) -> YearMonth | None:
        """Month it speaks of."""

    @property
    def title(self) -> str:
        """Its name, as menus say it."""

    @property
    def copies(self) -> int:
        """How many sheets are printed by default."""

    def preview(self, imprint: Imprint, *, columns: int, lines: int) -> list[tuple[str, ...]]:
        """Pages of lines for the terminal; never more than the paper shows."""

    async def draw(self, imprint: Imprint) -> RenderedPaper:
        """The PDF, drawn away from the keyboard. Raises NoGlyph when no font draws a character."""


class Stationery(Protocol):
    """Makes papers from rows of the register; `maker` and `clerk` are names as printed."""

    def payment_notice(self, bill: Bill, employer: Employer, maker: str) -> Paper:
        """D01 单位缴费通知单."""

    def assessment(self, bill: Bill, employer: Employer, maker: str) -> Paper:
        """D02 单位征集核定单."""

    def staff_changes(
        self,
        employer: Employer,
        month: YearMonth,
        rows: Sequence[ChangeRow],
        headcounts: Sequence[Headcount],
        maker: str,
    ) -> Paper:
        """D05 人员变更表."""

    def receipt(self, operation: Operation, items: Sequence[Item], employer: Employer | None, clerk: str) -> Paper:
        """D17 受理回执."""


class PrintFolder(Protocol):
    """Where printed files are kept until they leave."""

    async def file(self, rendered: RenderedPaper, name: str) -> Path:
        """Keep a PDF: 0600, never over another file, on disk before it returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """What leaves through the printer."""

    record: RecordOperations
    store: LocalStore
    clock: Clock
    stationery: Stationery
    folder: PrintFolder
    printer: Printer

    async def notices(self, employer: str, since: YearMonth, until: YearMonth) -> tuple[Paper, ...]:
        """D01 of every assessed month in a range. Raises Rejected: M35, M57."""
        bills, known, names = await self._bills(employer, since, until)
        return tuple(self.stationery.payment_notice(bill, known, names.get(bill.maker, "")) for bill in bills)

    async def assessments(self, employer: str, since: YearMonth, until: YearMonth) -> tuple[Paper, ...]:
        """D02 of every assessed month in a range. Raises Rejected: M35, M57."""
        bills, known, names = await self._bills(employer, since, until)
        return tuple(self.stationery.assessment(bill, known, names.get(bill.maker, "")) for bill in bills)

    async def _bills(
        self, employer: str, since: YearMonth, until: YearMonth
    ) -> tuple[list[Bill], Employer, dict[str, str]]:
        if until < since:
            raise Rejected([stop("until", "M35")])
        found = await self.store.read(lambda r: list(r.register.bills(employer, since, until)))
        known = await self.store.read(lambda r: r.register.employer(employer))
        names = await self.store.read(_names)
        valid = [bill for bill in found if bill.state != "B9"]
        if known is None or not valid:
            raise Rejected([stop_text("since", "查询结果为空：该期间没有已核定的月份（M57）")])
        return valid, known, names

    async def receipt(self, acceptance: str) -> Paper:
        """D17 of an acceptance of this host. Raises Rejected (M57) for an unknown number."""
        return await self.store.read(lambda r: self._receipt(r, acceptance))

    def _receipt(self, reading: Reading, acceptance: str) -> Paper:
        operations = reading.acceptance(acceptance)
        if not operations:
            raise Rejected([stop_text(None, "本机没有这个受理号，请核对（M57）")])
        operation = operations[0]
        employer = reading.register.employer(operation.unit_id.removeprefix("E:"))
        ids = operation.body.get("items") or [operation.body.get("item") or operation.op_id]
        items = [item for each in ids if (item := reading.register.item(each)) is not None]
        clerk = _names(reading).get(operation.maker.operator, "")
        return self.stationery.receipt(operation, items, employer, clerk)

    async def staff_changes(self, employer: str, month: YearMonth, *, seat: Seat) -> Paper:
        """D05 of a month: approved changes of an employer. Raises Rejected (M57) when there are none."""
        return await self.store.read(lambda r: self._staff_changes(r, employer, month, seat))

    def _staff_changes(self, reading: Reading, employer: str, month: YearMonth, seat: Seat) -> Paper:
        register = reading.register
        known, changes = register.employer(employer), register.changes(employer, month)
        if known is None or not changes:
            raise Rejected([stop_text("since", "查询结果为空：该月没有已通过的人员变更（M57）")])
        rows = [
            ChangeRow(change=change, item=register.item(change.item), base=self._base(change, known))
            for change in changes
        ]
        paying = Counter(entry.scheme for entry in register.coverages_of_employer(employer) if entry.state == "1")
        headcounts = [_headcount(scheme, paying[scheme], changes) for scheme in known.paying]
        return self.stationery.staff_changes(known, month, rows, headcounts, seat.session.operator.name)

    def _base(self, change: CoverageChange, employer: Employer) -> int:
        """Contribution base of the first scheme of a change; 0 where the law gives none."""
        if not change.schemes or not change.wage:
            return 0
        own = employer.scheme(change.schemes[0])
        try:
            return contribution(
                self.record.policy,
                change.schemes[0],
                change.month,
                change.wage,
                injury_class=own.injury_class if own else None,
            ).base
        except CounterError:
            return 0

    async def imprint(self, paper: Paper, *, seat: Seat) -> Imprint:
        """What the next sheet of a paper will bear."""
        earlier = await self.store.read(lambda r: r.prints(paper.document, paper.serial))
        printed = [each for each in earlier if each.state == PrintState.PRINTED]
        operator = seat.session.operator.name
        return Imprint(
            number=len(printed) + 1,
            printed_by=operator,
            maker=operator,
            checker="",
            window=seat.window,
            at=self.clock.now(),
        )

    async def print(self, paper: Paper, *, seat: Seat, copies: int = 1) -> Print:
        """Draw, file, record, spool. Raises NoGlyph and PrinterTrouble; the case itself stands."""
        imprint = await self.imprint(paper, seat=seat)
        rendered = await paper.draw(imprint)
        path = await self.folder.file(rendered, _file_name(rendered, imprint))
        entry = await self._recorded(rendered, path, imprint, seat)
        state = await self.printer.spool(path, print_id=entry.id, copies=copies)
        followed = replace(entry, state=str(state))
        await self.store.write(lambda work: work.keep_print(followed))
        if rendered.document == "D01":
            await self._notified(rendered, seat)
        return followed

    async def _recorded(self, rendered: RenderedPaper, path: Path, imprint: Imprint, seat: Seat) -> Print:
        entry = Print(
            id=f"{rendered.document}-{rendered.serial}-{imprint.number}",
            document=rendered.document,
            serial=rendered.serial,
            nth=imprint.number,
            operation="",
            subject=rendered.subject,
            month=rendered.month,
            operator=seat.session.operator.number,
            window=seat.window,
            at=imprint.at,
            file=path.name,
            pdf_hash=rendered.pdf_hash,
            content_hash=rendered.content_hash,
            content=rendered.content,
            pages=rendered.pages,
            state="recorded",
        )
        body = {
            "document": entry.document,
            "serial": entry.serial,
            "nth": entry.nth,
            "pdf_hash": entry.pdf_hash,
            "content_hash": entry.content_hash,
        }
        unit = f"E:{seat.employer}" if seat.employer else "B"

        def keep(work: Work, operations: tuple[Operation, ...]) -> None:
            work.keep_print(replace(entry, operation=operations[-1].op_id))

        proposal = Proposal(kind="access.print", unit_id=unit, body=body, reception_id=seat.reception_id)
        kept = await self.record([proposal], seat=seat, alongside=keep)
        return replace(entry, operation=kept.operations[-1].op_id)

    async def _notified(self, rendered: RenderedPaper, seat: Seat) -> None:
        """The notice is in the employer's hand: B1 → B2."""
        proposal = Proposal(
            kind="bill.notify",
            unit_id=f"E:{rendered.subject}",
            body={"bill": rendered.serial},
            reception_id=seat.reception_id,
        )
        await self.record([proposal], seat=seat)


def _names(reading: Reading) -> dict[str, str]:
    """Names of the operators, by number."""
    return {operator.number: operator.name for operator in reading.operators()}


def _headcount(scheme: str, now: int, changes: Sequence[CoverageChange]) -> Headcount:
    """Last month's number + added − stopped = this month's number."""
    added = len({change.person for change in changes if scheme in change.schemes and change.kind in ADDING})
    stopped = len({change.person for change in changes if scheme in change.schemes and change.kind in STOPPING})
    return Headcount(scheme=scheme, last_month=now - added + stopped, added=added, stopped=stopped)


def _file_name(rendered: RenderedPaper, imprint: Imprint) -> str:
    """The document's own name; later prints and failed tries get names of their own."""
    stem = rendered.file_name.removesuffix(".pdf")
    return f"{stem}_{imprint.number}_{imprint.at:%H%M%S%f}.pdf"
