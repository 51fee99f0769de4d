"""The counter over SSH from end to end: real sshd, reader service and cards; operators, their keys, and their lines."""

from __future__ import annotations

import os
import random
import re
import signal
import stat
import time
from typing import TYPE_CHECKING, Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.devices.print_service import LP, PrintService
from tests.devices.virtual.issue import training_holding
from tests.remote.counter_host import PROGRAM, PYTHON, CounterHost
from tests.remote.namespace import ended, until
from tests.remote.office import ACCOUNTS, CITY, DATA, LOCKED, PRISTINE, Desk, Office
from tests.remote.thin_terminal import ThinTerminal
from tests.story.cities import facts_of
from tests.story.walk import Walk
from tests.story.window import CLERK, OTHER_CLERK, PIN, REVIEWER, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


pytestmark = pytest.mark.serial

HEARD_EVERY: Final = 0.6
"""Seconds within which a service that lives says so."""
SAFE: Final = 1.0
"""Seconds within which a pulled key must have blanked the screen."""


@pytest.fixture(scope="module")
def prepared() -> Iterator[Office]:
    with CounterHost() as host, ThinTerminal() as here, ThinTerminal() as there:
        scripts = {account: host.script(account, host.admits(account, number)) for account, number in ACCOUNTS.items()}
        # A host asks every 5 s and gives a frozen line up after 40: tests do not wait so long.
        host.starts_sshd("-o", "ClientAliveInterval=1", "-o", "ClientAliveCountMax=1")
        office = Office(host, here, there, scripts)
        with Window() as first:
            office.opens("lin", first)  # makes the training city
        host.is_empty("lin")
        host.runs("cp", "-a", DATA, PRISTINE)
        yield office


@pytest.fixture(scope="module")
def first_desk(prepared: Office) -> Iterator[Desk]:
    desk = Desk(prepared)
    yield desk
    desk.leaves()


@pytest.fixture
def desk(first_desk: Desk) -> Desk:
    first_desk.is_at_work()
    return first_desk


@pytest.fixture
def office(prepared: Office, first_desk: Desk) -> Iterator[Office]:
    first_desk.leaves()
    prepared.begins()
    yield prepared
    prepared.is_deserted()


@pytest.fixture
def window(office: Office) -> Iterator[Window]:
    del office  # closed before it looks whether everything has ended
    with Window() as opened:
        yield opened


@pytest.fixture
def other_window(office: Office) -> Iterator[Window]:
    del office
    with Window() as opened:
        yield opened


def test_two_operators_work_on_one_host_with_the_keys_in_their_terminals(
    office: Office, window: Window, other_window: Window
) -> None:
    office.here.insert(office.card(CLERK))
    office.there.insert(office.card(REVIEWER))
    office.opens("lin", window)
    office.opens("sun", other_window, office.there)
    clerk, reviewer = Walk(window, facts_of("handan")), other_window

    clerk.first_clerk()
    reviewer.signs_on(REVIEWER, window="2")
    clerk.resume()
    clerk.home()
    clerk.suspend()
    clerk.submit(2)

    reviewer.does("98<enter>", until=clerk.facts.suspend_name)
    reviewer.does("*<f8>", until="共 2 笔")
    reviewer.does(f"<enter>2<enter>{PIN}<enter>", until="审核完成")
    assert len(set(clerk.numbers)) == 3
    assert "业务链与审计链完整" in office.host.runs(*("env", "PYTHONUTF8=1", PROGRAM, "verify", "--data-dir", CITY))

    made = {path: path.lstat() for path in office.host.at(DATA).rglob("*")}
    assert {about.st_gid for about in made.values()} == {office.host.at(DATA).stat().st_gid}
    assert {stat.S_IMODE(about.st_mode) for path, about in made.items() if path.is_file()} == {0o660}
    assert {stat.S_IMODE(about.st_mode) for path, about in made.items() if path.is_dir()} == {0o2770}
    assert office.host.install("--check", "--no-start").returncode == 0


def test_a_reader_service_that_dies_blanks_the_screen_as_well(desk: Desk) -> None:
    window = desk.window
    died = time.monotonic()
    desk.office.here.dies()
    window.until(lambda: LOCKED in window.text, "the screen is blank")
    assert time.monotonic() - died <= SAFE
    assert desk.facts.employer_name not in window.text

    desk.office.here.reads()
    desk.unlocks()


def test_a_reader_service_that_hangs_blanks_the_screen_until_it_answers_again(desk: Desk) -> None:
    window = desk.window
    desk.office.here.service.send_signal(signal.SIGSTOP)
    window.until(lambda: desk.word not in window.text, "the screen is blank", seconds=SAFE + HEARD_EVERY)
    assert desk.facts.employer_name not in window.text
    desk.office.here.service.send_signal(signal.SIGCONT)
    window.waits(desk.word)
    assert LOCKED not in window.text


def client(office: Office, window: Window) -> None:
    """The window of the terminal is closed, or its program dies."""
    del office
    window.signals(signal.SIGKILL)


def sshd(office: Office, window: Window) -> None:
    """The host's side of the line dies."""
    del window
    (serving,) = (pid for pid, line in office.host.processes("lin").items() if line.startswith("sshd: lin"))
    os.kill(serving, signal.SIGKILL)


def host_stops(office: Office, window: Window) -> None:
    """The host is shut down, and whoever does it does not wait."""
    del window
    session = office.host.session("lin")
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM):
        os.kill(session, number)


def frozen(office: Office, window: Window) -> None:
    """The line goes dead without a word."""
    del office
    window.signals(signal.SIGSTOP)


@pytest.mark.parametrize("cut", [client, sshd, host_stops, frozen])
def test_a_line_that_is_cut_ends_the_session_and_keeps_the_draft(
    desk: Desk, cut: Callable[[Office, Window], None]
) -> None:
    office, cut_off, desk.window = desk.office, desk.window, Window()
    with cut_off:
        began = time.monotonic()
        cut(office, cut_off)
        office.host.is_empty("lin")
        took = time.monotonic() - began
        assert took <= (6 if cut is frozen else 3), took
        assert office.host.sockets("lin") == []
        assert "Traceback" not in office.log()

        office.opens("lin", desk.window)
    desk.window.signs_on(CLERK)
    assert "草稿 1" in desk.window.status_line
    desk.window.does("11<enter>", until="有未完成的草稿")
    desk.window.does("<f5>", until="草稿已取回")
    typed = ("5,200.00", desk.word)
    desk.window.until(lambda: all(each in desk.window.text for each in typed), "all that was typed comes back")


def test_a_pulled_key_blanks_the_screen_at_once_and_what_was_typed_comes_back(desk: Desk) -> None:
    window = desk.window
    pulled = time.monotonic()
    desk.office.here.pull()
    window.until(lambda: LOCKED in window.text, "the screen is blank")
    assert time.monotonic() - pulled <= SAFE
    assert not [secret for secret in desk.secrets if secret in window.text]

    desk.unlocks()
    assert "5,200.00" in window.text
    window.does("<f2>", until="已存本机")


def test_no_field_takes_a_command_and_no_page_of_help_leads_to_one(desk: Desk) -> None:
    office, window = desk.office, desk.window
    running = set(office.host.processes("lin"))
    for _ in range(6):
        window.types("!touch /home/lin/marked\r`id`\r\x03\x1a\x1c")
        window.does("<escape><f1>")
        window.types("!sh\r/id\rvq\x03\x1a\x1c")
        window.does("<pagedown><f12><escape><down>")
    window.does("<f12><f12><f12>")
    window.does("!touch /home/lin/marked<enter>")
    assert window.status is None
    assert set(office.host.processes("lin")) == running
    assert not office.host.at("/home/lin/marked").exists()
    assert "uid=" not in window.text


def test_no_key_stops_the_program_and_none_leaves_it(office: Office, window: Window) -> None:
    named = ("-o", "SetEnv=COUNTER_TERMINAL=T1-0a")
    argv = office.host.ssh(office.host.place / "lin", *named, "-e", "none", "-tt", "lin@127.0.0.1")
    window.opens(argv, until="")
    until(lambda: any("counter-tui" in line for line in office.host.processes("lin").values()), "it does not start")
    for _ in range(20):  # while it loads
        window.types("\x03\x1a\x1c")
        time.sleep(0.05)
    window.waits("证书序号", 30)
    before = set(office.host.processes("lin"))
    window.sends("\x03\x1a\x1c\x04!sh\r!!\r:!sh\r|id\r`id`\r$(id)\r?\r")
    window.presses("f1")
    window.sends("!sh\r\x03\x1a\x1c/sh\rv\rq\r")
    for key in ("pagedown", "f12", "f1", "f1", "escape"):
        window.presses(key)
    assert window.status is None
    assert "uid=" not in window.text
    assert set(office.host.processes("lin")) == before


def test_nothing_is_left_on_the_terminal_and_nothing_in_its_folder(desk: Desk) -> None:
    window = desk.window
    window.does("<f12>", until="今日待办（05）")
    window.signs_off()
    assert window.leaves() == 0
    assert desk.office.host.sockets("lin") == []
    left = "\n".join([*window.screen.scroll_back, window.text])
    assert not [secret for secret in desk.secrets if secret in left]


def test_a_second_terminal_has_sockets_of_its_own_and_ends_the_first_sign_on(
    office: Office, window: Window, other_window: Window
) -> None:
    office.here.insert(office.card(CLERK))
    office.opens("lin", window)
    window.signs_on(CLERK)
    office.there.insert(office.card(CLERK))
    office.opens("lin", other_window, office.there)
    assert len(office.host.sockets("lin")) == 4
    other_window.signs_on(CLERK, window="2")
    window.waits("这里的登录已结束", 10)
    other_window.signs_off()
    assert other_window.leaves() == 0
    until(lambda: len(office.host.sockets("lin")) == 2, "two sockets go with their terminal")


@pytest.fixture(scope="module")
def printer(prepared: Office) -> PrintService:
    """At the first terminal; the other one has none."""
    return prepared.here.prints()


@pytest.fixture(scope="module")
def paper(prepared: Office) -> Path:
    """A PDF larger than what SSH takes at once, which every account of the host can read."""
    file = prepared.host.place / "receipt.pdf"
    file.write_bytes(b"%PDF-1.4\n" + random.Random(1).randbytes(3 * 1024**2) + b"\n%%EOF\n")
    return file


def doctor(office: Office, account: str) -> str:
    """What the doctor says in an account's session."""
    return office.host.within(account, PROGRAM, "doctor", "--region", "handan", "--data-dir", CITY)[1]


def test_what_is_printed_on_the_host_comes_out_at_the_terminal_byte_for_byte(
    office: Office, window: Window, printer: PrintService, paper: Path
) -> None:
    office.opens("lin", window)
    (name,) = (name for name in office.host.sockets("lin") if name.endswith(".cups"))
    path = f"/home/lin/.counter/{name}"
    assert stat.S_IMODE(office.host.at(path).stat().st_mode) == 0o600

    status, said = office.host.within("lin", LP, str(paper))
    assert (status, "request id is window-1 (1 file(s))" in said) == (0, True), said
    until(lambda: printer.printed() == [paper.read_bytes()], "the queue does not print")
    assert "[好] 打印服务有应答，默认打印机 window" in doctor(office, "lin")

    asked = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect('{path}')"
    status, said = ended(office.host.inside("runuser", "-u", "sun", "-g", "counter", "--", PYTHON, "-c", asked))
    assert (status, "PermissionError" in said) == (1, True)
    assert window.leaves() == 0
    assert office.host.sockets("lin") == []
    assert ended(office.host.inside("env", f"CUPS_SERVER={path}", LP, "-d", "window", str(paper)))[0] != 0
    assert len(printer.printed()) == 1


def test_a_terminal_without_a_printer_serves_and_says_so(office: Office, window: Window, paper: Path) -> None:
    office.there.insert(office.card(CLERK))
    office.opens("lin", window, office.there)
    status, said = office.host.within("lin", LP, "-d", "window", str(paper))
    assert status != 0
    assert "lp: " in said
    assert "[差] 打印通道没有应答；请在终端启动打印服务" in doctor(office, "lin")
    window.idles(0.1)
    assert "cups.sock" not in window.text, "what ssh has to say is not for the counter's screen"

    window.signs_on(CLERK)
    window.signs_off()
    assert window.leaves() == 0
    assert office.host.sockets("lin") == []


def test_no_operator_signs_on_by_another_s_account(office: Office, window: Window) -> None:
    office.here.insert(office.card(OTHER_CLERK))
    office.opens("lin", window)
    window.does(f"1<enter><enter>{PIN}<enter>")
    window.hears("账户 lin 属于柜员 0007，柜员 0008 不能在此登录")
    assert re.search('"why": "OthersAccount"', office.log())


def test_no_operator_signs_on_by_a_connection_that_another_s_card_opened(
    office: Office, window: Window, tmp_path: Path
) -> None:
    key = training_holding(office.host.at(f"{CITY}/keys"), OTHER_CLERK).key
    private = tmp_path / "card"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    private.chmod(0o600)
    private.with_name("card.pub").write_bytes(key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH))
    office.host.admits("gast", key=private)
    office.here.opens(office.host.script("gast", private), window)
    office.here.insert(office.card(CLERK))
    window.waits(f"证书尾号 {CLERK}")
    window.does(f"1<enter><enter>{PIN}<enter>")
    window.hears("本次连接是用柜员 0008 的介质打开的")
    assert re.search('"why": "OthersConnection"', office.log())
