"""Business functions, declared once: the class is the typed body, `Ask` says how each field is asked."""

from __future__ import annotations

import dataclasses
import hashlib
import typing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from counter_tui.domain.problems import Grade, Problem, Rejected, stop_text
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from counter_tui.forms.facts import Facts
    from counter_tui.forms.kinds import Kind
    from counter_tui.policy.regions import FieldOverlay, Policy

Values: typing.TypeAlias = "Mapping[str, Any]"
"""Values of the fields read so far, by field name."""


class Style(StrEnum):
    """Which screen serves a function."""

    ENTRY = "entry"
    """A form that is saved, with the tab of this period's results."""
    COMPARE = "compare"
    """Before and after, one line for each item."""
    RECEPTION = "reception"
    LIST = "list"
    """Criteria above a list of items, with actions on the ticked ones."""
    ACT = "act"
    """Figures shown, then one decisive act."""
    ENQUIRY = "enquiry"
    """Criteria, a result, perhaps a print."""


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
    derive: Callable[[Values, Facts], Any] | None = None
    """A value that is not typed: the field is skipped while this gives one."""
    when: Callable[[Values, Facts], bool] | None = None
    """Asked only then."""
    dup: bool = False
    """`*` repeats the previous record's value."""
    lookup: str = ""
    """`person` or `employer`: Enter looks it up and fills the derived fields."""
    mask: str = ""
    """How it is shown once the form is left: id, phone, account, address."""
    hint: str = ""
    paper: bool = False
    """A count of pages of a paper (材料) that this function asks for."""
    collapsed: bool = False
    """In a section that opens on demand; still editable."""

    def but(self, **changes: Any) -> Ask:
        """The same field, asked a little differently."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form in a region."""

    name: str
    ask: Ask
    empty: Any
    """Value of the field when nothing is typed."""
    fixed: str = ""
    """Text that the region prescribes; the field is shown and skipped."""

    def asked(self, values: Values, facts: Facts) -> bool:
        """Tell whether the field applies, given what stands above it."""
        return self.ask.when is None or self.ask.when(values, facts)

    def read(self, text: str, facts: Facts) -> Any:
        """The value of a typed text. Raises a CounterError that says what is wrong."""
        return self.ask.kind.read(text, facts) if text.strip() else self.empty

    def show(self, value: Any) -> str:
        """The text of a value; empty for none."""
        return "" if value is None or value == self.empty else self.ask.kind.show(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The typed body of a business function."""

    form: ClassVar[Form]

    def check(self, facts: Facts, policy: Policy) -> Iterator[Problem]:  # noqa: ARG002  # most forms look
        """Say what stands in the way; the default is nothing."""
        return iter(())


D = TypeVar("D", bound=Declaration)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A business function with its fields; `in_region` gives it the region's dress."""

    code: str
    name: str
    style: Style
    review: bool
    subject: str
    """What must be in reception: employer, person, either, or empty for nothing."""
    declaration: type[Declaration]
    fields: tuple[Field, ...] = field(default=())
    title: str = ""
    """Local name of the function in this region."""

    def in_region(self, policy: Policy) -> Form:
        """The form as this region asks it: names, choices, defaults, required and hidden fields."""
        overlay = policy.form_overlay(self.code)
        fields = (_dressed(each, overlay.get(each.name), policy) for each in self.fields)
        local = next((entry.name for entry in policy.menu if entry.function == self.code), self.name)
        return replace(self, fields=tuple(each for each in fields if each is not None), title=local)

    def field(self, name: str) -> Field:
        """A field by name; KeyError when the region hides it."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def version(self) -> str:
        """Fingerprint of the declaration: changes when a field changes."""
        lines = (f"{f.name}|{f.ask.label}|{type(f.ask.kind).__name__}|{f.ask.required}" for f in self.fields)
        return hashlib.sha256("\n".join([self.code, *lines]).encode()).hexdigest()[:12]

    def values(self, texts: Mapping[str, str], facts: Facts) -> tuple[dict[str, Any], list[Problem]]:
        """Read every field that applies, derived ones included; all problems, not the first."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for each in self.fields:
            values[each.name] = each.empty
            if not each.asked(values, facts):
                continue
            derived = each.ask.derive(values, facts) if each.ask.derive else None
            if derived is not None:
                values[each.name] = derived
                continue
            text = each.fixed or texts.get(each.name, "")
            if not text.strip() and each.ask.required:
                problems.append(stop_text(each.name, f"{each.ask.label}不能为空，请输入后按 F2"))
                continue
            try:
                values[each.name] = each.read(text, facts)
            except CounterError as refusal:
                problems.append(stop_text(each.name, f"{each.ask.label}：{refusal.sentence}"))
        return values, problems

    def read(self, texts: Mapping[str, str], facts: Facts, policy: Policy) -> Declaration:
        """The one gate from texts to a declaration, for screen, sheet and hub alike.

        Raises:
            Rejected: with all problems that stop it or need a supervisor, in the order of the fields.
        """
        return self._read(texts, facts, policy, blocking=frozenset({Grade.STOP, Grade.ASK}))

    def read_overridden(self, texts: Mapping[str, str], facts: Facts, policy: Policy) -> Declaration:
        """As `read`, when a supervisor has let the *ask* problems pass."""
        return self._read(texts, facts, policy, blocking=frozenset({Grade.STOP}))

    def _read(
        self, texts: Mapping[str, str], facts: Facts, policy: Policy, *, blocking: frozenset[Grade]
    ) -> Declaration:
        values, problems = self.values(texts, facts)
        if problems:
            raise Rejected(problems)
        declaration = self.declaration(**values)
        found = [problem for problem in self.judge(declaration, facts, policy) if problem.grade in blocking]
        if found:
            raise Rejected(found)
        return declaration

    def judge(self, declaration: Declaration, facts: Facts, policy: Policy) -> tuple[Problem, ...]:
        """Everything the rules say to a declaration, hints included, in the order of the fields."""
        order = {each.name: place for place, each in enumerate(self.fields)}
        found = list(declaration.check(facts, policy))
        return tuple(sorted(found, key=lambda problem: order.get(problem.field or "", -1)))

    def defaults(self, facts: Facts, policy: Policy) -> dict[str, str]:
        """The texts that stand in the form before anything is typed."""
        texts = {each.name: each.fixed for each in self.fields if each.fixed}
        for each in self.fields:
            value = each.ask.default(facts, policy) if each.ask.default and not each.fixed else None
            if value is not None:
                texts[each.name] = each.show(value)
        return texts

    def texts(self, declaration: Declaration) -> dict[str, str]:
        """The texts that read back as this declaration."""
        return {each.name: each.show(getattr(declaration, each.name)) for each in self.fields}

    def papers(self) -> tuple[Field, ...]:
        """The papers that the function asks for."""
        return tuple(each for each in self.fields if each.ask.paper)


def _dressed(each: Field, overlay: FieldOverlay | None, policy: Policy) -> Field | None:
    ask = each.ask.but(kind=each.ask.kind.fitted(policy))
    if overlay is None:
        return replace(each, ask=ask)
    if overlay.hidden:
        return None
    if overlay.required is not None:
        ask = ask.but(required=overlay.required)
    if overlay.collapsed is not None:
        ask = ask.but(collapsed=overlay.collapsed)
    fixed = ""
    if overlay.default is not None:
        prescribed = overlay.default
        if overlay.fixed:
            fixed = prescribed
        ask = ask.but(default=lambda facts, _: each.read(prescribed, facts))
    return replace(each, ask=ask, fixed=fixed)


_FORMS: dict[str, Form] = {}


def business(
    code: str, name: str, *, style: Style = Style.ENTRY, review: bool = False, subject: str = "employer"
) -> Callable[[type[D]], type[D]]:
    """Declare a business function; a second one under the same code is refused at import."""

    def declared(declaration: type[D]) -> type[D]:
        if code in _FORMS:
            msg = f"{code} is declared twice"
            raise ValueError(msg)
        form = Form(
            code=code,
            name=name,
            style=style,
            review=review,
            subject=subject,
            declaration=declaration,
            fields=tuple(_fields(declaration)),
        )
        declaration.form = form
        _FORMS[code] = form
        return declaration

    return declared


def _fields(declaration: type[Declaration]) -> Iterator[Field]:
    hints = typing.get_type_hints(declaration, include_extras=True)
    for each in dataclasses.fields(declaration):
        asks = [extra for extra in getattr(hints[each.name], "__metadata__", ()) if isinstance(extra, Ask)]
        if not asks:
            msg = f"{declaration.__name__}.{each.name} is not asked"
            raise TypeError(msg)
        empty = "" if each.default is dataclasses.MISSING else each.default
        yield Field(name=each.name, ask=asks[0], empty=empty)


def form(code: str) -> Form:
    """The form of a business function, as declared. Raises KeyError for an unknown code."""
    import counter_tui.forms.catalog.all  # noqa: F401  # every declaration registers itself

    return _FORMS[code]


def forms() -> Iterable[Form]:
    """Every declared form, by code."""
    import counter_tui.forms.catalog.all  # noqa: F401  # as above

    return tuple(_FORMS[code] for code in sorted(_FORMS))
