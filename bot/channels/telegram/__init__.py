"""The Telegram channel: updates into the ledger, the outbox to the chats."""

from bot.channels.telegram.channel import Telegram

__all__ = ["Telegram"]
