"""Words read once more, in the light of what only the dialogue knows: who speaks, or which answer they take back."""

from __future__ import annotations

from datetime import date
from functools import cache

from actions.session import Session
from knowledge.known import to_json
from knowledge.library import Library
from knowledge.reading import Context, Reader, Reading


@cache
def _reader(library_root: str) -> Reader:
    return Reader(Library.load(library_root))


def reread(library: Library, text: str, context: Context) -> Reading:
    """What the words say in another light."""
    return _reader(str(library.root)).read(text, context)


def in_answer_to(library: Library, session: Session, asking: str | None, text: str, as_of: date) -> Reading:
    """What the words would say to a question, as if nothing had been told of its fact; to none, beside all that was."""
    plain, partial = to_json(session.facts)
    lengths = {name: value for name, value in partial.items() if name.endswith("_months")}  # 半年多 is put right too
    known = {name: value for name, value in {**lengths, **plain}.items() if name != asking}
    return reread(library, text, Context(as_of, asking, session.asker, known, tuple(session.last_heard)))
