"""业务申请: a supervisor keys who is to hold which post, with which certificate, for how long."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.calendar import read_day
from counter_tui.domain.functions import FunctionGroup, limited
from counter_tui.domain.grants import GrantAct
from counter_tui.domain.names import clean_name
from counter_tui.domain.posts import Role
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from counter_tui.services.operators import Wanted
from screens.business import BusinessScreen
from screens.decisive import Decide, Decision
from screens.marks import marked
from screens.widgets.choice_field import Choice
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Words
from screens.widgets.ticks_field import TicksField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from textual.app import ComposeResult

    from counter_tui.domain.grants import Granted
    from counter_tui.domain.operators import Operator
    from counter_tui.services.operators import Offered
    from counter_tui.services.recording import Recorded

_LABEL_CELLS: Final = 10
_ROLES: Final = tuple(Choice(role.value, role.label) for role in Role)
_GROUPS: Final = tuple(Choice(group.value, f"{group.value}{group.label}") for group in FunctionGroup)
_ASKS: Final[Mapping[GrantAct, frozenset[str]]] = {
    GrantAct.ISSUE: frozenset({"number", "name", "identity", "roles", "groups", "certificate"}),
    GrantAct.RENEW: frozenset({"identity", "certificate"}),
    GrantAct.CHANGE: frozenset({"roles", "groups"}),
    GrantAct.RESUME: frozenset(),
}
"""What is keyed for each act besides the days; the rest stands in the registry."""


class RolesMissing(CounterError):
    """请选择岗位：输入序号，空格分开，或按 F4 列出"""


class Misread(CounterError):
    """{why}"""

    field: str
    why: str


@contextmanager
def _at(field: str) -> Iterator[None]:
    """Tell which field a refusal is about. Raises Misread."""
    try:
        yield
    except CounterError as refusal:
        raise Misread(field=field, why=refusal.sentence) from None


class PostRequest(BusinessScreen):
    """Fields of a request. F8 shows it once more and asks for the PIN; nothing changes before three others signed."""

    LABELS = {"send": "申请"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str, act: GrantAct, operator: Operator | None, told: Callable[[str], None]) -> None:
        """Ask for an act, about somebody new or an operator; `told` what was done, once this screen has gone."""
        super().__init__(code)
        self._act, self._operator, self._told = act, operator, told
        self._number = FieldInput("number", cells=8, kind=FieldKind.DIGITS, hint="新柜员的工号，4 至 8 位数字")
        self._holder = FieldInput("name", cells=20, limit=60, hint="姓名，与居民身份证一致")
        self._identity = FieldInput(
            "identity", cells=18, kind=FieldKind.IDENTITY, hint="居民身份证号码；只用来核对是否同一人，不保存"
        )
        held = sorted(operator.roles) if operator is not None else ()
        self._roles = TicksField("roles", _ROLES, codes=held, hint="岗位序号，空格分开；只能选同一类别；F4 列出")
        reached = sorted(operator.groups) if operator is not None else ()
        self._groups = TicksField(
            "groups", _GROUPS, codes=reached, cells=60, hint="只办哪些业务组，如 A B D；空着为岗位可办的全部；F4 列出"
        )
        self._since = FieldInput("since", cells=10, kind=FieldKind.NUMERIC, hint="授权起始日；空着为今日")
        self._until = FieldInput("until", cells=10, kind=FieldKind.NUMERIC, hint="授权截止日；空着为一年或至证书到期")
        self._certificate = FieldInput(
            "certificate", cells=30, limit=120, hint="F4 从插入的介质和载入目录的文件中选择；也可输证书尾号或文件名"
        )
        self._certificate_row = FieldRow("证书", self._certificate, required=True, label_cells=_LABEL_CELLS)

    def compose_work(self) -> ComposeResult:
        """Who it is about, then the fields of the act."""
        asked = _ASKS[self._act]
        if self._operator is not None:
            held = self._operator
            yield Words(f"{held.number} {held.name}  {held.posts}  证书 {held.certificate_number}", classes="derived")
            yield Words(f"业务组 {held.scope}", classes="derived")
        for label, field in (
            ("工号", self._number),
            ("姓名", self._holder),
            ("证件号码", self._identity),
            ("岗位", self._roles),
        ):
            if field.field_name in asked:
                yield FieldRow(label, field, required=True, label_cells=_LABEL_CELLS)
        if "groups" in asked:
            yield FieldRow("业务组", self._groups, label_cells=_LABEL_CELLS)
        yield FieldRow("起始日", self._since, label_cells=_LABEL_CELLS)
        yield FieldRow("截止日", self._until, label_cells=_LABEL_CELLS)
        if "certificate" in asked:
            yield self._certificate_row

    def heading(self) -> str:
        """What is asked for."""
        return f"业务申请  {self._act.label}"

    def heading_right(self) -> str:
        """Nobody is in reception here."""
        return marked(self.counter)

    def offers(self, action: str) -> bool:
        """F4 lists certificates too."""
        return action == "look" or super().offers(action)

    async def look_around(self) -> None:
        """Keys that are plugged in, and files of the folder."""
        if self.focused is self._certificate:
            self.work_held(self._choices(), self._offer)
        else:
            await super().look_around()

    async def _choices(self) -> list[tuple[str, str]]:
        """What is typed for each, and how it is shown."""
        posts = self.counter.posts
        keys = [
            (key.certificate_number, f"介质 {key.name} {key.post} 尾号 {key.certificate_number[-4:]}")
            for key in await posts.certificates.keys()
        ]
        return keys + [(name, f"文件 {name}") for name in await posts.lying_there()]

    def _offer(self, choices: Sequence[tuple[str, str]]) -> None:
        if not choices:
            self.say("没有插入介质，载入目录中也没有文件")
            return

        def pick(row: int) -> None:
            self._certificate.load(choices[row][0])
            self.say("回车核对该证书")

        self.open_panel([shown for _, shown in choices], pick)

    async def entered(self, field: FieldInput) -> bool:
        """A certificate is judged at once."""
        if field is not self._certificate or not field.value.strip():
            return await super().entered(field)
        self.work_held(self.counter.posts.offered(plain(field.value)), self._judged)
        return False

    def _judged(self, offered: Offered) -> None:
        self._certificate_row.note(f"{offered.holder}  {offered.until} 到期")
        self.say("证书可用，按 F8 申请")

    async def act_send(self) -> None:
        """Show what is asked for and take the PIN."""
        self.work_held(self._read(), self._show)

    async def _read(self) -> Granted | Misread:
        try:
            return await self._granted()
        except Misread as misread:
            return misread

    async def _granted(self) -> Granted:
        """The account that is asked for. Raises Misread for the first field that is wrong."""
        posts, asked = self.counter.posts, _ASKS[self._act]
        with _at("name"):
            name = clean_name(self._holder.value, resident=True) if "name" in asked else ""
        with _at("roles"):
            roles = self._ticked() if "roles" in asked else ()
        with _at("groups"):
            groups = limited(FunctionGroup(code) for code in self._groups.ticked()) if "groups" in asked else None
        with _at("since"):
            since = self._day(self._since)
        with _at("until"):
            until = self._day(self._until)
        wanted = Wanted(
            number=self._operator.number if self._operator else plain(self._number.value),
            name=name,
            identity=self._identity.value,
            roles=roles,
            since=since,
            until=until,
            groups=groups,
        )
        if "certificate" not in asked:
            return await posts.kept(wanted)
        with _at("certificate"):
            offered = await posts.offered(plain(self._certificate.value))
        with _at("identity"):
            return await posts.renewed(wanted, offered) if self._operator else posts.issued(wanted, offered)

    def _ticked(self) -> tuple[Role, ...]:
        roles = tuple(Role(code) for code in self._roles.ticked())
        if not roles:
            raise RolesMissing
        return roles

    def _day(self, field: FieldInput) -> date | None:
        typed = plain(field.value)
        return read_day(typed, self.counter.clock.today()) if typed else None

    async def _show(self, granted: Granted | Misread) -> None:
        if isinstance(granted, Misread):
            self.stop([(granted.field, granted.sentence)])
            return

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            return await self.counter.posts.request(self._act, granted, seat=self.seat, pin=pin)

        decision = Decision(
            title=self.heading(),
            figures=(
                f"{granted.number} {granted.name}  {granted.posts}",
                f"业务组 {granted.scope}",
                f"{granted.since} 至 {granted.until}",
                f"证书 {granted.certificate_number}（{granted.certificate_until} 到期）",
                "申请后等待内控审核、领导核准、系统赋权，登记不变",
            ),
            act=act,
            then=lambda _: self._done(f"{granted.number} 已申请{self._act.label}，等待内控审核"),
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _done(self, said: str) -> None:
        self.app.pop_screen()
        self._told(said)
