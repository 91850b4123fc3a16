"""What is owed to words of danger: written down together with them, so that no death in between forgets it."""

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from casework.rows import MESSAGES, read_messages
from casework.store import Message, Store
from casework.tables import alarm, conversation, message


def owe_alarm(connection: Connection, said: Message) -> None:
    connection.execute(insert(alarm), [{"conversation_id": said.conversation, "seq": said.seq}])


def is_unheeded(connection: Connection, conversation_id: str) -> bool:
    owed = select(alarm.c.seq).where(alarm.c.conversation_id == conversation_id)
    return connection.execute(owed.limit(1)).first() is not None


def owed_alarms(store: Store) -> list[Message]:
    """Words of danger that were recorded and not seen to the end, whoever holds the conversation since."""
    owed = select(alarm).join(conversation, conversation.c.id == alarm.c.conversation_id)
    with store.reading() as connection:
        # From the few that are owed to their words: a join would walk through all messages, every few seconds.
        return [
            said
            for row in connection.execute(owed.where(conversation.c.erased_at.is_(None)))
            for said in read_messages(
                connection, MESSAGES.where(message.c.conversation_id == row.conversation_id, message.c.seq == row.seq)
            )
        ]


def alarm_heeded(store: Store, said: Message) -> bool:
    """Owe it no more; whether it was owed until now."""
    mine = (alarm.c.conversation_id == said.conversation, alarm.c.seq == said.seq)
    with store.writing() as connection:
        return connection.execute(delete(alarm).where(*mine)).rowcount > 0
