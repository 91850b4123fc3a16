"""From rows to values, and the two steps every writer shares: take the conversation, add messages to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import Select

from casework.errors import NotFound
from casework.grams import grams
from casework.pii import mask
from casework.protocol import Standing
from casework.seal import place
from casework.store import Conversation, Message, Store
from casework.tables import BY_PEOPLE, conversation, gram, message, outbox, worker

# Channels where we must carry the words to the family; the web reads the ledger itself.
PUSHED = frozenset({"telegram"})

CONVERSATIONS = select(conversation)
MESSAGES = select(message, worker.c.name.label("worker")).select_from(message.outerjoin(worker))


def to_conversation(row: Row) -> Conversation:
    own = ("token_hash", "sealed_address")
    return Conversation(**{name: value for name, value in row._mapping.items() if name not in own})


def to_message(row: Row) -> Message:
    return Message(
        row.conversation_id,
        row.seq,
        row.sender,
        row.text,
        row.client_id,
        tuple(row.buttons),
        row.turn,
        row.worker,
        row.at,
        row.sealed is not None,
    )


def read_messages(connection: Connection, query: Select) -> list[Message]:
    return [to_message(row) for row in connection.execute(query.order_by(message.c.seq))]


def take(connection: Connection, conversation_id: str) -> Conversation:
    """The conversation, held against other writers until the transaction ends. Raises: NotFound."""
    row = connection.execute(CONVERSATIONS.where(conversation.c.id == conversation_id).with_for_update()).first()
    if row is None:
        raise NotFound("conversation")
    return to_conversation(row)


def standing(held: Conversation, case: str = "none") -> Standing:
    """What the protocol decides on; `case` is the state of the case at hand."""
    numbers = (held.epoch, held.worker_id, held.last_seq, held.family_seq, held.answered_seq)
    return Standing(*numbers, case, held.erased_at is not None)


def left_open(connection: Connection, held: Conversation) -> int:
    """The seq of the family's last words when neither assistant nor worker has replied to them; else 0."""
    by_us = message.c.conversation_id == held.id, message.c.sender.in_(("bot", "worker"))
    replied = connection.execute(select(func.max(message.c.seq)).where(*by_us)).scalar() or 0
    return held.family_seq if held.family_seq > replied and held.erased_at is None else 0


def settle(connection: Connection, conversation_id: str, now: Standing) -> None:
    """Write down where the conversation stands."""
    values: dict[str, Any] = now._asdict()
    del values["case"], values["is_erased"]
    worker_id = values.pop("worker")
    holder = "bot" if worker_id is None else "worker"
    change(connection, conversation_id, holder=holder, worker_id=worker_id, **values)


def change(connection: Connection, conversation_id: str, **values: object) -> None:
    connection.execute(update(conversation).where(conversation.c.id == conversation_id).values(**values))


def line(sender: str, text: str, client_id: str, **more: object) -> dict[str, Any]:
    """The columns of one message except its place and time."""
    worker_id = more.get("worker_id")
    author = sender if worker_id is None else f"{sender}:{worker_id}"
    found = {"sender": sender, "author": author, "text": storable(text), "client_id": storable(client_id)}
    return {"buttons": [], "turn": None, "worker_id": None} | found | more


def said_before(connection: Connection, conversation_id: str, new: dict[str, Any]) -> Message | None:
    same = [message.c.author == new["author"], message.c.client_id == new["client_id"]]
    found = read_messages(connection, MESSAGES.where(message.c.conversation_id == conversation_id, *same))
    return found[0] if found else None


def add(
    store: Store, connection: Connection, held: Conversation, now: Standing, lines: Sequence[dict[str, Any]]
) -> list[Message]:
    """Append to a taken conversation, numbers of people sealed, and owe the delivery where the channel pushes.

    `now` is where it stands with these lines.
    """
    settle(connection, held.id, now)
    if not lines:
        return []
    at = store.clock()
    rows: list[dict[str, Any]] = [
        {"conversation_id": held.id, "seq": seq, "at": at} | new | _sealed(store, held.id, seq, new)
        for seq, new in enumerate(lines, held.last_seq + 1)
    ]
    connection.execute(insert(message), rows)
    _index(connection, rows)
    if held.channel in PUSHED and held.address is not None:
        owed = [row["seq"] for row in rows if row["sender"] != "family"]
        _owe(connection, held.id, owed, at)
    written = MESSAGES.where(message.c.conversation_id == held.id, message.c.seq > held.last_seq)
    return read_messages(connection, written)


def _sealed(store: Store, conversation_id: str, seq: int, new: dict[str, Any]) -> dict[str, Any]:
    text, masked = new["text"], mask(new["text"])
    if new["sender"] not in BY_PEOPLE or masked == text:
        return {"sealed": None}
    return {"text": masked, "sealed": store.seal.close(text, place(conversation_id, seq))}


def _index(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """So that desks find what people said; numbers are dots by now."""
    said = [row for row in rows if row["sender"] in BY_PEOPLE]
    pairs = [
        {"gram": pair, "conversation_id": row["conversation_id"], "seq": row["seq"]}
        for row in said
        for pair in grams(row["text"])
    ]
    if pairs:
        connection.execute(insert(gram), pairs)


def _owe(connection: Connection, conversation_id: str, seqs: Sequence[int], at: datetime) -> None:
    owed = [{"conversation_id": conversation_id, "seq": seq, "not_before": at, "tries": 0} for seq in seqs]
    if owed:
        connection.execute(insert(outbox), owed)


def storable(text: str) -> str:
    """The text with what no database stores (NUL, half a surrogate pair) shown as U+FFFD."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", "\ufffd")
