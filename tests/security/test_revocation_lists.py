"""Revocation lists are fetched beside the work, kept for days without a line, and freeze new work when too old."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from counter_tui.errors import CounterError
from counter_tui.security import refusals
from counter_tui.security.certificates import Authority
from counter_tui.security.revocations import read_revocations
from counter_tui.security.trust import ADDRESS_EVERY, SOON, Trust
from counter_tui.services.trust import ReadOnly, Standing, refuse_new_work
from tests.security.chains import CA_KEY, DAY, NOON, OTHER_KEY, authority, crl, name
from tests.security.operators import operator

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "http://ca.bureau.invalid/list.crl"
HOUR = timedelta(hours=1)
ISSUING = Authority(certificate=authority().der(), revocations=ADDRESS)


@dataclass
class Host:
    """A host at its own time, an address that answers what it is told to, and what the administrator hears."""

    cache: Path
    now: datetime = NOON
    answer: bytes | CounterError = field(default_factory=lambda: crl(0x1024))
    asked: list[str] = field(default_factory=list)
    heard: list[BaseException] = field(default_factory=list)

    def fetch(self, location: str) -> bytes:
        self.asked.append(location)
        if isinstance(self.answer, CounterError):
            raise self.answer
        return self.answer

    def program(self, *authorities: Authority) -> Trust:
        """Another program of this host, which has looked once."""
        trust = Trust(authorities or (ISSUING,), self.cache, lambda: self.now, self.heard.append, fetch=self.fetch)
        trust.refresh()
        return trust

    def later(self, trust: Trust, by: timedelta) -> None:
        self.now += by
        trust.refresh()


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path / "lists")


AWAY = refusals.ListNotFetched(location=ADDRESS, why="对方没有按时答复")


def test_a_list_is_fetched_and_names_whom_it_revokes(host: Host) -> None:
    trust = host.program()

    assert trust.state().standing is Standing.SOUND
    assert "2026-11-21 被吊销" in trust.revoked(operator(number=0x1024))
    assert trust.revoked(operator(number=0x1025)) == ""
    assert trust.revoked(operator(number=0x1024, issuer="CN=别处CA")) == ""


def test_an_address_is_asked_once_an_hour_by_one_program_of_the_host(host: Host) -> None:
    one, other = host.program(), host.program()
    for _ in range(5):
        host.later(one, ADDRESS_EVERY / 6)
        other.refresh()
    assert len(host.asked) == 1

    host.later(one, ADDRESS_EVERY / 6)
    other.refresh()
    assert len(host.asked) == 2


def test_what_one_program_fetched_every_program_of_the_host_uses(host: Host) -> None:
    one, other = host.program(), host.program()
    host.answer = crl(0x1024, 0x1025, made_at=NOON + HOUR)
    host.later(one, 2 * HOUR)

    other.refresh()

    assert "1025" in other.lists()[0].revoked
    assert len(host.asked) == 2


def test_a_kept_list_serves_without_a_line_and_belongs_to_the_counter_alone(host: Host) -> None:
    host.program()
    host.answer = AWAY

    trust = host.program()

    assert trust.lists()[0].revoked
    assert {stat.S_IMODE(file.stat().st_mode) for file in host.cache.iterdir()} == {0o600}
    assert stat.S_IMODE(host.cache.stat().st_mode) == 0o700


def test_the_kept_list_counts_from_the_first_question_before_anything_was_fetched(host: Host) -> None:
    host.program()

    asked = Trust((ISSUING,), host.cache, lambda: host.now, host.heard.append, fetch=host.fetch)

    assert "1024" in asked.lists()[0].revoked
    assert len(host.asked) == 1


def test_a_program_that_has_just_begun_is_not_read_only_while_a_kept_list_serves(host: Host) -> None:
    host.program()

    asked = Trust((ISSUING,), host.cache, lambda: host.now, host.heard.append, fetch=host.fetch)

    assert asked.state().standing is Standing.SOUND


def test_a_line_that_stays_away_warns_after_a_day_and_freezes_after_three(host: Host) -> None:
    trust = host.program()
    host.answer = AWAY

    seen = []
    for _ in range(80):
        host.later(trust, HOUR)
        seen.append(trust.state().standing)

    assert seen[23] is Standing.SOUND
    assert seen[24] is Standing.WARNED
    assert seen[71] is Standing.WARNED
    assert seen[72] is Standing.READ_ONLY


def test_the_warning_says_since_when_what_will_happen_and_what_is_the_matter(host: Host) -> None:
    trust = host.program()
    host.answer = AWAY
    host.later(trust, 30 * HOUR)

    said = trust.state().sentence

    assert "签发于 11-23 20:00" in said
    assert "满 72 小时将停止受理新业务" in said
    assert f"{ADDRESS}：对方没有按时答复" in said
    assert "请管理员检查网络和发布处" in said


def test_a_frozen_host_recovers_by_itself_when_a_list_arrives(host: Host) -> None:
    trust = host.program()
    host.answer = AWAY
    host.later(trust, 100 * HOUR)
    assert trust.state().read_only

    host.answer = crl(0x1024, made_at=host.now)
    host.later(trust, SOON)

    assert trust.state().standing is Standing.SOUND


def test_where_a_list_is_configured_and_none_is_there_nothing_new_is_taken(host: Host) -> None:
    host.answer = AWAY
    trust = host.program()

    assert trust.state().read_only
    with pytest.raises(ReadOnly, match=r"只能查询和打印，不能受理新业务：.*还没有可用的吊销列表"):
        refuse_new_work(trust, ("P05.save",))


def test_reading_locking_and_leaving_are_recorded_while_new_work_is_frozen(host: Host) -> None:
    host.answer = AWAY
    trust = host.program()

    for kind in ("signon.open", "signon.lock", "signon.close", "access.reveal", "access.print", "reception.open"):
        refuse_new_work(trust, (kind,))
    with pytest.raises(ReadOnly):
        refuse_new_work(trust, ("access.print", "item.submit"))


def test_an_authority_without_a_list_freezes_nothing(host: Host) -> None:
    trust = host.program(Authority(certificate=authority().der()))

    assert trust.state().standing is Standing.SOUND
    assert host.asked == []


def test_the_worst_of_two_authorities_counts(host: Host) -> None:
    other = Authority(certificate=authority(key=OTHER_KEY).der(), revocations="/lists/other.crl")
    trust = host.program(ISSUING, other)

    assert trust.state().read_only
    assert len(trust.lists()) == 1


BAD: dict[str, tuple[bytes, type[CounterError], str]] = {
    "empty": (b"", refusals.ListUnreadable, "损坏或不完整"),
    "torn": (crl(0x1024, made_at=NOON + HOUR)[:-9], refusals.ListUnreadable, "损坏或不完整"),
    "another authority's": (
        crl(made_at=NOON + HOUR, issuer=name("别处CA"), signer=OTHER_KEY),
        refusals.ListOfAnother,
        "「别处CA」",
    ),
    "signed by a stranger": (crl(made_at=NOON + HOUR, signer=OTHER_KEY), refusals.ListForged, "签名不符"),
    "an entry changed": (
        crl(0x7777, made_at=NOON + HOUR).replace(b"\x77\x77", b"\x77\x78"),
        refusals.ListForged,
        "签名不符",
    ),
    "older than the one before": (crl(made_at=NOON - HOUR), refusals.ListWentBack, "比已有的（11-23 20:00）还旧"),
    "of the same moment without its entries": (crl(made_at=NOON), refusals.ListWentBack, "还旧"),
    "made later under a lower number": (crl(made_at=NOON + HOUR, number=6), refusals.ListWentBack, "还旧"),
    "made tomorrow": (crl(made_at=NOON + 2 * DAY, number=8), refusals.ListFromFuture, "核对本机时间"),
    "only what changed": (
        crl(made_at=NOON + HOUR, number=8, extensions=[(x509.DeltaCRLIndicator(7), True)]),
        refusals.ListPartial,
        "只是其中一部分",
    ),
    "only the authorities": (
        crl(
            made_at=NOON + HOUR,
            number=8,
            extensions=[
                (
                    x509.IssuingDistributionPoint(
                        full_name=None,
                        relative_name=None,
                        only_contains_user_certs=False,
                        only_contains_ca_certs=True,
                        only_some_reasons=None,
                        indirect_crl=False,
                        only_contains_attribute_certs=False,
                    ),
                    True,
                )
            ],
        ),
        refusals.ListPartial,
        "只是其中一部分",
    ),
    "with something critical that nobody knows": (
        crl(
            made_at=NOON + HOUR,
            number=8,
            extensions=[(x509.UnrecognizedExtension(ObjectIdentifier("1.2.156.1"), b"\x05\x00"), True)],
        ),
        refusals.ListPartial,
        "1.2.156.1",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_list_is_refused_the_old_one_kept_and_the_administrator_told(case: str, host: Host) -> None:
    offered, cause, words = BAD[case]
    host.answer = crl(0x1024, number=7)
    trust = host.program()
    before = trust.lists()
    host.answer = offered

    host.later(trust, 2 * HOUR)

    assert trust.lists() == before
    assert [type(one) for one in host.heard] == [cause]
    assert trust.state().standing is Standing.WARNED
    assert words in trust.state().sentence
    assert host.program().lists() == before


def test_the_administrator_hears_of_a_trouble_once_and_again_when_it_comes_back(host: Host) -> None:
    trust = host.program()
    host.answer = AWAY
    for _ in range(5):
        host.later(trust, ADDRESS_EVERY)
    assert host.heard == [AWAY]

    host.answer = crl(0x1024, made_at=host.now)
    host.later(trust, ADDRESS_EVERY)
    host.answer = AWAY
    host.later(trust, ADDRESS_EVERY)

    assert host.heard == [AWAY, AWAY]


def test_a_refused_list_that_is_mended_leaves_no_warning(host: Host) -> None:
    trust = host.program()
    host.answer = b"torn"
    host.later(trust, ADDRESS_EVERY)
    assert trust.state().standing is Standing.WARNED

    host.answer = crl(0x1024, made_at=host.now)
    host.later(trust, SOON)

    assert trust.state().standing is Standing.SOUND


def test_a_kept_list_damaged_on_disk_is_no_list(host: Host) -> None:
    host.program()
    (kept,) = host.cache.glob("*.crl")
    kept.write_bytes(kept.read_bytes()[:-20])
    host.answer = AWAY

    trust = host.program()

    assert trust.lists() == ()
    assert trust.state().read_only


def test_a_clock_set_back_freezes_new_work_and_does_not_silence_the_host(host: Host) -> None:
    trust = host.program()
    host.now -= 3 * DAY

    assert trust.state().read_only
    assert "本机时间早于吊销列表的签发时间" in trust.state().sentence
    trust.refresh()
    assert len(host.asked) == 2


def test_a_disk_that_takes_no_list_uses_it_all_the_same_and_tells(host: Host) -> None:
    host.cache.write_text("a file where the folder should be")

    trust = host.program()

    assert trust.state().read_only
    assert "不能写入本机" in trust.state().sentence


def test_a_list_in_pem_is_read_as_well() -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = x509.load_der_x509_crl(crl(0x1024)).public_bytes(Encoding.PEM)

    assert read_revocations(pem, [ISSUING]) == read_revocations(crl(0x1024), [ISSUING])


def test_an_entry_of_another_authority_in_an_indirect_list_is_not_guessed() -> None:
    issuer = x509.CertificateIssuer([x509.DirectoryName(name("别处CA"))])
    entry = x509.RevokedCertificateBuilder().serial_number(1).revocation_date(NOON).add_extension(issuer, critical=True)
    builder = x509.CertificateRevocationListBuilder().issuer_name(name("社保签发CA")).last_update(NOON)
    builder = builder.next_update(NOON + DAY).add_revoked_certificate(entry.build())
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    with pytest.raises(refusals.ListPartial):
        read_revocations(builder.sign(CA_KEY, SHA256()).public_bytes(Encoding.DER), [ISSUING])


def test_every_cause_has_a_sentence_of_its_own() -> None:
    causes = refusals.RevocationListRefused.__subclasses__()

    assert {cause for _, cause, _ in BAD.values()} == set(causes)
    assert len({cause.__doc__ for cause in causes}) == len(causes)
