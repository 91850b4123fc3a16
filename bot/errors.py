"""Errors of the bot room: what stops the start, and what a caller of the front door did wrong."""

from __future__ import annotations


class SettingsError(Exception):
    """Every wrong or missing name at once, one line each; the start stops."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


class Refused(Exception):
    """A request that cannot be taken; `word` names the line of words.yml that says why."""

    def __init__(self, status: int, word: str, retry_after: int | None = None) -> None:
        self.status, self.word, self.retry_after = status, word, retry_after
        super().__init__(word)
