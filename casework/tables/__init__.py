"""The tables, as the newest migration leaves them; whoever imports one has them all in `metadata`."""

from casework.tables.columns import UtcTime, metadata
from casework.tables.staff import (
    audit,
    audit_key,
    ended_session,
    recovery_code,
    sign_in_try,
    staff_token,
    switched_off,
    worker,
)
from casework.tables.talk import BY_PEOPLE, alarm, conversation, erasure, gram, message, outbox, sealed_with
from casework.tables.work import case, case_event, draft, note

__all__ = [
    "BY_PEOPLE",
    "UtcTime",
    "alarm",
    "audit",
    "audit_key",
    "case",
    "case_event",
    "conversation",
    "draft",
    "ended_session",
    "erasure",
    "gram",
    "message",
    "metadata",
    "note",
    "outbox",
    "recovery_code",
    "sealed_with",
    "sign_in_try",
    "staff_token",
    "switched_off",
    "worker",
]
