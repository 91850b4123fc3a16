"""Errors of the knowledge room: each names the file or field and the way out."""

from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """A file of the knowledge base that cannot be used; the start stops."""

    def __init__(self, file: Path | str, field: str, problem: str, fix: str = "") -> None:
        self.file, self.field, self.problem, self.fix = str(file), field, problem, fix
        self.others: tuple[KnowledgeError, ...] = ()  # faults of other files, found in the same reading
        super().__init__(f"{file}: {field}: {problem}" + (f" ({fix})" if fix else ""))


class FactError(Exception):
    """A value that a fact cannot have; `field` is what was given, in the caller's words."""

    def __init__(self, field: str, problem: str) -> None:
        self.field, self.problem = field, problem
        super().__init__(f"{field}: {problem}")


class LapsedAmount(Exception):
    """The last known row of an amount ended before the day asked for."""
