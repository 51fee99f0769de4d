"""Sign-ons, so that a key has one at a time."""

from __future__ import annotations

from alembic import op

from storage.register.tables import sign_ons

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table, which a file made by this program has from the start."""
    sign_ons.create(op.get_bind(), checkfirst=True)
