"""Every business function of this version: importing this module declares them."""

from counter_tui.forms.catalog import enrolment, suspension

__all__ = ["enrolment", "suspension"]
