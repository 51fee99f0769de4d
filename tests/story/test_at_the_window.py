"""Smaller stories at the window: who may decide what, what can be taken back, what is explained and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.story.cities import facts_of
from tests.story.walk import RESUMED_WAGE, Walk
from tests.story.window import CLERK, PIN, REVIEWER, SUPERVISOR

if TYPE_CHECKING:
    from tests.story.cities import City
    from tests.story.window import Window

pytestmark = pytest.mark.serial


def test_nobody_reviews_what_he_made_and_what_is_being_reviewed_cannot_be_cancelled(
    city: City, window: Window, other_window: Window
) -> None:
    folder, facts = city(), facts_of("handan")
    window.starts(folder)
    walk = Walk(window, facts)
    window.signs_on(SUPERVISOR)
    window.receives(facts.employer_number, facts.agent_name, facts.agent_id)
    walk.suspend()
    walk.submit(1)

    window.does("98<enter>", until=facts.suspend_name)
    assert "本人经办" in window.text
    window.does(" <f8>", until="请先用空格勾选")
    window.does("<enter>", until="请由其他审核人员办理")
    walk.home()

    other_window.starts(folder)
    other_window.signs_on(REVIEWER, window="2")
    other_window.does("98<enter>", until=facts.suspend_name)
    other_window.does("<enter>", until="自动核对")
    window.does("52<enter>", until="查询结果为空")
    assert facts.suspend_name not in window.text

    other_window.does("<f12>", until="已退回待办")
    window.does("<f5>", until=facts.suspend_name)
    window.does(" <f8>", until="取消原因")
    window.does("单位撤回<enter>", until="已取消申报")
    assert "待提交" in window.text


def test_a_rejected_or_wrong_decision_on_money_needs_the_figure_and_two_persons(
    city: City, window: Window, other_window: Window
) -> None:
    folder, facts = city("tianjin"), facts_of("tianjin")
    window.starts(folder, "tianjin")
    walk = Walk(window, facts, tianjin=True)
    window.signs_on(SUPERVISOR)
    window.receives(facts.second_employer_number, facts.agent_name, facts.agent_id)
    total = walk.assess("56").replace(",", "")
    walk.home()
    window.does("59<enter>", until="F5 查看该月核定单")
    window.does("<f5>", until="填写回退原因")
    window.does("<enter>错录一人<enter><f8>", until="PIN：")
    window.presses_keys(f"1{total}<enter>")
    window.hears("与上面所列的应缴合计（元）不一致")
    window.does(f"{total}<enter>")
    window.does(f"{PIN}<enter>", until="等待第二人确认")

    window.does("<f7>", until="错录一人")
    window.does("<f8>", until="同意核定回退")
    window.does(f"{PIN}<enter>", until="经办人与审核人不能为同一人")

    other_window.starts(folder, "tianjin")
    other_window.signs_on(REVIEWER, window="2")
    assert "待确认回退 1" in other_window.text
    other_window.does("59<enter>", until="错录一人")
    other_window.does("<f8>", until="同意核定回退")
    other_window.does(f"{PIN}<enter>", until="已同意核定回退")

    walk.home()
    month = window.rows[0].rpartition(" ")[2]  # open again: the title names it
    window.does("43<enter>", until="结算月份")
    window.does(f"{month.replace('-', '')}<enter><f5>", until="查询结果为空")


def test_a_wrong_pin_counts_down(city: City, window: Window) -> None:
    window.starts(city())
    window.does("1<enter><enter>000000<enter>", until="还可尝试 5 次")
    window.does("111111<enter>", until="请等待")
    window.idles(2.2)
    window.does("111111<enter>", until="还可尝试 4 次")


def test_an_entry_is_corrected_and_deleted_in_the_results_and_its_number_shown_for_a_purpose(
    city: City, window: Window
) -> None:
    folder, facts = city(), facts_of("handan")
    window.starts(folder)
    walk = Walk(window, facts)
    walk.first_clerk()
    walk.resume()
    window.does("<f7>", until="申报结果")
    assert facts.resume_id not in window.text
    window.does("<f4>", until="核对本人")
    assert facts.resume_id not in window.text
    window.does("2<enter>", until="本次查看已记录")
    assert facts.resume_id in window.text

    window.does("<enter>", until="修改受理号")
    for _ in range(6):
        if "申报工资：" in window.rows[window.cursor[1]]:
            break
        window.does("<pagedown>")
    window.does("5300<f2>", until="已存本机")
    window.waits("5,300.00")
    window.does("<f6>", until="再按一次")
    window.confirms("<f6>", until="已删除")
    assert "5,300.00" not in window.text


def test_an_amount_is_explained_down_to_its_citation_and_a_receipt_is_seen_before_it_is_printed(
    city: City, window: Window
) -> None:
    facts = facts_of("handan")
    window.starts(city())
    walk = Walk(window, facts)
    walk.first_clerk()
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.resume_id}<enter>{RESUMED_WAGE}<enter>", until="每月合计")
    window.does("<down><f4>", until="计算过程")
    assert "企业职工基本养老保险 2026" in window.text
    assert "16%" in window.text
    assert "832.00" in window.text
    assert "国办发〔2019〕13号" in window.text
    window.does("<f12>", until="每月合计")

    window.does("<f2>", until="已存本机")
    number = window.message.rpartition("受理号 ")[2].strip()
    window.does("<f9>", until="受理回执")
    assert number in window.text
    assert f"续保 {facts.resume_name}" in window.text
    window.does("<f9>", until="已打印")
    window.does("<f12>", until="证件号码")
    assert not list((window.folder / "prints").glob(f"*{facts.resume_name}*"))


def test_a_clerk_has_no_review_and_a_reviewer_no_entry(city: City, window: Window) -> None:
    window.starts(city())
    window.signs_on(CLERK)
    window.does("98<enter>", until="由有权限的柜员登录办理")
    window.does("<f6>", until="路径：")
    window.signs_off()
    window.signs_on(REVIEWER)
    window.does("11<enter>", until="由有权限的柜员登录办理")
