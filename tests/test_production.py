"""A real bureau's counter: keys in readers, authorities from the settings, operators from its own registry."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.piv import PivKeys
from counter_tui.devices.polled_watch import PolledWatch
from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import PostClass, Role
from counter_tui.security import refusals
from counter_tui.security.authorities import NoAuthority
from counter_tui.services.keys import WrongPin
from counter_tui.services.seats import Seat
from counter_tui.settings import AuthoritySettings, Settings, TrustSettings
from counter_tui.wiring.production import WINDOWS, open_production, this_device
from counter_tui.x509 import said
from storage.local.store import OtherDevice
from tests.devices.card_table import CardTable
from tests.devices.virtual.issue import key_card
from tests.devices.virtual.piv import Holding, Piv, Slot
from tests.security import chains

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from counter_tui.wiring.parts import Opened

PIN = "246810"
REGION = "handan"


class Bureau:
    """A bureau with a root, an authority below it, and a host with one reader."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.readers = CardTable()
        trust = folder / "trust"
        trust.mkdir()
        (trust / "root.pem").write_bytes(chains.pem(chains.root().der()))
        (trust / "issuing.cer").write_bytes(chains.authority().der())
        self.authority = AuthoritySettings(certificate=str(trust / "issuing.cer"), root=str(trust / "root.pem"))
        self.crl = trust / "revoked.crl"
        self.settings = Settings(trust=TrustSettings(bureau="130402", authorities=(self.authority,)))

    def plugs_in(self, certificate: chains.Certificate) -> Operator:
        """Put a key with that certificate into the reader; the clerk whose it would be."""
        der = certificate.der()
        holding = Holding(chains.OPERATOR_KEY, der)
        self.readers.insert(key_card(Piv({Slot.AUTHENTICATION: holding, Slot.SIGNATURE: holding}, pin=PIN)))
        read = said(der)
        return Operator(
            number="1024",
            name="张䶮",
            human="0" * 32,
            roles=frozenset({Role.CLERK}),
            post_class=PostClass.BUSINESS,
            issuer=read.issuer,
            certificate_number=read.number,
            key_hash=read.key_hash,
            valid_from=read.since,
            valid_until=read.until,
        )

    @asynccontextmanager
    async def opens(self) -> AsyncIterator[Opened]:
        keys = PivKeys(cards=self.readers, watch=lambda: PolledWatch(self.readers.plugged))
        opened = await open_production(self.settings, REGION, self.folder, source=keys)
        try:
            await opened.line.answer([])
            yield opened
        finally:
            await opened.close()


async def registers(opened: Opened, clerk: Operator) -> None:
    """Put the clerk into the hub's registry and wait until the feed has brought him down."""
    opened.hub.register_operators([clerk])
    async with asyncio.timeout(10):
        while not await opened.store.read(lambda reading: reading.operators()):
            opened.line.wake()
            await asyncio.sleep(0.01)


async def sits_down(opened: Opened, pin: str = PIN) -> Seat:
    (key,) = await opened.counter.signing.keys()
    session = await opened.counter.signing.sign_on(key.fingerprint, bytearray(pin.encode()), window="003")
    await opened.counter.take_seat(Seat(session=session, window="003"))
    return opened.counter.seat


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path)


def current(**changes: object) -> chains.Certificate:
    now = datetime.now(UTC)
    fresh = chains.Certificate(since=now - timedelta(days=9), until=now + timedelta(days=300))
    return replace(fresh, **changes)  # type: ignore[arg-type]


async def test_a_registered_clerk_signs_on_with_his_key_and_the_hub_believes_it(bureau: Bureau) -> None:
    clerk = bureau.plugs_in(current())
    async with bureau.opens() as opened:
        await registers(opened, clerk)

        seat = await sits_down(opened)
        outcomes = await opened.line.answer([seat.signon])

        assert seat.session.operator.number == "1024"
        assert outcomes[seat.signon].status.value == "applied"
        assert opened.counter.policy.region.bureau == "130402"
        assert not opened.counter.policy.training
        assert opened.counter.pin_note == ""


async def test_a_stranger_with_a_good_certificate_is_told_to_register(bureau: Bureau) -> None:
    bureau.plugs_in(current())
    async with bureau.opens() as opened:
        with pytest.raises(refusals.NotRegistered):
            await sits_down(opened)


async def test_a_wrong_pin_is_counted_by_the_key_and_told(bureau: Bureau) -> None:
    clerk = bureau.plugs_in(current())
    async with bureau.opens() as opened:
        await registers(opened, clerk)
        with pytest.raises(WrongPin, match="还可尝试 2 次"):
            await sits_down(opened, "000000")


async def test_a_training_certificate_does_not_sign_on_to_real_business(bureau: Bureau) -> None:
    bureau.plugs_in(current(issuer=chains.name("演练签发证书"), signer=chains.OTHER_KEY))
    async with bureau.opens() as opened:
        with pytest.raises(refusals.IssuerUnknown):
            await sits_down(opened)


async def test_a_revoked_clerk_is_refused_and_others_read_how_old_the_list_is(bureau: Bureau) -> None:
    now = datetime.now(UTC)
    bureau.crl.write_bytes(chains.crl(0x1024, made_at=now - timedelta(hours=30), since=now - timedelta(hours=40)))
    bureau.settings = replace(
        bureau.settings,
        trust=replace(bureau.settings.trust, authorities=(replace(bureau.authority, revocations=str(bureau.crl)),)),
    )
    clerk = bureau.plugs_in(current())
    async with bureau.opens() as opened:
        await registers(opened, clerk)
        opened.trust.refresh()  # type: ignore[union-attr]

        with pytest.raises(refusals.Revoked):
            await sits_down(opened)
        assert opened.trust.state().sentence


async def test_without_an_authority_nobody_could_sign_on_so_nothing_is_opened(bureau: Bureau) -> None:
    bureau.settings = Settings()
    with pytest.raises(NoAuthority):
        async with bureau.opens():
            pass
    assert not (bureau.folder / "counter.sqlite").exists()


async def test_the_host_keeps_its_name_and_every_window_over_restarts(bureau: Bureau) -> None:
    bureau.plugs_in(current())
    async with bureau.opens() as opened:
        first = opened.counter.record.device
    async with bureau.opens() as opened:
        assert opened.counter.record.device == first == this_device(bureau.folder)
        assert opened.hub.device(first) is not None
    assert len(WINDOWS) == 999


async def test_a_data_directory_of_another_bureau_is_not_taken(bureau: Bureau) -> None:
    async with bureau.opens():
        pass
    bureau.settings = replace(bureau.settings, trust=replace(bureau.settings.trust, bureau="130403"))

    with pytest.raises(OtherDevice):
        async with bureau.opens():
            pass
