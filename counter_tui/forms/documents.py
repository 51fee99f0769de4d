"""Names of the printed documents."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENTS: Mapping[str, str] = MappingProxyType(
    {
        "D01": "单位缴费通知单",
        "D02": "单位征集核定单",
        "D05": "人员变更表",
        "D17": "受理回执",
    }
)
"""Documents that this version prints."""


def document_name(document: str) -> str:
    """What a document is called. Raises KeyError for one that is not printed."""
    return DOCUMENTS[document]
