"""Posts granted by four humans at real files, with a real hub and real soft keys; taken away by one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.domain.grants import APPROVE, CARRY_OUT, REVIEW, GrantAct, GrantState, LedgerAct
from counter_tui.domain.numbers import WrongNumber
from counter_tui.domain.operators import OperatorState
from counter_tui.domain.posts import Role
from counter_tui.domain.problems import Rejected
from counter_tui.operations.envelope import Proposal
from counter_tui.security.humans import TRAINING_SECRET, HumanSecretUnfit, KeyedHumans, human_secret
from counter_tui.security.refusals import (
    CertificateUnreadable,
    GrantSuspended,
    IssuerForged,
    NotRegistered,
    RegistrationRevoked,
)
from counter_tui.services.operators import NoSuchGrant, NoSuchOperator, Wanted
from tests.services.bureau import PIN, citizen, counter_of, sign_on
from tests.services.test_figures import connected

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.domain.grants import Grant, Granted
    from counter_tui.services.counter import Counter

SUPERVISOR, CONTROL, HEAD, ADMINISTRATOR, CLERK = "0021", "0041", "0051", "0031", "0007"
IDENTITY = citizen("13040319920505001")
THREE = ((REVIEW, CONTROL), (APPROVE, HEAD), (CARRY_OUT, ADMINISTRATOR))


def puts_in(folder: Path, number: str = "0101") -> None:
    """A spare key is plugged in."""
    for ending in ("p12", "cer"):
        (folder / "keys" / "spare" / f"{number}.{ending}").rename(folder / "keys" / f"{number}.{ending}")


def wanted(number: str = "0101", *roles: Role, identity: str = IDENTITY) -> Wanted:
    return Wanted(number=number, name="钱多多", identity=identity, roles=roles or (Role.CLERK,))


async def sits(counter: Counter, operator: str) -> None:
    if counter.taken is not None:
        await counter.leave_seat()
    await sign_on(counter, operator)
    await connected(counter)


async def asked(counter: Counter, number: str = "0101", *roles: Role) -> Grant:
    """The supervisor asks for an account with the spare key of that number."""
    await sits(counter, SUPERVISOR)
    keys = await counter.posts.certificates.keys()
    key = next(each for each in keys if each.certificate_number.endswith(number))
    offered = await counter.posts.certificates.on_key(key.fingerprint)
    return await request(counter, GrantAct.ISSUE, counter.posts.issued(wanted(number, *roles), offered))


async def request(counter: Counter, act: GrantAct, granted: Granted) -> Grant:
    kept = await counter.posts.request(act, granted, seat=counter.seat, pin=bytearray(PIN))
    return await counter.posts.grant(kept.operations[-1].op_id)


async def signs(counter: Counter, grant: Grant) -> None:
    """The other three sign, each with his own key."""
    for step, operator in THREE:
        await sits(counter, operator)
        await counter.posts.sign(step, grant, seat=counter.seat, pin=bytearray(PIN))


async def test_a_granted_operator_signs_on_at_once_and_a_revoked_one_never_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        puts_in(tmp_path)
        with pytest.raises(NotRegistered):
            await sign_on(counter, "0101")
        grant = await asked(counter)
        await signs(counter, grant)
        await sits(counter, "0101")
        assert counter.seat.session.operator.name == "钱多多"
        assert counter.seat.session.operator.roles == {Role.CLERK}

        await sits(counter, CONTROL)
        operator = await counter.posts.operator("0101")
        await counter.posts.revoke(operator, reason="介质遗失", lost=True, seat=counter.seat, pin=bytearray(PIN))
        await counter.leave_seat()
        with pytest.raises(RegistrationRevoked, match="由主管申请换证"):
            await sign_on(counter, "0101")
        acts = [(line.act, [by.operator for by in line.signed]) for line in await counter.posts.ledger()]
        assert acts == [
            (LedgerAct.LOSE, [CONTROL]),
            (LedgerAct.ISSUE, [SUPERVISOR, CONTROL, HEAD, ADMINISTRATOR]),
        ]


async def test_a_lost_key_is_replaced_by_the_four_steps_and_the_full_identity_check(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        for number in ("0101", "0102"):
            puts_in(tmp_path, number)
        await signs(counter, await asked(counter))
        await sits(counter, SUPERVISOR)
        operator = await counter.posts.operator("0101")
        await counter.posts.revoke(operator, reason="遗失", lost=True, seat=counter.seat, pin=bytearray(PIN))
        new = next(key for key in await counter.posts.certificates.keys() if key.certificate_number.endswith("0102"))
        offered = await counter.posts.certificates.on_key(new.fingerprint)
        somebody_else = Wanted(number="0101", identity=citizen("13040319920505003"))
        with pytest.raises(Rejected, match="不是此人的工号"):
            await request(counter, GrantAct.RENEW, await counter.posts.renewed(somebody_else, offered))
        renewed = await counter.posts.renewed(Wanted(number="0101", identity=IDENTITY), offered)
        await signs(counter, await request(counter, GrantAct.RENEW, renewed))
        await sits(counter, "0102")
        assert counter.seat.session.operator.number == "0101"
        await counter.leave_seat()
        with pytest.raises(NotRegistered):
            await sign_on(counter, "0101")


async def test_a_sign_on_ends_when_the_account_is_changed(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sits(counter, CLERK)
        clerk = counter.seat
        assert await counter.ended() == ""
        operator = await counter.posts.operator(CLERK)
        await sits_beside(counter, SUPERVISOR)
        await counter.posts.suspend(operator, reason="离岗", seat=counter.seat, pin=bytearray(PIN))
        counter.taken = clerk
        assert "工号 0007 的岗位或证书已停用、吊销或变更" in await counter.ended()
        assert "停用、吊销或变更，不能接收" in await answered(counter, "signon.refused")
        assert await answered(counter, "signon.lock") == ""
        counter.taken = None
        with pytest.raises(GrantSuspended, match="由主管申请恢复"):
            await sign_on(counter, CLERK)


async def sits_beside(counter: Counter, operator: str) -> None:
    """Somebody else signs on elsewhere; whoever sat here is not signed off."""
    counter.taken = None
    await sign_on(counter, operator, window="004")
    await connected(counter)


async def answered(counter: Counter, kind: str, **body: Any) -> str:
    """What the hub says of an operation of this seat."""
    kept = await counter.record([Proposal(kind=kind, unit_id="B", body=body)], seat=counter.seat)
    (outcome,) = (await counter.line.answer([kept.operations[-1].op_id])).values()
    return outcome.sentence


async def test_suspended_and_resumed_and_changed_by_the_same_four(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sits(counter, SUPERVISOR)
        clerk = await counter.posts.operator(CLERK)
        await counter.posts.suspend(clerk, reason="休假", seat=counter.seat, pin=bytearray(PIN))
        assert (await counter.posts.operator(CLERK)).state is OperatorState.SUSPENDED
        resumed = await counter.posts.kept(Wanted(number=CLERK))
        assert resumed.until == date(2027, 11, 22)
        await signs(counter, await request_at(counter, GrantAct.RESUME, resumed))
        await sits(counter, SUPERVISOR)
        changed = await counter.posts.kept(Wanted(number=CLERK, roles=(Role.CLERK, Role.REVIEWER)))
        await signs(counter, await request(counter, GrantAct.CHANGE, changed))
        await sits(counter, CLERK)
        assert counter.seat.session.operator.roles == {Role.CLERK, Role.REVIEWER}


async def request_at(counter: Counter, act: GrantAct, granted: Granted) -> Grant:
    await sits(counter, SUPERVISOR)
    return await request(counter, act, granted)


async def test_one_human_is_one_human_however_his_number_is_written(tmp_path: Path) -> None:
    fifteen = "130403920505001"
    async with counter_of(tmp_path) as counter:
        for number in ("0101", "0102"):
            puts_in(tmp_path, number)
        await signs(counter, await asked(counter))
        await sits(counter, SUPERVISOR)
        key = next(each for each in await counter.posts.certificates.keys() if each.certificate_number.endswith("0102"))
        offered = await counter.posts.certificates.on_key(key.fingerprint)
        for written in (IDENTITY, IDENTITY.lower(), f" {IDENTITY} ", fifteen):
            second = counter.posts.issued(wanted("0102", Role.FUND, identity=written), offered)
            with pytest.raises(Rejected, match="不能由同一人担任"):
                await request(counter, GrantAct.ISSUE, second)
        with pytest.raises(WrongNumber):
            counter.posts.issued(wanted(identity=IDENTITY[:-1] + "0"), offered)


async def test_the_identity_number_is_kept_nowhere(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        puts_in(tmp_path)
        await signs(counter, await asked(counter))
        human = (await counter.posts.operator("0101")).human
    assert human == KeyedHumans(secret=TRAINING_SECRET).reference(IDENTITY)
    everything = {path.name: path.read_bytes() for path in files_below(tmp_path)}
    assert [name for name, content in everything.items() if IDENTITY.encode() in content] == []
    assert human.encode() in everything["hub.sqlite"] + everything.get("hub.sqlite-wal", b"")


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_the_next_human_may_refuse_and_a_grant_is_named_by_its_beginning(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        puts_in(tmp_path)
        grant = await asked(counter)
        await sits(counter, CONTROL)
        assert (await counter.posts.grant(grant.id[:30])).state is GrantState.REQUESTED
        await counter.posts.refuse(grant, reason="岗位已满", seat=counter.seat, pin=bytearray(PIN))
        assert (await counter.posts.grant(grant.id)).state is GrantState.REFUSED
        assert await counter.posts.grants() == (await counter.posts.grant(grant.id),)
        with pytest.raises(NoSuchGrant):
            await counter.posts.grant("")
        with pytest.raises(NoSuchOperator, match="没有登记工号 0101"):
            await counter.posts.operator("0101")


async def test_a_certificate_comes_from_a_file_too_and_only_from_the_own_bureau(tmp_path: Path) -> None:
    async with counter_of(tmp_path / "here") as counter, counter_of(tmp_path / "there"):
        folder = tmp_path / "here" / "incoming"
        folder.mkdir()
        good = (tmp_path / "here" / "keys" / "spare" / "0101.cer").read_bytes()
        (folder / "0101.cer").write_bytes(good)
        (folder / "0101.pem").write_text(pem(good))
        (folder / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAA\n")
        (folder / "other.cer").write_bytes((tmp_path / "there" / "keys" / "spare" / "0101.cer").read_bytes())
        assert await counter.posts.lying_there() == ["0101.cer", "0101.pem", "broken.pem", "other.cer"]
        offered = await counter.posts.from_file("0101.cer")
        assert (offered.number, offered.holder, offered.until) == ("9999990101", "备用一", date(2036, 11, 18))
        assert await counter.posts.from_file("0101.pem") == offered
        with pytest.raises(CertificateUnreadable):
            await counter.posts.from_file("broken.pem")
        with pytest.raises(IssuerForged):
            await counter.posts.from_file("other.cer")


def pem(der: bytes) -> str:
    from base64 import encodebytes

    return f"-----BEGIN CERTIFICATE-----\n{encodebytes(der).decode()}-----END CERTIFICATE-----\n"


def test_the_secret_of_a_bureau_is_drawn_once_and_a_spoilt_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "humans.key"
    secret = human_secret(file)
    assert human_secret(file) == secret
    assert len(secret) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert secret != human_secret(tmp_path / "other.key")
    file.chmod(0o604)
    with pytest.raises(HumanSecretUnfit, match="其他人也能读取"):
        human_secret(file)
    file.chmod(0o600)
    file.write_bytes(b"short")
    with pytest.raises(HumanSecretUnfit, match="应为 32 字节"):
        human_secret(file)
    with pytest.raises(HumanSecretUnfit):
        human_secret(tmp_path / "nowhere" / "humans.key")


def test_references_differ_by_secret_and_by_human() -> None:
    one, other = KeyedHumans(secret=b"1" * 32), KeyedHumans(secret=b"2" * 32)
    assert one.reference(IDENTITY) != other.reference(IDENTITY)
    assert one.reference(IDENTITY) != one.reference(citizen("13040319920505003"))
    assert len(one.reference(IDENTITY)) == 32
    assert "1111" not in repr(one)
