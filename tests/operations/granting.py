"""A bureau in which posts are granted: who may sign what, and the requests they sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from counter_tui.domain.grants import STEPS, Grant, GrantAct, Granted
from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import Role
from counter_tui.operations.canonical import builtins
from tests.operations.office import TODAY, Acted, Office, maker

if TYPE_CHECKING:
    from counter_tui.domain.functions import FunctionGroup
    from counter_tui.operations.envelope import Maker

SUPERVISOR = maker("0021", "R3", window="001")
CONTROL = maker("0041", "C", window="002")
HEAD = maker("0051", "H", window="003")
ADMINISTRATOR = maker("0031", "R4", window="004")
FOUR = (SUPERVISOR, CONTROL, HEAD, ADMINISTRATOR)
"""Who signs the four steps, in their order."""
CLERK, REVIEWER, FUND = maker("0007", "R1"), maker("0011", "R2"), maker("0061", "F")
LAST_DAY = date(2027, 11, 22)
"""A year from the day of the office."""


def account(number: str = "0101", *roles: Role, **changes: Any) -> Granted:
    """A clerk with a certificate of his own, for the longest time there is."""
    plain = Granted(
        number=number,
        name="钱多多",
        human=f"aa{number}",
        roles=tuple(sorted(roles)) or (Role.CLERK,),
        issuer="CN=演练签发证书",
        certificate_number=f"c0{number}",
        key_hash=f"{number:0>64}",
        certificate_until=date(2030, 1, 1),
        since=TODAY,
        until=LAST_DAY,
    )
    return replace(plain, **changes)


def asks(
    office: Office, granted: Granted | None = None, act: GrantAct = GrantAct.ISSUE, by: Maker = SUPERVISOR
) -> Acted:
    """业务申请."""
    body = {"act": act.value, "granted": builtins(granted or account())}
    return office.act("grant.request", body, by=by, unit="B", reception="")


def signs(office: Office, kind: str, by: Maker, about: Grant | None = None, **body: Any) -> Acted:
    """One of the other steps, or a refusal, for the only or the named grant."""
    grant = about or kept(office)
    seen = {"grant": grant.id, "granted_hash": grant.granted_hash}
    return office.act(kind, seen | body, by=by, unit="B", reception="")


def granted(office: Office, asked: Granted | None = None, act: GrantAct = GrantAct.ISSUE) -> Operator:
    """All four steps; the account as it then stands."""
    done = asks(office, asked, act)
    grant = office.register.grant(done.id)
    assert grant is not None, done.sentence
    for step, by in zip(STEPS[1:], FOUR[1:], strict=True):
        signed = signs(office, step.kind, by, grant)
        assert signed.outcome.effects, signed.sentence
    return office.register.registry[grant.granted.number]


def withdraws(office: Office, number: str = "0101", by: Maker = CONTROL, *, kind: str = "revoke", **body: Any) -> Acted:
    """Revoke or suspend."""
    operator = office.register.operator(number)
    certificate = operator.certificate_number if operator else ""
    plain = {"number": number, "certificate_number": certificate, "reason": "离职"} | (
        {"lost": False} if kind == "revoke" else {}
    )
    return office.act(f"grant.{kind}", plain | body, by=by, unit="B", reception="")


def kept(office: Office) -> Grant:
    """The grant that was asked for last."""
    return office.register.grants()[-1]


def limit(office: Office, by: Maker, *groups: FunctionGroup) -> None:
    """The maker as the registry has him, acting in these groups only; none for all."""
    roles = frozenset(Role(role) for role in by.roles)
    office.register.registry[by.operator] = Operator(
        number=by.operator,
        name="柜员",
        human=by.human,
        roles=roles,
        post_class=min(roles).post_class,
        issuer="CN=演练签发证书",
        certificate_number="c0",
        key_hash="0" * 64,
        valid_from=office.now - timedelta(days=30),
        valid_until=office.now + timedelta(days=30),
        groups=frozenset(groups),
    )
