"""Soft keys behave like a USB key, and only in training."""

from __future__ import annotations

import hashlib
import shutil
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.soft import SoftKeys, TrainingOnly
from counter_tui.devices.keys.soft_pairs import KeyDamaged
from counter_tui.devices.keys.training import TRAINEES, training_bureau
from counter_tui.domain.operators import check_human
from counter_tui.domain.posts import Role
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, SUITES, OtherSuite, Suite
from counter_tui.security.certificates import judge
from counter_tui.security.sessions import verify_signature
from counter_tui.security.signatures import key_input
from counter_tui.services.keys import KeyGone, PinBlocked, PinNeeded, PinTooSoon, Use, WrongPin
from tests.devices.training_kit import NOON, Counter, counter, pin

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.devices.keys.soft import SoftKey

DIGEST = hashlib.sha256(b"something signed").digest()
AN_HOUR = 3600.0


@pytest.fixture(params=SUITES, ids=lambda suite: suite.name)
def at(tmp_path: Path, request: pytest.FixtureRequest) -> Counter:
    return counter(tmp_path, request.param)


def public_key(at: Counter, key: SoftKey) -> bytes:
    return judge(key.certificate(Use.SIGN_ON), at.authorities, NOON, at.suite).public_key


def spoil(at: Counter, key: SoftKey, times: int) -> None:
    """Type a wrong PIN that often, each time after the wait."""
    for _ in range(times):
        at.clock.seconds += AN_HOUR
        with pytest.raises((WrongPin, PinBlocked)):
            key.verify_pin(pin("000000"))
    at.clock.seconds += AN_HOUR


def test_a_training_key_is_refused_in_production(at: Counter) -> None:
    with pytest.raises(TrainingOnly, match="软证书仅限演练"):
        SoftKeys(at.bureau.folder)


def test_the_eight_keys_are_listed_with_name_post_and_certificate_number(at: Counter) -> None:
    shown = [(key.name, key.post, key.certificate_number) for key in at.keys.present()]

    assert shown == [(one.name, one.role.label, f"999999{one.number}") for one in TRAINEES]
    assert len({key.fingerprint for key in at.keys.present()}) == 8


def test_the_training_bureau_has_every_post_it_needs_and_no_human_holds_two_classes(at: Counter) -> None:
    roles = [role for operator in at.bureau.operators for role in operator.roles]

    alone = [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.CONTROL, Role.HEAD]
    assert roles == [Role.CLERK] * 2 + [Role.REVIEWER] * 2 + alone
    assert len({operator.human for operator in at.bureau.operators}) == 8
    check_human(at.bureau.operators)


def test_the_second_demo_start_finds_the_keys_of_the_first(tmp_path: Path) -> None:
    first = training_bureau(tmp_path, now=NOON)

    assert training_bureau(tmp_path, now=NOON) == first


def test_of_two_first_starts_at_once_one_makes_the_keys_and_both_use_them(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starts:
        made = list(starts.map(lambda _: training_bureau(tmp_path, now=NOON), range(8)))

    assert all(one == made[0] for one in made)
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize(("made", "asked"), [(INTERNATIONAL, NATIONAL), (NATIONAL, INTERNATIONAL)])
def test_keys_of_one_suite_are_not_taken_in_the_other(tmp_path: Path, made: Suite, asked: Suite) -> None:
    training_bureau(tmp_path, now=NOON, suite=made)

    with pytest.raises(OtherSuite, match=f"数据目录用的是{made.title}，而本机设置为{asked.title}"):
        training_bureau(tmp_path, now=NOON, suite=asked)


def test_two_bureaus_never_share_a_key(tmp_path: Path) -> None:
    one, other = (training_bureau(tmp_path / name, now=NOON) for name in ("a", "b"))

    assert {o.key_hash for o in one.operators}.isdisjoint(o.key_hash for o in other.operators)


def test_key_files_are_for_their_owner_alone(at: Counter) -> None:
    assert stat.S_IMODE(at.bureau.folder.stat().st_mode) == 0o700
    files = [path for path in at.bureau.folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((at.bureau.folder / "spare").stat().st_mode) == 0o700


def test_nothing_but_the_keys_lies_in_the_data_directory(at: Counter, tmp_path: Path) -> None:
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]
    assert len(list(at.bureau.folder.iterdir())) == 19
    assert sorted(path.stem for path in (at.bureau.folder / "spare").iterdir()) == ["0101"] * 2 + ["0102"] * 2


def test_a_folder_of_an_earlier_version_gets_the_keys_it_has_not_and_keeps_those_it_has(tmp_path: Path) -> None:
    first = training_bureau(tmp_path, now=NOON)
    for added in ("0041", "0051"):
        for ending in ("cer", "p12"):
            (first.folder / f"{added}.{ending}").unlink()
    shutil.rmtree(first.folder / "spare")
    later = Counter(training_bureau(tmp_path, now=NOON))

    assert later.bureau.operators[:6] == first.operators[:6]
    assert len(later.bureau.later_cas) == 1
    assert [later.session(number).operator.number for number in ("0007", "0041", "0051")] == ["0007", "0041", "0051"]
    assert training_bureau(tmp_path, now=NOON) == later.bureau


def test_a_spare_key_that_was_put_in_is_not_made_again(at: Counter, tmp_path: Path) -> None:
    for path in list((at.bureau.folder / "spare").glob("0101.*")):
        path.rename(at.bureau.folder / path.name)

    assert training_bureau(tmp_path, now=NOON, suite=at.suite) == at.bureau
    assert "备用一" in [key.name for key in at.keys.present()]


@pytest.mark.serial
@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_the_keys_are_made_within_a_second_and_opened_within_a_tenth(tmp_path: Path, suite: Suite) -> None:
    training_bureau(tmp_path / "warm", now=NOON, suite=suite)
    begin = time.perf_counter()
    made = counter(tmp_path / "cold", suite)
    ready = time.perf_counter()
    made.key().verify_pin(pin())
    opened = time.perf_counter()

    assert ready - begin < 1
    assert opened - ready < 0.1


def test_a_signature_of_the_key_verifies_with_its_certificate(at: Counter) -> None:
    key = at.key()
    key.verify_pin(pin())

    signature = key.sign(Use.SIGN_ON, key_input(public_key(at, key), DIGEST))
    assert verify_signature(public_key(at, key), DIGEST, signature)
    assert not verify_signature(public_key(at, at.key("0008")), DIGEST, signature)


def test_nothing_is_signed_without_the_pin(at: Counter) -> None:
    with pytest.raises(PinNeeded):
        at.key().sign(Use.SIGN_ON, DIGEST)


def test_each_decision_wants_the_pin_again(at: Counter) -> None:
    key = at.key()
    key.verify_pin(pin())
    key.sign(Use.DECISION, DIGEST)

    with pytest.raises(PinNeeded):
        key.sign(Use.DECISION, DIGEST)
    key.verify_pin(pin())
    key.sign(Use.DECISION, DIGEST)


def test_a_closed_key_has_forgotten_the_pin(at: Counter) -> None:
    key = at.key()
    key.verify_pin(pin())
    key.close()

    with pytest.raises(PinNeeded):
        key.sign(Use.SIGN_ON, DIGEST)


def test_wrong_pins_count_down_from_six_and_then_the_key_is_blocked(at: Counter) -> None:
    key = at.key()
    told = []
    for _ in range(5):
        at.clock.seconds += AN_HOUR
        with pytest.raises(WrongPin) as refused:
            key.verify_pin(pin("000000"))
        told.append((refused.value.left, str(refused.value)))
        assert key.attempts_left() == refused.value.left
    at.clock.seconds += AN_HOUR
    with pytest.raises(PinBlocked, match="介质已锁定"):
        key.verify_pin(pin("000000"))

    assert told == [(left, f"PIN 错误，还可尝试 {left} 次") for left in (5, 4, 3, 2, 1)]
    assert key.attempts_left() == 0
    at.clock.seconds += AN_HOUR
    with pytest.raises(PinBlocked):
        key.verify_pin(pin())


def test_opening_the_key_again_does_not_give_new_tries(at: Counter) -> None:
    spoil(at, at.key(), 3)

    assert at.key().attempts_left() == 3


def test_the_right_pin_gives_all_tries_back(at: Counter) -> None:
    key = at.key()
    spoil(at, key, 3)
    key.verify_pin(pin())
    key.close()

    assert key.attempts_left() == 6


def test_the_wrong_pins_of_one_key_do_not_touch_another(at: Counter) -> None:
    spoil(at, at.key("0007"), 6)

    at.key("0008").verify_pin(pin())


def test_each_wrong_pin_doubles_the_wait(at: Counter) -> None:
    key, waits = at.key(), []
    for _ in range(4):
        with pytest.raises(WrongPin):
            key.verify_pin(pin("000000"))
        with pytest.raises(PinTooSoon) as early:
            key.verify_pin(pin())
        waits.append(early.value.seconds)
        at.clock.seconds += early.value.seconds

    assert waits == [1, 2, 4, 8]


def test_a_pin_typed_too_soon_costs_no_try(at: Counter) -> None:
    key = at.key()
    with pytest.raises(WrongPin):
        key.verify_pin(pin("000000"))
    for _ in range(10):
        with pytest.raises(PinTooSoon, match="请等待 1 秒"):
            key.verify_pin(pin("000000"))

    assert key.attempts_left() == 5


def test_a_pulled_key_neither_shows_nor_signs_and_wants_its_pin_when_it_is_back(at: Counter) -> None:
    key = at.key()
    key.verify_pin(pin())
    fingerprint = key.present()
    file = at.file()
    pulled = file.rename(file.with_suffix(".out"))

    assert key.present() is None
    assert fingerprint not in {one.fingerprint for one in at.keys.present()}
    with pytest.raises(KeyGone):
        key.sign(Use.SIGN_ON, DIGEST)
    with pytest.raises(KeyGone):
        key.verify_pin(pin())
    with pytest.raises(KeyGone):
        key.certificate(Use.SIGN_ON)
    with pytest.raises(KeyGone):
        at.keys.open(fingerprint or "")
    pulled.rename(file)
    with pytest.raises(PinNeeded):
        key.sign(Use.SIGN_ON, DIGEST)


def test_a_file_that_holds_another_key_is_refused(at: Counter) -> None:
    at.file().write_bytes(at.file("0008").read_bytes())

    with pytest.raises(KeyDamaged):
        at.key("0007").verify_pin(pin())
