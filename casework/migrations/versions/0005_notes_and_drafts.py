"""What a worker writes that no family sees: notes and drafts, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_note_case_id"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_note_worker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.UniqueConstraint("case_id", "worker_id", "client_id", name="uq_note_case_id_worker_id_client_id"),
    )
    op.create_index("ix_note_case_id", "note", ["case_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_draft_case_id"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_draft_worker_id"),
        sa.PrimaryKeyConstraint("case_id", "worker_id", name="pk_draft"),
    )
