"""Somebody leaves: the name stays where it was written, and opens nothing any more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("worker", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
