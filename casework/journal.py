"""What was erased, in a file beside the database: a backup that is put back brings nothing back with it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# `erased`: every row is gone · `closed`: to the family, kept for those who must · `emptied`: a case without words
WHAT = ("erased", "closed", "emptied")


@dataclass(frozen=True)
class Entry:
    """An opaque id and a word: the journal itself tells nothing of anybody."""

    conversation: str
    what: str


@dataclass(frozen=True)
class Journal:
    """Only ever added to; one line an erasure."""

    path: Path

    def add(self, conversation_id: str, what: str, at: datetime) -> None:
        """Written to the disk before the database commits: rather erased twice than once too little."""
        line = json.dumps({"conversation": conversation_id, "what": what, "at": at.isoformat()})
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # The line before may have been torn by a power cut.
            os.write(file, f"\n{line}".encode())
            os.fsync(file)
        finally:
            os.close(file)

    def entries(self) -> Iterator[Entry]:
        """Oldest first. A torn line is no entry: what it told of was not done either."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    given = json.loads(line)
                    yield Entry(given["conversation"], given["what"])
                except (ValueError, KeyError, TypeError):
                    continue
