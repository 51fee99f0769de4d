"""One operator, one grant, one line of the ledger; and what this post may do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.grants import REQUEST, STEPS, GrantAct, LedgerAct, next_step
from counter_tui.domain.posts import Right
from counter_tui.errors import CounterError
from screens.decisive import Decide, Decision
from screens.post_views import grant_lines, ledger_lines, operator_lines
from screens.reading import ReadingScreen
from screens.widgets.choice_field import Choice, ChoiceField
from screens.widgets.field_input import FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.message_line import Grade
from screens.widgets.reader import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.domain.grants import Grant, GrantStep, LedgerEntry
    from counter_tui.domain.operators import Operator
    from counter_tui.services.recording import Recorded

_LABEL_CELLS: Final = 10
_REASON_CELLS: Final = 200
_WITHDRAWALS: Final = (LedgerAct.SUSPEND, LedgerAct.REVOKE, LedgerAct.LOSE)
"""What takes one signature."""
_ASKED: Final = (GrantAct.RENEW, GrantAct.CHANGE, GrantAct.RESUME)
"""What takes four."""


class NothingChosen(CounterError):
    """请选择要办理的事项，按 F4 列出"""


class NotYourStep(CounterError):
    """{step}须由{post}岗位办理，请由该岗位登录后办理"""

    step: str
    post: str


class _Card(ReadingScreen):
    """Lines to read."""

    def __init__(self, code: str, name: str, lines: list[str]) -> None:
        """Show lines under a name."""
        super().__init__(code)
        self._heading, self._lines = name, lines

    def compose_work(self) -> ComposeResult:
        """The lines."""
        yield self.reader

    def heading(self) -> str:
        """What this is."""
        return self._heading

    def on_resize(self, event: events.Resize) -> None:
        """Lines are broken anew."""
        del event
        self.reader.show(folded(self._lines, max(self.app.size.width - 1, 20)))


class LedgerCard(_Card):
    """A line of the ledger in full."""

    def __init__(self, code: str, entry: LedgerEntry) -> None:
        """Who did what, when and why."""
        super().__init__(code, "岗位台账", ledger_lines(entry))


class OperatorCard(_Card):
    """What is registered of an operator, and what may be asked for or done about him."""

    LABELS = {"send": "办理"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str, operator: Operator, told: Callable[[str], None]) -> None:
        """Show an operator; `told` what was done, once this screen has gone."""
        super().__init__(code, f"柜员 {operator.number} {operator.name}", operator_lines(operator))
        self._operator = operator
        self._told = told
        self._act: ChoiceField | None = None
        self._reason = FieldInput("reason", cells=50, limit=_REASON_CELLS, hint="停用、吊销、挂失的原因；F8 办理")

    def compose_work(self) -> ComposeResult:
        """The lines; below them what may be done."""
        yield from super().compose_work()
        if acts := self._acts():
            choices = [Choice(str(number), act.label) for number, act in enumerate(acts, 1)]
            self._act = ChoiceField("act", choices, cells=16, hint="办理什么：输入序号，或按 F4 列出")
            yield FieldRow("事项", self._act, label_cells=_LABEL_CELLS)
            yield FieldRow("原因", self._reason, label_cells=_LABEL_CELLS)

    def on_mount(self) -> None:
        """The cursor stands where something may be done."""
        if self._act is not None:
            self.go_to(self._act)

    def _acts(self) -> tuple[GrantAct | LedgerAct, ...]:
        """What this post may do: a supervisor everything, control only what takes away."""
        operator = self.seat.session.operator
        asks = _ASKED if operator.holds(REQUEST.right) else ()
        return (*asks, *_WITHDRAWALS) if asks or operator.holds(Right.REVIEW_GRANT) else ()

    def offers(self, action: str) -> bool:
        """F8 only where something may be done."""
        return super().offers(action) and (action != "send" or bool(self._acts()))

    async def act_send(self) -> None:
        """Ask for a change, or take away at once."""
        match self._chosen():
            case GrantAct() as act:
                from screens.post_request import PostRequest

                await self.app.push_screen(PostRequest(self.code, act, self._operator, self._done))
            case act:
                await self._withdraw(act)

    def _chosen(self) -> GrantAct | LedgerAct:
        code = self._act.code if self._act is not None else ""
        if not code:
            if self._act is not None:
                self.go_to(self._act)
            raise NothingChosen
        return self._acts()[int(code) - 1]

    async def _withdraw(self, chosen: LedgerAct) -> None:
        reason, operator, posts = self._reason.value.strip(), self._operator, self.counter.posts
        if not reason:
            self.go_to(self._reason)
            self.say(f"{chosen.label}必须填写原因", Grade.PROBLEM)
            return

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            if chosen is LedgerAct.SUSPEND:
                return await posts.suspend(operator, reason=reason, seat=self.seat, pin=pin)
            lost = chosen is LedgerAct.LOSE
            return await posts.revoke(operator, reason=reason, lost=lost, seat=self.seat, pin=pin)

        back = "恢复" if chosen is LedgerAct.SUSPEND else "换证"
        decision = Decision(
            title=f"{chosen.label}  {operator.number} {operator.name}",
            figures=(
                f"证书 {operator.certificate_number}  岗位 {operator.posts}",
                f"原因：{reason}",
                f"立即生效，其登录随即结束；以后{back}须经四人办理",
            ),
            act=act,
            then=lambda _: self._done(f"{operator.number} 已{chosen.label}"),
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _done(self, said: str) -> None:
        self.app.pop_screen()
        self._told(said)


class GrantCard(_Card):
    """A grant with its signatures: F8 signs the next step, F6 refuses with a reason; each is another human's."""

    LABELS = {"send": "签署", "clear": "不同意"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str, grant: Grant, told: Callable[[str], None]) -> None:
        """Show a grant; `told` what was done, once this screen has gone."""
        super().__init__(code, f"授权申请 {grant.granted.number} {grant.granted.name}", grant_lines(grant))
        self._grant = grant
        self._told = told
        self._reason = FieldInput("reason", cells=50, limit=_REASON_CELLS, hint="不同意的原因；同意请直接按 F8")

    def compose_work(self) -> ComposeResult:
        """The lines, and the reason of a refusal."""
        yield from super().compose_work()
        if self._may_refuse():
            yield FieldRow("不同意原因", self._reason, label_cells=_LABEL_CELLS)

    @property
    def _step(self) -> GrantStep | None:
        return next_step(self._grant.state)

    def _may_sign(self) -> bool:
        return self._step is not None and self.seat.session.operator.holds(self._step.right)

    def _may_refuse(self) -> bool:
        own = self.seat.session.operator.human == self._grant.signed[0].human
        return self._may_sign() or (self._step is not None and own)

    def offers(self, action: str) -> bool:
        """What is over, or another's turn, is only read."""
        if action in {"send", "clear"}:
            return self._may_sign() if action == "send" else self._may_refuse()
        return super().offers(action)

    async def act_send(self) -> None:
        """Sign the next step with the PIN."""
        step, grant = self._step, self._grant
        if step is None:
            self.say("该授权申请已办结")
            return
        if not self._may_sign():
            raise NotYourStep(step=step.name, post=step.post)

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            return await self.counter.posts.sign(step, grant, seat=self.seat, pin=pin)

        last = step is STEPS[-1]
        granted = grant.granted
        decision = Decision(
            title=f"{step.name}  {grant.act.label}",
            figures=(
                f"{granted.number} {granted.name}  {granted.posts}",
                f"业务组 {granted.scope}",
                f"{granted.since} 至 {granted.until}  证书 {granted.certificate_number}",
                "签署后立即生效" if last else f"签署后等待{STEPS[STEPS.index(step) + 1].name}",
            ),
            act=act,
            then=lambda _: self._done(f"{granted.number} {'已赋权' if last else f'已{step.name}'}"),
        )
        await self.app.push_screen(Decide(self.code, decision))

    async def act_clear(self) -> None:
        """Refuse, with a reason and the PIN."""
        if not self._may_refuse():
            if self._step is not None:
                raise NotYourStep(step=self._step.name, post=self._step.post)
            self.say("该授权申请已办结")
            return
        reason, grant = self._reason.value.strip(), self._grant
        if not reason:
            self.go_to(self._reason)
            self.say("请填写不同意的原因，再按 F6", Grade.PROBLEM)
            return

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            return await self.counter.posts.refuse(grant, reason=reason, seat=self.seat, pin=pin)

        decision = Decision(
            title="不同意授权申请",
            figures=(f"{grant.granted.number} {grant.granted.name}", f"原因：{reason}", "登记不变"),
            act=act,
            then=lambda _: self._done(f"{grant.granted.number} 的授权申请已不同意，登记不变"),
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _done(self, said: str) -> None:
        self.app.pop_screen()
        self._told(said)
