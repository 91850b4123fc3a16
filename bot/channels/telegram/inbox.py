"""From Telegram's updates to the ledger: words, corrections, taps, and a kind line for what cannot be read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, Chat, Message, Update

from bot.channels.telegram.calls import Errands, code
from bot.channels.telegram.speech import first_words, pressed, telegram_words
from bot.errors import Refused
from bot.gateway import Gateway
from bot.logs import short_hash
from bot.words import words
from casework.ledger import append, at_address, by_address, find, messages, remark
from casework.store import Conversation

CHANNEL = "telegram"
LONGEST_TOAST = 200
UNREAD = "unread-"
BEGAN = re.compile(r"first-[0-9]+-([0-9]+)")

log = structlog.get_logger()


class Inbox:
    """Takes one update at a time; when `take` returns, it is in the ledger, and again is once."""

    def __init__(self, bot: Bot, gateway: Gateway, errands: Errands) -> None:
        self._bot, self._gateway, self._errands = bot, gateway, errands
        self._store = gateway.store
        self._one = asyncio.Lock()

    async def take(self, raw: Mapping[str, Any]) -> None:
        """Raises: SQLAlchemyError, NotFound; the same update is then to be given again."""
        try:
            update = Update.de_json(dict(raw), self._bot)
        # A kind of update that the library cannot read must not stop all others.
        except Exception as error:
            log.error("telegram.unreadable", problem=code(error))
            return
        async with self._one:
            if update.callback_query:
                await self._tapped(update.callback_query)
            elif message := update.message or update.edited_message:
                await self._written(update, message)

    async def _written(self, update: Update, message: Message) -> None:
        text, is_edit = message.text or message.caption or "", update.edited_message is not None
        kind = None if is_edit else _kind(message)
        if not is_private(message.chat) or (message.from_user and message.from_user.is_bot):
            log.debug("telegram.ignored", chat=message.chat.type)
            return
        # A pinned message, a changed timer: nobody spoke.
        if not text and not kind:
            return
        address, mark = str(message.chat.id), f"{update.update_id}-{message.message_id}"
        if not is_edit and _command(text) in telegram_words()["erase"]:
            await self._erase(address, message.message_id)
            return
        held = await asyncio.to_thread(at_address, self._store, CHANNEL, address)
        is_start = not is_edit and _command(text) == "/start"
        if is_start or held.last_seq == 0:
            await self._greet(held, f"first-{mark}")
        if text and not is_start:
            await self._hear(held, mark, telegram_words()["edited"].format(text=text) if is_edit else text)
        if kind:
            group = message.media_group_id or mark
            await self._cannot_read(held, f"{UNREAD}{group}", kind, bool(text))

    async def _greet(self, held: Conversation, client_id: str) -> None:
        """The assistant says who it is; it does not where a worker is already talking."""
        text, buttons = first_words()
        await asyncio.to_thread(remark, self._store, held.id, text, client_id, buttons)
        self._gateway.notice(held.id)

    async def _hear(self, held: Conversation, mark: str, text: str) -> None:
        try:
            await self._gateway.receive(held.id, mark, text)
        except Refused as refused:
            await self._say(held, f"refused-{mark}", words()["errors"][refused.word])

    async def _cannot_read(self, held: Conversation, client_id: str, kind: str, has_text: bool) -> None:
        """Said once for an album, and once for a row of stickers."""
        now = await asyncio.to_thread(find, self._store, held.id) or held
        last = await asyncio.to_thread(messages, self._store, held.id, now.last_seq - 1)
        if last and last[-1].sender == "system" and last[-1].client_id.startswith(UNREAD):
            return
        form = telegram_words()["unread_caption" if has_text else "unread"]
        await self._say(held, client_id, form.format(kind=kind))

    async def _erase(self, address: str, asked: int) -> None:
        """Like DELETE; the answer cannot come through the ledger, which has nothing left to say it in.

        `asked` is the number of the message that asked for it: a conversation begun by a later one is not meant.
        """
        held = await asyncio.to_thread(by_address, self._store, CHANNEL, address)
        if held and await asyncio.to_thread(self._began_after, held, asked):
            return
        line = telegram_words()["nothing_to_erase"]
        if held:
            done = await self._gateway.erase(held.id)
            line = words()["system"]["erased" if done.erased else f"kept_{done.kept}"]
        farewell = f"{line}\n{telegram_words()['on_the_phone']}"
        self._errands.run(lambda: self._bot.send_message(address, farewell))

    def _began_after(self, held: Conversation, asked: int) -> bool:
        """An update that comes a second time must not erase what was said since its first."""
        first = messages(self._store, held.id, limit=1)
        began = BEGAN.fullmatch(first[0].client_id) if first else None
        return began is not None and int(began[1]) > asked

    async def _tapped(self, query: CallbackQuery) -> None:
        """A tap says the words of its button. A key under an answered question says nothing any more."""
        if query.message is None or not is_private(query.message.chat):
            return
        chat, message_id = query.message.chat.id, query.message.message_id
        found = await asyncio.to_thread(self._button, str(chat), query.data or "")
        toast = telegram_words()["stale"]
        if found:
            conversation_id, client_id, button = found
            await self._gateway.receive(conversation_id, client_id, button["payload"])
            toast = telegram_words()["chosen"].format(title=button["title"])
        self._errands.run(lambda: self._bot.answer_callback_query(query.id, toast[:LONGEST_TOAST]))
        self._errands.run(lambda: self._bot.edit_message_reply_markup(chat, message_id))

    def _button(self, address: str, data: str) -> tuple[str, str, Mapping[str, str]] | None:
        """Conversation, client id and button of a key that still counts."""
        held, key = by_address(self._store, CHANNEL, address), pressed(data)
        if held is None or key is None or key[0] != short_hash(held.id):
            return None
        _, seq, place = key
        found = messages(self._store, held.id, after=seq - 1)
        if not found or found[0].seq != seq or place >= len(found[0].buttons):
            return None
        if found[0].sender == "bot" and any(later.sender == "bot" for later in found[1:]):
            return None
        # The same key twice in a row is a trembling finger; another key of the same question is a change of mind.
        return held.id, f"tap-{seq}-{place}", found[0].buttons[place]

    async def _say(self, held: Conversation, client_id: str, text: str, buttons: Any = ()) -> None:
        await asyncio.to_thread(append, self._store, held.id, "system", text, client_id, buttons)
        self._gateway.notice(held.id)


def is_private(chat: Chat) -> bool:
    return chat.type == Chat.PRIVATE


def _command(text: str) -> str:
    """The first word without the bot's name, or the whole of a text that is no command."""
    said = text.strip()
    return said.split()[0].partition("@")[0].lower() if said.startswith("/") else said


def _kind(message: Message) -> str | None:
    """What people call the thing that was sent; None when it was only text or nobody sent anything."""
    kinds: Mapping[str, str] = telegram_words()["kinds"]
    found = next((kind for name, kind in kinds.items() if getattr(message, name, None)), None)
    return found or (telegram_words()["other"] if message.effective_attachment else None)
