"""信息修改 (P10, P11): a person's file as it was and as it is to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # read from the annotations
from typing import TYPE_CHECKING, Annotated, Any, Final

from counter_tui.domain.identity import document
from counter_tui.domain.people import DataLock
from counter_tui.domain.problems import stop, stop_text
from counter_tui.errors import CounterError
from counter_tui.forms import dictionary as asked
from counter_tui.forms.catalog.suspension import must_pay_here
from counter_tui.forms.checks import freeze_problems, lock_problems, open_item_problems
from counter_tui.forms.conditions import setting
from counter_tui.forms.filling import RESIDENT, carried
from counter_tui.forms.kinds import Text
from counter_tui.forms.spec import Declaration, Style, business

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Ask, Values
    from counter_tui.policy.regions import Policy

KEY_ITEMS: Final = (
    "name",
    "id_type",
    "id_number",
    "sex",
    "born",
    "file_born",
    "first_job",
    "hukou",
    "status",
    "first_enrolled",
)
"""Key data where the region names none (decision Q06)."""
NOTHING_CHANGED: Final = "没有改动，无需保存；改动后按 F2，或按 F12 返回"


def is_key(attribute: str) -> Callable[[Policy], bool]:
    """Whether a region counts an attribute of the file as key data."""
    return lambda policy: attribute in setting(policy, "key_items", KEY_ITEMS)


def _after(ask: Ask, attribute: str, **changes: Any) -> Ask:
    """A field of the column 变更后: empty keeps what is on file."""
    plain = ask.but(
        required=False,
        default=None,
        suggest=None,
        derive=None,
        verify=None,
        lookup="",
        dup=False,
        collapsed=False,
        hint=f"空为不变。{ask.kind.hint}",
        before=attribute,
    )
    return plain.but(**changes)


def _key(ask: Ask, attribute: str, **changes: Any) -> Ask:
    return _after(ask, attribute, offered=is_key(attribute), section="关键信息", **changes)


def _differs(values: Values, facts: Facts, attribute: str) -> bool:
    after = values.get(f"new_{attribute}")
    return bool(after) and after != getattr(facts.person, attribute, None)


def _paper(label: str, *attributes: str) -> Ask:
    """Pages of the paper that proves a change of one of these."""
    return asked.I14.but(
        label=label,
        hint="材料页数，按实际填写",
        when=lambda values, facts: any(_differs(values, facts, attribute) for attribute in attributes),
    )


def _carried(place: int) -> Callable[[Values, Facts], Any]:
    """Birth date (0) or sex (1) that a new identity number carries."""

    def value(values: Values, facts: Facts) -> Any:
        if not values.get("new_id_number") or facts.person is None:
            return None
        kind = values.get("new_id_type") or facts.person.id_type
        return carried(kind, values["new_id_number"], facts.today)[place]

    return value


def _new_number(value: str, values: Values, facts: Facts) -> Iterator[Problem]:
    kind = values.get("new_id_type") or (facts.person.id_type if facts.person else RESIDENT)
    try:
        document(kind, value, facts.today)
    except CounterError:
        yield stop("new_id_number", "M01")
    holder = facts.holders.get(value)
    if holder and facts.person is not None and holder != facts.person.number:
        yield stop_text("new_id_number", "该证件号码已登记在其他人员名下，请核对后按 F2")


def _not_future(name: str, label: str) -> Callable[[Any, Values, Facts], Iterator[Problem]]:
    def verify(value: date, _: Values, facts: Facts) -> Iterator[Problem]:
        if value > facts.today:
            yield stop_text(name, f"{label}不能晚于今天，改正后按 F2")

    return verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Declaration):
    """What both changes of a file share: the person, and the differences."""

    id_number: Annotated[str, asked.E03.but(verify=must_pay_here, rules=("M01", "M07"))]
    number: Annotated[str, asked.E01] = ""
    name: Annotated[str, asked.NAME_SHOWN] = ""

    def changes(self, facts: Facts) -> dict[str, Any]:
        """Attributes of the file that get another value, with that value."""
        fields = ((each.ask.before, getattr(self, each.name)) for each in self.form.fields if each.ask.before)
        return {
            attribute: after for attribute, after in fields if after and after != getattr(facts.person, attribute, None)
        }

    def _unchanged(self, facts: Facts) -> Iterator[Problem]:
        if facts.person is not None and not self.changes(facts):
            yield stop_text(None, NOTHING_CHANGED)


@business(
    "P10",
    "人员关键信息修改",
    style=Style.COMPARE,
    opens=freeze_problems,
    review=True,
    prints=("D17",),
    rules=("M09", "M10", "M11", "M46", "M52"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeKeyData(Correction):
    """Change key data of a person's file, with papers, after review."""

    new_name: Annotated[str, _key(asked.E04, "name", hint="空为不变")] = ""
    new_id_type: Annotated[str, _key(asked.E02, "id_type")] = ""
    new_id_number: Annotated[str, _key(asked.E03, "id_number", verify=_new_number, rules=("M01",))] = ""
    new_sex: Annotated[str, _key(asked.E05, "sex", derive=_carried(1))] = ""
    new_born: Annotated[
        date | None, _key(asked.E06, "born", derive=_carried(0), verify=_not_future("new_born", "出生日期"))
    ] = None
    new_file_born: Annotated[
        date | None, _key(asked.E07, "file_born", verify=_not_future("new_file_born", "档案出生日期"))
    ] = None
    new_first_job: Annotated[
        date | None, _key(asked.E09, "first_job", verify=_not_future("new_first_job", "参加工作日期"))
    ] = None
    new_hukou: Annotated[str, _key(asked.E10, "hukou")] = ""
    new_status: Annotated[str, _key(asked.E16, "status")] = ""
    new_first_enrolled: Annotated[
        date | None, _key(asked.E21, "first_enrolled", verify=_not_future("new_first_enrolled", "首次参保时间"))
    ] = None
    paper_identity: Annotated[int, _paper("身份证件复印件页数", "name", "id_type", "id_number", "sex", "born")] = 0
    paper_household: Annotated[int, _paper("户口簿复印件页数", "hukou")] = 0
    paper_file: Annotated[int, _paper("人事档案材料页数", "file_born", "first_job", "status")] = 0
    paper_record: Annotated[int, _paper("参保缴费凭证页数", "first_enrolled")] = 0
    reason: Annotated[str, asked.E23.but(label="变更原因", dup=False)] = ""

    @property
    def named(self) -> tuple[str, ...]:
        """The new identity number, when there is one."""
        return (self.new_id_number,) if self.new_id_number else ()

    def check(self, facts: Facts, policy: Policy) -> Iterator[Problem]:  # noqa: ARG002  # the law has no say
        """Everything that one field alone cannot tell."""
        yield from open_item_problems(facts, "P10")
        yield from lock_problems(facts, DataLock.KEY_DATA, DataLock.ALL)
        yield from self._unchanged(facts)
        yield from self._document_problems(facts)
        yield from self._date_problems(facts)

    def _document_problems(self, facts: Facts) -> Iterator[Problem]:
        if facts.person is None:
            return
        after = {"id_type": facts.person.id_type, "id_number": facts.person.id_number} | self.changes(facts)
        if "id_type" in self.changes(facts) and "id_number" not in self.changes(facts):
            try:
                document(after["id_type"], after["id_number"], facts.today)
            except CounterError:
                yield stop_text("new_id_number", "证件类型改变后，请输入该证件的号码")
        born, sex = carried(after["id_type"], after["id_number"], facts.today)
        if self.new_born and born and self.new_born != born:
            yield stop_text("new_born", f"出生日期与证件号码（{born.isoformat()}）不一致，改正后按 F2")
        if self.new_sex and sex and self.new_sex != sex:
            yield stop_text("new_sex", "性别与证件号码不一致，改正后按 F2")

    def _date_problems(self, facts: Facts) -> Iterator[Problem]:
        if facts.person is None:
            return
        born = self.new_born or facts.person.born
        for name, label in (("new_first_job", "参加工作日期"), ("new_first_enrolled", "首次参保时间")):
            value = getattr(self, name)
            if value is not None and value < born:
                yield stop_text(name, f"{label}不能早于出生日期，改正后按 F2")


def _general(ask: Ask, attribute: str, **changes: Any) -> Ask:
    return _after(ask, attribute, section="一般信息", **changes)


@business(
    "P11",
    "人员一般信息修改",
    style=Style.COMPARE,
    opens=freeze_problems,
    prints=("D17",),
    rules=("M09", "M10", "M11", "M46", "M52"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGeneralData(Correction):
    """Change general data of a person's file; it takes effect at once."""

    new_nation: Annotated[str, _general(asked.E08, "nation")] = ""
    new_hukou: Annotated[str, _general(asked.E10, "hukou", offered=lambda policy: not is_key("hukou")(policy))] = ""
    new_hukou_address: Annotated[str, _general(asked.E12, "hukou_address")] = ""
    new_education: Annotated[str, _general(asked.E13, "education")] = ""
    new_marriage: Annotated[str, _general(asked.E14, "marriage")] = ""
    new_employment_form: Annotated[str, _general(asked.E15, "employment_form")] = ""
    new_post: Annotated[str, _general(asked.E17_POST, "post")] = ""
    new_title: Annotated[str, _general(asked.E17_TITLE, "title")] = ""
    new_skill: Annotated[str, _general(asked.E17_SKILL, "skill")] = ""
    new_special_work: Annotated[str, _general(asked.E18, "special_work")] = ""
    new_phone: Annotated[str, _general(asked.E19, "phone")] = ""
    new_address: Annotated[str, _general(asked.E22_ADDRESS, "address")] = ""
    new_postcode: Annotated[str, _general(asked.E22_POSTCODE, "postcode")] = ""
    new_email: Annotated[str, _general(asked.E22_EMAIL, "email")] = ""
    new_remark: Annotated[str, _general(asked.E23, "remark", kind=Text(100))] = ""

    def check(self, facts: Facts, policy: Policy) -> Iterator[Problem]:  # noqa: ARG002  # as above
        """Everything that one field alone cannot tell."""
        yield from open_item_problems(facts, "P11")
        yield from lock_problems(facts, DataLock.ALL)
        yield from self._unchanged(facts)
