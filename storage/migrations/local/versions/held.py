"""What the hub holds in the bureau, so that a supervisor at any counter may answer it."""

from __future__ import annotations

from alembic import op

from storage.local.tables import held_operations

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table, which a file made by this program has from the start.

    What was held before comes down again: the hub tells its cause in another row when it is next opened.
    """
    held_operations.create(op.get_bind(), checkfirst=True)
