"""Cases, what happened to them, and what a worker writes that no family sees."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from casework.tables.columns import UtcTime, metadata, one_of

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
    one_of("queue", "caseworker", "counselor"),
    one_of("urgency", "routine", "urgent", "emergency"),
    one_of("state", "waiting", "active", "closed"),
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
