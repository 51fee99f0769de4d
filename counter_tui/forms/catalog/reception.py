"""窗口登录与接待 (P85): who works at the window, and who stands in front of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from counter_tui.domain.citizens import CitizenId
from counter_tui.domain.numbers import CreditCode
from counter_tui.domain.problems import stop_text
from counter_tui.errors import CounterError
from counter_tui.forms import dictionary as asked
from counter_tui.forms.codes import CodeOf
from counter_tui.forms.conditions import setting
from counter_tui.forms.fields import Ask
from counter_tui.forms.filling import RESIDENT
from counter_tui.forms.kinds import Count, DocumentNumber, Number, Text, YesNo
from counter_tui.forms.spec import Declaration, Style, business

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Values
    from counter_tui.policy.regions import Policy

EMPLOYER: Final = "1"
PERSON: Final = "2"
"""CL-OBJECT."""
CREDIT_CODE_LENGTH: Final = 18


def _for_employer(values: Values, _: Facts) -> bool:
    return values.get("subject") == EMPLOYER


def _for_person(values: Values, _: Facts) -> bool:
    return values.get("subject") == PERSON


def _by_another(values: Values, _: Facts) -> bool:
    """Somebody comes for the employer, or for a person who is not there himself."""
    return values.get("subject") == EMPLOYER or (values.get("subject") == PERSON and values.get("in_person") is False)


def _visitor_id(value: str, _: Values, facts: Facts) -> Iterator[Problem]:
    try:
        CitizenId.parse(value, facts.today)
    except CounterError as refusal:
        yield stop_text("visitor_id", refusal.sentence)


def _name(value: str, _: Values, __: Facts) -> Iterator[Problem]:
    if any(character.isdigit() for character in value):
        yield stop_text("visitor", "经办人姓名不能含有数字，改正后按 F2")


@business("P85", "接待", style=Style.RECEPTION, subject="", rules=("M01", "M52"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Declaration):
    """Who is received: an employer through its agent, or a person, present or represented."""

    subject: Annotated[
        str,
        Ask(
            label="服务对象",
            kind=CodeOf("CL-OBJECT", only=(EMPLOYER, PERSON)),
            default=lambda *_: EMPLOYER,
            hint="1 单位，2 个人",
        ),
    ]
    employer: Annotated[
        str,
        Ask(
            label="单位编号",
            kind=Number(18),
            source="U01",
            when=_for_employer,
            lookup="employer",
            hint="单位编号、统一社会信用代码或名称中的字，回车查询",
        ),
    ] = ""
    id_type: Annotated[str, asked.E02.but(default=lambda *_: RESIDENT, when=_for_person, section="")] = ""
    id_number: Annotated[str, asked.E03.but(when=_for_person, section="")] = ""
    in_person: Annotated[
        bool,
        Ask(label="办理人", kind=YesNo(yes="本人", no="代办"), when=_for_person, default=lambda *_: True),
    ] = False
    visitor: Annotated[
        str, Ask(label="经办人姓名", kind=Text(50, name=True), source="U18", when=_by_another, verify=_name)
    ] = ""
    visitor_id: Annotated[
        str,
        Ask(
            label="经办人证件号码",
            kind=DocumentNumber(18),
            source="E03",
            when=_by_another,
            holder="visitor",
            mask="id",
            verify=_visitor_id,
        ),
    ] = ""
    letter: Annotated[bool, Ask(label="委托书", kind=YesNo(yes="有", no="无"), when=_by_another)] = False

    def check(self, facts: Facts, policy: Policy) -> Iterator[Problem]:  # noqa: ARG002  # the number alone is judged
        """The employer's number is one, or a credit code."""
        if self.subject != EMPLOYER:
            return
        if len(self.employer) == CREDIT_CODE_LENGTH:
            try:
                CreditCode.parse(self.employer)
            except CounterError as refusal:
                yield stop_text("employer", refusal.sentence)
        elif not re.fullmatch(setting(policy, "unit_number", "[0-9]{6,15}"), self.employer):
            yield stop_text("employer", "单位编号格式不正确，请输入单位编号或 18 位统一社会信用代码后回车")


@business("P85S", "窗口登录", style=Style.RECEPTION, subject="")
@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn(Declaration):
    """At which window somebody works; who he is, is read from his certificate."""

    window: Annotated[int, Ask(label="窗口号", kind=Count(1, 999))]
