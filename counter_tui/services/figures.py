"""Loading figures of the law at the counter: looking at a file, proposing it, and the second person's answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from counter_tui.domain.figures import FiguresState
from counter_tui.domain.text import safe
from counter_tui.errors import CounterError
from counter_tui.operations.envelope import Proposal
from counter_tui.operations.figures import LARGEST, lines_of
from counter_tui.policy.figure_changes import changes
from counter_tui.policy.loaded import CurrentLaw, text_hash
from counter_tui.policy.supplements import BadFigures, Supplement, read_supplement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.figures import FiguresFile
    from counter_tui.policy.figure_changes import Change
    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import Clock, LocalStore
    from counter_tui.services.recording import Recorded, RecordOperations
    from counter_tui.services.seats import Seat


class NotText(CounterError):
    """文件 {name} 不是 UTF-8 编码的文字，请另存为 UTF-8 后重新载入"""

    name: str


class TooLarge(CounterError):
    """文件 {name} 大于 {limit} KB，请分成几个文件载入"""

    name: str
    limit: int


class NoSuchFiguresFile(CounterError):
    """没有编号以 {id} 开头的载入申请，请用 counter-tui policy confirm 不带编号查看待确认的申请"""

    id: str


class NoIncoming(CounterError):
    """本机没有设置载入目录，请用 counter-tui policy load 载入"""


class Incoming(Protocol):
    """The folder in which an administrator lays files that are to be loaded. Nothing outside of it is read."""

    @property
    def shown(self) -> str:
        """Where it is."""

    def names(self) -> Sequence[str]:
        """Files that lie there, by name."""

    def read(self, name: str) -> bytes:
        """Content of a file. Raises CounterError with a sentence when it may not or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A file of figures held against the law in force."""

    name: str
    text: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFigures:
    """What administrators and supervisors do with files of figures. Deciding needs the hub."""

    record: RecordOperations
    store: LocalStore
    clock: Clock
    law: CurrentLaw
    incoming: Incoming | None = None

    async def in_force(self) -> Policy:
        """The law with everything that is confirmed as of today, as far as the mirror knows."""
        today = self.clock.today()
        return await self.store.read(lambda r: self.law.on(today, r.register.figures_files()))

    async def files(self) -> tuple[FiguresFile, ...]:
        """Files in any state, those that wait first, then the newest."""
        found = await self.store.read(lambda r: tuple(r.register.figures_files()))
        waiting = [each for each in found if each.state is FiguresState.PROPOSED]
        return (*waiting, *reversed([each for each in found if each.state is not FiguresState.PROPOSED]))

    async def file(self, start: str) -> FiguresFile:
        """The one file whose id begins so. Raises NoSuchFiguresFile."""
        found = [each for each in await self.files() if start and each.id.startswith(start)]
        if len(found) != 1:
            raise NoSuchFiguresFile(id=start)
        return found[0]

    async def look(self, content: bytes, name: str) -> Looked:
        """Read a file strictly and say what it changes; nothing is kept.

        Raises:
            BadFigures: what is wrong with it, with file and line.
            NotText, TooLarge: it is no such file at all.
        """
        if len(content) > LARGEST:
            raise TooLarge(name=name, limit=LARGEST // 1024)
        try:
            text = content.decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise NotText(name=name) from None
        _refuse_unclean(text, name)
        policy = await self.in_force()
        return Looked(name=name, text=text, changes=changes(policy, self._read(text, name, policy)))

    async def lying_there(self) -> Sequence[str]:
        """Names of the files that lie in the folder of incoming files."""
        return await asyncio.to_thread(self.incoming.names) if self.incoming else ()

    async def look_at(self, name: str) -> Looked:
        """Read a file of the folder of incoming files; as `look`, and what the folder refuses."""
        if self.incoming is None:
            raise NoIncoming
        return await self.look(await asyncio.to_thread(self.incoming.read, name), name)

    def _read(self, text: str, name: str, policy: Policy) -> Supplement:
        return read_supplement(text, name=name, policy=policy)

    async def changes_of(self, file: FiguresFile) -> tuple[Change, ...]:
        """What a waiting file changes against the law of today. Raises BadFigures when it does not fit any more."""
        policy = await self.in_force()
        if text_hash(file.text) != file.text_hash:
            raise BadFigures(file=file.name, line=1, key="文件", reason="内容与申请时不同")
        return changes(policy, self._read(file.text, file.name, policy))

    async def propose(self, looked: Looked, *, seat: Seat, pin: bytearray) -> Recorded:
        """Hand a file in; until a second person confirms it nothing changes. Raises Rejected, HubAway."""
        body = {"name": looked.name, "lines": lines_of(looked.text)}
        return await self.record([Proposal(kind="figures.propose", unit_id="B", body=body)], seat=seat, pin=pin)

    async def confirm(self, file: FiguresFile, *, seat: Seat, pin: bytearray) -> Recorded:
        """The second person's word: the figures rule from today. Raises Rejected (M59), Conflicted, HubAway."""
        return await self._answer("figures.confirm", file, {}, seat, pin)

    async def refuse(self, file: FiguresFile, *, reason: str, seat: Seat, pin: bytearray) -> Recorded:
        """The second person says no. Raises as `confirm`."""
        return await self._answer("figures.refuse", file, {"reason": reason}, seat, pin)

    async def _answer(self, kind: str, file: FiguresFile, more: dict[str, str], seat: Seat, pin: bytearray) -> Recorded:
        body = {"file": file.id, "text_hash": file.text_hash, **more}
        return await self.record([Proposal(kind=kind, unit_id="B", body=body, refs=(file.id,))], seat=seat, pin=pin)


def _refuse_unclean(text: str, name: str) -> None:
    """What could steer a terminal is refused here already, as the hub would refuse it."""
    if safe(name) != name:
        raise BadFigures(file=safe(name), line=1, key="文件名", reason="含有不能显示的字符")
    for number, line in enumerate(text.split("\n"), 1):
        if safe(line) != line:
            raise BadFigures(file=name, line=number, key="文字", reason="含有不能显示的字符（如制表符），请改为空格")
