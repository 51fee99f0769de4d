"""`counter-tui keys operators`, `keys grants`, `keys ledger`: who holds which post, what waits, what was done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from counter_tui.at_shell import on_counter, place
from counter_tui.domain.functions import in_letters
from counter_tui.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from counter_tui.domain.declarations import Stamp
    from counter_tui.domain.grants import Grant, LedgerEntry
    from counter_tui.domain.operators import Operator


def _as_json(command: Callable[..., int]) -> Callable[..., int]:
    """--json."""
    return click.option("--json", "plain", is_flag=True, help="输出 JSON，供其他程序读取。")(command)


@click.command()
@place
@_as_json
def operators(*, region: str, data_dir: Path | None, plain: bool) -> int:
    """列出柜员：岗位、证书、有效期、状态。"""
    found = on_counter(region, data_dir, lambda counter: counter.posts.registered())
    heads = ("工号", "姓名", "岗位", "业务组", "状态", "有效期至", "证书编号")
    rows = [
        (
            each.number,
            each.name,
            each.posts,
            in_letters(each.groups),
            each.state.label,
            f"{each.last_day}",
            each.certificate_number,
        )
        for each in found
    ]
    return _told(plain, [_operator(each) for each in found], heads, rows)


@click.command()
@place
@_as_json
def grants(*, region: str, data_dir: Path | None, plain: bool) -> int:
    """列出授权申请：等待办理的在前。"""
    found = on_counter(region, data_dir, lambda counter: counter.posts.grants())
    heads = ("编号", "工号", "姓名", "事项", "岗位", "业务组", "状态", "已签署")
    rows = [
        (
            each.id,
            each.granted.number,
            each.granted.name,
            each.act.label,
            each.granted.posts,
            in_letters(each.granted.groups),
            each.state.label,
            _hands(each.signed),
        )
        for each in found
    ]
    return _told(plain, [_grant(each) for each in found], heads, rows)


@click.command()
@place
@_as_json
def ledger(*, region: str, data_dir: Path | None, plain: bool) -> int:
    """列出岗位台账：每次开立、授权、变更、停用、吊销，何时、经谁的手。"""
    found = on_counter(region, data_dir, lambda counter: counter.posts.ledger())
    heads = ("时间", "工号", "姓名", "事项", "岗位", "业务组", "证书编号", "经手", "原因")
    rows = [
        (
            _moment(each.at),
            each.number,
            each.name,
            each.act.label,
            each.posts,
            in_letters(each.groups),
            each.certificate_number,
            _hands(each.signed),
            each.reason,
        )
        for each in found
    ]
    return _told(plain, [_line(each) for each in found], heads, rows)


def _told(plain: bool, values: Sequence[dict[str, Any]], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int:  # noqa: FBT001  # --json
    click.echo(json.dumps(values, ensure_ascii=False, indent=2) if plain else table(heads, rows))
    return 0


def _operator(each: Operator) -> dict[str, Any]:
    return {
        "number": each.number,
        "name": each.name,
        "roles": sorted(each.roles),
        "groups": sorted(each.groups),
        "post_class": each.post_class,
        "state": each.state.name.lower(),
        "valid_from": each.valid_from.isoformat(),
        "valid_until": each.valid_until.isoformat(),
        "issuer": each.issuer,
        "certificate_number": each.certificate_number,
        "key_hash": each.key_hash,
    }


def _grant(each: Grant) -> dict[str, Any]:
    granted = each.granted
    return {
        "id": each.id,
        "act": each.act,
        "state": each.state.name.lower(),
        "number": granted.number,
        "name": granted.name,
        "roles": list(granted.roles),
        "groups": list(granted.groups),
        "since": granted.since.isoformat(),
        "until": granted.until.isoformat(),
        "certificate_number": granted.certificate_number,
        "signed": [_stamp(by) for by in each.signed],
        "reason": each.reason,
    }


def _line(each: LedgerEntry) -> dict[str, Any]:
    return {
        "id": each.id,
        "act": each.act,
        "at": each.at.isoformat(),
        "number": each.number,
        "name": each.name,
        "roles": list(each.roles),
        "groups": list(each.groups),
        "certificate_number": each.certificate_number,
        "since": each.since.isoformat(),
        "until": each.until.isoformat(),
        "signed": [_stamp(by) for by in each.signed],
        "reason": each.reason,
    }


def _stamp(by: Stamp) -> dict[str, str]:
    return {"operator": by.operator, "certificate": by.certificate, "window": by.window, "at": by.at.isoformat()}


def _hands(signed: Sequence[Stamp]) -> str:
    return " ".join(by.operator for by in signed)


def _moment(at: datetime) -> str:
    from counter_tui.domain.calendar import BEIJING

    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
