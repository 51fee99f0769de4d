"""Every business function of this version: importing this module declares them."""

from counter_tui.forms.catalog import (
    enquiries,
    enrolment,
    information,
    prints,
    reception,
    review,
    settlement,
    submission,
    suspension,
)

__all__ = [
    "enquiries",
    "enrolment",
    "information",
    "prints",
    "reception",
    "review",
    "settlement",
    "submission",
    "suspension",
]
