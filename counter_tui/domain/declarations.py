"""Declaration items (申报明细) and their life."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from enum import StrEnum
from typing import Any

from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # as above


class ItemState(StrEnum):
    """Where an item stands; labels are CL-ITEMSTATE."""

    DRAFT = "D0"
    TO_SUBMIT = "D1"
    SUBMITTED = "D2"
    IN_REVIEW = "D3"
    APPROVED = "D4"
    REJECTED = "D5"
    SETTLED = "D6"
    VOID = "D9"


OPEN_STATES = frozenset({ItemState.TO_SUBMIT, ItemState.SUBMITTED, ItemState.IN_REVIEW, ItemState.REJECTED})
"""States in which an item still waits for somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who did something, where and when."""

    operator: str
    human: str
    certificate: str
    key_serial: str
    signon: str
    window: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One person's declared change, from the save to the settlement."""

    id: str
    """The operation that saved it first."""
    acceptance_number: str
    item_no: int
    function: str
    employer: str
    id_number: str
    person_name: str
    person: str
    """个人编号, empty while the person is new."""
    verdict: str
    """What it does: 参保登记, 续保, 单位间转移, 险种新增, 停保, 关键信息修改, 一般信息修改."""
    month: YearMonth
    body: dict[str, Any] = field(default_factory=dict)
    """The declaration as last saved."""
    body_hash: str
    """Hash of the body as last saved: what a reviewer signs must equal it."""
    state: ItemState
    reception: str
    made: Stamp
    submitted: Stamp | None = None
    opened: Stamp | None = None
    decided: Stamp | None = None
    batch: str = ""
    """Acceptance number of the submission."""
    reason: str = ""
    """Reason of a rejection or a cancellation."""
    bill: str = ""
    """Bill that settled it."""
    override: str = ""
    """Reason of the supervisor who let an *ask* problem pass."""
    undo: dict[str, Any] = field(default_factory=dict)
    """What the approval replaced: `person` and `coverages` as they stood before (T15 books them back)."""

    @property
    def shown_number(self) -> str:
        """Acceptance number, with the row number for rows of an import."""
        number = grouped_number(self.acceptance_number)
        return f"{number}-{self.item_no}" if self.item_no else number


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One step of an item's life, kept for good."""

    operation: str
    item: str
    before: ItemState | None
    after: ItemState
    by: Stamp
    reception: str
    reason: str = ""
