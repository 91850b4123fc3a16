"""Numbers of people and packets are sealed, and looking at a number has a purpose.

Packets that stood there openly are dropped: the desk reads the page off the ledger. Messages are sealed by
casework.key, which has the secret.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "sealed_with",
        sa.Column("key_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_sealed_with"),
    )
    op.add_column("message", sa.Column("sealed", sa.Text(), nullable=True))
    op.add_column("audit", sa.Column("purpose", sa.Text(), nullable=True))
    op.drop_column("case", "packet")
    op.add_column("case", sa.Column("packet", sa.Text(), nullable=True))
