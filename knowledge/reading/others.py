"""What an answer says of the other child beside the one asked about: 没有，小的也一样; 大的没有."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.fact import Fact
from knowledge.reading import replies
from knowledge.reading.patterns import pattern
from knowledge.reading.story import Findings, Story

_SAME = pattern("siblings.same")


def read(fact: Fact | None, story: Story, held: Mapping[str, Any], findings: Findings) -> None:
    """`held` are the facts of the child at hand; what is the same as with it, or is not there, goes to the other."""
    if fact is None or fact.shared:
        return
    for mention in story.mentions:
        label = story.cast.labels.get(mention.start, 0)
        whose = findings.of(label) if label > 0 else findings
        if whose is findings or fact.id in {*whose.facts, *whose.partial}:
            continue
        end = story.segment(mention.start).end
        words = story.text[mention.end : end]
        value = findings.facts.get(fact.id, held.get(fact.id)) if _SAME.fullmatch(words) else _said(fact, words)
        if value is not None:
            whose.tell(fact.id, value, (mention.start, end))


def _said(fact: Fact, words: str) -> Any:
    """What yes or no means for this fact; yes names nothing where one of many is asked for."""
    if replies.declined(words):
        return None
    if fact.kind == "bool":
        said = replies.yes_or_no_to_lack(words) if replies.asks_for_lack(fact) else replies.yes_or_no(words)
        return None if said and not replies.agrees(words) else said  # 小的也是二级残疾 agrees to nothing
    if "none" not in fact.values or not (replies.nothing(words) or replies.is_well(words)):
        return None
    return ["none"] if fact.kind == "set" else "none"
