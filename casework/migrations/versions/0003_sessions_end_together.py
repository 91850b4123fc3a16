"""A worker's sessions end together: each carries the epoch it was begun under."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("worker", sa.Column("session_epoch", sa.Integer(), nullable=False, server_default="1"))
