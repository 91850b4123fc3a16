"""The tables, as the newest migration leaves them."""

from datetime import datetime, timezone

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator):
    """Aware UTC in and out; SQLite itself keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

worker = Table(
    "worker",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("session_epoch", Integer, nullable=False, server_default="1"),
    Column("totp", Text),  # the sealed secret of the second factor
    Column("totp_step", Integer),  # the last half minute whose code was used
    Column("created_at", UtcTime, nullable=False),
    _one_of("role", "caseworker", "counselor", "supervisor", "admin"),
)

staff_token = Table(
    "staff_token",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("worker_id", ForeignKey("worker.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("worker_id", ForeignKey("worker.id"), primary_key=True),
    Column("code_hash", String, primary_key=True),
)

# Sessions are signed cookies; one that was left before its time is listed here until then.
ended_session = Table(
    "ended_session",
    metadata,
    Column("session_hash", String, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

# The name is hashed: people type their password into the wrong field. Addresses are counted here too.
sign_in_try = Table(
    "sign_in_try",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name_hash", String, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("worker_id", ForeignKey("worker.id"), nullable=False),
    Column("verb", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("purpose", Text),
    Column("at", UtcTime, nullable=False),
    Column("hash", String, nullable=False, server_default=""),  # of this row and the one before, see casework.audit
)

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
    _one_of("holder", "bot", "worker"),
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
    _one_of("sender", "family", "bot", "worker", "system"),
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

case = Table(
    "case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ref", String, nullable=False, unique=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("child_ref", String, index=True),  # cases about the same child share it
    Column("queue", String, nullable=False),
    Column("urgency", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("worker_id", ForeignKey("worker.id")),
    Column("claim_seq", Integer),
    Column("packet", Text),  # sealed JSON
    Column("outcome", Text),
    Column("opened_at", UtcTime, nullable=False),
    Column("waiting_since", UtcTime, nullable=False),
    Column("claimed_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("locked_at", UtcTime),  # kept for harm after its time: no desk shows it without a supervisor's reason
    Column("region", String),  # a code that a worker gave; else the packet's facts say where
    Column("language", String),  # likewise; else the script of the family's words
    Column("labels", JSON, nullable=False, server_default="[]"),
    Column("offered_to", Integer),  # the colleague who is asked to take it over, until any step of the machine
    Column("offered_at", UtcTime),
    Column("called_at", UtcTime),  # since nobody claimed it in time, the supervisors are called
    _one_of("queue", "caseworker", "counselor"),
    _one_of("urgency", "routine", "urgent", "emergency"),
    _one_of("state", "waiting", "active", "closed"),
)
Index(
    "uq_case_open",
    case.c.conversation_id,
    unique=True,
    sqlite_where=text("state <> 'closed'"),
    postgresql_where=text("state <> 'closed'"),
)

# Appended, never changed: the database refuses. A follow-up is an event with a due date; `subject` is what it is about
# (an application, a referral, a conversation, the key of a follow-up), `sealed` its particulars as sealed JSON.
case_event = Table(
    "case_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("subject", String, index=True),
    Column("worker_id", ForeignKey("worker.id")),
    Column("detail", String),
    Column("due_at", UtcTime),
    Column("sealed", Text),
    Column("at", UtcTime, nullable=False),
)
_HAS_DUE = text("due_at IS NOT NULL")
Index("ix_case_event_due_at", case_event.c.due_at, sqlite_where=_HAS_DUE, postgresql_where=_HAS_DUE)

# One row: which key sealed this database.
sealed_with = Table("sealed_with", metadata, Column("key_id", String, primary_key=True))

# What a worker writes that no family sees: notes stay with the case, a draft goes when it is sent.
note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False, index=True),
    Column("worker_id", ForeignKey("worker.id"), nullable=False),
    Column("client_id", String, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("case_id", "worker_id", "client_id"),
)

draft = Table(
    "draft",
    metadata,
    Column("case_id", ForeignKey("case.id"), primary_key=True),
    Column("worker_id", ForeignKey("worker.id"), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# A row for each part of the assistant that is off; who turned it off and on again stands in the audit.
switched_off = Table(
    "switched_off",
    metadata,
    Column("capability", String, primary_key=True),
    Column("worker_id", ForeignKey("worker.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    _one_of("capability", "all", "interview", "answers"),
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
