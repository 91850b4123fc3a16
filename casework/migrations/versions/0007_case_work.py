"""A case has a child, and events of every kind, some due on a day, their particulars sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NEVER_CHANGED = "id, case_id, kind, subject, due_at, worker_id, at"


def upgrade() -> None:
    with op.batch_alter_table("case_event") as table:
        # Kinds grow with the work; casework.events names them.
        table.drop_constraint("ck_case_event_kind", type_="check")
        table.add_column(sa.Column("subject", sa.String(), nullable=True))
        table.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("sealed", sa.Text(), nullable=True))
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_case_event_due_at", "case_event", ["due_at"], sqlite_where=due, postgresql_where=due)
    op.create_index("ix_case_event_subject", "case_event", ["subject"])
    op.add_column("case", sa.Column("child_ref", sa.String(), nullable=True))
    op.create_index("ix_case_child_ref", "case", ["child_ref"])
    _make_append_only()


def _make_append_only() -> None:
    """What happened is not rewritten; particulars may be blanked, and rows go, when a case is erased."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION case_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'case_event is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER case_event_is_append_only BEFORE UPDATE OF {NEVER_CHANGED} ON case_event "
            "FOR EACH ROW EXECUTE FUNCTION case_event_is_append_only()"
        )
        return
    op.execute(
        f"CREATE TRIGGER case_event_refuses_update BEFORE UPDATE OF {NEVER_CHANGED} ON case_event "
        "BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END"
    )
