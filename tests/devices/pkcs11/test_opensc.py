"""A PIV card through OpenSC's module: the same counter, the same card, a stranger's code between."""

from __future__ import annotations

import hashlib
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

import pytest

from counter_tui.devices.keys.pkcs11 import Pkcs11Keys
from counter_tui.services.keys import KeyGone, NotOnThisKey, PinBlocked, PinNeeded, Use, WrongPin
from tests.conftest import needs
from tests.devices.pkcs11.test_pkcs11_keys import CONTENT, verify
from tests.devices.readers import until
from tests.devices.virtual.issue import Algorithm, SmallAuthority, key_card
from tests.devices.virtual.piv import Piv, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.devices.keys.pkcs11_key import Pkcs11Key
    from tests.devices.readers import Readers

pytestmark = pytest.mark.serial

OPENSC = Path("/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so")
DIGEST = hashlib.sha256(CONTENT).digest()
RIGHT, WRONG, PUK = b"123456", b"000000", b"12345678"
AUTHORITY = SmallAuthority.found()


@pytest.fixture
def keys(virtual_readers: Readers) -> Iterator[Pkcs11Keys]:
    needs(OPENSC.exists(), "OpenSC is missing: apt install opensc")
    import pkcs11

    del virtual_readers
    yield Pkcs11Keys(OPENSC)
    loaded = pkcs11._loaded.get(str(OPENSC))
    if loaded is not None and loaded.initialized:
        loaded.finalize()


def card(readers: Readers, algorithm: Algorithm = "P-256", *, name: str = "张䶮", reader: int = 0) -> Piv:
    piv = Piv({slot: AUTHORITY.issue(name, algorithm=algorithm) for slot in Slot})
    readers.insert(key_card(piv), reader)
    return piv


def only_key(keys: Pkcs11Keys) -> Pkcs11Key:
    (shown,) = keys.present()
    return keys.open(shown.fingerprint)


@pytest.mark.parametrize("algorithm", ["P-256", "RSA-2048"])
def test_a_card_signs_on_with_9a_and_decides_with_9c(
    virtual_readers: Readers, keys: Pkcs11Keys, algorithm: str
) -> None:
    piv = card(virtual_readers, cast("Algorithm", algorithm))
    (shown,) = keys.present()
    ring = keys.open(shown.fingerprint)
    sign_on, decision = (ring.certificate(use) for use in (Use.SIGN_ON, Use.DECISION))

    ring.verify_pin(bytearray(RIGHT))
    verify(sign_on, ring.sign(Use.SIGN_ON, DIGEST))
    ring.verify_pin(bytearray(RIGHT))
    verify(decision, ring.sign(Use.DECISION, DIGEST))
    ring.close()

    assert (shown.reader, shown.algorithm) == ("Virtual PCD 00 00", algorithm)
    assert sign_on == piv.slots[Slot.AUTHENTICATION].certificate
    assert decision == piv.slots[Slot.SIGNATURE].certificate
    assert piv.signatures == 2


def test_a_closed_card_has_forgotten_its_pin_for_everybody(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    piv = card(virtual_readers)
    ring = only_key(keys)
    ring.verify_pin(bytearray(RIGHT))
    assert piv._verified

    ring.close()

    assert not piv._verified
    with pytest.raises(PinNeeded):
        ring.sign(Use.SIGN_ON, DIGEST)
    ring.verify_pin(bytearray(RIGHT))
    assert ring.sign(Use.SIGN_ON, DIGEST)


def test_wrong_pins_make_it_careful_before_the_last_try(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    piv = card(virtual_readers)
    ring = only_key(keys)
    told = []

    for _ in range(2):
        with pytest.raises(WrongPin):
            ring.verify_pin(bytearray(WRONG))
        told.append(ring.attempts_left())
    assert told == [2, 1]
    assert piv.pin.counter & 0xF == 1
    with pytest.raises(PinBlocked):
        ring.verify_pin(bytearray(WRONG))
    assert ring.attempts_left() == 0
    with pytest.raises(PinBlocked):
        ring.verify_pin(bytearray(RIGHT))


def test_a_pin_is_changed_at_the_counter_and_unblocked_elsewhere(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    card(virtual_readers)
    ring = only_key(keys)

    ring.change_pin(bytearray(RIGHT), bytearray(b"654321"))

    ring.verify_pin(bytearray(b"654321"))
    ring.close()
    with pytest.raises(NotOnThisKey, match="解锁"):
        ring.unblock_pin(bytearray(PUK), bytearray(RIGHT))


def test_two_cards_are_two_keys_and_the_watch_sees_each_come_and_go(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    assert keys.plugs() == frozenset()
    card(virtual_readers, name="张一", reader=0)
    card(virtual_readers, name="张二", reader=1)

    rings = {key.name: keys.open(key.fingerprint) for key in keys.present()}

    assert set(rings) == {"张一", "张二"}
    assert {ring.plug() for ring in rings.values()} == keys.plugs()
    virtual_readers.remove(0)
    assert keys.plugs() == {rings["张二"].plug()}
    assert rings["张一"].present() is None


def test_looks_of_the_watch_cost_no_decision_its_pin(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    card(virtual_readers)
    ring = only_key(keys)
    keys.plugs()
    ring.verify_pin(bytearray(RIGHT))

    keys.plugs()

    assert ring.sign(Use.DECISION, DIGEST)


def test_a_pulled_card_counts_as_pulled_whatever_is_asked(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    piv = card(virtual_readers)
    ring = only_key(keys)
    for act in (
        lambda: ring.certificate(Use.SIGN_ON),
        lambda: ring.sign(Use.SIGN_ON, DIGEST),
        lambda: ring.verify_pin(bytearray(RIGHT)),
        lambda: ring.change_pin(bytearray(RIGHT), bytearray(RIGHT)),
        lambda: ring.unblock_pin(bytearray(PUK), bytearray(RIGHT)),
    ):
        ring.verify_pin(bytearray(RIGHT))
        virtual_readers.remove()
        with pytest.raises(KeyGone):
            act()
        assert (ring.present(), ring.plug(), keys.plugs()) == (None, None, frozenset())
        virtual_readers.insert(key_card(piv))


def test_another_card_in_its_place_never_gets_the_pin(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    card(virtual_readers, name="张一")
    ring = only_key(keys)
    other = card(virtual_readers, name="张二")

    with pytest.raises(KeyGone):
        ring.verify_pin(bytearray(WRONG))
    assert other.pin.counter & 0xF == 3


def test_a_killed_service_is_nothing_plugged_in_and_comes_back(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    piv = card(virtual_readers)
    ring = only_key(keys)
    ring.verify_pin(bytearray(RIGHT))
    virtual_readers.service.kill()

    assert keys.plugs() == frozenset()
    with pytest.raises(KeyGone):
        ring.sign(Use.SIGN_ON, DIGEST)

    virtual_readers.service.start()
    virtual_readers.insert(key_card(piv))
    until(lambda: bool(keys.plugs()), "the module never came back")
    again = only_key(keys)
    again.verify_pin(bytearray(RIGHT))
    assert again.sign(Use.DECISION, DIGEST)


def test_a_frozen_service_is_silence_and_holds_nobody_else_up(virtual_readers: Readers, keys: Pkcs11Keys) -> None:
    card(virtual_readers)
    ring = only_key(keys)
    ring.verify_pin(bytearray(RIGHT))
    process = virtual_readers.service._process
    assert process is not None
    # Thaws it from outside: were the interpreter held by the call, nothing within could.
    thaw = subprocess.Popen(["sh", "-c", f"sleep 4; kill -CONT {process.pid}"])
    virtual_readers.service.pause()
    frozen = monotonic()

    with ThreadPoolExecutor(2) as threads:
        closing = threads.submit(ring.close)
        looking = threads.submit(keys.plugs)
        calls: list[Future[Any]] = [closing, looking]
        assert not wait(calls, timeout=1).done
        assert monotonic() - frozen < 3
        virtual_readers.service.resume()
        closing.result(10)
        assert looking.result(10) == {ring.plug()}
    thaw.wait()
