"""Every rule of this version: importing this module makes `decide` complete."""

from counter_tui.operations import (
    approvals,
    declaring,
    receiving,
    reversing,
    reviewing,
    rolling_back,
    settling,
    submitting,
    witnessing,
)

__all__ = [
    "approvals",
    "declaring",
    "receiving",
    "reversing",
    "reviewing",
    "rolling_back",
    "settling",
    "submitting",
    "witnessing",
]
