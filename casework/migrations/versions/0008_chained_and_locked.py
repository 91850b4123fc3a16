"""The audit is a chain of hashes; a second factor, sessions that end, sealed addresses, cases that are locked."""

import sqlalchemy as sa
from alembic import op

from casework.audit import FIRST, chained
from casework.tables import UtcTime

revision = "0008"
down_revision = "0007"

AUDIT = sa.table(
    "audit",
    *(sa.column(name) for name in ("id", "worker_id", "verb", "subject", "purpose", "hash")),
    sa.column("at", UtcTime),
)


def upgrade() -> None:
    op.add_column("audit", sa.Column("hash", sa.String(), nullable=False, server_default=""))
    _chain_what_is_there()
    op.create_index("ix_audit_subject", "audit", ["subject"], unique=False)
    op.add_column("worker", sa.Column("totp", sa.Text(), nullable=True))
    op.add_column("worker", sa.Column("totp_step", sa.Integer(), nullable=True))
    op.create_table(
        "recovery_code",
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_recovery_code_worker_id"),
        sa.PrimaryKeyConstraint("worker_id", "code_hash", name="pk_recovery_code"),
    )
    op.create_table(
        "ended_session",
        sa.Column("session_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session_hash", name="pk_ended_session"),
    )
    op.add_column("conversation", sa.Column("sealed_address", sa.Text(), nullable=True))
    op.add_column("case", sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True))


def _chain_what_is_there() -> None:
    """The one time that rows of the audit are touched."""
    bind = op.get_bind()
    on_postgresql = bind.dialect.name == "postgresql"
    op.execute("ALTER TABLE audit DISABLE TRIGGER USER" if on_postgresql else "DROP TRIGGER audit_refuses_update")
    before = FIRST
    for row in bind.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).all():
        before = chained(before, row.worker_id, row.verb, row.subject, row.purpose, row.at)
        bind.execute(sa.update(AUDIT).where(AUDIT.c.id == row.id).values(hash=before))
    if on_postgresql:
        op.execute("ALTER TABLE audit ENABLE TRIGGER USER")
        return
    op.execute(
        "CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    )
