"""The walk-through, key by key: one employer's agent at the window, from sign-on to the printed notice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.story.window import CLERK, OTHER_REVIEWER, PIN, REVIEWER, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.training.walkthrough import Walkthrough

PHONE, CORRECTED_PHONE = "13900139000", "13900139001"
RESUMED_WAGE, NEW_WAGE = "5200", "4500"
REASON = "联系电话有误"


def _seen(title: str) -> None:
    """By default nobody looks on."""


@dataclass(slots=True)
class Walk:
    """The steps; each begins and ends at home unless it says otherwise."""

    window: Window
    facts: Walkthrough
    tianjin: bool = False
    """Whether the city asks for the employment registration and settles with P30 and P31."""
    show: Callable[[str], None] = _seen
    """Told after every step that is worth a look, with a title."""
    numbers: list[str] = field(default_factory=list)
    """Acceptance numbers read from the screen."""

    def first_clerk(self) -> None:
        """Sign-on and reception."""
        self.window.signs_on(CLERK)
        self.show("登录")
        self.window.receives(self.facts.employer_number, self.facts.agent_name, self.facts.agent_id)
        self.show("接待单位")

    def resume(self) -> None:
        """续保 of a known person."""
        self.window.does("11<enter>", until="证件号码")
        registered = "1<enter>" if self.tianjin else ""
        self.window.does(f"{self.facts.resume_id}<enter>", until="业务类别：续保")
        self.window.does(f"{registered}{RESUMED_WAGE}<enter>", until="每月合计")
        self.show("续保：工资录入后即见金额")
        self._saved("<f2>")
        self.show("续保：已存本机")

    def refused_elsewhere(self) -> None:
        """A person who pays elsewhere: M08. On the form of 11; it is cleared again."""
        self.window.presses_keys(f"{self.facts.elsewhere_id}<enter>")
        self.window.hears("须先办理停保")
        self.show("他单位在保：拒绝（M08）")
        self.window.does("<f6>", until="再按一次")
        self.window.confirms("<f6>", until="已清除")

    def newcomer(self) -> None:
        """参保登记 of a person nobody knows; then home."""
        self.window.does(f"{self.facts.new_id}<enter>", until="业务类别：参保登记")
        who = f"{self.facts.new_name}<enter><enter><enter>20230701<enter>11<enter>"
        if self.tianjin:  # number, registration and wage are all it shows; what else is missing it opens on F2
            self.window.does(f"1<enter>{NEW_WAGE}<enter><f2>", until="姓名不能为空")
            self.window.does(f"<enter>{who}<f2>", until="联系电话不能为空")
            self.window.does(f"<enter>{PHONE}<enter>", until="每月合计")
        else:
            self.window.does(f"{who}<pagedown><pagedown>{PHONE}<enter><pagedown><pagedown>")
            self.window.does(f"{NEW_WAGE}<enter>", until="每月合计")
        self.show("参保登记")
        self._saved("<f2>")
        self.home()

    def suspend(self) -> None:
        """停保; then home."""
        self.window.does("12<enter>", until="变更原因")
        self.window.does(f"{self.facts.suspend_id}<enter>", until="姓名：" + self.facts.suspend_name)
        self.show("停保")
        self._saved("1<f2>" if self.tianjin else "<f2>")
        self.home()

    def submit(self, count: int) -> None:
        """51: everything that waits; then home."""
        self.window.does("51<enter>", until="待提交")
        before = self._number()
        self.window.presses_keys("*<f8>")
        if count > 1:  # a single one goes at once
            self.window.waits(f"共 {count} 笔")
            self.show("数据提交：输入笔数和 PIN")
            self.window.presses_keys(f"{count}<enter>{PIN}<enter>")
        self.window.waits("提交成功")
        self.numbers.append(self._number_after(before))
        self.show("已提交")
        self.home()

    def review(self) -> None:
        """The reviewer passes the resumed and the suspended person and rejects the new one; then the clerk again."""
        self.window.signs_off()
        self.window.signs_on(REVIEWER, window="2")
        self.window.does("98<enter>", until=self.facts.suspend_name)
        self.show("分中心审核：待办")
        self.window.does(" <down><down> <f8>", until="共 2 笔")
        self.window.does(f"<enter>2<enter>{PIN}<enter>", until="审核完成")
        self.window.does("<enter>", until="自动核对")
        self.show("打开一笔：变更前后对照")
        self.window.does("<f6>", until="审核不通过")
        self.window.does(f"{REASON}<enter><enter>{PIN}<enter>", until="审核完成")
        self.show("不通过")
        self.home()
        self.window.signs_off()

    def correct(self) -> None:
        """The clerk finds the item returned, corrects it and submits it again; then another reviewer passes it."""
        self.window.signs_on(CLERK)
        self.show("退回 1 笔")
        self.window.receives(self.facts.employer_number, self.facts.agent_name, self.facts.agent_id)
        self.window.does("05<enter>", until=REASON)
        self.window.does("<enter>", until="修改受理号")
        self.show("修改被退回的申报")

        self._to("联系电话")
        self._saved(f"{CORRECTED_PHONE}<enter><f2>")
        self.home()
        self.submit(1)
        self.window.signs_off()
        self.window.signs_on(OTHER_REVIEWER, window="2")
        self.window.does("98<enter>", until=self.facts.new_name)
        self.window.does(" <f8>", until="共 1 笔")
        self.window.does(f"<enter>{PIN}<enter>", until="审核完成")
        self.show("审核通过")
        self.home()
        self.window.signs_off()
        self.window.signs_on(CLERK)
        self.window.receives(self.facts.employer_number, self.facts.agent_name, self.facts.agent_id)

    def assess(self, path: str = "54") -> str:
        """The month: trial, amount typed, PIN; the total as the screen says it. Stays there."""
        self.window.does(f"{path}<enter>", until="F5 试算")
        self.window.does("<f5>" if path == "54" else "1<enter>", until="核对后按 F8")
        self.show("试算")
        total = self.window.message.partition("应缴合计 ")[2].partition(" 元")[0]
        self.window.does("<f8>", until="PIN：")
        self.window.does(f"{total.replace(',', '')}<enter>")
        self.show("核定：照数输入应缴合计")
        self.window.does(f"{PIN}<enter>", until="核定编号")
        self.show("核定完成")
        return total

    def print_notice(self) -> None:
        """F9 from the finished assessment: preview, paper; stays at the assessment."""
        self.window.does("<f9>", until="打印预览")
        self.show("单位缴费通知单：预览")
        self.window.does("<f9>", until="已打印")
        self.window.does("<f12>", until="基数总额")

    def leave(self) -> None:
        """The reception ends, the clerk signs off, the program ends."""
        self.home()
        self.window.does("04<enter>", until="接待已结束")
        self.window.signs_off()
        self.show("签退")
        assert self.window.leaves() == 0

    # What every step uses

    def _to(self, label: str) -> None:
        """PgDn until the cursor stands in the section's first field with that label."""
        for _ in range(6):
            if f"{label}：" in self.window.rows[self.window.cursor[1]]:
                return
            self.window.does("<pagedown>")
        raise AssertionError(f"no section begins with {label}\n{self.window.text}")

    def home(self) -> None:
        """F12 until home."""
        for _ in range(4):
            if "今日待办（05）" in self.window.text:
                return
            self.window.does("<f12>")
        self.window.waits("今日待办（05）")

    def _number(self) -> str:
        return self.window.message.rpartition("受理号 ")[2].strip() if "受理号" in self.window.message else ""

    def _number_after(self, before: str) -> str:
        self.window.until(lambda: self._number() not in {"", before}, "another acceptance number")
        return self._number()

    def _saved(self, typed: str) -> str:
        before = self._number()
        self.window.presses_keys(typed)
        self.numbers.append(self._number_after(before))
        assert "已存本机" in self.window.message, self.window.text
        return self.numbers[-1]
