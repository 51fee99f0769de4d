"""A national key of a stranger's making signs on, works and decides in a bureau of the national suite."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import PostClass, Role
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, Suite
from counter_tui.security.certificates import Authority, OperatorList, judge
from counter_tui.security.challenges import Challenges
from counter_tui.security.proofs import decisive_signature, verify_decision
from counter_tui.security.refusals import KeyOfOtherSuite
from counter_tui.security.sessions import SignOn
from counter_tui.security.signatures import verify_signature
from counter_tui.security.statements import Place, verify_session
from counter_tui.sm.issuing import issued
from counter_tui.wiring.production import open_production
from counter_tui.x509 import said
from storage.local import journal
from tests.devices.skf.kit import PIN, Vendor, pin
from tests.security import chains
from tests.security.national import national, twin
from tests.sm.by_openssl import OpenSsl, authority
from tests.test_production import REGION, Bureau, current, registers, sits_down

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Place(bureau="130400", device="host-1", terminal="003", training=False)
CONTENT = NATIONAL.hash(b"an operation")


@pytest.fixture
def openssl(tmp_path: Path, vendor: Vendor) -> OpenSsl:
    """An authority made by OpenSSL; its operator's certificate and key lie on the vendor's key."""
    folder = tmp_path / "authority"
    folder.mkdir()
    made = authority(folder)
    container = vendor.plug_in()
    (container / "sign.key").write_bytes(made.read("op.key"))
    (container / "sign.cer").write_bytes(made.read("op.der"))
    return made


def signing_on(openssl: OpenSsl, suite: Suite) -> SignOn:
    now, pinned = datetime.now(UTC), Authority(certificate=openssl.read("ca.der"))
    facts = judge(openssl.read("op.der"), [pinned], now, NATIONAL)
    operator = Operator(
        number="1024",
        name="张䶮",
        human="human-1",
        roles=frozenset({Role.REVIEWER}),
        post_class=PostClass.BUSINESS,
        issuer=facts.issuer,
        certificate_number=facts.number,
        key_hash=facts.key_hash,
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=30),
    )
    return SignOn(
        authorities=(pinned,),
        operators=OperatorList([operator]),
        challenges=Challenges(),
        clock=lambda: now,
        suite=suite,
    )


def test_a_national_key_signs_on_works_and_decides(vendor: Vendor, openssl: OpenSsl) -> None:
    sign_on = signing_on(openssl, NATIONAL)
    session = sign_on(vendor.only_key(), pin(), sign_on.challenges.issue(PLACE))

    proved = verify_session(
        session.statement,
        place=PLACE,
        at=session.signed_on_at,
        authorities=sign_on.authorities,
        operators=sign_on.operators,
        suite=NATIONAL,
    )
    decision = decisive_signature(vendor.only_key(), pin(), CONTENT, session=session)

    assert proved.operator.number == "1024"
    assert verify_signature(proved.public_key, CONTENT, session.sign(CONTENT))
    assert verify_decision(proved.certificate.public_key, CONTENT, decision, training=False, suite=NATIONAL)
    assert not verify_decision(proved.certificate.public_key, CONTENT, decision, training=True, suite=NATIONAL)


def test_a_national_key_costs_no_try_in_a_bureau_of_the_international_suite(vendor: Vendor, openssl: OpenSsl) -> None:
    sign_on = signing_on(openssl, INTERNATIONAL)

    with pytest.raises(KeyOfOtherSuite, match="不能用 SM2 证书"):
        sign_on(vendor.only_key(), pin("000000"), sign_on.challenges.issue(PLACE))
    assert vendor.only_key().attempts_left() == 6


async def test_a_real_bureau_of_the_national_suite_signs_its_clerk_on_and_its_hub_believes_it(
    vendor: Vendor, tmp_path: Path
) -> None:
    bureau, openssl = Bureau(tmp_path), OpenSsl(tmp_path)
    (tmp_path / "trust" / "root.pem").write_bytes(national(chains.root().der()))
    (tmp_path / "trust" / "issuing.cer").write_bytes(national(chains.authority().der()))
    settings = replace(bureau.settings, trust=replace(bureau.settings.trust, suite="national"))
    clerk = bureau.plugs_in(current())
    openssl.key("clerk")
    certificate = issued(current().der(), openssl.read("clerk.spki"), twin(chains.CA_KEY))
    container = vendor.plug_in()
    (container / "sign.key").write_bytes(openssl.read("clerk.key"))
    (container / "sign.cer").write_bytes(certificate)

    opened = await open_production(settings, REGION, bureau.folder, source=vendor.keys)
    try:
        await registers(opened, replace(clerk, key_hash=said(certificate).key_hash))
        seat = await sits_down(opened, PIN)
        outcomes = await opened.line.answer([seat.signon])
        assert outcomes[seat.signon].status.value == "applied"
        assert await opened.store.look(journal.suite) == NATIONAL.envelope
    finally:
        await opened.close()
