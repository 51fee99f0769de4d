"""Files of figures that a bureau loads into its law."""

from __future__ import annotations

from alembic import op

from storage.register.tables import figures

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table, which a file made by this program has from the start."""
    figures.create(op.get_bind(), checkfirst=True)
