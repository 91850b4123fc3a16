"""Whether a family wants to be asked how it went, and what it answers: through its own conversation, by a button."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.sql import Select

from casework.events import Event, append, case_id, of_kind, read_log
from casework.follow import agreement, keep_up
from casework.followup import Matter, matters
from casework.ledger import find, put
from casework.rules import rules
from casework.seal import place
from casework.store import Message, Store
from casework.tables import case as cases_table


def ask_agreement(store: Store, ref: str, worker_id: int) -> bool:
    """Put the one question into the family's conversation, once for a case; whether it was put.

    Not while a colleague talks there.

    Raises: NotFound.
    """
    with store.reading() as connection:
        of_case = case_id(connection, ref)
        conversation_id = connection.execute(
            select(cases_table.c.conversation_id).where(cases_table.c.id == of_case)
        ).scalar_one()
        events = read_log(store, connection, of_case)
    held = find(store, conversation_id)
    if held is None or held.erased_at or agreement(events, held.id) is not None or of_kind(events, "asked_to_agree"):
        return False
    asked = rules("followup")["agree"]
    if put(store, held.id, worker_id, asked["text"], f"agree-{ref}", asked["buttons"]) is None:
        return False
    with store.writing() as connection:
        append(store, connection, case_id(connection, ref, hold=True), "asked_to_agree", worker_id, held.id)
    return True


def answer_of(text: str) -> str | None:
    """`agree`, `disagree` or the name of a report, where the text is that of one of our buttons and nothing else."""
    known = rules("followup")
    yes, no = (button["payload"] for button in known["agree"]["buttons"])
    named = {report["payload"]: name for name, report in known["reports"].items()} | {yes: "agree", no: "disagree"}
    return named.get(text.strip())


def reply_to(answer: str) -> str:
    known = rules("followup")
    if answer in ("agree", "disagree"):
        return str(known["agree"]["heard"][answer == "agree"])
    return str(known["reports"][answer]["says"])


def answers_to(what: str) -> list[str]:
    """What ends such a matter: its buttons, and what is understood beside them."""
    known = rules("followup")
    return [*known["answers"].get(what, ()), *known["hears"].get(what, ())]


def has_agreed(store: Store, conversation_id: str) -> bool:
    """Whether a family has said last that it may be asked."""
    with store.reading() as connection:
        of_cases = connection.execute(_cases(conversation_id)).scalars().all()
        said = [agreement(read_log(store, connection, of_case), conversation_id) for of_case in of_cases]
        return next((yes for yes in said if yes is not None), False)


def take_answer(store: Store, message: Message, read: str | None = None) -> str | None:
    """Record what a family answered; the answer, None for other words.

    `read`: what its words were read as, where they are not those of a button. Whether it may be asked is true of all
    its cases; what it tells belongs to the case that asked, else to the newest.
    The same message again is the same answer. Without a case there is nothing to ask about, and the words are words.
    """
    answer = answer_of(message.text) or read
    if answer is None:
        return None
    with store.writing() as connection:
        of_cases = connection.execute(_cases(message.conversation).with_for_update()).scalars().all()
        logs = {of_case: read_log(store, connection, of_case) for of_case in of_cases}
        if not logs:
            return None
        here, now = place(message.conversation, message.seq), store.clock()
        if any(event.data.get("from") == here for log in logs.values() for event in of_kind(log, "agreed", "reported")):
            return answer
        if answer in ("agree", "disagree"):
            told = {"yes": answer == "agree", "from": here}
            for of_case in of_cases:
                append(store, connection, of_case, "agreed", subject=message.conversation, data=told)
            return answer
        asking = next((of_case for of_case, log in logs.items() if _ended_by(log, answer, now)), of_cases[0])
        append(
            store, connection, asking, "reported", subject=message.conversation, data={"answer": answer, "from": here}
        )
        for matter in _ended_by(logs[asking], answer, now):
            append(store, connection, asking, "done", subject=matter.key, data={"how": answer})
        keep_up(store, connection, asking)
    return answer


def _ended_by(log: Sequence[Event], answer: str, now: datetime) -> list[Matter]:
    """What the family was asked about and this answers, and the same where it has fallen due beside it."""
    return [
        matter
        for matter in matters(log).values()
        if matter.is_open and (matter.reminded_at or matter.at <= now) and answer in answers_to(matter.what)
    ]


def _cases(conversation_id: str) -> Select:
    """The newest first."""
    own = cases_table.c.conversation_id == conversation_id
    return select(cases_table.c.id).where(own).order_by(cases_table.c.id.desc())
