"""The counter as its screens know it: the use cases, the law, and the seat that is taken."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.receptions import ReceptionState
from counter_tui.domain.text import width
from counter_tui.forms.spec import form
from counter_tui.operations.envelope import Proposal
from counter_tui.operations.signed_on import superseded
from counter_tui.services.pin_care import CareForPins, pin_care_leaf, pin_care_recorded, pin_care_to_record
from counter_tui.services.refused_proofs import forget, handed_over, remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.employers import Employer
    from counter_tui.forms.spec import Form
    from counter_tui.operations.envelope import Operation
    from counter_tui.policy.profile import MenuEntry
    from counter_tui.policy.regions import Policy
    from counter_tui.services.declarations import Declarations
    from counter_tui.services.drafts import Drafts
    from counter_tui.services.enquiries import Enquiries
    from counter_tui.services.figures import LoadFigures
    from counter_tui.services.held import HeldWork
    from counter_tui.services.operators import GrantPosts
    from counter_tui.services.ports import Clock, Counts, HubLine, LocalStore, Session, Work
    from counter_tui.services.printing import Printing
    from counter_tui.services.receptions import Receptions
    from counter_tui.services.recording import RecordOperations
    from counter_tui.services.reviews import Reviews
    from counter_tui.services.seats import Seat
    from counter_tui.services.settlement import Settlement
    from counter_tui.services.signing import SigningOn
    from counter_tui.services.social_card import ReadSocialCard
    from counter_tui.services.trust import TrustState

STALE_MINUTES = 10
"""Minutes after which the age of the oldest unsent operation is shown."""


class NobodySignedOn(RuntimeError):
    """A screen behind the login asked for the seat before anybody took it: a fault of the program."""


@dataclass(slots=True, kw_only=True)
class Counter:
    """One running counter terminal. The seat, the employer and the counts change; the rest is wired once."""

    policy: Policy
    """The law in force, with what the bureau has loaded; looked at again at each sign-on and reception."""
    clock: Clock
    store: LocalStore
    line: HubLine
    record: RecordOperations
    signing: SigningOn
    receptions: Receptions
    declarations: Declarations
    reviews: Reviews
    settlement: Settlement
    enquiries: Enquiries
    drafts: Drafts
    printing: Printing
    figures: LoadFigures
    posts: GrantPosts
    held: HeldWork
    social_cards: ReadSocialCard | None = None
    """None on a host without the library for readers."""
    pin_note: str = ""
    """Shown on the login screen in training only: the PIN of the soft keys."""
    first_window: str = "001"
    """Window offered on a host where nobody has signed on yet."""
    idle_minutes: int = 5
    """Minutes without a key after which the screen locks."""
    taken: Seat | None = None
    employer: Employer | None = None
    """The employer in reception, read again after everything that may change it."""
    counts: Counts | None = None
    previous: dict[str, dict[str, str]] = field(default_factory=dict)
    """Texts of the last record of each function, for Dup; emptied when a reception ends."""
    last_acceptance: str = ""
    """Number of the last save, for its receipt."""

    @property
    def seat(self) -> Seat:
        """The seat that is taken. Raises NobodySignedOn."""
        if self.taken is None:
            raise NobodySignedOn
        return self.taken

    @property
    def trust(self) -> TrustState:
        """Whether this host may take new work, and if not, why."""
        return self.record.trust.state()

    @property
    def pins(self) -> CareForPins:
        """介质 PIN 维护, by whoever is signed on now, or by nobody."""
        return CareForPins(
            signing=self.signing, store=self.store, clock=self.clock, record=self.record, seat=self.taken
        )

    def menu(self) -> Sequence[MenuEntry]:
        """The region's menu, by path."""
        return self.policy.menu

    def form(self, function: str) -> Form:
        """A business function as this region asks it."""
        return form(function).in_region(self.policy)

    async def take_seat(self, seat: Seat) -> None:
        """Sit down: a sign-on is recorded, the window remembered, its open reception found again."""
        seat = self.taken = await self._signed_on(seat)
        await self.store.write(lambda work: work.remember("window", seat.window))
        here, me = await self.receptions.at(seat.window), seat.session.operator.number
        mine = (each for each in here if each.state is ReceptionState.OPEN and each.operator == me)
        await self.receive(seat.receiving(next(mine, None)))

    async def resume_seat(self, session: Session) -> None:
        """The same operator is back after a lock."""
        seat = self.seat
        self.taken = replace(seat, session=session, signon=seat.signon if session.id == seat.session.id else "")
        if session.id != seat.session.id:
            self.taken = await self._signed_on(self.seat)

    async def _signed_on(self, seat: Seat) -> Seat:
        """Record a sign-on with the statement that proves its key; every later operation names this one."""
        session = seat.session
        body = {"window": seat.window, "session": session.id, "statement": session.statement.hex()}
        kept = await self.record([Proposal(kind="signon.open", unit_id="B", body=body)], seat=seat)
        seat = replace(seat, signon=kept.operations[-1].op_id)
        await self._record_remembered(seat)
        return seat

    async def _record_remembered(self, seat: Seat) -> None:
        """What was refused or done to a key here while nobody could sign for it, or to somebody beside this clerk."""
        refusals, care = await self.store.read(lambda reading: (remembered(reading), pin_care_to_record(reading)))
        told = [pin_care_leaf(each) for each in care]
        if refusals:
            told.append(handed_over(refusals, seat.window))

        def forget_all(work: Work, _: tuple[Operation, ...]) -> None:
            forget(work, refusals)
            pin_care_recorded(work, care)

        if told:
            await self.record(told, seat=seat, alongside=forget_all)

    async def receive(self, seat: Seat) -> None:
        """Take another reception, or none, into the seat; what the last employer's records held is forgotten."""
        if self.taken is None or seat.employer != self.taken.employer:
            self.previous.clear()
        self.taken = seat
        await self.refresh()

    async def refresh(self) -> None:
        """Read the employer in reception and the counts again."""
        seat = self.seat
        await self.take_law()
        self.employer = await self.enquiries.employer(seat.employer) if seat.employer else None
        self.counts = await self.enquiries.counts(seat.session.operator.number)

    async def take_law(self) -> None:
        """Go by the figures that are confirmed as of today."""
        self.policy = self.record.policy = await self.figures.in_force()

    async def leave_seat(self, *, how: str = "close") -> None:
        """Sign off (`close`) or lock (`lock`): recorded first, then the sign-on key is gone."""
        seat = self.seat
        await self._record_remembered(seat)
        await self.record([Proposal(kind=f"signon.{how}", unit_id="B", body={"window": seat.window})], seat=seat)
        self.signing.forget(seat.session)
        if how == "close":
            self.taken, self.employer = None, None
            self.previous.clear()

    async def end_session(self) -> None:
        """The line dropped: the sign-on key goes first; the reception stays open at the hub for the next sign-on."""
        if self.taken is not None:
            self.signing.forget(self.taken.session)

    async def ended(self) -> str:
        """Why the sign-on of this seat no longer counts, as a sentence; empty while it does.

        Its certificate was revoked, its post ended, or its key signed on elsewhere. Asked several times a second.
        """
        seat = self.taken
        if seat is None:
            return ""
        revoked = self.record.trust.revoked(seat.session.operator)
        return revoked or await self.posts.ended(seat) or await self._elsewhere(seat)

    async def _elsewhere(self, seat: Seat) -> str:
        later = await self.store.read(lambda reading: superseded(reading.register, seat.signon))
        return later.sentence if later else ""

    def status_line(self, cells: int) -> str:
        """Row 24: window, operator, post, key, and the true counts, in so many cells.

        Where they do not fit, the key goes first (a pulled one locks the terminal), then the words about the line are
        shortened, then post, operator and window go; counts and time stay.
        """
        if self.taken is None or self.counts is None:
            return ""
        seat, counts = self.taken, self.counts
        operator = seat.session.operator
        post = "、".join(role.label for role in sorted(operator.roles))
        window = f"{int(seat.window)}号窗"
        who = f"{window} {operator.number}"
        figures = (
            f"草稿 {counts.drafts} 未送 {counts.unsent}{self._age(counts)} 未决 {counts.undecided} "
            f"冲突 {counts.conflicts} 拒收 {counts.refused} 待审 {counts.to_review}"
        )
        line = self._synced(counts)
        short = line.replace("，数据截至", "")
        tries = (
            f"{who} {post} 证书在位  {figures}  {line}",
            f"{who} {post}  {figures}  {line}",
            f"{who} {post}  {figures}  {short}",
            f"{who} {figures} {short}",
            f"{window} {figures} {short}",
            f"{figures} {short}",
        )
        return next((words for words in tries if width(words) <= cells), tries[-1])

    def _age(self, counts: Counts) -> str:
        if counts.oldest_unsent is None:
            return ""
        minutes = int((self.clock.now() - counts.oldest_unsent).total_seconds() // 60)
        return f"（{minutes}分）" if minutes >= STALE_MINUTES else ""

    def _synced(self, counts: Counts) -> str:
        if counts.synced_at is None:
            return "未同步"
        at = counts.synced_at.astimezone(BEIJING)
        return f"同步 {at:%H:%M}" if self.line.connected else f"脱机，数据截至 {at:%m-%d %H:%M}"
