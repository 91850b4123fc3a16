"""Whether a family wants to be asked how it went, and what it answers: through its own conversation, by a button."""

from sqlalchemy import select

from casework.events import append, case_id, of_kind, read_log
from casework.follow import agreement, keep_up
from casework.followup import matters
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


def take_answer(store: Store, message: Message) -> str | None:
    """Record the button a family pressed with the newest case of its conversation; the answer, None for other words.

    The same message again is the same answer. Without a case there is nothing to ask about, and the words are words.
    """
    answer = answer_of(message.text)
    if answer is None:
        return None
    newest = (
        select(cases_table.c.id)
        .where(cases_table.c.conversation_id == message.conversation)
        .order_by(cases_table.c.id.desc())
        .with_for_update()
    )
    with store.writing() as connection:
        of_case = connection.execute(newest.limit(1)).scalar()
        if of_case is None:
            return None
        events, here = read_log(store, connection, of_case), place(message.conversation, message.seq)
        if any(event.data.get("from") == here for event in of_kind(events, "agreed", "reported")):
            return answer
        if answer in ("agree", "disagree"):
            told = {"yes": answer == "agree", "from": here}
            append(store, connection, of_case, "agreed", subject=message.conversation, data=told)
            return answer
        told = {"answer": answer, "from": here}
        append(store, connection, of_case, "reported", subject=message.conversation, data=told)
        for matter in matters(events).values():
            if matter.is_open and matter.reminded_at and answer in rules("followup")["answers"].get(matter.what, ()):
                append(store, connection, of_case, "done", subject=matter.key, data={"how": answer})
        keep_up(store, connection, of_case)
    return answer
