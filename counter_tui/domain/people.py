"""Insured persons (参保人)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # msgspec reads the annotations
from enum import StrEnum


class PersonState(StrEnum):
    """CL-PERSTATE."""

    WORKING = "1"
    RETIRED = "2"
    RETIRED_AT_ONCE = "3"
    ENDED = "4"
    AWAITING_RETIREMENT = "5"


class DataLock(StrEnum):
    """What is locked of a person's data, CL-LOCK."""

    NONE = ""
    KEY_DATA = "1"
    TRANSFER = "2"
    ALL = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person's file in the register. Coded fields hold codes of `codes.py`."""

    number: str
    """个人编号, given by the hub when the first enrolment is approved."""
    id_type: str
    id_number: str
    name: str
    sex: str
    born: date
    file_born: date | None = None
    nation: str = "01"
    first_job: date | None = None
    hukou: str = ""
    hukou_address: str = ""
    education: str = ""
    marriage: str = ""
    employment_form: str = ""
    status: str = "1"
    post: str = ""
    title: str = ""
    skill: str = ""
    special_work: str = "0"
    phone: str = ""
    address: str = ""
    postcode: str = ""
    email: str = ""
    first_enrolled: date | None = None
    remark: str = ""
    state: PersonState = PersonState.WORKING
    employer: str = ""
    """Number of the employer that has, or last had, the person; empty for none."""
    lock: DataLock = DataLock.NONE
    former_numbers: tuple[str, ...] = ()
    """Identity numbers replaced by a correction; they still find the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """One field of a person's file as it was before a change."""

    operation: str
    person: str
    field: str
    before: str
    after: str
    on: date
