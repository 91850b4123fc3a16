"""“我儿子坐牢了” says nothing about a parent until it is known who speaks: ask, then read those words again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.hear import take_in
from actions.reread import reread
from knowledge.known import to_json
from knowledge.reading import Context, Reading

if TYPE_CHECKING:
    from actions.base import Turn

ROLE, CARER = "asker.role", "child.lives_with"
# Whose kin words point at the child's parents; the rest need no telling apart.
ROLES = (
    *("grandparent_paternal", "grandparent_maternal", "father", "mother"),
    *("uncle_aunt_paternal", "uncle_aunt_maternal", "child"),
)
LONGEST, MOST = 300, 2


def listen(now: Turn) -> None:
    """Keep words that only the speaker's role can explain, and read them once it is known; then they are forgotten."""
    session, text = now.session, str(now.message.get("text") or "")
    if session.asker is None:
        told_of_parents = any(name.startswith(("father.", "mother.")) for name in now.heard.new)
        if len(text) <= LONGEST and any(_tells_later(now, text, role, told_of_parents) for role in ROLES):
            kept = {"text": text, "metadata": {"seqs": (now.message.get("metadata") or {}).get("seqs") or []}}
            session.unread = [*session.unread, kept][-MOST:]
        return
    for kept in session.unread:
        reading = _read(now, kept["text"], session.asker)
        now.heard = take_in(now.library, session, {**kept, **_as_message(reading)}, now.heard, now.as_of)
    session.unread = []


def sounds_young(now: Turn) -> None:
    """我想妈妈了, 要考月考了: who writes so is spoken to as a child until something else is told."""
    session, text = now.session, str(now.message.get("text") or "")
    if session.asker is None and not session.grown and re.search(now.library.words["sounds_young"], text):
        session.young = True


def must_be_asked(now: Turn) -> bool:
    return bool(now.session.unread) and now.session.asker is None and ROLE not in now.session.closed


def _tells_later(now: Turn, text: str, role: str, told_of_parents: bool) -> bool:
    """Whether the words tell something of a parent, or 跟我 with whom the child lives, once the role is known."""
    reading = _read(now, text, role)
    names = {*reading.facts, *reading.partial}
    is_with_me = re.search(now.library.words["with_me"], text)
    is_carer = is_with_me and CARER in names and not {CARER} & {*now.session.facts, *now.session.closed}
    return bool(is_carer) or (not told_of_parents and any(name.startswith(("father.", "mother.")) for name in names))


def _read(now: Turn, text: str, role: str) -> Reading:
    known, _ = to_json(now.session.facts)
    return reread(now.library, text, Context(as_of=now.as_of, asker=role, facts=known))


def _as_message(reading: Reading) -> dict[str, object]:
    return {
        "reading": {
            "facts": dict(reading.facts),
            "partial": dict(reading.partial),
            "evidence": dict(reading.evidence),
            "complete": list(reading.complete),
        }
    }
