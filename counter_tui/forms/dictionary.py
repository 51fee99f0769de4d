"""The field dictionary: every field that more than one function asks, described once."""

from __future__ import annotations

from typing import Final

from counter_tui.domain.problems import stop
from counter_tui.forms.codes import CodeOf, CodesOf, OneOf
from counter_tui.forms.fields import Ask
from counter_tui.forms.filling import (
    RESIDENT,
    as_filed,
    born_before_today,
    born_carried,
    known,
    last_assessed,
    name_on_document,
    number_of_document,
    on_file,
    settlement_month,
    sex_carried,
    today,
)
from counter_tui.forms.kinds import Count, Day, DocumentNumber, Email, Month, Number, Phone, Postcode, Text, YesNo, Yuan

BASIC, IDENTITY, CONTACT, INSURANCE, WAGE, PAPERS, OTHER = (
    "基本信息",
    "身份信息",
    "联系信息",
    "参保信息",
    "工资",
    "材料",
    "其他",
)

E01 = Ask(
    label="个人编号",
    kind=Number(15),
    source="E01",
    section=BASIC,
    required=False,
    derive=on_file("number"),
    when=known,
    hint="查询后显示",
)
E02 = Ask(
    label="证件类型", kind=CodeOf("CL-IDTYPE"), source="E02", section=BASIC, default=as_filed("id_type", RESIDENT)
)
E03 = Ask(
    label="证件号码",
    kind=DocumentNumber(),
    source="E03",
    section=BASIC,
    lookup="person",
    holder="name",
    mask="id",
    verify=number_of_document,
    unreadable="M01",
    rules=("M01", "M02"),
    hint="18 位居民身份证号，末位 X 可输 *；也可输后四位或姓名查找",
)
E04 = Ask(
    label="姓名",
    kind=Text(50, name=True),
    source="E04",
    section=BASIC,
    derive=on_file("name"),
    verify=name_on_document,
)
NAME_SHOWN = E04.but(required=False, when=known, verify=None, hint="查询后显示")
"""The name in functions for persons who have a file."""
E05 = Ask(label="性别", kind=CodeOf("CL-SEX"), source="E05", section=BASIC, derive=sex_carried, default=as_filed("sex"))
E06 = Ask(
    label="出生日期",
    kind=Day(),
    source="E06",
    section=BASIC,
    derive=born_carried,
    default=as_filed("born"),
    verify=born_before_today,
)
E07 = Ask(
    label="档案出生日期",
    kind=Day(),
    source="E07",
    section=BASIC,
    required=False,
    default=as_filed("file_born"),
    suggest=lambda values, _: values.get("born") or None,
)
E08 = Ask(
    label="民族", kind=CodeOf("CL-NATION"), source="E08", section=BASIC, default=as_filed("nation", "01"), dup=True
)
E09 = Ask(label="参加工作日期", kind=Day(), source="E09", section=BASIC, default=as_filed("first_job"))
E10 = Ask(label="户口性质", kind=CodeOf("CL-HUKOU"), source="E10", section=BASIC, default=as_filed("hukou"), dup=True)
E12 = Ask(
    label="户口所在地",
    kind=Text(100),
    source="E12",
    section=CONTACT,
    required=False,
    default=as_filed("hukou_address"),
    mask="address",
)
E13 = Ask(
    label="文化程度",
    kind=CodeOf("CL-EDU"),
    source="E13",
    section=BASIC,
    required=False,
    default=as_filed("education"),
    dup=True,
)
E14 = Ask(
    label="婚姻状况",
    kind=CodeOf("CL-MARRIAGE"),
    source="E14",
    section=BASIC,
    required=False,
    default=as_filed("marriage"),
)
E15 = Ask(
    label="用工形式",
    kind=CodeOf("CL-EMPFORM"),
    source="E15",
    section=IDENTITY,
    default=as_filed("employment_form", "2"),
    dup=True,
)
E16 = Ask(
    label="个人身份",
    kind=CodeOf("CL-STATUS"),
    source="E16",
    section=IDENTITY,
    default=as_filed("status", "1"),
    dup=True,
)
E17_POST = Ask(
    label="行政职务",
    kind=CodeOf("CL-POST"),
    source="E17",
    section=IDENTITY,
    required=False,
    default=as_filed("post", "0"),
)
E17_TITLE = Ask(
    label="专业技术职务",
    kind=CodeOf("CL-TITLE"),
    source="E17",
    section=IDENTITY,
    required=False,
    default=as_filed("title", "0"),
)
E17_SKILL = Ask(
    label="工人技术等级",
    kind=CodeOf("CL-SKILL"),
    source="E17",
    section=IDENTITY,
    required=False,
    default=as_filed("skill", "0"),
)
E18 = Ask(
    label="特殊工种",
    kind=CodeOf("CL-SPECIALWORK"),
    source="E18",
    section=IDENTITY,
    required=False,
    default=as_filed("special_work", "0"),
)
E19 = Ask(label="联系电话", kind=Phone(), source="E19", section=CONTACT, default=as_filed("phone"), mask="phone")
E20 = Ask(label="本次参保时间", kind=Day(), source="E20", section=INSURANCE, dup=True)
E21 = Ask(
    label="首次参保时间",
    kind=Day(),
    source="E21",
    section=INSURANCE,
    required=False,
    default=as_filed("first_enrolled"),
)
E22_ADDRESS = Ask(
    label="通讯地址",
    kind=Text(100),
    source="E22",
    section=CONTACT,
    required=False,
    default=as_filed("address"),
    dup=True,
    mask="address",
)
E22_POSTCODE = Ask(
    label="邮政编码",
    kind=Postcode(),
    source="E22",
    section=CONTACT,
    required=False,
    default=as_filed("postcode"),
    dup=True,
)
E22_EMAIL = Ask(
    label="电子邮件", kind=Email(), source="E22", section=CONTACT, required=False, default=as_filed("email")
)
E23 = Ask(label="备注", kind=Text(100), source="E23", section=OTHER, required=False, dup=True)
E25 = Ask(label="用工范围", kind=CodeOf("CL-EMPSCOPE"), source="E25", section=IDENTITY, required=False, dup=True)

I01 = Ask(label="险种", kind=CodesOf("CL-INS"), source="I01", section=INSURANCE, missing="M17", rules=("M17",))
I02 = Ask(label="是否补收", kind=YesNo(), source="I02", section=INSURANCE)
I03 = Ask(
    label="申报工资",
    kind=Yuan(),
    source="I03",
    section=WAGE,
    unreadable="M18",
    rules=("M18", "M19", "M20"),
    verify=lambda value, *_: () if value > 0 else (stop("wage", "M18"),),
    dup=True,
)
I06 = Ask(label="缴费比例类别", kind=CodeOf("CL-RATECLASS"), source="I06", section=INSURANCE, rules=("M21",))
I07 = Ask(label="变更原因", kind=CodeOf("CL-REASON"), source="I07", dup=True)
I08 = Ask(label="变更日期", kind=Day(), source="I08", default=today, dup=True)
I09 = Ask(label="开始年月", kind=Month(), source="I09", default=last_assessed, missing="M56", rules=("M56",))
I10 = Ask(label="终止年月", kind=Month(), source="I10", default=last_assessed, missing="M56", rules=("M35", "M56"))
I11 = Ask(label="费款所属期", kind=Month(), source="I11", default=settlement_month)
I12 = Ask(label="结算期", kind=Month(), source="I12", derive=lambda _, facts: facts.month)
I14 = Ask(label="材料页数", kind=Count(1, 999), source="I14", section=PAPERS, paper=True, suggest=lambda *_: 1)
I15 = Ask(label="是否计算利息", kind=YesNo(), source="I15")
I16 = Ask(label="是否计算滞纳金", kind=YesNo(), source="I16")
I17 = Ask(label="滞纳金结束日期", kind=Day(), source="I17", default=today)

GATE_DONE: Final = "1"
GATE_OPEN: Final = "2"
GATE_NONE: Final = "9"
GATE = Ask(
    label="用工登记",
    kind=OneOf(
        "用工登记",
        words=((GATE_DONE, "已办理", "ybl"), (GATE_OPEN, "未办理", "wbl"), (GATE_NONE, "不适用", "bsy")),
        cells=10,
    ),
    source="P08",
    section="用工核验",
    required=False,
    dup=True,
)
GATE_NUMBER = Ask(
    label="登记编号",
    kind=Number(20),
    source="P08",
    section="用工核验",
    required=False,
    when=lambda values, _: values.get("registration") == GATE_DONE,
)
GATE_DATE = Ask(
    label="登记日期",
    kind=Day(),
    source="P08",
    section="用工核验",
    required=False,
    when=lambda values, _: values.get("registration") == GATE_DONE,
)
