"""Grants of posts, their ledger, and when operators last signed on."""

from __future__ import annotations

from alembic import op

from storage.register.tables import grants, last_sign_ons, post_ledger

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables, which a file made by this program has from the start."""
    for table in (grants, post_ledger, last_sign_ons):
        table.create(op.get_bind(), checkfirst=True)
