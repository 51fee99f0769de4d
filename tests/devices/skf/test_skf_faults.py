"""A vendor's library that fails, lies, hangs or is the wrong one: a clear sentence, never a crash."""

from __future__ import annotations

import subprocess
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_tui.devices.keys.skf import SkfKeys
from counter_tui.devices.keys.skf_library import UlongUnfit, meanings
from counter_tui.devices.keys.vendors import LibraryUnfit
from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyFault, KeyGone, Use
from tests.devices.skf.kit import PUK, Vendor, pin

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.devices.keys.skf_key import SkfKey

FUNCTIONS = (
    "SKF_EnumDev",
    "SKF_GetDevState",
    "SKF_ConnectDev",
    "SKF_DisConnectDev",
    "SKF_GetDevInfo",
    "SKF_EnumApplication",
    "SKF_OpenApplication",
    "SKF_ClearSecureState",
    "SKF_CloseApplication",
    "SKF_EnumContainer",
    "SKF_OpenContainer",
    "SKF_CloseContainer",
    "SKF_GetContainerType",
    "SKF_ExportCertificate",
    "SKF_GetPINInfo",
    "SKF_VerifyPIN",
    "SKF_ChangePIN",
    "SKF_UnblockPIN",
    "SKF_ECCSignData",
    "SKF_RSASignData",
)


def everything(vendor: Vendor) -> None:
    """Every act of the counter with every key that is there."""
    vendor.keys.plugs()
    for shown in vendor.keys.present():
        ring = vendor.keys.open(shown.fingerprint)
        try:
            act_with(ring)
        finally:
            assert ring.present() in {None, shown.fingerprint}
            ring.close()


def act_with(ring: SkfKey) -> None:
    ring.certificate(Use.SIGN_ON)
    ring.attempts_left()
    ring.verify_pin(pin())
    ring.sign(Use.DECISION, bytes(32))
    ring.change_pin(pin(), pin())
    ring.unblock_pin(pin(PUK), pin())


def test_a_key_pulled_in_the_middle_of_any_call_counts_as_pulled(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()
    before = vendor.rig.rig_calls()
    act_with(ring)
    calls = vendor.rig.rig_calls() - before
    assert calls > 10

    for reached in range(calls):
        vendor.remove_after(-1)
        ring = vendor.only_key()
        vendor.remove_after(reached)
        with pytest.raises(KeyGone):
            act_with(ring)
        assert (ring.present(), ring.plug()) == (None, None)
        ring.close()


def test_a_key_pulled_before_each_act_is_named_as_pulled(vendor: Vendor) -> None:
    vendor.plug_in()
    acts: list[Callable[[SkfKey], object]] = [
        lambda ring: ring.certificate(Use.SIGN_ON),
        lambda ring: ring.verify_pin(pin()),
        lambda ring: ring.sign(Use.SIGN_ON, bytes(32)),
        lambda ring: ring.change_pin(pin(), pin()),
        lambda ring: ring.unblock_pin(pin(), pin()),
    ]

    for act in acts:
        ring = vendor.only_key()
        ring.verify_pin(pin())
        vendor.pull()
        with pytest.raises(KeyGone):
            act(ring)
        with pytest.raises(KeyGone):
            ring.attempts_left()
        assert (ring.present(), ring.plug()) == (None, None)
        assert vendor.keys.plugs() == frozenset()
        vendor.put_back()


def test_a_device_that_answers_nonsense_after_it_was_pulled_counts_as_pulled(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()
    ring.certificate(Use.SIGN_ON)
    vendor.answers("SKF_VerifyPIN", code=0x0A000005)
    with pytest.raises(KeyFault, match="句柄无效"):
        ring.verify_pin(pin())
    ring.certificate(Use.SIGN_ON)
    vendor.pull()
    vendor.answers("SKF_VerifyPIN", code=0x0A000005)

    with pytest.raises(KeyGone):
        ring.verify_pin(pin())


def test_the_pin_never_goes_to_another_key_that_took_its_place(vendor: Vendor) -> None:
    at = vendor.plug_in("张䶮")
    ring = vendor.only_key()
    other = vendor.plug_in("李四", device="乙")
    (at / "sign.cer").write_bytes((other / "sign.cer").read_bytes())

    with pytest.raises(KeyGone):
        ring.verify_pin(pin("000000"))
    assert (at.parent / "pins").read_text().split()[1] == "6"


def test_one_broken_device_hides_no_other_and_the_only_one_says_what_is_wrong(vendor: Vendor) -> None:
    vendor.plug_in("好", device="甲")
    broken = vendor.plug_in("坏", device="乙").parents[1]
    (broken / "serial").unlink()
    assert [key.name for key in vendor.keys.present()] == ["好"]

    vendor.answers("SKF_EnumApplication", code=0x0A000002)

    with pytest.raises(KeyFault, match="SKF_EnumApplication，0A000002 未知错误"):
        vendor.keys.present()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    function=st.sampled_from(FUNCTIONS),
    code=st.one_of(st.just(0), st.sampled_from(sorted(meanings())), st.integers(0, 2**32 - 1)),
    size=st.one_of(st.integers(0, 4096), st.integers(0, 2**64 - 1)),
)
def test_whatever_a_library_answers_only_sentences_come_out(
    vendor: Vendor, function: str, code: int, size: int
) -> None:
    if not list(vendor.devices.iterdir()):
        vendor.plug_in(device="d", application="a", container="c")
        vendor.plug_in(device="d", application="a", container="r", kind="RSA")
    for application in vendor.devices.glob("*/*/pins"):
        vendor.set_pins(application.parent)
    vendor.answers(function, code=code, size=size)

    with suppress(CounterError):
        everything(vendor)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(certificate=st.binary(max_size=200))
def test_whatever_a_container_calls_a_certificate_only_sentences_come_out(vendor: Vendor, certificate: bytes) -> None:
    at = vendor.devices / "d" / "a" / "c"
    if not at.exists():
        vendor.plug_in(device="d", application="a", container="c")
    (at / "sign.cer").write_bytes(certificate)

    assert vendor.keys.present() == ()


def test_a_list_of_absurd_length_is_not_believed(vendor: Vendor) -> None:
    vendor.plug_in()
    vendor.answers("SKF_EnumContainer", size=2**31)

    with pytest.raises(KeyFault, match="2147483648 字节"):
        vendor.keys.present()


def test_the_wrong_width_of_integers_is_noticed_and_said(vendor: Vendor) -> None:
    vendor.plug_in()
    told = 12 - vendor.ulong

    with pytest.raises(UlongUnfit, match=f"整数是 {vendor.ulong} 字节，设置 .keyring. skf_ulong 却是 {told}"):
        SkfKeys(vendor.library, ulong=told).present()
    with pytest.raises(UlongUnfit):
        SkfKeys(vendor.library, ulong=told).plugs()


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "文件不存在"), (b"", "动态库"), (b"\x7fELF garbage", "动态库"), (b"#!/bin/sh\n", "动态库")],
)
def test_a_file_that_is_no_library_is_named_with_its_setting(tmp_path: Path, content: bytes | None, why: str) -> None:
    library = tmp_path / "libskf.so"
    if content is not None:
        library.write_bytes(content)

    with pytest.raises(LibraryUnfit, match=f"skf_library.*libskf.so.*{why}"):
        SkfKeys(library, ulong=4).present()


def test_a_setting_left_empty_is_named() -> None:
    with pytest.raises(LibraryUnfit, match=r"skf_library.*没有填写"):
        SkfKeys(Path(), ulong=4).present()


def test_a_library_of_something_else_is_named(tmp_path: Path, vendor: Vendor) -> None:
    del vendor  # there is a compiler
    (tmp_path / "other.c").write_text("int other(void) { return 0; }")
    subprocess.run(["gcc", "-shared", "-o", tmp_path / "other.so", tmp_path / "other.c"], check=True)

    with pytest.raises(LibraryUnfit, match="缺少函数 SKF_EnumDev"):
        SkfKeys(tmp_path / "other.so", ulong=4).present()


def test_every_code_of_the_standard_has_its_chinese_meaning() -> None:
    assert sorted(meanings()) == list(range(0x0A000001, 0x0A000033))
    assert all(text for text in meanings().values())
    assert len(set(meanings().values())) == len(meanings())


def test_while_a_library_hangs_the_watch_is_silent_and_the_program_goes_on(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()
    ring.verify_pin(pin())
    vendor.rig.rig_hold(1)
    try:
        with ThreadPoolExecutor(2) as threads:
            signing = threads.submit(ring.sign, Use.SIGN_ON, bytes(32))
            wait_until(lambda: vendor.rig.rig_waiting() == 1)
            looking = threads.submit(vendor.keys.plugs)
            calls: list[Future[Any]] = [signing, looking]
            assert not wait(calls, timeout=0.3).done
            assert vendor.rig.rig_waiting() == 1
            vendor.rig.rig_hold(0)
            assert signing.result(5)
            assert looking.result(5) == {ring.plug()}
    finally:
        vendor.rig.rig_hold(0)


def test_calls_of_two_threads_never_meet_in_the_library(vendor: Vendor) -> None:
    vendor.plug_in()
    ring = vendor.only_key()
    ring.verify_pin(pin())

    with ThreadPoolExecutor(2) as threads:
        looks = [threads.submit(vendor.keys.plugs) for _ in range(50)]
        signatures = [ring.sign(Use.SIGN_ON, bytes(32)) for _ in range(50)]

    assert len(signatures) == 50
    assert {look.result() for look in looks} == {frozenset({ring.plug()})}


def wait_until(true: Callable[[], bool]) -> None:
    end = monotonic() + 5
    while not true():
        assert monotonic() < end, "never came true"
