"""As the product runs Rasa: without what it never calls."""

from bot.lean import leave_out

leave_out()
