"""Operators, grants and the ledger of posts as rows of a table, and one of them as lines to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.functions import in_letters
from counter_tui.domain.grants import STEPS, next_step
from counter_tui.domain.operators import OperatorState
from screens.widgets.record_table import Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from counter_tui.domain.declarations import Stamp
    from counter_tui.domain.grants import Grant, LedgerEntry
    from counter_tui.domain.operators import Operator

_TAIL: Final = 4
"""Digits by which a certificate number is recognised."""

_GROUPS_CELLS: Final = 8
"""More groups than that are counted."""

OPERATOR_COLUMNS: Final = (
    Column(label="工号", cells=8),
    Column(label="姓名", cells=8),
    Column(label="岗位", cells=16),
    Column(label="业务组", cells=_GROUPS_CELLS),
    Column(label="状态", cells=4),
    Column(label="尾号", cells=4),
    Column(label="有效期至", cells=10),
)
GRANT_COLUMNS: Final = (
    Column(label="工号", cells=8),
    Column(label="姓名", cells=8),
    Column(label="事项", cells=8),
    Column(label="岗位", cells=12),
    Column(label="状态", cells=10),
    Column(label="申请", cells=16),
)
LEDGER_COLUMNS: Final = (
    Column(label="时间", cells=16),
    Column(label="工号", cells=8),
    Column(label="姓名", cells=8),
    Column(label="事项", cells=12),
    Column(label="经手", cells=19),
)


def operator_row(operator: Operator) -> Row:
    """An operator; one who may not sign on is marked."""
    return Row(
        key=operator.number,
        texts=(
            operator.number,
            operator.name,
            operator.posts,
            letters if len(letters := in_letters(operator.groups)) <= _GROUPS_CELLS else f"{len(letters)} 组",
            operator.state.label,
            operator.certificate_number[-_TAIL:],
            f"{operator.last_day}",
        ),
        mark=" " if operator.state is OperatorState.ACTIVE else "!",
    )


def grant_row(grant: Grant) -> Row:
    """A grant; one that waits is marked."""
    asked = grant.signed[0]
    return Row(
        key=grant.id,
        texts=(
            grant.granted.number,
            grant.granted.name,
            grant.act.label,
            grant.granted.posts,
            grant.state.label,
            f"{asked.operator} {asked.at.astimezone(BEIJING):%m-%d %H:%M}",
        ),
        mark="!" if next_step(grant.state) else " ",
    )


def ledger_row(entry: LedgerEntry) -> Row:
    """A line of the ledger."""
    return Row(
        key=entry.id,
        texts=(_moment(entry.at), entry.number, entry.name, entry.act.label, _hands(entry.signed)),
    )


def operator_lines(operator: Operator) -> list[str]:
    """Everything that is registered of an operator."""
    return [
        f"工号      {operator.number}  {operator.name}",
        f"岗位      {operator.posts}（{operator.post_class.label}）",
        f"业务组    {operator.scope}",
        f"状态      {operator.state.label}",
        f"有效期    {operator.first_day} 至 {operator.last_day}",
        f"签发机构  {operator.issuer}",
        f"证书编号  {operator.certificate_number}",
    ]


def grant_lines(grant: Grant) -> list[str]:
    """What is asked for, who has signed, and who is next."""
    granted = grant.granted
    lines = [
        f"事项      {grant.act.label}  {grant.state.label}",
        f"工号      {granted.number}  {granted.name}",
        f"岗位      {granted.posts}（{granted.roles[0].post_class.label}）",
        f"业务组    {granted.scope}",
        f"有效期    {granted.since} 至 {granted.until}",
        f"签发机构  {granted.issuer}",
        f"证书编号  {granted.certificate_number}（{granted.certificate_until} 到期）",
        f"人员标识  {granted.human}",
        "",
    ]
    for step, by in zip(STEPS, grant.signed, strict=False):
        lines.append(f"{step.name}  {by.operator}  {_moment(by.at)}")
    if (waits := next_step(grant.state)) is not None:
        lines.append(f"{waits.name}  等待{waits.post}岗位办理")
    if grant.refused is not None:
        lines.append(f"不同意    {grant.refused.operator}  {_moment(grant.refused.at)}  {grant.reason}")
    return lines


def ledger_lines(entry: LedgerEntry) -> list[str]:
    """One line of the ledger in full."""
    lines = [
        f"事项      {entry.act.label}  {_moment(entry.at)}",
        f"工号      {entry.number}  {entry.name}",
        f"岗位      {entry.posts}",
        f"业务组    {entry.scope}",
        f"有效期    {entry.since} 至 {entry.until}",
        f"证书编号  {entry.certificate_number}",
        *(f"经手      {by.operator}  {_moment(by.at)}" for by in entry.signed),
    ]
    return [*lines, f"原因      {entry.reason}"] if entry.reason else lines


def _hands(signed: Iterable[Stamp]) -> str:
    return " ".join(by.operator for by in signed)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
