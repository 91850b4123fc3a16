"""Whether words are said as true now: negation, hypothesis, question, past, and doubt."""

from __future__ import annotations

import re
from enum import Enum

from knowledge.reading.patterns import pattern


class Stance(Enum):
    """How the writer stands to what the words say."""

    SAID = "said"
    DOUBTED = "doubted"
    DENIED = "denied"
    SUPPOSED = "supposed"
    ASKED = "asked"
    PAST = "past"


_NEGATION = pattern("polarity.negation")
_UNSAID = pattern("polarity.unsaid")
_TAKEN_BACK = pattern("polarity.taken_back")
_TOLD_BY_OTHERS = pattern("polarity.told_by_others")
_NOT_THEM = pattern("polarity.not_them")
_SUPPOSED = pattern("polarity.supposed")
_CLAUSE_END = re.compile("[，,\\s]+")
_CONCLUDES = pattern("polarity.concludes")
_FEARED = pattern("polarity.feared")
_NO_LONGER_SUPPOSED = pattern("polarity.no_longer_supposed")
_WHAT_IF = pattern("polarity.what_if")
_WHAT_IF_AFTER = pattern("polarity.what_if_after")
_ASKED_BEFORE = pattern("polarity.asked_before")
_ASKED_AFTER = pattern("polarity.asked_after")
_ANYONE = pattern("polarity.anyone")
_PAST = pattern("polarity.past")
_AT_FIRST = pattern("polarity.at_first")
_ASKS_AT_END = pattern("polarity.asks_at_end")
_STILL = pattern("polarity.still")
_DOUBT = pattern("polarity.doubt")
_DOUBT_AFTER = pattern("polarity.doubt_after")
_DOUBTED_NEXT = pattern("polarity.doubted_next")
_EITHER = pattern("polarity.either")


def stance(before: str, after: str, sentence: str, following: str = "") -> Stance:
    """Of words with `before` and `after` around them in their clause; `sentence` precedes it, `following` is next."""
    if _EITHER.search(before + after) or _supposed(sentence, before):
        return Stance.SUPPOSED
    if _FEARED.search(before[-12:]) or (_WHAT_IF.match(before) and _WHAT_IF_AFTER.match(after)):
        return Stance.SUPPOSED
    if _ASKED_BEFORE.search(before) or _ASKED_AFTER.match(after) or _ANYONE.match(after):
        return Stance.ASKED
    if _NEGATION.search(before) or _NOT_THEM.search(before) or _UNSAID.search(before):
        return Stance.DENIED
    if _TAKEN_BACK.match(following) and (_DOUBT.search(before) or _TOLD_BY_OTHERS.search(before)):
        return Stance.DENIED
    if _AT_FIRST.search(before) or (_PAST.search(before) and not _STILL.search(before + after)):
        return Stance.PAST
    if _DOUBTED_NEXT.match(following) or _DOUBT.search(before) or _DOUBT_AFTER.match(after):
        return Stance.DOUBTED
    return Stance.SAID


def _supposed(sentence: str, before: str) -> bool:
    if _SUPPOSED.search(before):
        return True
    supposed = _SUPPOSED.search(sentence)
    if supposed is None:
        return False
    first, *since = _CLAUSE_END.split(sentence[supposed.end() :])
    if any(_ASKS_AT_END.search(clause) for clause in (first, *since)):
        return False  # 要是判了能领吗，我儿子还没判: the question is over
    if since and _CONCLUDES.search(first):
        return False  # 要是判的话大概三年，我妈有病: said to the end
    return not any(_NO_LONGER_SUPPOSED.match(clause.strip()) for clause in (*since, before))
