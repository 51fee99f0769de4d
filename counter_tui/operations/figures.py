"""Loading figures of the law: one person proposes a file, another one confirms or refuses it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.figures import FiguresFile, FiguresState
from counter_tui.domain.posts import Right, Role
from counter_tui.domain.problems import stop_text
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.outcome import Outcome, applied, conflict, rejected
from counter_tui.operations.rights import REFUSED, must_hold, not_the_maker
from counter_tui.operations.stamps import stamp
from counter_tui.policy.loaded import text_hash
from counter_tui.policy.supplements import BadFigures, read_supplement

if TYPE_CHECKING:
    from counter_tui.domain.problems import Problem
    from counter_tui.policy.supplements import Supplement

LARGEST = 256 * 1024
"""Bytes of a file of figures at most: it travels in one operation."""
SECOND_PERSONS = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})
"""Who may confirm figures that another human has proposed."""
_DONE = "该载入申请已处理，请按 F5 刷新"


def lines_of(text: str) -> list[str]:
    """The text as it travels: line by line, for no operation carries line feeds."""
    return text.split("\n")


@decides("figures.propose", at_hub=True)
def propose_figures(case: Case) -> Outcome:
    """An administrator hands a file in; the law stays as it is."""
    body = case.operation.body
    text, name = "\n".join(body["lines"]), body["name"]
    if refusal := must_hold(case, Right.ADMINISTER):
        return rejected(refusal)
    if len(text.encode()) > LARGEST:
        return rejected(stop_text("file", f"文件大于 {LARGEST // 1024} KB，请分成几个文件载入"))
    waiting = [each for each in case.register.figures_files() if each.state is FiguresState.PROPOSED]
    if any(each.text_hash == text_hash(text) for each in waiting):
        return rejected(stop_text("file", "同样内容的文件已在等待第二人确认"))
    try:
        supplement = read_supplement(text, name=name, policy=case.policy)
    except BadFigures as fault:
        return rejected(stop_text("file", fault.sentence))
    proposed = FiguresFile(
        id=case.operation.op_id,
        region=case.policy.region.name,
        name=name,
        text=text,
        text_hash=text_hash(text),
        figures=supplement.keys(case.policy),
        state=FiguresState.PROPOSED,
        proposed=stamp(case.operation),
        known_from=supplement.known_from,
    )
    return applied(proposed)


@decides("figures.confirm", at_hub=True)
def confirm_figures(case: Case) -> Outcome:
    """A second person confirms; from this business day on the figures rule, each from its own months and publication.

    The file is held against the law once more: another file may have been confirmed meanwhile.
    """
    found = _proposed(case)
    if isinstance(found, Outcome):
        return found
    if text_hash(found.text) != found.text_hash:
        return rejected(stop_text(None, f"文件 {found.name} 的内容与申请时不同，不能确认，请不同意后重新载入"))
    try:
        supplement = read_supplement(found.text, name=found.name, policy=case.policy)
    except BadFigures as fault:
        return rejected(stop_text(None, fault.sentence))
    if _changed(case, found, supplement):
        return conflict("申请之后现行数值已有变化，请不同意后重新载入")
    return applied(
        replace(found, state=FiguresState.CONFIRMED, decided=stamp(case.operation), in_force=case.today),
    )


@decides("figures.refuse", at_hub=True)
def refuse_figures(case: Case) -> Outcome:
    """A second person refuses, with a reason; nothing has changed and nothing will."""
    found = _proposed(case)
    if isinstance(found, Outcome):
        return found
    reason = case.operation.body["reason"].strip()
    if not reason:
        return rejected(stop_text("reason", "不同意载入必须填写原因"))
    return applied(replace(found, state=FiguresState.REFUSED, decided=stamp(case.operation), reason=reason))


def _proposed(case: Case) -> FiguresFile | Outcome:
    """The file that waits, for somebody who may decide it; else why not."""
    body = case.operation.body
    if refusal := _second_person(case):
        return rejected(refusal)
    found = case.register.figures_file(body["file"])
    if found is None or found.region != case.policy.region.name:
        return rejected(stop_text(None, "没有这份载入申请，请按 F5 刷新"))
    if found.state is not FiguresState.PROPOSED:
        return conflict(_DONE)
    if found.text_hash != body["text_hash"]:
        return conflict("文件内容与您看到的不同，请按 F5 刷新后重新核对")
    own = not_the_maker(case, found.proposed)
    return rejected(own) if own else found


def _second_person(case: Case) -> Problem | None:
    held = {Role(role) for role in case.operation.maker.roles}
    return None if held & SECOND_PERSONS else stop_text(None, REFUSED)


def _changed(case: Case, found: FiguresFile, supplement: Supplement) -> bool:
    return supplement.keys(case.policy) != found.figures
