"""Code lists: what a code is called, which may be chosen, and how a typed word finds one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from counter_tui.domain.text import plain
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LISTS: Final = Path(__file__).parent / "data" / "codelists.toml"


class NoSuchList(CounterError):
    """没有代码表 {list_id}，请联系管理员"""

    list_id: str


class NoSuchCode(CounterError):
    """{title}中没有「{typed}」，按 F4 查看全部"""

    title: str
    typed: str


class SeveralCodes(CounterError):
    """{title}中「{typed}」有多项相符，按 F4 选择，或再多输几个字"""

    title: str
    typed: str
    hits: tuple[Code, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One entry of a code list. Codes are text: leading zeros count."""

    code: str
    name: str
    short: str
    """A name for narrow columns."""
    initials: str
    """Pinyin initials of the name, lower case."""
    order: int
    """Place in the list, from 1."""
    selectable: bool = True
    """False: read from older records, no longer offered."""
    group: str = ""
    """Of a reason: A adds, S suspends, T terminates, R retires."""
    functions: tuple[str, ...] = ()
    """Functions that may choose it; empty: no function in particular."""
    supervisor_only: bool = False


class CodeOverlay(Protocol):
    """What a region says about one code."""

    @property
    def name(self) -> str | None:
        """The region's own name; None keeps the default."""

    @property
    def hidden(self) -> bool:
        """Not offered in this region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A list of codes in the order of choice."""

    id: str
    title: str
    codes: tuple[Code, ...]

    def __getitem__(self, code: str) -> Code:
        """The entry of that code, offered or not.

        Raises:
            NoSuchCode: the list never had it.
        """
        for entry in self.codes:
            if entry.code == code:
                return entry
        raise NoSuchCode(title=self.title, typed=code)

    def name(self, code: str) -> str:
        """What the code is called. Raises NoSuchCode."""
        return self[code].name

    def short(self, code: str) -> str:
        """What the code is called where columns are narrow. Raises NoSuchCode."""
        return self[code].short

    def group(self, code: str) -> str:
        """A, S, T or R of a reason, empty for other codes. Raises NoSuchCode."""
        return self[code].group

    def choices(self) -> tuple[Code, ...]:
        """The entries a clerk may choose."""
        return tuple(entry for entry in self.codes if entry.selectable)

    def read(self, text: str) -> Code:
        """The one choice a clerk means by code, name, pinyin initials or a part of either.

        Raises:
            NoSuchCode: nothing fits.
            SeveralCodes: several fit equally well.
        """
        typed = plain(text)
        initials = typed.lower()
        if not typed:
            raise NoSuchCode(title=self.title, typed=typed)
        fits: tuple[Callable[[Code], bool], ...] = (
            lambda entry: entry.code.lower() == initials,
            lambda entry: typed in (plain(entry.name), plain(entry.short)),
            lambda entry: entry.code.lstrip("0") == typed,
            lambda entry: entry.initials == initials,
            lambda entry: (
                entry.initials.startswith(initials) or typed in plain(entry.name) or typed in plain(entry.short)
            ),
            lambda entry: initials in entry.initials,
        )
        for fit in fits:
            hits = tuple(filter(fit, self.choices()))
            if len(hits) == 1:
                return hits[0]
            if hits:
                raise SeveralCodes(title=self.title, typed=typed, hits=hits)
        raise NoSuchCode(title=self.title, typed=typed)

    def offered(self, function: str) -> CodeList:
        """The list with only the choices a clerk has in that function; a list that names no functions stays whole."""
        return self._narrowed(lambda entry: function in entry.functions and not entry.supervisor_only)

    def offered_to_supervisor(self, function: str) -> CodeList:
        """The list with the choices a supervisor has in that function."""
        return self._narrowed(lambda entry: function in entry.functions)

    def overridden(self, overlays: Mapping[str, CodeOverlay]) -> CodeList:
        """The list with a region's names, and without the choices the region does not offer.

        A new name stands for the short name too; initials stay those of the default name.

        Raises:
            NoSuchCode: the region speaks of a code that is not in the list.
        """
        for code in overlays:
            self[code]
        return replace(
            self,
            codes=tuple(
                _overlaid(entry, overlays[entry.code]) if entry.code in overlays else entry for entry in self.codes
            ),
        )

    def _narrowed(self, allowed: Callable[[Code], bool]) -> CodeList:
        if not any(entry.functions for entry in self.codes):
            return self
        return replace(
            self,
            codes=tuple(replace(entry, selectable=entry.selectable and allowed(entry)) for entry in self.codes),
        )


def _overlaid(entry: Code, overlay: CodeOverlay) -> Code:
    named = entry if overlay.name is None else replace(entry, name=overlay.name, short=overlay.name)
    return replace(named, selectable=entry.selectable and not overlay.hidden)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    with _LISTS.open("rb") as file:
        return tomllib.load(file)


def codelist_ids() -> tuple[str, ...]:
    """All lists there are."""
    return tuple(_tables())


@cache
def codelist(list_id: str) -> CodeList:
    """The list of that id, such as CL-NATION, with its default names.

    Raises:
        NoSuchList: there is none.
    """
    table = _tables().get(list_id)
    if table is None:
        raise NoSuchList(list_id=list_id)
    rows = table["codes"].strip().splitlines()
    return CodeList(
        id=list_id,
        title=table["title"],
        codes=tuple(_code(row, order) for order, row in enumerate(rows, start=1)),
    )


def _code(row: str, order: int) -> Code:
    code, name, short, initials, *rest = (cell.strip() for cell in row.split("|"))
    marks = dict(mark.partition("=")[::2] for mark in " ".join(rest).split())
    return Code(
        code=code,
        name=name,
        short=short or name,
        initials=initials,
        order=order,
        selectable="kept" not in marks,
        group=marks.get("group", ""),
        functions=tuple(filter(None, marks.get("for", "").split(","))),
        supervisor_only="supervisor" in marks,
    )
