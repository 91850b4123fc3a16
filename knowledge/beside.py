"""What is asked beside an entitlement (who helps me go, is there a psychologist), and its sentence with its clause."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.files import Fields, read_yaml
from knowledge.source import Source, check_cite

# `unknown` is somebody of whom nothing tells yet whether it is a child.
VOICES = ("child", "adult", "office", "unknown")
_PATTERNS = (("words", str), ("unless", str))
PARTS = ("publicity", "elsewhere", "ask_what", "ask_where", "ask_appeal", "ask_duration", "ask_payment", "ask_after_18")


@dataclass(frozen=True)
class Beside:
    """One matter; without `cites` its sentence is advice. `part` is where an entitlement's own file answers it.

    Without `words` it is only found by its likeness to sentences (`data/asked`, bot.components.matters).

    `of` is that entitlement where it is always the same one; `after` are what must have been spoken of just before:
    怎么要 asks for child support only then. What is told in a question that is `hearsay` is of nobody: 满十八还有吗.
    `first`: an alarm that is heard in the question comes after its answer.
    """

    id: str
    asked_as: tuple[str, ...]
    words: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    voices: tuple[str, ...]
    part: str | None
    of: str | None
    after: tuple[str, ...]
    hearsay: bool
    first: bool
    says: Mapping[str, str]
    cites: tuple[str, ...]

    def is_asked(self, text: str, voice: str, at_hand: Collection[str] = ()) -> bool:
        is_meant = self.words is not None and bool(self.words.search(text)) and self.may_answer(text, voice)
        return is_meant and (not self.after or not set(self.after).isdisjoint(at_hand))

    def may_answer(self, text: str, voice: str) -> bool:
        """Whether it is for that voice, and nothing in the words keeps it away."""
        return voice in self.voices and not (self.unless is not None and self.unless.search(text))

    def said_to(self, voice: str) -> str:
        return self.says.get(voice, self.says["adult"])


def load_beside(root: Path, sources: Mapping[str, Source]) -> tuple[Beside, ...]:
    """In the order in which they are tried: the narrow ones of `beside/`, then the wide ones. Raises KnowledgeError."""
    entries: dict[str, Beside] = {}
    for path in (*sorted((root / "beside").glob("*.yml")), root / "beside.yml"):
        for name, record in (read_yaml(path, dict) if path.exists() else {}).items():
            if name in entries:
                raise KnowledgeError(path, str(name), "is written twice")
            entries[name] = _entry(path, str(name), record, sources)
    return tuple(entries.values())


def _entry(path: Path, name: str, record: Any, sources: Mapping[str, Source]) -> Beside:
    fields = Fields(path, name, record)
    cite, words, unless = (fields.take(key, kind, None) for key, kind in (("cite", (str, list)), *_PATTERNS))
    says = {"adult": fields.take("says", str)}
    says |= {voice: fields.take(voice, str) for voice in ("child", "office") if voice in record}
    voices, part = tuple(fields.take("voices", list, list(VOICES))), fields.take("part", str, None)
    if wrong := [each for each in voices if each not in VOICES] + ([part] if part and part not in PARTS else []):
        raise KnowledgeError(path, name, f"{wrong[0]!r} is unknown here", f"one of {VOICES} or {PARTS}")
    entry = Beside(
        id=name,
        asked_as=tuple(map(str, fields.take("asked_as", list))),
        words=re.compile(words) if words else None,
        unless=re.compile(unless) if unless else None,
        voices=(*voices, "unknown") if "adult" in voices else voices,
        part=part,
        of=fields.take("of", str, None),
        after=tuple(fields.take("after", list, [])),
        hearsay=fields.take("hearsay", bool, False),
        first=fields.take("first", bool, False),
        says=says,
        cites=check_cite(path, name, cite, sources) if cite else (),
    )
    fields.done()
    return entry


def asked_beside(entries: tuple[Beside, ...], text: str, voice: str, at_hand: Collection[str] = ()) -> Beside | None:
    """The first matter that a message asks about; spaces of dictation do not part words."""
    bare = re.sub(r"\s+", "", text)
    return next((each for each in entries if each.is_asked(bare, voice, at_hand)), None)
