"""The open cases as a worker looks at them all day: one query, however many wait."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from casework.case_rows import CASES, MOST_URGENT_FIRST, to_case
from casework.store import Case, Store
from casework.tables import case as cases_table
from casework.tables import conversation, message


@dataclass(frozen=True)
class Queued:
    """`unanswered` counts the family's messages since a worker last wrote; `family_seq` is the newest of them all.

    `opening` is what the family said first: the last line is often only the wish for a person.
    """

    case: Case
    last_line: str
    unanswered: int
    family_seq: int
    opening: str = ""


def queue(store: Store) -> list[Queued]:
    """Waiting, then active cases: the most urgent first, then the longest waiting."""
    said, last = message.alias(), message.alias()
    by_worker = (
        select(func.coalesce(func.max(said.c.seq), 0))
        .where(said.c.conversation_id == conversation.c.id, said.c.sender == "worker")
        .scalar_subquery()
    )
    heard = message.alias()
    unanswered = (
        select(func.count())
        .where(heard.c.conversation_id == conversation.c.id, heard.c.sender == "family", heard.c.seq > by_worker)
        .correlate(conversation)
        .scalar_subquery()
    )
    began = message.alias()
    first = (
        select(func.min(began.c.seq))
        .where(began.c.conversation_id == conversation.c.id, began.c.sender == "family")
        .correlate(conversation)
        .scalar_subquery()
    )
    opened = message.alias()
    oldest = and_(opened.c.conversation_id == conversation.c.id, opened.c.seq == first)
    newest = and_(last.c.conversation_id == conversation.c.id, last.c.seq == conversation.c.family_seq)
    query = (
        CASES.add_columns(
            conversation.c.family_seq,
            last.c.text.label("last_line"),
            unanswered.label("unanswered"),
            opened.c.text.label("opening"),
        )
        .join(conversation, conversation.c.id == cases_table.c.conversation_id)
        .outerjoin(last, newest)
        .outerjoin(opened, oldest)
        .where(cases_table.c.state != "closed")
        .order_by(cases_table.c.state.desc(), MOST_URGENT_FIRST, cases_table.c.waiting_since, cases_table.c.id)
    )
    with store.reading() as connection:
        return [
            Queued(to_case(store, row), row.last_line or "", row.unanswered, row.family_seq, row.opening or "")
            for row in connection.execute(query)
        ]
