"""From rows of the register to the field lists of documents, and from those to paper."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.documents.families import Document, family_of
from counter_tui.documents.preview import preview
from counter_tui.documents.rendering import keep, render_paper
from counter_tui.documents.sheets.assessment import Assessment, AssessmentLine
from counter_tui.documents.sheets.changes import ChangeLine, HeadcountLine, StaffChanges
from counter_tui.documents.sheets.payment_notice import NoticeLine, PaymentNotice
from counter_tui.documents.sheets.receipt import Receipt, ReceiptItem
from counter_tui.documents.stamp import Stamp
from counter_tui.domain.calendar import BEIJING, YearMonth
from counter_tui.domain.codes import codelist
from counter_tui.domain.masking import mask_account
from counter_tui.forms.spec import form
from counter_tui.operations.assessment import INTEREST, LATE_FEE
from counter_tui.own_files import make_folder
from counter_tui.policy.explanation import marks_of, rested_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counter_tui.domain.bills import Bill, BillLine
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.operations.envelope import Operation
    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import RenderedPaper
    from counter_tui.services.printing import Imprint
    from counter_tui.services.staff_changes import ChangeRow, Headcount

PPM = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPaper:
    """A document with its content, ready to be previewed and printed."""

    content: Document
    serial: str
    region_title: str
    training: bool
    void: bool = False
    unknown_to_hub: str = ""
    """An operation behind it that the hub had not taken when it was made ready."""
    fonts: tuple[Path, ...] = ()
    """Font files tried before the built-in ones."""

    @property
    def document(self) -> str:
        """D01 …"""
        return family_of(self.content).id

    @property
    def title(self) -> str:
        """Its name, as menus say it."""
        return family_of(self.content).title

    @property
    def copies(self) -> int:
        """How many sheets are printed by default."""
        return family_of(self.content).copies

    @property
    def subject(self) -> str:
        """Employer or person it speaks of."""
        return self.content.subject

    @property
    def month(self) -> YearMonth | None:
        """Month it speaks of."""
        return self.content.month

    def preview(self, imprint: Imprint, *, columns: int, lines: int) -> list[tuple[str, ...]]:
        """Pages of lines for the terminal; never more than the paper shows."""
        return preview(self.content, self.stamp(imprint), columns=columns, lines=lines)

    async def draw(self, imprint: Imprint) -> RenderedPaper:
        """The PDF, away from the keyboard. Raises NoGlyph."""
        return await render_paper(self.content, self.stamp(imprint), serial=self.serial, fonts=self.fonts)

    def stamp(self, imprint: Imprint) -> Stamp:
        """The circumstances of one print."""
        return Stamp(
            region_title=self.region_title,
            printed_by=imprint.printed_by,
            window=imprint.window,
            printed_at=imprint.at.astimezone(BEIJING),
            training=self.training,
            void=self.void,
            offline=bool(self.unknown_to_hub),
            operation=self.unknown_to_hub,
            print_number=imprint.number,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BureauStationery:
    """The bureau's documents in the words of its region."""

    policy: Policy
    telephone: str = ""
    fonts: tuple[Path, ...] = ()

    def payment_notice(self, bill: Bill, employer: Employer, maker: str) -> ReadyPaper:
        """D01 单位缴费通知单."""
        period = next((each for each in self.policy.late_fee_periods if each.until is None), None)
        content = PaymentNotice(
            number=bill.number,
            employer_number=employer.number,
            employer_name=employer.name,
            credit_code=employer.credit_code,
            fee_type=self._fee_type(bill),
            fee_month=bill.month,
            assessed_on=bill.assessed_at.astimezone(BEIJING).date(),
            due_on=bill.due_on,
            collect_method=codelist("CL-COLLECT").name(employer.collect),
            bank=codelist("CL-BANK").name(employer.bank) if employer.bank else "",
            account_masked=mask_account(employer.account) if employer.account else "",
            lines=tuple(self._notice_line(line, bill.marks) for line in bill.lines),
            late_fee_ppm=int(period.per_day * PPM) if period else 0,
            agency=self._agency,
            maker=maker,
            checker="",
            telephone=self.telephone,
            marks=bill.marks,
        )
        return self._ready(content, bill.number, void=bill.state == "B9")

    def _notice_line(self, line: BillLine, sayings: Sequence[str]) -> NoticeLine:
        return NoticeLine(
            scheme=self._scheme(line),
            persons=line.heads,
            employer_base=line.employer_base,
            person_base=line.person_base,
            employer_due=line.employer,
            person_due=line.person,
            interest=line.interest,
            late_fee=line.late_fee,
            marks=marks_of(self.policy.scheme_name(line.scheme), sayings),
            interest_marks=marks_of(INTEREST, sayings),
            late_fee_marks=marks_of(LATE_FEE, sayings),
        )

    def assessment(self, bill: Bill, employer: Employer, maker: str) -> ReadyPaper:
        """D02 单位征集核定单."""
        content = Assessment(
            number=bill.number,
            employer_number=employer.number,
            employer_name=employer.name,
            fee_month=bill.month,
            fee_type=self._fee_type(bill),
            assessed_on=bill.assessed_at.astimezone(BEIJING).date(),
            lines=tuple(self._assessment_line(line, bill.marks) for line in bill.lines),
            agency=self._agency,
            maker=maker,
            checker="",
            marks=bill.marks,
        )
        return self._ready(content, bill.number, void=bill.state == "B9")

    def _assessment_line(self, line: BillLine, sayings: Sequence[str]) -> AssessmentLine:
        return AssessmentLine(
            scheme=self._scheme(line),
            working=line.heads,
            retired=line.retired,
            wages=line.wages,
            employer_base=line.employer_base,
            employer_paid=line.employer,
            person_paid=line.person,
            employer_to_account=line.account_employer,
            person_to_account=line.account_person,
            pooled=line.pool,
            total=line.total,
            marks=marks_of(self.policy.scheme_name(line.scheme), sayings),
        )

    def staff_changes(
        self,
        employer: Employer,
        month: YearMonth,
        rows: Sequence[ChangeRow],
        headcounts: Sequence[Headcount],
        maker: str,
        unknown_to_hub: str,
    ) -> ReadyPaper:
        """D05 人员变更表; marked as printed offline where an operation is named that the hub does not know yet."""
        content = StaffChanges(
            number=f"{employer.number}-{month.compact}",
            employer_number=employer.number,
            employer_name=employer.name,
            settlement_month=month,
            lines=tuple(self._change_line(row) for row in rows),
            headcounts=tuple(
                HeadcountLine(
                    scheme=self.policy.scheme_name(each.scheme),
                    last_month=each.last_month,
                    added=each.added,
                    stopped=each.stopped,
                )
                for each in headcounts
            ),
            agency=self._agency,
            maker=maker,
            marks=rested_on(("缴费基数", row.base_marks) for row in rows),
        )
        return self._ready(content, content.number, unknown_to_hub=unknown_to_hub)

    def _change_line(self, row: ChangeRow) -> ChangeLine:
        item = row.item
        return ChangeLine(
            name=item.person_name,
            id_number=item.id_number,
            person_number=item.person,
            change=row.change,
            schemes="、".join(codelist("CL-INS").short(scheme) for scheme in row.schemes),
            changed_on=row.on,
            reason=codelist("CL-REASON").name(row.reason) if row.reason else row.note,
            wage=row.wage,
            base=row.base,
            base_marks=row.base_marks,
            state=codelist("CL-ITEMSTATE").name(item.state),
        )

    def receipt(self, operation: Operation, items: Sequence[Item], employer: Employer | None, clerk: str) -> ReadyPaper:
        """D17 受理回执."""
        states = codelist("CL-ITEMSTATE")
        function = operation.kind.split(".", 1)[0]
        first = items[0] if items else None
        content = Receipt(
            acceptance_number=operation.acceptance_number,
            accepted_at=operation.made_at.astimezone(BEIJING),
            window=operation.maker.window,
            employer_number=employer.number if employer else "",
            employer_name=employer.name if employer else "",
            person_name=first.person_name if first and len(items) == 1 else "",
            id_number=first.id_number if first and len(items) == 1 else "",
            function=self._function_name(function, operation.kind),
            items=tuple(
                ReceiptItem(text=f"{item.verdict} {item.person_name}", state=states.name(item.state)) for item in items
            ),
            state="已受理",
            hint="凭受理号可在窗口查询办理状态",
            clerk=clerk,
        )
        return self._ready(content, operation.acceptance_number)

    def _function_name(self, function: str, kind: str) -> str:
        acts = {"item.submit": "P25", "item.cancel": "P26", "item.reverse": "P26", "rollback.ask": "P34"}
        code = acts.get(kind, function)
        local = next((entry.name for entry in self.policy.menu if entry.function == code), "")
        return local or form(code).name

    def _ready(self, content: Document, serial: str, *, void: bool = False, unknown_to_hub: str = "") -> ReadyPaper:
        return ReadyPaper(
            content=content,
            serial=serial,
            region_title=self.policy.region.title,
            training=self.policy.training,
            void=void,
            unknown_to_hub=unknown_to_hub,
            fonts=self.fonts,
        )

    @property
    def _agency(self) -> str:
        return f"{self.policy.region.title}社会保险经办机构"

    def _scheme(self, line: BillLine) -> str:
        name = self.policy.scheme_name(line.scheme)
        return f"{name}（补收 {line.since.compact}-{line.until.compact}）" if line.since and line.until else name

    def _fee_type(self, bill: Bill) -> str:
        return codelist("CL-FEETYPE").name(bill.fee_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPrints:
    """The print folder of this host."""

    folder: Path

    async def file(self, rendered: RenderedPaper, name: str) -> Path:
        """Keep a PDF under a name that no other file has. Raises AlreadyKept."""
        return await asyncio.to_thread(self._kept, name, rendered.pdf)

    def _kept(self, name: str, pdf: bytes) -> Path:
        make_folder(self.folder)
        return keep(self.folder, name, pdf)
