"""Declaring something in a form: drafts, Dup, saving, a supervisor's override, the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui import jobs
from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.problems import Grade as ProblemGrade
from counter_tui.domain.problems import Rejected
from counter_tui.forms.spec import form as declared
from counter_tui.operations.canonical import read
from screens.form_screen import FormScreen
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from counter_tui.domain.declarations import Item
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.spec import Declaration
    from counter_tui.services.overrides import Override
    from counter_tui.services.ports import Draft
    from counter_tui.services.recording import Recorded
    from screens.asked_row import AskedRow
    from screens.widgets.field_input import FieldInput

EDITED: Final = "@item"
"""Name under which a draft keeps the id of the item that is being corrected."""
_OVERRIDE_NOTE: Final = "；改正后按 F2，或核对材料后按 F8 请主管授权"


class DeclaringScreen(FormScreen):
    """A form that becomes an item of the employer in reception."""

    def __init__(self, code: str, editing: Item | None = None) -> None:
        """Declare anew, or correct an item in D1 or D5."""
        super().__init__(code)
        self.editing = editing
        self._offered: Draft | None = None
        self._may_override = False

    # Opening

    async def read_facts(self, id_number: str = "") -> Facts:
        """The register around the form; an item that is corrected never stands in its own way."""
        return await self.counter.declarations.facts(
            seat=self.seat, id_number=id_number, editing=self.editing.id if self.editing else ""
        )

    def begin(self, facts: Facts) -> None:
        """An empty form, and a word about an unfinished one; or the item that is corrected."""
        super().begin(facts)
        self._may_override = False
        if opening := self.form.opening(facts):
            self.say_problem(opening[0])
        if self.editing is not None:
            self.work_held(self.read_facts(self.editing.id_number), self._load_item)
        else:
            self.work_held(self.counter.drafts.find(self.code, seat=self.seat), self._offer)

    def _load_item(self, facts: Facts) -> None:
        if self.editing is None:
            return
        declaration = read(declared(self.editing.function).declaration, self.editing.body)
        self._located = self.editing.id_number
        self.view.retake(facts, self.counter.policy)
        self.view.put(self.form.texts(declaration))
        self.view.settle()
        self.view.is_clean_from_here()
        self.refreshed()
        self.say(f"修改受理号 {self.editing.shown_number} 的申报，改后按 F2")

    def _offer(self, draft: Draft | None) -> None:
        self._offered = draft
        if draft is not None:
            at = draft.saved_at.astimezone(BEIJING)
            self.say(f"有未完成的草稿（{at:%m-%d %H:%M}），F5 取回，F6 丢弃", Grade.QUESTION)

    # Drafts

    async def left(self, field: FieldInput) -> None:
        """Check it, then write the draft."""
        await super().left(field)
        self._draft()

    async def left_key(self, field: FieldInput) -> None:
        """The draft, once the person is known."""
        del field
        self._draft()

    def _draft(self) -> None:
        if self.view.dirty:
            self._offered = None
            self.work(jobs.finish(self._kept()), lambda _: self.refresh_status())

    async def _kept(self) -> None:
        texts = self.view.texts()
        if self.editing is not None:
            texts[EDITED] = self.editing.id
        cursor = self.focused.name if self.focused is not None else ""
        await self.counter.drafts.keep(self.code, texts, cursor or "", seat=self.seat)

    async def keep_draft(self) -> None:
        """On leaving, lock, line loss: what was typed and not saved."""
        if self.facts is not None and self.view.dirty:
            await jobs.finish(self._kept())

    async def _take_back(self, draft: Draft) -> None:
        self._offered = None
        number = next((draft.texts.get(row.asked.name, "") for row in self._key_rows()), "")
        edited = draft.texts.get(EDITED, "")
        if edited:
            self.editing = await self.counter.store.read(lambda r: r.register.item(edited))

        def loaded(facts: Facts) -> None:
            self._located = number.upper()
            self.view.retake(facts, self.counter.policy)
            self.view.put(draft.texts)
            self.view.settle()
            self.refreshed()
            self.go_home()
            if (found := self.view.rows.get(draft.cursor)) is not None and found.widget in self.form_fields():
                self.go_to(found.widget)
            self.say("草稿已取回，核对后按 F2")

        self.work_held(self.read_facts(number), loaded)

    def _key_rows(self) -> list[AskedRow]:
        return [row for row in self.view.rows.values() if row.asked.ask.lookup == "person"]

    # Keys

    async def act_query(self) -> None:
        """Take the draft back, or look the person up again."""
        if self._offered is not None:
            await self._take_back(self._offered)
            return
        rows = self._key_rows()
        if rows and rows[0].text:
            self._located = ""
            self.locate(rows[0].widget, self._person_found)
        else:
            self.say("请先输入证件号码，再按 F5")

    async def act_clear(self) -> None:
        """Discard the draft; empty the field; then the form."""
        if self._offered is not None:
            self._offered = None
            self.book(self._drop_draft(), lambda _: self.done("草稿已丢弃"))
            return
        field = self.focused
        row = self.view.rows.get(getattr(field, "name", None) or "")
        if row is not None and row.text and row.widget.touched:
            row.widget.load("")
            self.say("本栏已清除，再按 F6 清除全表")
        elif self.view.dirty or self.editing is not None:
            self.ask("清除全部栏目", "clear", self._clear)
        else:
            self._clear()

    async def _drop_draft(self) -> None:
        await self.counter.drafts.drop(self.code, seat=self.seat)
        await self.counter.refresh()

    def _clear(self) -> None:
        self.editing = None
        self.book(self._drop_draft(), lambda _: self.work_held(self.read_facts(), self._begun_again))

    def _begun_again(self, facts: Facts) -> None:
        self.begin(facts)
        self.say("已清除")

    async def act_switch(self) -> None:
        """What was declared in this period."""
        from screens.results import Results

        await self.keep_draft()
        await self.app.push_screen(Results(self.code))

    async def act_print(self) -> None:
        """The receipt of the last save."""
        from screens.receipts import show_receipt

        show_receipt(self)

    async def repeat(self, field: FieldInput) -> None:
        """`*`: the value of the previous record of this function."""
        previous = self.counter.previous.get(self.code, {}).get(field.field_name, "")
        if not previous:
            await super().repeat(field)
            return
        self.view.put({field.field_name: previous})
        self.go_next()
        await self.left(field)

    # Saving

    async def act_save(self) -> None:
        """Read the form; all problems, the first one focused; else keep it."""
        if self.refuses_misread():
            return
        rows = self._key_rows()
        if rows and rows[0].text and self._stale(rows[0].widget):
            self.locate(rows[0].widget, lambda _: self._save())
        else:
            self._save()

    def _save(self) -> None:
        facts, policy = self.facts, self.counter.policy
        if facts is None:
            return
        self.view.settle()
        self._may_override = False
        try:
            declaration = self.form.read(self.view.texts(), facts, policy)
        except Rejected as refusal:
            self._refuse_form(refusal)
            return
        self.keep(declaration)

    def _refuse_form(self, refusal: Rejected) -> None:
        stops = tuple(problem for problem in refusal.problems if problem.grade is ProblemGrade.STOP)
        if stops:
            self.refuse(stops)
            return
        self._may_override = True
        self.retitle()
        for problem in refusal.problems:
            self.view.reveal(problem.field)
        self.stop(
            [
                (each.field, each.sentence if "F8" in each.sentence else f"{each.sentence}{_OVERRIDE_NOTE}")
                for each in refusal.problems
            ]
        )

    def offers(self, action: str) -> bool:
        """F8 only while a supervisor may let the problems pass."""
        if action == "send":
            return self._may_override
        return super().offers(action)

    async def act_send(self) -> None:
        """Ask a supervisor to let the problems pass."""
        facts = self.facts
        if not self._may_override or facts is None:
            self.say("请先按 F2 保存，再到申报结果（F7）提交")
            return
        from screens.override import AskSupervisor

        try:
            declaration = self.form.read_overridden(self.view.texts(), facts, self.counter.policy)
        except Rejected as refusal:
            self._refuse_form(refusal)
            return
        judged = self.form.judge(declaration, facts, self.counter.policy)
        problems = [problem.sentence for problem in judged if problem.grade is ProblemGrade.ASK]
        await self.app.push_screen(
            AskSupervisor(
                declaration,
                lambda override: self.keep(declaration, override=override),
                function=self.form.code,
                signing=self.counter.signing,
                problems=problems,
            )
        )

    def keep(self, declaration: Declaration, *, override: Override | None = None) -> None:
        """Keep a declaration; keys wait until it is on disk."""
        self.book(self._save_it(declaration, override), self._saved)

    async def _save_it(self, declaration: Declaration, override: Override | None) -> tuple[Recorded | Rejected, Facts]:
        kept: Recorded | Rejected
        try:
            if self.editing is None:
                kept = await self.counter.declarations.save(declaration, seat=self.seat, override=override)
            else:
                kept = await self.counter.declarations.edit(
                    self.editing, declaration, seat=self.seat, override=override
                )
        except Rejected as refusal:
            kept = refusal
        await self.counter.refresh()
        return kept, await self.counter.declarations.facts(seat=self.seat)

    async def _saved(self, result: tuple[Recorded | Rejected, Facts]) -> None:
        kept, facts = result
        if isinstance(kept, Rejected):
            self._refuse_form(kept)
            return
        counter, number = self.counter, kept.acceptance_number
        counter.previous[self.code] = {name: text for name, text in self.view.texts().items() if text}
        counter.last_acceptance = number
        said = f"已存本机，受理号 {grouped_number(number)}"
        if self.editing is not None:
            self.view.is_clean_from_here()
            await self.act_back()
            self._say_below(said)
            return
        super().begin(facts)
        self._may_override = False
        self.retitle()
        self.done(said)

    def _say_below(self, sentence: str) -> None:
        below = self.app.screen
        if isinstance(below, FormScreen | type(self)) or hasattr(below, "done"):
            below.done(sentence)
