"""Every rule of this version: importing this module makes `decide` complete."""

from counter_tui.operations import (
    approvals,
    declaring,
    figures,
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
    "figures",
    "receiving",
    "reversing",
    "reviewing",
    "rolling_back",
    "settling",
    "submitting",
    "witnessing",
]
