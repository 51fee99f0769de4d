"""分中心审核 (P27): the queue, oldest first, and the decision on ticked cases."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.masking import mask_id
from counter_tui.domain.posts import same_hand
from counter_tui.domain.text import plain
from counter_tui.services.reviews import NOT_PASSED, PASSED
from screens.asked_row import text_of
from screens.business import named
from screens.decisive import Decide, Decision, cases
from screens.item_list import counted
from screens.item_rows import filling, kept
from screens.submission import SearchedItems
from screens.widgets.message_line import Grade
from screens.widgets.record_table import Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counter_tui.domain.declarations import Item
    from counter_tui.services.ports import OutboxEntry
    from counter_tui.services.recording import Recorded
    from counter_tui.services.seats import Seat

OWN: Final = "本人经办"
_COLUMNS: Final = (
    Column(label="姓名", cells=8),
    Column(label="证件号码", cells=18),
    Column(label="业务", cells=10),
    Column(label="单位", cells=16),
    Column(label="经办", cells=8),
    Column(label="天数", cells=4, right=True),
)
_KEEP: Final = (0, 1, 2, 4)


def is_own(item: Item, seat: Seat) -> bool:
    """Whether the operator at this seat made or submitted the item, under any account of his."""
    hands = (stamp for stamp in (item.made, item.submitted) if stamp is not None)
    return any(same_hand(stamp, seat.maker) is not None for stamp in hands)


class ReviewQueue(SearchedItems):
    """Items that wait for a review. Enter opens one, F8 passes and F6 rejects the ticked ones."""

    LABELS = {"send": "通过", "clear": "不通过", "switch": "回退"}  # noqa: RUF012 - as the base declares it
    needs_employer = False

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._employers: dict[str, str] = {}

    @property
    def table(self) -> RecordTable:
        """The rows."""
        if self._table is None:
            hint = "空格勾选，* 全选；回车打开；F8 通过，F6 不通过"
            columns = kept(_COLUMNS, (), _KEEP, self.app.size.width).columns
            self._table = filling(RecordTable("items", columns, tickable=True, hint=hint))
        return self._table

    def on_mount(self) -> None:
        """What the default criteria say is what is listed first."""
        self._wanted = {name: plain(text_of(row.widget)).split(" ")[0] for name, row in self.view.rows.items()}

    async def find(self) -> Sequence[Item]:
        """Items of the queue that meet the criteria and are of this operator's groups, oldest first."""
        wanted, operator = self._wanted, self.seat.session.operator
        queue = await self.counter.reviews.queue()
        found = [item for item in queue if not operator.lacks(item.function) and _meets(item, wanted)]
        numbers = {item.employer for item in found} - set(self._employers)
        known = await asyncio.gather(*(self.counter.enquiries.employer(number) for number in sorted(numbers)))
        self._employers.update({each.number: each.name for each in known if each is not None})
        return found

    def row_of(self, item: Item) -> Row:
        """Employer, kind, person masked, maker, days waited; own ones take no tick."""
        own = is_own(item, self.seat)
        at = (item.submitted or item.made).at.astimezone(BEIJING).date()
        texts = (
            item.person_name,
            item.id_number if item.id == self._revealed else mask_id(item.id_number),
            item.verdict,
            self._employers.get(item.employer, item.employer),
            OWN if own else item.made.operator,
            str((self.counter.clock.today() - at).days),
        )
        row = Row(key=item.id, texts=texts, tickable=not own)
        return kept(_COLUMNS, (row,), _KEEP, self.app.size.width).rows[0]

    async def entries_of(self, items: Sequence[Item]) -> dict[str, OutboxEntry | None]:
        """Nobody here asks how far the save has come."""
        del items
        return {}

    # Opening

    async def open_row(self, table: RecordTable) -> None:
        """D2 to D3: from now on the clerk cannot cancel it."""
        del table
        item = self.current
        if item is None:
            return
        if is_own(item, self.seat):
            self.say(f"{OWN}，请由其他审核人员办理", Grade.PROBLEM)
            return
        await self.open_case(item)

    async def open_case(self, item: Item) -> None:
        """Open a case at the branch centre; one that was opened before is shown as it is."""
        if item.state != "D2":
            await self._show_case(item)
            return
        self.say("正在打开，请稍候")
        self.work(self.counter.reviews.open(item, seat=self.seat), self._show_case)

    async def _show_case(self, item: Item) -> None:
        from screens.review_case import ReviewCase

        self.say("")
        await self.app.push_screen(ReviewCase(self.code, item, self))

    async def open_next(self, after: Item) -> None:
        """The next case in the queue; back to the list when there is none."""
        place = next((index for index, item in enumerate(self.items) if item.id == after.id), -1)
        rest = [item for item in self.items[place + 1 :] if item.state == "D2" and not is_own(item, self.seat)]
        if rest:
            await self.open_case(rest[0])

    # Deciding

    async def act_send(self) -> None:
        """Pass the ticked cases."""
        await self._decide(PASSED)

    async def act_clear(self) -> None:
        """On the rows: reject the ticked cases. In the criteria: reset."""
        if self.focused is self.table:
            await self._decide(NOT_PASSED)
        else:
            await super().act_clear()

    async def _decide(self, result: str) -> None:
        items = self.ticked
        if not items:
            self.say("请先用空格勾选要审核的申报，或按回车打开一笔", Grade.PROBLEM)
            return
        decision = deciding(self, items, result, self._told)
        await self.app.push_screen(Decide(self.code, decision))

    def _told(self, kept: Recorded) -> None:
        self.table.ticks.clear()
        self.refind()
        say_decided(self, kept)

    async def act_switch(self) -> None:
        """Requests to take an assessment back."""
        from screens.roll_back import RollBackRequests

        await self.app.push_screen(RollBackRequests("P34"))


def _meets(item: Item, wanted: Mapping[str, Any]) -> bool:
    day = (item.submitted or item.made).at.astimezone(BEIJING).date()
    since, until = wanted.get("since") or None, wanted.get("until") or None
    return (
        wanted.get("employer") in {None, "", item.employer}
        and wanted.get("function") in {None, "", item.function}
        and wanted.get("state") in {None, "", str(item.state)}
        and (since is None or day >= since)
        and (until is None or day <= until)
    )


def deciding(screen: ReviewQueue | Any, items: Sequence[Item], result: str, then: Any) -> Decision:
    """The decision on a set: figures, for a set the count, reason or pages, PIN."""
    counter = screen.counter

    async def act(pin: bytearray, values: Mapping[str, Any]) -> Recorded:
        kept: Recorded = await counter.reviews.decide(
            items,
            result=result,
            reason=values.get("reason") or "",
            pages=values.get("pages") or 0,
            seat=screen.seat,
            pin=pin,
        )
        await counter.refresh()
        return kept

    word = named("CL-REVIEW", result)
    return Decision(
        title=word,
        figures=counted(items),
        figure=cases(len(items)) if len(items) > 1 else None,
        act=act,
        then=then,
        asked=counter.form(screen.code).action,
        given={"result": f"{result} {word}"},
    )


def say_decided(screen: Any, kept: Recorded) -> None:
    """What was decided, and what stayed behind with its reason."""
    left = kept.problems
    if left:
        more = f"（共 {len(left)} 笔）" if len(left) > 1 else ""
        screen.say(f"有未审核的：{left[0].sentence}{more}", Grade.PROBLEM)
        screen.refresh_status()
    else:
        screen.done("审核完成")
