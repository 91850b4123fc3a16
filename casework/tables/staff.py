"""Who works here, how they sign in, what they did, and what they turned off."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from casework.tables.columns import UtcTime, metadata, one_of

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
    Column("removed_at", UtcTime),  # since then they do not work here; the row stays for what bears their name
    one_of("role", "caseworker", "counselor", "supervisor", "admin"),
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
    Column("key", Integer),  # of `audit_key`, with which the hash was made; None: with none, before there was one
)

# The keys of the chain, each sealed: whoever reads and writes the database alone can make no link of it.
audit_key = Table(
    "audit_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sealed", Text, nullable=False),
)

# A row for each part of the assistant that is off; who turned it off and on again stands in the audit.
switched_off = Table(
    "switched_off",
    metadata,
    Column("capability", String, primary_key=True),
    Column("worker_id", ForeignKey("worker.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    one_of("capability", "all", "interview", "answers"),
)
