"""Cases are offered, labelled, routed by place and language, and called for; words are found by pairs of characters."""

import sqlalchemy as sa
from alembic import op

from casework.grams import grams

revision = "0010"
down_revision = "0009"

MESSAGE = sa.table("message", *(sa.column(name) for name in ("conversation_id", "seq", "sender", "text")))
GRAM = sa.table("gram", *(sa.column(name) for name in ("gram", "conversation_id", "seq")))


def upgrade() -> None:
    op.add_column("case", sa.Column("region", sa.String(), nullable=True))
    op.add_column("case", sa.Column("language", sa.String(), nullable=True))
    op.add_column("case", sa.Column("labels", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("case", sa.Column("offered_to", sa.Integer(), nullable=True))
    op.add_column("case", sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case", sa.Column("called_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "gram",
        sa.Column("gram", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"],
            ["message.conversation_id", "message.seq"],
            name="fk_gram_conversation_id_seq",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gram", "conversation_id", "seq", name="pk_gram"),
    )
    op.create_index("ix_gram_conversation_id_seq", "gram", ["conversation_id", "seq"], unique=False)
    _index_what_was_said()


def _index_what_was_said() -> None:
    bind = op.get_bind()
    said = bind.execute(sa.select(MESSAGE).where(MESSAGE.c.sender.in_(("family", "worker")))).all()
    for row in said:
        found = [{"gram": each, "conversation_id": row.conversation_id, "seq": row.seq} for each in grams(row.text)]
        if found:
            bind.execute(sa.insert(GRAM), found)
