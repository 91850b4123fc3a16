"""The ledger: conversations, their messages, what is owed to whom, and what was erased."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from casework.tables.columns import UtcTime, metadata, one_of

conversation = Table(
    "conversation",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("address", String),  # hashed with the key, to be found by; `sealed_address` is where to send
    Column("sealed_address", Text),
    Column("token_hash", String, unique=True),
    Column("holder", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("worker_id", ForeignKey("worker.id")),
    Column("last_seq", Integer, nullable=False),
    Column("family_seq", Integer, nullable=False),
    Column("answered_seq", Integer, nullable=False),
    Column("harm", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("erased_at", UtcTime),
    one_of("holder", "bot", "worker"),
)

# A push channel's address has one open conversation; erasing empties it, and empty ones do not collide.
Index("uq_conversation_address", conversation.c.channel, conversation.c.address, unique=True)

# What the bot and the system say is ours and holds nobody's number.
BY_PEOPLE = ("family", "worker")

# `text` shows numbers of people as dots, `sealed` is how it was written, where that differs.
# `author` is the sender, and for a worker which one: two workers may both count their client ids from 1.
message = Table(
    "message",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("sender", String, nullable=False),
    Column("author", String, nullable=False),
    Column("worker_id", ForeignKey("worker.id")),
    Column("client_id", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("sealed", Text),
    Column("buttons", JSON, nullable=False),
    Column("turn", JSON(none_as_null=True)),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("conversation_id", "author", "client_id"),
    one_of("sender", "family", "bot", "worker", "system"),
)

# Which two characters stand beside each other where, in the words of people as they are shown: sealed numbers are dots.
gram = Table(
    "gram",
    metadata,
    Column("gram", String, primary_key=True),
    Column("conversation_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    ForeignKeyConstraint(["conversation_id", "seq"], ["message.conversation_id", "message.seq"], ondelete="CASCADE"),
    Index("ix_gram_conversation_id_seq", "conversation_id", "seq"),
)

# `not_before` is both the lease of the sender at work and the pause after a failure.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("why", String),
    Column("delivered_at", UtcTime),
    Column("given_up_at", UtcTime),
    ForeignKeyConstraint(["conversation_id", "seq"], ["message.conversation_id", "message.seq"]),
    UniqueConstraint("conversation_id", "seq"),
)
_OWED = text("delivered_at IS NULL AND given_up_at IS NULL")
# Senders ask every few seconds; what was delivered long ago must not slow them.
Index("ix_outbox_owed", outbox.c.not_before, sqlite_where=_OWED, postgresql_where=_OWED)

# Words of danger whose safety card or case may still be missing; a row lives for moments.
alarm = Table(
    "alarm",
    metadata,
    Column("conversation_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    ForeignKeyConstraint(["conversation_id", "seq"], ["message.conversation_id", "message.seq"], ondelete="CASCADE"),
)

# Replayed after a backup is restored, so it outlives the conversation and refers to it by id only.
erasure = Table(
    "erasure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String, nullable=False),
    Column("kept", String),
    Column("at", UtcTime, nullable=False),
)

# One row: which key sealed this database.
sealed_with = Table("sealed_with", metadata, Column("key_id", String, primary_key=True))
