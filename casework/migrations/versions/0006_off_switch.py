"""The assistant can be turned off, whole or in part."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "switched_off",
        sa.Column("capability", sa.String(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capability IN ('all', 'interview', 'answers')", name="ck_switched_off_capability"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_switched_off_worker_id"),
        sa.PrimaryKeyConstraint("capability", name="pk_switched_off"),
    )
