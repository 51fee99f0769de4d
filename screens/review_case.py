"""One case in review: before and after, papers, automatic checks; then passed, rejected or put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.problems import Grade as ProblemGrade
from counter_tui.errors import CounterError
from counter_tui.forms.spec import form as declared
from counter_tui.operations.facts import gather
from counter_tui.services.reviews import NOT_PASSED, PASSED
from screens.decisive import Decide
from screens.differences import Difference, declaration_of
from screens.item_detail import ItemDetail
from screens.review import deciding, say_decided
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from counter_tui.domain.declarations import Item
    from counter_tui.forms.facts import Facts
    from counter_tui.services.recording import Recorded
    from screens.review import ReviewQueue
    from screens.widgets.record_table import RecordTable

_GRADES = {ProblemGrade.STOP: "不符", ProblemGrade.ASK: "须授权", ProblemGrade.HINT: "提示"}


class ReviewCase(ItemDetail):
    """An opened case: F8 passes, F6 rejects, F12 puts it back."""

    LABELS = {"send": "通过", "clear": "不通过", "back": "退回待办"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str, item: Item, queue: ReviewQueue) -> None:
        """Review an item of the queue."""
        super().__init__(code, item)
        self._queue = queue
        self._leaving = False

    async def facts_of(self, item: Item) -> Facts:
        """The register around the item's own employer."""
        return await self.counter.store.read(
            lambda r: gather(
                r.register,
                employer=item.employer,
                id_number=item.id_number,
                today=self.counter.clock.today(),
                editing=item.id,
                training=self.counter.policy.training,
                named=declaration_of(item).named,
            )
        )

    async def lines_of(self, item: Item, facts: Facts) -> tuple[Difference, ...]:
        """The automatic checks, made again, above before and after."""
        checks = self._checks(item, facts)
        return (*checks, *await super().lines_of(item, facts))

    def _checks(self, item: Item, facts: Facts) -> tuple[Difference, ...]:
        asked = declared(item.function).in_region(self.counter.policy)
        try:
            found = asked.judge(declaration_of(item), facts, self.counter.policy)
        except CounterError as silent:
            return (
                Difference(name="check-0", label="自动核对", before="无法核对", after=silent.sentence, remark=True),
            )
        if not found:
            return (Difference(name="check-0", label="自动核对", before="", after="各项规则均符合", remark=True),)
        return tuple(
            Difference(
                name=f"check-{place}", label="自动核对", before=_GRADES[each.grade], after=each.sentence, remark=True
            )
            for place, each in enumerate(found)
        )

    # Keys

    async def open_row(self, table: RecordTable) -> None:
        """Nothing is corrected in review."""
        del table
        self.say("审核中的申报不能修改；有误请按 F6 不通过")

    async def act_send(self) -> None:
        """Pass it."""
        await self._decide(PASSED)

    async def act_clear(self) -> None:
        """Reject it, with a reason."""
        await self._decide(NOT_PASSED)

    async def _decide(self, result: str) -> None:
        decision = deciding(self, (self.item,), result, self._decided)
        await self.app.push_screen(Decide(self.code, decision))

    async def _decided(self, kept: Recorded) -> None:
        self.app.pop_screen()
        say_decided(self._queue, kept)
        self._queue.refind()
        if not kept.problems:
            await self._queue.open_next(self.item)

    async def act_back(self) -> None:
        """Put it back undecided; without a line it stays open and the clerk may still leave."""
        if self._leaving or self.item.state != "D3":
            self.app.pop_screen()
            return
        self._leaving = True
        self.say("正在退回待办，请稍候；再按一次直接离开")
        self.work(self._put_back(), self._gone_back)

    async def _put_back(self) -> CounterError | None:
        try:
            await self.counter.reviews.put_back(self.item, seat=self.seat)
        except CounterError as refusal:
            return refusal
        return None

    def _gone_back(self, refusal: CounterError | None) -> None:
        if self.app.screen is self:
            self.app.pop_screen()
        self._queue.refind()
        if refusal is None:
            self._queue.say("已退回待办")
        else:
            self._queue.say(refusal.sentence, Grade.PROBLEM)
