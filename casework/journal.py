"""What was erased, in a file beside the database: a backup that is put back brings nothing back with it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

# `erased`: every row is gone · `closed`: to the family, kept for those who must · `emptied`: a case without words
WHAT = ("erased", "closed", "emptied")
# Of an entry from before that was written down: no conversation goes on after it.
UNKNOWN = 1 << 62


@dataclass(frozen=True)
class Entry:
    """An opaque id, a word, and the number of the family's last words: the journal itself tells nothing of anybody."""

    conversation: str
    what: str
    family_seq: int = field(default=UNKNOWN, compare=False)


@dataclass(frozen=True)
class Journal:
    """Only ever added to; one line an erasure."""

    path: Path

    def add(self, conversation_id: str, what: str, at: datetime, family_seq: int = UNKNOWN) -> None:
        """Written to the disk before the database commits: rather erased twice than once too little."""
        told = {"conversation": conversation_id, "what": what, "at": at.isoformat(), "family_seq": family_seq}
        line = json.dumps(told)
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
                    yield Entry(given["conversation"], given["what"], int(given.get("family_seq", UNKNOWN)))
                except (ValueError, KeyError, TypeError):
                    continue
