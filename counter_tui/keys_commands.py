"""`counter-tui keys`: the operators' keys (证书介质) that are plugged in, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import click

from counter_tui.command_groups import ScatteredGroup

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Group(ScatteredGroup):
    """Commands about keys; each is read when it is called."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "list": "counter_tui.keys_listing",
        "test": "counter_tui.keys_listing",
        "found": "counter_tui.founding_commands",
        **dict.fromkeys(("operators", "grants", "ledger"), "counter_tui.posts_listing"),
        **dict.fromkeys(("request", "review", "approve", "carry-out"), "counter_tui.posts_commands"),
        **dict.fromkeys(("revoke", "suspend"), "counter_tui.posts_commands"),
    }


@click.group(cls=_Group)
def keys() -> None:
    """证书介质：查看、试签；柜员、岗位与证书的登记。"""
