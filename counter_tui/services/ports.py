"""What the use cases need from the outside: clock, store, hub line, session, paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003  # values of these types are kept
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # as above
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from counter_tui.domain.contributions import ContributionSpan
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.operators import Operator
    from counter_tui.domain.people import Person
    from counter_tui.operations.chain import Head
    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.outcome import Outcome, Record
    from counter_tui.operations.register import Register
    from counter_tui.services.keys import KeyState

T = TypeVar("T")


class NumbersExhausted(CounterError):
    """{window} 号窗口今日受理号已用完，请换到其他窗口继续办理"""

    window: str


class Clock(Protocol):
    """Time, as the counter knows it."""

    def now(self) -> datetime:
        """UTC, with time zone."""

    def today(self) -> date:
        """Business date in Beijing time."""

    def mono(self) -> int:
        """Monotonic milliseconds."""


class Delivery(StrEnum):
    """CL-DELIVERY: how far an operation has come (the ladder)."""

    SAVED = "1"
    DELIVERED = "2"
    IN_REGISTER = "3"
    CONFLICT = "5"
    REJECTED = "6"
    HELD = "7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Figures of the status bar, counted from rows."""

    drafts: int
    unsent: int
    """Operations without an answer from the hub."""
    oldest_unsent: datetime | None
    undecided: int
    """Delivered, final outcome not seen here yet."""
    conflicts: int
    refused: int
    to_review: int
    """Items in D2 of the bureau."""
    synced_at: datetime | None
    """Last reply of the hub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form left unfinished: the texts as typed, by field name."""

    operator: str
    function: str
    subject: str
    """Employer or person of the reception."""
    texts: dict[str, str]
    cursor: str
    """Field in which the cursor stood."""
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """An operation of this host and how far it has come."""

    operation: Operation
    delivery: Delivery
    outcome: Outcome | None
    tries: int
    trouble: str
    """Why the last try failed, empty when none did."""
    next_try: datetime | None
    seen: bool
    """A clerk has looked at the conflict or refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One sheet of paper on record (written before it is spooled)."""

    id: str
    document: str
    """D01 …"""
    serial: str
    nth: int
    """1 for the first print of this serial."""
    operation: str
    subject: str
    month: YearMonth | None
    operator: str
    window: str
    at: datetime
    file: str
    pdf_hash: str
    content_hash: str
    content: dict[str, Any]
    """The fields of the document."""
    pages: int
    state: str
    """rendered, recorded, spooled, printed, cancelled, failed, unknown."""
    trouble: str = ""


class Reading(Protocol):
    """One consistent look at the counter's file. Synchronous; lives inside `LocalStore.read`."""

    @property
    def register(self) -> Register:
        """Mirror plus the effects of own pending operations."""

    def contributions(self, person: str) -> Sequence[ContributionSpan]:
        """A person's months from before the first assessment made here, by scheme and month."""

    def find_persons(self, text: str, *, employer: str = "", limit: int = 21) -> Sequence[Person]:
        """By full number, last four (with initial or surname behind), prefix, or name; best first.

        With `employer`, persons of that employer only.
        """

    def find_employers(self, text: str, *, limit: int = 21) -> Sequence[Employer]:
        """By number, credit code, or part of the name; best first."""

    def counts(self, operator: str) -> Counts:
        """Figures of the status bar for an operator."""

    def draft(self, operator: str, function: str) -> Draft | None:
        """The operator's unfinished form of a function."""

    def drafts(self, operator: str) -> Sequence[Draft]:
        """All unfinished forms of an operator."""

    def outbox(self, limit: int = 200) -> Sequence[OutboxEntry]:
        """Operations still under way or refused, oldest first."""

    def entry(self, op_id: str) -> OutboxEntry | None:
        """One operation of this host."""

    def held(self) -> int:
        """How many operations of the bureau the hub holds."""

    def prints(self, document: str, serial: str) -> Sequence[Print]:
        """Prints of a document so far, oldest first."""

    def acceptance(self, number: str) -> Sequence[Operation]:
        """Operations of this host under an acceptance number, in order; empty for a foreign one."""

    def last_acceptance(self, window: str) -> Sequence[Operation]:
        """Operations of the last acceptance number given at a window."""

    def operators(self) -> Sequence[Operator]:
        """Operators registered at the hub, as known here."""

    def setting(self, name: str) -> str:
        """A remembered choice of this host (last window, …), empty when there is none."""


class Work(Reading, Protocol):
    """One write transaction: everything in it is kept, or nothing."""

    def head(self) -> Head:
        """Where this device's chain ends."""

    def next_sequence(self, window: str, today: date) -> tuple[date, int]:
        """Raise and return the window's acceptance counter: (number's date, 1…9999).

        The date is the later of today and the last date used. Raises NumbersExhausted past 9 999.
        """

    def append(self, operation: Operation, effects: Sequence[Record]) -> None:
        """Journal, outbox row, audit leaf and overlay of one operation."""

    def keep_draft(self, draft: Draft) -> None:
        """Keep or replace an unfinished form."""

    def drop_draft(self, operator: str, function: str) -> None:
        """Forget an unfinished form."""

    def keep_print(self, entry: Print) -> None:
        """Record a print, or its new state."""

    def see(self, op_id: str) -> None:
        """Mark a conflict or refusal as seen."""

    def remember(self, name: str, value: str) -> None:
        """Keep a choice of this host."""


class LocalStore(Protocol):
    """The counter's own file. Each call is one hop to the store's thread."""

    async def read(self, work: Callable[[Reading], T]) -> T:
        """Run `work` on one consistent snapshot."""

    async def write(self, work: Callable[[Work], T]) -> T:
        """Run `work` in one durable transaction; any exception undoes it whole."""


class HubLine(Protocol):
    """The way to the hub and back: push, pull, and who waits for an answer."""

    @property
    def connected(self) -> bool:
        """Whether the last exchange succeeded."""

    def wake(self) -> None:
        """Push and pull soon; returns at once."""

    async def answer(self, op_ids: Sequence[str], *, seconds: int = 20) -> dict[str, Outcome]:
        """Push now, wait until the outcomes are here and their effects in the mirror.

        Raises HubAway when they did not come in time; the operations stay in the outbox.
        """


class Session(Protocol):
    """A signed-on operator and his sign-on key."""

    @property
    def id(self) -> str:
        """Sign-on id."""

    @property
    def operator(self) -> Operator:
        """Who signed on."""

    @property
    def key_serial(self) -> str:
        """Serial or fingerprint of the key in use."""

    @property
    def statement(self) -> bytes:
        """What proves the sign-on key to the hub; travels with the sign-on operation."""

    def sign(self, digest: bytes) -> bytes:
        """Ordinary tier: the sign-on key signs 32 bytes."""

    @property
    def alive(self) -> bool:
        """Whether it can still sign."""

    @property
    def key_state(self) -> KeyState:
        """How the key that signed on stands now; never waits."""

    @property
    def window(self) -> str:
        """The window at which it was opened."""

    def forget(self) -> None:
        """Drop the sign-on key at once."""

    async def unlock(self, pin: bytearray) -> None:
        """The operator proves himself again with the same key. Wipes `pin`. Raises as `decide`."""

    async def decide(self, content: bytes, pin: bytearray) -> bytes:
        """Decisive tier: the operator's own key signs, PIN asked each time. Wipes `pin`.

        Raises WrongPin, PinBlocked, KeyGone.
        """


class PrintState(StrEnum):
    """What a spooler says of a job."""

    SPOOLED = "spooled"
    PRINTED = "printed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Printer(Protocol):
    """A spooler."""

    async def spool(self, path: Path, *, print_id: str, copies: int) -> PrintState:
        """Hand one PDF over. Raises PrinterTrouble with the spooler's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPaper:
    """A document as bytes, with what is recorded about it."""

    document: str
    serial: str
    subject: str
    month: YearMonth | None
    file_name: str
    pdf: bytes
    pages: int
    pdf_hash: str
    content_hash: str
    content: dict[str, Any]
