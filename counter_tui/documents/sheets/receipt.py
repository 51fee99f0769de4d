"""D17 受理回执: what was accepted at the counter, with the number to ask by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # part of a kept value

from counter_tui.documents.composition import Code, Column, Fact, Grid, Kind, Sheet, local, long_date
from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.masking import mask_id

_GRID = (
    Column(label="序号", width=30, kind=Kind.CENTRED),
    Column(label="受理内容", width=360),
    Column(label="状态", width=149, kind=Kind.CENTRED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptItem:
    """One thing accepted."""

    text: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Fields of one acceptance receipt."""

    acceptance_number: str
    """20 digits without hyphens."""
    accepted_at: datetime
    window: str
    employer_number: str
    """Empty where a person came for himself."""
    employer_name: str
    person_name: str
    """Empty where an employer's agent came."""
    id_number: str
    """Printed masked, with the person."""
    function: str
    """Code and name, such as P01 新参保."""
    items: tuple[ReceiptItem, ...]
    state: str
    """How far the case has come; a saved case is 已受理 and not more."""
    hint: str
    """Where to ask."""
    clerk: str
    marks: tuple[str, ...] = ()
    """What the reader must know, such as 演练数据."""

    @property
    def subject(self) -> str:
        """Whom the file is named for."""
        return self.employer_number or mask_id(self.id_number)

    @property
    def month(self) -> YearMonth:
        """The month the file is named for."""
        return YearMonth.of(local(self.accepted_at))


def compose(receipt: Receipt) -> tuple[Sheet, ...]:
    """What the receipt says."""
    return (
        Sheet(
            title="社会保险业务受理回执",
            reference="",
            period="",
            unit="",
            facts=_facts(receipt),
            grid=Grid(
                columns=_GRID,
                rows=tuple((str(at), item.text, item.state) for at, item in enumerate(receipt.items, start=1)),
                totalled=False,
            ),
            marks=receipt.marks,
            notes=(receipt.hint, "本回执只证明已受理，不代表业务已办结。"),
            signatures=(("经办人", receipt.clerk), ("领取人", "")),
            code=Code(content=receipt.acceptance_number, caption=receipt.acceptance_number),
        ),
    )


def _facts(receipt: Receipt) -> tuple[tuple[Fact, ...], ...]:
    moment = local(receipt.accepted_at)
    accepted = f"{long_date(moment)} {moment:%H:%M}"
    employer = f"{receipt.employer_number} {receipt.employer_name}".strip()
    person = f"{receipt.person_name} {mask_id(receipt.id_number)}".strip()
    return (
        (Fact(label="受理号", value=grouped_number(receipt.acceptance_number)),),
        (Fact(label="受理时间", value=accepted), Fact(label="窗口", value=receipt.window)),
        *(((Fact(label="单位", value=employer),),) if employer else ()),
        *(((Fact(label="个人", value=person),),) if person else ()),
        (Fact(label="业务", value=receipt.function), Fact(label="办理状态", value=receipt.state)),
    )
