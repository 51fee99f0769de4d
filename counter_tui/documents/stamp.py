"""Circumstances of one print: they go on the paper but do not belong to the document's content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # part of a kept value

from counter_tui.documents.composition import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who prints, where, when, and under which conditions."""

    region_title: str
    """Name put before the document's title, such as 示例市."""
    printed_by: str
    window: str
    printed_at: datetime
    training: bool = False
    void: bool = False
    """The bill was rolled back."""
    offline: bool = False
    """The hub does not know the operation yet."""
    operation: str = ""
    """Operation id for the QR of a sheet printed offline."""
    print_number: int = 1
    """1 for the first print of this serial."""

    @property
    def across(self) -> str:
        """Words across the whole sheet."""
        return "　".join(word for word, said in (("演练", self.training), ("已作废", self.void)) if said)

    @property
    def again(self) -> str:
        """Mark of a second and later print."""
        return f"补打 第{self.print_number - 1}次" if self.print_number > 1 else ""

    @property
    def foot(self) -> str:
        """Left part of the last line of each page."""
        return f"打印人：{self.printed_by}　窗口：{self.window}　打印时间：{local(self.printed_at):%Y-%m-%d %H:%M}"
