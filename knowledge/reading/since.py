"""How long a parent has been gone when it is told by the age of the child: 三岁时跑了，现在九岁."""

from __future__ import annotations

import re

from knowledge.reading.cues import SITUATION, Hit
from knowledge.reading.numerals import NUMBER, number
from knowledge.reading.patterns import pattern
from knowledge.reading.story import Findings, Story
from knowledge.reading.times import FLED, PARENTS

_THEN = re.compile(rf"(?P<years>{NUMBER})岁半?(?:{pattern('since.then').pattern})")
_MONTHS = 12


def read(story: Story, findings: Findings) -> None:
    """{parent}.lost_contact_months from the age the child had and the one it has; a year either way is open."""
    age = findings.facts.get("child.age")
    if age is None or story.cast.many:
        return
    for parent in PARENTS:
        fact = f"{parent}.lost_contact_months"
        is_gone = "lost_contact" in findings.facts.get(f"{parent}.situation", [])
        if not is_gone or fact in findings.facts or fact in findings.partial:
            continue
        then = next((each for hit in story.hits if (each := _age_then(story, hit, parent))), None)
        if then and then[0] < age:
            years = int(age) - then[0]
            findings.tell(fact, {"min": max(0, years - 1) * _MONTHS, "max": (years + 1) * _MONTHS}, then[1])


def _age_then(story: Story, hit: Hit, parent: str) -> tuple[int, tuple[int, int]] | None:
    if hit.cue.fact != SITUATION or hit.cue.value not in FLED or parent not in story.people(hit):
        return None
    clause = story.segment(hit.start).clause
    match = next(_THEN.finditer(story.text, clause.start, hit.start), None)
    years = number(match["years"]) if match else None
    return None if match is None or years is None else (int(years), (match.start(), hit.end))
