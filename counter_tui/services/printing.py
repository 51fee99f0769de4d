"""Paper: render, file, record, spool, follow — in this order, so that no paper exists without a record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from counter_tui.domain.problems import Rejected, stop, stop_text
from counter_tui.errors import CounterError
from counter_tui.operations.envelope import Operation, Proposal
from counter_tui.services.ports import Print, PrintState, RenderedPaper
from counter_tui.services.staff_changes import change_rows, headcounts, unknown_to_hub

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from counter_tui.domain.bills import Bill
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.services.ports import Clock, LocalStore, Printer, Reading, Work
    from counter_tui.services.recording import RecordOperations
    from counter_tui.services.seats import Seat
    from counter_tui.services.staff_changes import ChangeRow, ChangesWanted, Headcount


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
        unknown_to_hub: str,
    ) -> Paper:
        """D05 人员变更表; marked as printed offline where an operation is named that the hub does not know yet."""

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

    async def changes(self, employer: str, wanted: ChangesWanted) -> tuple[ChangeRow, ...]:
        """The changes of staff and files that may be printed. Raises Rejected: M35, M57."""
        return await self.store.read(lambda r: self._changes(r, employer, wanted)[1])

    async def staff_changes(
        self, employer: str, wanted: ChangesWanted, *, seat: Seat, chosen: frozenset[str] = frozenset()
    ) -> tuple[Paper, ...]:
        """D05 of each month with changes, as they stand now. Raises Rejected: M35, M57.

        Args:
            employer: its number.
            wanted: which changes.
            seat: who prints.
            chosen: ids of the items to print; all that are wanted when it is empty.
        """
        return await self.store.read(lambda r: self._staff_changes(r, employer, wanted, seat, chosen))

    def _changes(
        self, reading: Reading, employer: str, wanted: ChangesWanted
    ) -> tuple[Employer, tuple[ChangeRow, ...]]:
        if wanted.until < wanted.since:
            raise Rejected([stop("until", "M35")])
        known = reading.register.employer(employer)
        rows = change_rows(reading.register, self.record.policy, known, wanted) if known else ()
        if known is None or not rows:
            raise Rejected([stop_text("since", "查询结果为空：没有可打印的人员变更，待提交和不通过的不列入（M57）")])
        return known, rows

    def _staff_changes(
        self, reading: Reading, employer: str, wanted: ChangesWanted, seat: Seat, chosen: frozenset[str]
    ) -> tuple[Paper, ...]:
        known, found = self._changes(reading, employer, wanted)
        rows = [row for row in found if not chosen or row.item.id in chosen]
        if not rows:
            raise Rejected([stop_text(None, "勾选的变更已不在表中，请按 F5 重新查询（M57）")])
        today = self.clock.today()
        return tuple(
            self.stationery.staff_changes(
                known,
                month,
                listed := [row for row in rows if row.item.month == month],
                headcounts(reading.register, known, month, today),
                seat.session.operator.name,
                unknown_to_hub(reading, listed),
            )
            for month in sorted({row.item.month for row in rows})
        )

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


def _file_name(rendered: RenderedPaper, imprint: Imprint) -> str:
    """The document's own name; later prints and failed tries get names of their own."""
    stem = rendered.file_name.removesuffix(".pdf")
    return f"{stem}_{imprint.number}_{imprint.at:%H%M%S%f}.pdf"
