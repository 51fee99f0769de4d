"""The documents the counter prints, each declared once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, Protocol

from counter_tui.documents.orientation import Orientation
from counter_tui.documents.sheets import assessment, changes, payment_notice, receipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.documents.composition import Sheet
    from counter_tui.domain.calendar import YearMonth


class Document(Protocol):
    """The field list of a document: content only, no circumstances of the print."""

    @property
    def subject(self) -> str:
        """Employer number or masked ID number."""

    @property
    def month(self) -> YearMonth:
        """Month the document is about."""


class Offline(Enum):
    """Whether paper may be printed before the hub knows its content."""

    ALWAYS = auto()
    """It states only what this counter did."""
    MARKED = auto()
    """The customer signs it; the sheet says that it has not been checked."""
    NEVER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One kind of document."""

    id: str
    title: str
    """As menus and the print log name it."""
    copies: int
    orientation: Orientation
    fields: type
    """The dataclass of its content."""
    compose: Callable[[Any], tuple[Sheet, ...]]
    offline: Offline


FAMILIES: Final = {
    family.id: family
    for family in (
        Family(
            id="D01",
            title="单位缴费通知单",
            copies=2,
            orientation=Orientation.PORTRAIT,
            fields=payment_notice.PaymentNotice,
            compose=payment_notice.compose,
            offline=Offline.NEVER,
        ),
        Family(
            id="D02",
            title="单位征集核定单",
            copies=2,
            orientation=Orientation.LANDSCAPE,
            fields=assessment.Assessment,
            compose=assessment.compose,
            offline=Offline.NEVER,
        ),
        Family(
            id="D05",
            title="人员变更表",
            copies=2,
            orientation=Orientation.LANDSCAPE,
            fields=changes.StaffChanges,
            compose=changes.compose,
            offline=Offline.MARKED,
        ),
        Family(
            id="D17",
            title="受理回执",
            copies=1,
            orientation=Orientation.HALF,
            fields=receipt.Receipt,
            compose=receipt.compose,
            offline=Offline.ALWAYS,
        ),
    )
}


def family_of(document: Document) -> Family:
    """The family a field list belongs to."""
    return next(family for family in FAMILIES.values() if family.fields is type(document))
