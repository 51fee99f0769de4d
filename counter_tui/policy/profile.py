"""What a region shows: its name, its menu and its changes to forms and code lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

EVERY_FIELD = "*"
"""Key of an overlay for all fields of a form that are not named themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A pooling area and the bureau that serves it."""

    name: str
    """Name of its file, `handan`."""
    code: str
    """GB/T 2260."""
    profile: str
    """CL-PROFILE, such as HD or TJ."""
    city: str
    title: str
    """Heading of prints."""
    bureau: str
    """Six digits of acceptance numbers; 999999 in training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """A function under its hot path and local name."""

    path: str
    function: str
    name: str
    group: str
    note: str = ""
    """What happens here, for an entry that acts at once and asks for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOverlay:
    """How a region asks a field differently; None leaves the form's own declaration."""

    required: bool | None = None
    required_when: str | None = None
    """A condition of the forms under which the field is required, such as `three_schemes`."""
    default: str | None = None
    hidden: bool | None = None
    collapsed: bool | None = None
    fixed: bool | None = None
    """The default stands and is not asked: of this overlay, or else of the form."""

    def over(self, wider: FieldOverlay) -> FieldOverlay:
        """Return this overlay with what it leaves open taken from a wider one."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(wider, **{name: choice for name, choice in own.items() if choice is not None})


@dataclass(frozen=True, slots=True)
class FormOverlay(Mapping[str, FieldOverlay]):
    """Overlays by field name; with an entry for every field, any name is found."""

    named: Mapping[str, FieldOverlay]

    def __getitem__(self, field: str) -> FieldOverlay:
        every = self.named.get(EVERY_FIELD)
        if every is None:
            return self.named[field]
        own = self.named.get(field)
        return every if own is None else own.over(every)

    def __iter__(self) -> Iterator[str]:
        return (field for field in self.named if field != EVERY_FIELD)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOverlay:
    """A region's own name for a code, or its absence from the choices."""

    name: str | None = None
    hidden: bool = False
