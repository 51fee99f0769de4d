"""How one field of a business function is asked, judged by itself and dressed by a region."""

from __future__ import annotations

import typing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from counter_tui.domain.problems import Problem, stop, stop_text
from counter_tui.errors import CounterError
from counter_tui.forms.conditions import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from counter_tui.forms.facts import Facts
    from counter_tui.forms.kinds import Kind
    from counter_tui.policy.regions import FieldOverlay, Policy

Values: typing.TypeAlias = "Mapping[str, Any]"
"""Values of the fields read so far, by field name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How one field is asked."""

    label: str
    kind: Kind
    source: str = ""
    """Id in the field dictionary, E03 …"""
    section: str = ""
    required: bool = True
    default: Callable[[Facts, Policy], Any] | None = None
    """The value that stands there and is accepted with Enter; None from it means no default."""
    suggest: Callable[[Values, Facts], Any] | None = None
    """The value of a field left empty, from the fields above; any other may be typed."""
    derive: Callable[[Values, Facts], Any] | None = None
    """A value that is not typed: the field is skipped while this gives one."""
    when: Callable[[Values, Facts], bool] | None = None
    """Asked only then."""
    offered: Callable[[Policy], bool] | None = None
    """Part of the form only in regions whose law says so."""
    verify: Callable[[Any, Values, Facts], Iterable[Problem]] | None = None
    """What is wrong with a value beside the fields above; told on leaving, and at the save again."""
    missing: str = ""
    """Message for a required field left empty, where the catalogue has one."""
    unreadable: str = ""
    """Message for a text that cannot be read, where the catalogue has one."""
    rules: tuple[str, ...] = ()
    """Messages that may name this field, for its help page."""
    dup: bool = False
    """`*` repeats the previous record's value."""
    lookup: str = ""
    """`person` or `employer`: Enter looks it up and fills the derived fields."""
    holder: str = ""
    """Field for the name of the person whose number this is; a card tells both."""
    before: str = ""
    """Attribute of the person's file that stands in the column 变更前 beside this field."""
    mask: str = ""
    """How it is shown once the form is left: id, phone, account, address."""
    hint: str = ""
    paper: bool = False
    """A count of pages of a paper (材料) that this function asks for."""
    action: bool = False
    """Asked with the act on the ticked rows, not among the criteria of a list."""
    collapsed: bool = False
    """In a section that opens on demand; still editable."""

    def but(self, **changes: Any) -> Ask:
        """The same field, asked a little differently."""
        return replace(self, **changes)

    @property
    def hint_line(self) -> str:
        """What the hint row says: the field's own hint, else format, length and example of its kind."""
        return self.hint or self.kind.hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form in a region."""

    name: str
    ask: Ask
    empty: Any
    """Value of the field when nothing is typed."""
    fixed: bool = False
    """The region prescribes the default: it is shown and skipped."""
    required_when: Callable[[Facts], bool] | None = None
    """Condition of the region under which an optional field must be filled in."""

    def asked(self, values: Values, facts: Facts) -> bool:
        """Tell whether the field applies, given what stands above it."""
        return self.ask.when is None or self.ask.when(values, facts)

    def required(self, facts: Facts) -> bool:
        """Tell whether it may not stay empty."""
        return self.ask.required or (self.required_when is not None and self.required_when(facts))

    def read(self, text: str, facts: Facts) -> Any:
        """The value of a typed text. Raises a CounterError that says what is wrong."""
        return self.ask.kind.read(text, facts) if text.strip() else self.empty

    def show(self, value: Any) -> str:
        """The text of a value; empty for none."""
        return "" if value is None or value in ("", ()) else self.ask.kind.show(value)

    def value(self, text: str, values: Values, facts: Facts) -> Any:
        """The value of the field beside those above it, derived and suggested ones included.

        Raises:
            Unreadable: with the problem, when the text is empty though required, or cannot be read.
        """
        derived = self.ask.derive(values, facts) if self.ask.derive else None
        if derived is not None:
            return derived
        if text.strip():
            try:
                typed = self.read(text, facts)
            except CounterError as refusal:
                raise Unreadable(problem=self._unreadable(refusal)) from refusal
            if typed not in ("", ()):
                return typed
        suggested = self.ask.suggest(values, facts) if self.ask.suggest else None
        if suggested is not None:
            return suggested
        if self.required(facts):
            raise Unreadable(problem=self._missing())
        return self.empty

    def verified(self, value: Any, values: Values, facts: Facts) -> tuple[Problem, ...]:
        """What is wrong with a value that was read; nothing is said of an empty one."""
        if self.ask.verify is None or value is None or value in ("", ()):
            return ()
        return tuple(self.ask.verify(value, values, facts))

    def notes(self, text: str) -> tuple[str, ...]:
        """Messages about what was changed in reading a text, such as M02."""
        return self.ask.kind.notes(text)

    def in_region(self, overlay: FieldOverlay | None, policy: Policy) -> Field | None:
        """The field as the region asks it; None where it is hidden."""
        if self.ask.offered is not None and not self.ask.offered(policy):
            return None
        fitted = replace(self, ask=self.ask.but(kind=self.ask.kind.fitted(policy)))
        if overlay is None:
            return fitted
        return None if overlay.hidden else fitted._overlaid(overlay, policy)  # noqa: SLF001  # its own class

    def _overlaid(self, overlay: FieldOverlay, policy: Policy) -> Field:
        ask = self.ask
        if overlay.required is not None:
            ask = ask.but(required=overlay.required)
        if overlay.collapsed is not None:
            ask = ask.but(collapsed=overlay.collapsed)
        if overlay.default is not None:
            prescribed = overlay.default
            ask = ask.but(default=lambda facts, _: self.read(prescribed, facts), suggest=None)
        if overlay.fixed and (default := ask.default) is not None:
            ask = ask.but(derive=lambda _, facts: default(facts, policy))
        required_when = None
        if overlay.required_when is not None:
            condition = CONDITIONS[overlay.required_when]
            required_when = lambda facts: condition(facts, policy)  # noqa: E731  # bound to the region's law
        return replace(self, ask=ask, fixed=bool(overlay.fixed), required_when=required_when)

    def _missing(self) -> Problem:
        if self.ask.missing:
            return stop(self.name, self.ask.missing)
        return stop_text(self.name, f"{self.ask.label}不能为空，请输入后按回车")

    def _unreadable(self, refusal: CounterError) -> Problem:
        if self.ask.unreadable:
            return stop(self.name, self.ask.unreadable)
        return stop_text(self.name, f"{self.ask.label}：{refusal.sentence}")


class Unreadable(CounterError):
    """该栏内容不能使用，请改正后按 F2"""

    problem: Problem
