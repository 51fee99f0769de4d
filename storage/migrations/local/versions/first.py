"""The schema as first released."""

from __future__ import annotations

from alembic import op

from storage.local.tables import local
from storage.register.tables import register

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the register and what stands beside it."""
    register.create_all(op.get_bind())
    local.create_all(op.get_bind())
