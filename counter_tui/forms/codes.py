"""Fields that hold codes: one of a list, several of it, or one of a few words of the form's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from counter_tui.domain.codes import Code, CodeList, NoSuchCode, codelist
from counter_tui.domain.text import clean_text, plain
from counter_tui.forms.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from counter_tui.forms.facts import Facts
    from counter_tui.policy.regions import Policy


@dataclass(frozen=True, slots=True)
class CodeOf(Kind):
    """One code of a list; shown as code and name."""

    list_id: str
    function: str = ""
    """Offer only codes that this function may choose, as the list says."""
    overrides: Mapping[str, Any] | None = None
    """The region's names and choices, by code."""
    only: tuple[str, ...] = ()
    """Offer only these codes."""
    within: Callable[[Facts], Iterable[str]] | None = None
    """Offer only codes that the facts allow."""
    cells: int = 24

    @property
    def codes(self) -> CodeList:
        """The list, with the region's names and choices."""
        codes = codelist(self.list_id)
        if self.function:
            codes = codes.offered(self.function)
        return codes.overridden(self.overrides) if self.overrides else codes

    def choices(self, facts: Facts | None = None) -> tuple[Code, ...]:
        """What the panel offers, in the order of the list; all that is ever offered without facts."""
        allowed = set(self.only)
        if self.within is not None and facts is not None:
            allowed |= set(self.within(facts))
        elif not self.only:
            return self.codes.choices()
        return tuple(code for code in self.codes.choices() if code.code in allowed)

    @property
    def hint(self) -> str:
        """How a code may be typed."""
        return "输代码、拼音首字母或名称中的字；F4 看全部"

    def read(self, text: str, facts: Facts) -> Any:
        """The code. Raises NoSuchCode, SeveralCodes, Unclean."""
        typed = plain(clean_text(text))
        if not self.function and (kept := self._kept(typed)):
            return kept
        offered = self._offered(facts)
        first = typed.split(" ", 1)[0]
        exact = next((code.code for code in offered.choices() if code.code == first), None)
        return exact or offered.read(typed).code

    def show(self, value: Any) -> str:
        """Code and name."""
        return f"{value} {self.codes.name(value)}"

    def fitted(self, policy: Policy) -> CodeOf:
        """Take the region's names and choices over."""
        return replace(self, overrides=policy.codes(self.list_id))

    def _offered(self, facts: Facts) -> CodeList:
        return replace(self.codes, codes=self.choices(facts))

    def _kept(self, typed: str) -> str:
        """A code of an older record, no longer offered, written out in full as the form shows it."""
        code = typed.split(" ", 1)[0]
        known = next((entry for entry in self.codes.codes if entry.code == code), None)
        return code if known is not None and typed == plain(self.show(code)) else ""


@dataclass(frozen=True, slots=True)
class CodesOf(CodeOf):
    """Several codes of a list, typed `1 3 4` by place, or `0` for all."""

    @property
    def hint(self) -> str:
        """How ticks are typed."""
        return "输序号，如 1 3 4；0 为全部；回车取默认"

    def read(self, text: str, facts: Facts) -> tuple[str, ...]:
        """Codes in the order of the list; a part is a code, a place or a name. Raises NoSuchCode, Unclean."""
        parts = [part for part in re.split(r"[\s,，]+", plain(clean_text(text))) if part]
        offered = self._offered(facts)
        codes = [code.code for code in offered.choices()]
        if parts == ["0"]:
            return tuple(codes)
        places = {str(place): code for place, code in enumerate(codes, 1)}
        chosen = {part if part in codes else places.get(part) or offered.read(part).code for part in parts}
        return tuple(code for code in codes if code in chosen)

    def show(self, value: Any) -> str:
        """Codes, which typed again give the same ticks."""
        return " ".join(value)


@dataclass(frozen=True, slots=True)
class OneOf(CodeOf):
    """One of a few words that belong to the form and are in no national list."""

    words: tuple[tuple[str, str, str], ...] = ()
    """Code, word, pinyin initials."""

    @property
    def codes(self) -> CodeList:
        """The words as a list; `list_id` is its title."""
        entries = enumerate(self.words, 1)
        return CodeList(
            id="",
            title=self.list_id,
            codes=tuple(
                Code(code=code, name=word, short=word, initials=initials, order=order)
                for order, (code, word, initials) in entries
            ),
        )

    def fitted(self, policy: Policy) -> OneOf:  # noqa: ARG002  # a region cannot change them
        """The words stay."""
        return self


__all__ = ["CodeOf", "CodesOf", "NoSuchCode", "OneOf"]
