"""A push channel's address has one open conversation; what is owed is found without reading what was delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

OWED = sa.text("delivered_at IS NULL AND given_up_at IS NULL")


def upgrade() -> None:
    op.create_index("uq_conversation_address", "conversation", ["channel", "address"], unique=True)
    op.create_index("ix_outbox_owed", "outbox", ["not_before"], sqlite_where=OWED, postgresql_where=OWED)
