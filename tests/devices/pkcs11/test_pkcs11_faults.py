"""A PKCS#11 module that fails, hangs or is the wrong one: a clear sentence, never a crash."""

from __future__ import annotations

import ctypes
import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_tui.devices.keys.pkcs11 import Pkcs11Keys
from counter_tui.devices.keys.vendors import LibraryUnfit
from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyFault, KeyGone, NoLibrary, PinBlocked, PukBlocked, Use
from tests.devices.pkcs11.kit import PIN, SO_PIN, Tokens, pin

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.devices.keys.pkcs11_key import Pkcs11Key

INITIALIZE, GET_TOKEN_INFO, LOGIN, SIGN = 0, 6, 18, 43
"""Places in CK_FUNCTION_LIST."""
GENERAL_ERROR, PIN_LOCKED, MADE_UP = 0x05, 0xA4, 0x80001234


def act_with(ring: Pkcs11Key) -> None:
    """Every act of the counter with one key."""
    ring.certificate(Use.SIGN_ON)
    ring.attempts_left()
    ring.verify_pin(pin())
    ring.sign(Use.DECISION, bytes(32))
    ring.change_pin(pin(), pin())
    ring.unblock_pin(pin(SO_PIN), pin(PIN))


def answers(rig: ctypes.CDLL, function: int, code: int) -> None:
    rig.rig_answer(function, ctypes.c_ulong(code))


def test_a_key_pulled_in_the_middle_of_any_call_counts_as_pulled(failing: Tokens, rig: ctypes.CDLL) -> None:
    failing.put()
    ring = failing.only_key()
    before = rig.rig_calls()
    act_with(ring)
    calls = rig.rig_calls() - before
    assert calls > 50

    for reached in range(0, calls - 2, 3):  # the last two log out, and nobody hears whether they could
        rig.rig_remove_after(-1)
        ring = failing.only_key()
        rig.rig_remove_after(reached)
        with pytest.raises(KeyGone):
            act_with(ring)
        assert (ring.present(), ring.plug()) == (None, None)
        ring.close()
        assert failing.keys.plugs() == frozenset()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(function=st.integers(2, 67), code=st.one_of(st.integers(1, 0x200), st.integers(1, 2**64 - 1)))
def test_whatever_a_module_answers_only_sentences_come_out(
    failing: Tokens, rig: ctypes.CDLL, function: int, code: int
) -> None:
    answers(rig, -1, 0)
    if not failing.keys.present():
        failing.put(always=True)
    answers(rig, function, code)

    with suppress(CounterError):
        failing.keys.plugs()
    with suppress(CounterError):
        for shown in failing.keys.present():
            ring = failing.keys.open(shown.fingerprint)
            try:
                act_with(ring)
            finally:
                assert ring.present() in {None, shown.fingerprint}
                ring.close()


def test_an_error_without_a_name_is_told_by_its_number(failing: Tokens, rig: ctypes.CDLL) -> None:
    failing.put()
    ring = failing.only_key()
    ring.verify_pin(pin())
    answers(rig, SIGN, MADE_UP)

    with pytest.raises(KeyFault, match="C_Sign，0x80001234"):
        ring.sign(Use.SIGN_ON, bytes(32))


def test_a_locked_key_is_named_as_locked(failing: Tokens, rig: ctypes.CDLL) -> None:
    failing.put()
    ring = failing.only_key()
    answers(rig, LOGIN, PIN_LOCKED)

    with pytest.raises(PinBlocked):
        ring.verify_pin(pin())
    with pytest.raises(PukBlocked):
        ring.unblock_pin(pin(SO_PIN), pin())


def test_the_only_token_says_what_is_wrong_with_it(failing: Tokens, rig: ctypes.CDLL) -> None:
    failing.put()
    answers(rig, GET_TOKEN_INFO, GENERAL_ERROR)

    with pytest.raises(KeyFault, match="C_GetTokenInfo，GeneralError"):
        failing.keys.present()
    assert failing.keys.plugs() == frozenset()


def test_the_watch_asks_a_known_token_nothing(failing: Tokens, rig: ctypes.CDLL) -> None:
    failing.put()
    plugs = failing.keys.plugs()
    answers(rig, GET_TOKEN_INFO, GENERAL_ERROR)

    assert failing.keys.plugs() == plugs


def test_while_a_module_hangs_the_watch_is_silent_and_the_program_goes_on(failing: Tokens, rig: ctypes.CDLL) -> None:
    failing.put()
    ring = failing.only_key()
    ring.verify_pin(pin())
    rig.rig_hold(1)
    with ThreadPoolExecutor(2) as threads:
        signing = threads.submit(ring.sign, Use.SIGN_ON, bytes(32))
        wait_until(lambda: rig.rig_waiting() == 1)
        looking = threads.submit(failing.keys.plugs)
        calls: list[Future[Any]] = [signing, looking]
        assert not wait(calls, timeout=0.3).done
        assert rig.rig_waiting() == 1
        rig.rig_hold(0)
        assert signing.result(5)
        assert looking.result(5) == {ring.plug()}


@pytest.mark.parametrize(("content", "why"), [(None, "文件不存在"), (b"", "装载"), (b"\x7fELF garbage", "装载")])
def test_a_file_that_is_no_module_is_named_with_its_setting(tmp_path: Path, content: bytes | None, why: str) -> None:
    module = tmp_path / "p11.so"
    if content is not None:
        module.write_bytes(content)

    with pytest.raises(LibraryUnfit, match=f"pkcs11_module.*p11.so.*{why}"):
        Pkcs11Keys(module).present()
    with pytest.raises(LibraryUnfit):
        Pkcs11Keys(module).plugs()


def test_a_host_without_the_library_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)

    with pytest.raises(NoLibrary, match="uv sync --extra usbkey"):
        Pkcs11Keys(tmp_path / "p11.so").present()


def test_a_setting_left_empty_is_named() -> None:
    with pytest.raises(LibraryUnfit, match=r"pkcs11_module.*没有填写"):
        Pkcs11Keys(Path()).present()


def test_a_module_that_cannot_begin_is_named_and_may_begin_later(failing: Tokens, rig: ctypes.CDLL) -> None:
    answers(rig, INITIALIZE, GENERAL_ERROR)
    with pytest.raises(LibraryUnfit, match="不能初始化，GeneralError"):
        failing.keys.present()
    answers(rig, -1, 0)

    failing.put()

    assert len(failing.keys.present()) == 1


def wait_until(true: Callable[[], bool]) -> None:
    end = monotonic() + 5
    while not true():
        assert monotonic() < end, "never came true"
