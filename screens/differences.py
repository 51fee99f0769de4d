"""What an item declares, line by line: label, the register's value before, the declared value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counter_tui.domain.calendar import BEIJING
from counter_tui.errors import CounterError
from counter_tui.forms.spec import form as declared
from counter_tui.operations.canonical import read
from screens.business import all_named, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counter_tui.domain.declarations import Item, Transition
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Field
    from counter_tui.forms.spec import Declaration, Form
    from counter_tui.policy.regions import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One line of a comparison."""

    name: str
    label: str
    before: str
    after: str
    mask: str = ""
    """How it is masked: id, phone, address, or empty."""

    remark: bool = False
    """A step of the item's life or the word of a check, no value."""

    @property
    def differs(self) -> bool:
        """Whether the declaration changes what the register knows."""
        return not self.remark and bool(self.before) and self.after != self.before


def declaration_of(item: Item) -> Declaration:
    """The declaration as it was last saved."""
    return read(declared(item.function).declaration, item.body)


def differences(item: Item, facts: Facts, policy: Policy) -> tuple[Difference, ...]:
    """Every field that the item fills, beside what the register knows now."""
    asked = declared(item.function).in_region(policy)
    declaration = declaration_of(item)
    return tuple(_lines(asked, declaration, facts))


def _lines(asked: Form, declaration: Declaration, facts: Facts) -> Iterator[Difference]:
    for each in asked.fields:
        after = shown(each, getattr(declaration, each.name))
        before = before_of(each, facts)
        if after:
            yield Difference(name=each.name, label=each.ask.label, before=before, after=after, mask=each.ask.mask)


def before_of(asked: Field, facts: Facts) -> str:
    """What the person's file says beside a field, empty for nobody."""
    attribute = asked.ask.before or asked.name
    if attribute == "schemes":
        return all_named("CL-INS", (entry.scheme for entry in facts.paying_here))
    if attribute == "wage":
        return shown(asked, max((entry.wage for entry in facts.coverages), default=None))
    return shown(asked, getattr(facts.person, attribute, None)) if facts.person is not None else ""


def shown(asked: Field, value: Any) -> str:
    """A value as a list shows it; a code that the list never had stands there as it is."""
    try:
        text = asked.show(value)
    except CounterError:
        return str(value)
    if isinstance(value, tuple) and asked.name == "schemes":
        return all_named("CL-INS", value)
    return text


def life_lines(life: Sequence[Transition]) -> Iterator[Difference]:
    """An item's steps, oldest first."""
    for place, each in enumerate(life):
        at = each.by.at.astimezone(BEIJING)
        reason = f"：{each.reason}" if each.reason else ""
        yield Difference(
            name=f"step-{place}",
            label=f"{at:%m-%d %H:%M}",
            before=f"{int(each.by.window)}号窗 {each.by.operator}" if each.by.window else each.by.operator,
            after=f"{named('CL-ITEMSTATE', each.after)}{reason}",
            remark=True,
        )
