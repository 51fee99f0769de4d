"""Posts from a shell: four humans with their keys and PIN files, and what the lists and the ledger then say."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.cli import main
from tests.services.bureau import citizen
from tests.wire.terminal import ROOT

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = citizen("13040319920505001")
SUPERVISOR, CONTROL, HEAD, ADMINISTRATOR, CLERK = (
    "9999990021",
    "9999990041",
    "9999990051",
    "9999990031",
    "9999990007",
)


class Shell:
    """A data directory, and commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.pin, self.identity = folder / "pin", folder / "identity"
        for file, text in ((self.pin, "123456\n"), (self.identity, f"{IDENTITY}\n")):
            file.write_text(text)
            file.chmod(0o600)

    def says(self, *words: str, by: str = "", code: int = 0) -> str:
        """Run one command; what it says on the stream that belongs to its exit status."""
        signed = ["--key", by, "--pin-file", str(self.pin)] if by else []
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            ended = main(["keys", *words, *signed, "--data-dir", str(self.data)])
        assert ended == code, out.getvalue() + err.getvalue()
        assert IDENTITY not in out.getvalue() + err.getvalue()
        return (err if code else out).getvalue()

    def lists(self, what: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.says(what, "--json"))
        return found


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("posts"))


def test_four_humans_make_an_operator_and_one_takes_him_away(shell: Shell) -> None:
    assert len(shell.lists("operators")) == 8
    spare = shell.data / "keys" / "spare" / "0101.cer"
    asked = shell.says(
        *("request", "issue", "0101", "--name", "钱多多", "--role", "R1", "--role", "R2"),
        *("--identity-file", str(shell.identity), "--certificate", str(spare)),
        by=SUPERVISOR,
    )
    (grant,) = shell.lists("grants")
    assert asked == f"已申请，编号 {grant['id']}，等待内控审核\n"
    assert (grant["state"], grant["number"], grant["roles"]) == ("requested", "0101", ["R1", "R2"])

    early = shell.says("carry-out", grant["id"], by=ADMINISTRATOR, code=2)
    assert early == "该申请还没有内控审核，不能系统赋权；请先由稽核内控办理\n"
    assert shell.says("review", grant["id"], by=CLERK, code=2) == "内控审核须由稽核内控岗位办理\n"
    for step, by, state in (
        ("review", CONTROL, "待领导核准"),
        ("approve", HEAD, "待系统赋权"),
        ("carry-out", ADMINISTRATOR, "已赋权"),
    ):
        assert shell.says(step, grant["id"][:-2], by=by) == f"0101 钱多多 新设：{state}\n"

    new = next(each for each in shell.lists("operators") if each["number"] == "0101")
    assert (new["state"], new["certificate_number"], new["roles"]) == ("active", "9999990101", ["R1", "R2"])
    assert shell.says("suspend", "0101", "--reason", "离岗", by=HEAD, code=2) == "停用须由主管或稽核内控岗位办理\n"
    assert shell.says("revoke", "0101", "--reason", "遗失", "--lost", by=CONTROL) == "0101 已挂失\n"
    assert "吊销" in shell.says("operators")
    lines = [(line["act"], [by["operator"] for by in line["signed"]]) for line in shell.lists("ledger")]
    assert lines == [("lose", ["0041"]), ("issue", ["0021", "0041", "0051", "0031"])]
    assert "0021 0041 0051 0031" in shell.says("ledger")


def test_groups_are_asked_for_and_listed(shell: Shell) -> None:
    change = ("request", "change", "0007", "--groups")
    assert "没有业务组「Z」" in shell.says(*change, "A,Z", by=SUPERVISOR, code=2)
    shell.says(*change, "D,A", by=SUPERVISOR)
    grant = shell.lists("grants")[0]
    assert (grant["act"], grant["number"], grant["groups"], grant["roles"]) == ("change", "0007", ["A", "D"], ["R1"])
    assert "AD" in shell.says("grants")
    for step, by in (("review", CONTROL), ("approve", HEAD), ("carry-out", ADMINISTRATOR)):
        assert next(each for each in shell.lists("operators") if each["number"] == "0007")["groups"] == []
        shell.says(step, grant["id"], by=by)
    assert next(each for each in shell.lists("operators") if each["number"] == "0007")["groups"] == ["A", "D"]
    assert (shell.lists("ledger")[0]["act"], shell.lists("ledger")[0]["groups"]) == ("change", ["A", "D"])
    assert "全部" in shell.says("operators")
    assert "业务组" in shell.says("ledger")


def test_a_request_that_is_refused_says_why_and_leaves_nothing(shell: Shell) -> None:
    before = shell.lists("grants")
    assert "没有登记工号 0999" in shell.says("revoke", "0999", "--reason", "x", by=CONTROL, code=2)
    assert "没有编号以 nothing 开头的授权申请" in shell.says("review", "nothing", by=CONTROL, code=2)
    issue = ("request", "issue", "0102", "--name", "钱多多", "--identity-file", str(shell.identity))
    assert "请选择证书" in shell.says(*issue, "--role", "R1", by=SUPERVISOR, code=2)
    own = shell.says(*issue, "--role", "R1", "--certificate", CLERK, by=SUPERVISOR, code=2)
    assert own == "该证书已登记在工号 0007 名下，请换一个证书\n"
    assert shell.lists("grants") == before


def test_whoever_signs_is_named_and_has_a_pin(shell: Shell) -> None:
    assert "插有 8 个证书介质" in shell.says("revoke", "0007", "--reason", "x", "--pin-file", str(shell.pin), code=2)
    assert "请在终端窗口中运行" in shell.says("revoke", "0007", "--reason", "x", code=2)
    wrong = shell.folder / "wrong"
    wrong.write_text("000000\n")
    wrong.chmod(0o600)
    shell.pin, right = wrong, shell.pin
    assert "PIN 错误" in shell.says("revoke", "0007", "--reason", "x", by=CONTROL, code=2)
    shell.pin = right
    assert next(each for each in shell.lists("operators") if each["number"] == "0007")["state"] == "active"


def test_a_bureau_that_has_its_four_posts_is_not_founded_again(shell: Shell) -> None:
    assert shell.says("found", "missing") == "四类岗位已齐全\n"
    held = shell.says("found", "code", "--post", "R4", "--identity-file", str(shell.identity), code=2)
    assert held == "本机构已有在用的系统管理，不能首次开立；请由主管申请授权\n"


def test_a_process_of_its_own_says_the_same(shell: Shell) -> None:
    words = ["keys", "operators", "--json", "--data-dir", str(shell.data)]
    done = subprocess.run(
        [sys.executable, "-m", "counter_tui", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == shell.lists("operators")
    assert done.stderr == b""
