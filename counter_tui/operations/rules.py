"""Every rule of this version: importing this module makes `decide` complete."""

from counter_tui.operations import (
    approvals,
    declaring,
    figures,
    granting,
    holding,
    receiving,
    reversing,
    reviewing,
    rolling_back,
    settling,
    signing_on,
    submitting,
    witnessing,
)

__all__ = [
    "approvals",
    "declaring",
    "figures",
    "granting",
    "holding",
    "receiving",
    "reversing",
    "reviewing",
    "rolling_back",
    "settling",
    "signing_on",
    "submitting",
    "witnessing",
]
