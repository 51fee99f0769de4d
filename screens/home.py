"""The home prompt: paths, names and initials, the menu of this operator, and what waits for him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.posts import Right, opened
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from screens.admission import admit, within
from screens.closing import end_reception, end_shift
from screens.help import Help
from screens.lock import BY_KEY, Bolt, lock
from screens.menu import END_RECEPTION, RECEIVE_EMPLOYER, RECEIVE_PERSON, SHIFT, WORKLIST, Menu, lines, path_of
from screens.pin_care import PinCare
from screens.pulse import Pulse
from screens.seated import Seated
from screens.trouble import Trouble
from screens.watch import FEEL_SECONDS, HEED_SECONDS, LOOK_SECONDS, Watch
from screens.widgets.field_input import HELP_MARKS, FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line
from screens.widgets.menu_list import MenuList
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from counter_tui.policy.profile import MenuEntry
    from counter_tui.services.enquiries import Worklist
    from screens.base import CounterScreen

HINT: Final = "路径如 11，按回车进入；也可输名称或首字母查找；?11 看说明"


class NotInRegion(CounterError):
    """本地区业务方案没有路径 {path}，请输入名称或拼音首字母查找"""

    path: str


class NotForPost(CounterError):
    """{post}岗位不办理 {name}，请由有权限的柜员登录办理"""

    post: str
    name: str


class NothingFound(CounterError):
    """没有名称或拼音首字母含「{typed}」的业务，按 F4 看全部"""

    typed: str


class Home(Seated):
    """Where every function begins and ends."""

    LABELS = {"switch": "改PIN"}  # noqa: RUF012 - as the base declares it

    def __init__(self) -> None:
        super().__init__()
        self._todo = Line("", classes="heading")
        self._trouble = Trouble()
        self._path = FieldInput("path", cells=24, limit=60, hint=HINT)
        self._list: MenuList[str] = MenuList()
        self._bolt = Bolt()
        self._watching: Watch | None = None
        self._pulse: Pulse | None = None
        self._covering = False
        self._looking = False
        self._heeding = False
        self._noted = False

    @property
    def menu(self) -> Menu:
        """The menu as this operator is offered it."""
        return Menu(entries=tuple(self.counter.menu()), operator=self.seat.session.operator)

    def heading(self) -> str:
        """The bureau."""
        return f"首页  {self.counter.policy.region.title}社保柜台"

    def compose_work(self) -> ComposeResult:
        """What waits, what is the matter with this host, the prompt, the menu."""
        yield self._todo
        yield self._trouble
        yield FieldRow("路径", self._path, label_cells=6)
        yield self._list

    def on_mount(self) -> None:
        """Show the menu; watch key, hands and counts from now on."""
        self._list.show(_grouped(self.menu.offered))
        self._trouble.tell(self.counter.trust)
        self._watching = Watch(self, self.counter, self._bolt, self._changed)
        self._pulse = Pulse(self._feel, self.desk.fail)
        self.set_interval(LOOK_SECONDS, self._look)
        self.set_interval(HEED_SECONDS, self._heed)
        self._count()

    def on_unmount(self) -> None:
        """Nobody sits here any more."""
        if self._pulse is not None:
            self._pulse.stop()

    def on_screen_resume(self) -> None:
        """The reception may be another one now."""
        if self.is_mounted and self.counter.taken is not None:
            self.retitle()
            self._count()

    # Watching

    def _look(self) -> None:
        if not self._looking and self._watching is not None and self.counter.taken is not None:
            self._looking = True
            self.run_worker(self._look_once(self._watching), group="watch", exit_on_error=False)

    def _feel(self) -> float:
        if self._watching is None or not self.app.is_running:
            return FEEL_SECONDS
        if self._watching.feel() and not self._covering:
            self._covering = True
            self.run_worker(self._cover_once(self._watching), group="cover", exit_on_error=False)
        return self._watching.pause

    async def _cover_once(self, watch: Watch) -> None:
        try:
            await watch.cover()
        finally:
            self._covering = False

    def _heed(self) -> None:
        if not self._heeding and self._watching is not None:
            self._heeding = True
            self.run_worker(self._heed_once(self._watching), group="watch", exit_on_error=False)

    async def _heed_once(self, watch: Watch) -> None:
        try:
            await watch.heed_the_end()
        except CounterError:
            pass  # a store that fails tells the clerk with his next key
        finally:
            self._heeding = False

    async def _look_once(self, watch: Watch) -> None:
        try:
            await watch.look()
        except Exception as error:  # noqa: BLE001 - looked at again in a second; one line in the log is enough
            if not self._noted:
                self.desk.note_fault(error)
            self._noted = True
        finally:
            self._looking = False

    def _changed(self) -> None:
        self.retitle()
        self._trouble.tell(self.counter.trust)
        self._count()

    def _count(self) -> None:
        self.work(self.counter.enquiries.worklist(self.seat.session.operator.number), self._counted, group="todo")

    def _counted(self, found: Worklist) -> None:
        parts = [f"退回 {len(found.returned)}", f"待提交 {len(found.to_submit)}"]
        operator = self.seat.session.operator
        if operator.holds(Right.REVIEW):
            parts.append(f"待审核 {len(found.reviewed_by(operator))}")
        if operator.may_confirm("P34"):
            parts.append(f"待确认回退 {found.roll_backs}")
        parts.append(f"暂缓 {found.held if operator.holds(Right.ANSWER_HELD) else len(found.held_here)}")
        parts.append(f"冲突拒收 {len(found.troubled)}")
        self._todo.show(f"今日待办（{WORKLIST}）：{'  '.join(parts)}")
        self.refresh_status()

    def done(self, sentence: str) -> None:
        """Say what a function that was left had still to say."""
        self.say(sentence, Grade.DONE)
        self.refresh_status()

    # The prompt

    async def act_enter(self) -> None:
        """Go to the path, show the hits of a search, or open the entry that is marked."""
        typed = plain(self._path.value)
        if typed in HELP_MARKS:
            await super().act_enter()
        elif typed.startswith("?"):
            await self._help_of(path_of(typed[1:]))
        elif not typed:
            await self.go(self._list.current or WORKLIST)
        elif path := path_of(typed):
            await self.go(path)
        else:
            self._offer(self.menu.found(typed), NothingFound(typed=typed))

    def _offer(self, entries: tuple[MenuEntry, ...], otherwise: CounterError) -> None:
        """A panel of entries, in which the path stands first; its choice goes there."""
        if not entries:
            self._path.select_all()
            raise otherwise

        async def pick(row: int) -> None:
            await self.go(entries[row].path)

        self.open_panel(lines(entries), pick)

    async def go(self, path: str) -> None:
        """Open what a path names. What cannot be opened keeps the path in the prompt."""
        self._path.load(path)
        entry = self.menu.at(path)
        if entry is None:
            self._offer(self.menu.under(path), NotInRegion(path=path))
            return
        self._check(entry)
        if path in _CLOSINGS:
            self._path.load("")
            await _CLOSINGS[path](self)
            return
        screen = self._screen(entry)
        self._path.load("")
        self.say("")
        await self.app.push_screen(screen)

    def _check(self, entry: MenuEntry) -> None:
        if not self.menu.opens(entry):
            name = f"{entry.path} {entry.name}"
            if opened(self.seat.session.operator.roles, entry.function):
                within(entry.function, name, self.seat)
            raise NotForPost(post=self.seat.session.operator.posts, name=name)
        if not self._only_confirms(entry):
            admit(entry.function, f"{entry.path} {entry.name}", self.seat)

    def _only_confirms(self, entry: MenuEntry) -> bool:
        """Whether the operator is its second person and never its maker: a reviewer receives nobody."""
        operator = self.seat.session.operator
        return operator.may_confirm(entry.function) and not operator.may_use(entry.function)

    def _screen(self, entry: MenuEntry) -> CounterScreen:
        if entry.path in (RECEIVE_EMPLOYER, RECEIVE_PERSON):
            from screens.reception import ReceptionDesk

            return ReceptionDesk(entry.path)
        if entry.path == WORKLIST:
            from screens.worklist import TodaysWork

            return TodaysWork()
        from screens.routes import open_confirmation, open_function

        return (open_confirmation if self._only_confirms(entry) else open_function)(entry.function)

    async def _help_of(self, path: str) -> None:
        entry = self.menu.at(path)
        if entry is None:
            raise NotInRegion(path=path or "?")
        self._path.load("")
        await self.app.push_screen(Help.of_entry(self, entry))

    # Other keys

    async def act_down(self) -> None:
        """The next entry of the menu."""
        self._move(1)

    async def act_up(self) -> None:
        """The entry before."""
        self._move(-1)

    async def act_next(self) -> None:
        """As the arrow."""
        self._move(1)

    async def act_previous(self) -> None:
        """As the arrow."""
        self._move(-1)

    async def act_page_down(self) -> None:
        """The next page of the menu."""
        self._leaf(1)

    async def act_page_up(self) -> None:
        """The page before."""
        self._leaf(-1)

    def _move(self, by: int) -> None:
        self._list.move(by)
        self._point()

    def _leaf(self, by: int) -> None:
        if self._list.turn(by):
            self._point()
        else:
            self.say("菜单没有更多页")

    def _point(self) -> None:
        """The entry in words, so that a terminal reader hears it too."""
        entry = self.menu.at(self._list.current or "")
        if entry is not None:
            self.hint(f"{entry.path} {entry.name}，空着路径按回车打开")

    async def act_look(self) -> None:
        """Search, or all that is offered."""
        typed = plain(self._path.value)
        hits = self.menu.found(typed) if typed and not path_of(typed) else self.menu.offered
        self._offer(hits, NothingFound(typed=typed))

    def offers(self, action: str) -> bool:
        """F4 searches the menu here."""
        return action == "look" or super().offers(action)

    async def act_query(self) -> None:
        """Read the figures again, and ask the hub for news."""
        self.counter.line.wake()
        self.work(self.counter.refresh(), lambda _: self._refreshed())

    def _refreshed(self) -> None:
        self._changed()
        self.say("待办数已刷新")

    async def act_clear(self) -> None:
        """Empty the prompt."""
        self._path.load("")
        self.say("")

    async def act_switch(self) -> None:
        """Another PIN for a key."""
        await self.app.push_screen(PinCare(window=self.seat.window))

    async def act_back(self) -> None:
        """Lock, when pressed twice."""
        self.ask("锁定终端", "back", lambda: lock(self, self._bolt, BY_KEY))


_CLOSINGS: Final = {SHIFT: end_shift, END_RECEPTION: end_reception}


def _grouped(entries: tuple[MenuEntry, ...]) -> list[tuple[str | None, str]]:
    rows: list[tuple[str | None, str]] = []
    group = ""
    for entry in entries:
        if entry.group != group:
            group = entry.group
            rows.append((None, f"【{group}】"))
        rows.append((entry.path, f"{entry.path:<4}{entry.name}"))
    return rows
