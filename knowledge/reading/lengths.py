"""Lengths of time that stand by themselves: there is one, and one parent of whom it can be told.

Called when it is known what became of whom, by the rules or by the model: 幺儿判了五年 is five years whoever 幺儿 is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from knowledge.reading.durations import Stretch
from knowledge.reading.story import Findings, Story
from knowledge.reading.times import PARENTS

_SENTENCED = frozenset(["imprisoned", "compulsory_rehab"])
_HELD = _SENTENCED | {"detained", "suspended_sentence", "liberty_restricted"}
_SENTENCE_BEFORE = re.compile(
    r"(?:判(?:了|的|处|刑|的?是)*|[判叛盼]了?(?:有期徒刑)?|刑期(?:是|为)?|徒刑|坐[牢监]|服刑|关)(?:要|得|有|整整|都)*$"
)
# 已经坐了两年, 还有三年, 减了一年, 缓刑四年: no length of the whole
_NOT_WHOLE_BEFORE = re.compile(
    r"(?:还(?:有|剩|差)?要?|剩|减(?:了|刑)*|改判|缓刑?|已经?(?:服刑|坐牢)?|都(?:坐牢|服刑|关))$"
)
_NOT_WHOLE_AFTER = re.compile(r"了|缓|多?[以之]?[前后]|还|就(?:出|能|可)")
_GONE_BEFORE = re.compile(
    r"(?:跑路?|走佬|(?:没|无|断)了?(?:任何|一点|个)?(?:消息|音[讯信]|联系|联络|下落|信|声|影|见过?|回来?|来往)过?|失联|失踪|下落不明|不知去向)"
    r"(?:了|都|也|有|已经?|快|满|整整|到现在|到如今|过了?|都有)*$"
)
_GONE_AFTER = re.compile(
    r"(?:多|整)?了?(?:都|也|就|没有?|一直|再)*(?:没(?!判)|无|不)(?:有)?(?:任何|一点|个|她|他)?(?:消息|音[讯信]|联系|联络|下落|声|影|见|回|来往|露)"
)
_REDUCED = re.compile(r"减|改判|加刑|合并")


def read(story: Story, findings: Findings) -> None:
    """The sentence of the one parent who serves one; how long the one who is lost has been so."""
    serving = [parent for parent in PARENTS if _situation(findings, parent) & _SENTENCED]
    held = [parent for parent in PARENTS if _situation(findings, parent) & _HELD]
    if held == serving and not _REDUCED.search(story.text):
        _tell(story, findings, serving, "term_months", _is_sentence)
    # 一年不回来, of one who may be reachable, is no absence.
    lost = [parent for parent in PARENTS if "lost_contact" in findings.facts.get(f"{parent}.situation", ())]
    _tell(story, findings, lost, "lost_contact_months", _is_absence)


def _tell(
    story: Story, findings: Findings, parents: Sequence[str], what: str, fits: Callable[[str, Stretch], bool]
) -> None:
    if len(parents) != 1 or {f"{parents[0]}.{what}"} & {*findings.facts, *findings.partial}:
        return
    taken = [span for fact, span in findings.spans.items() if fact.endswith("_months")]
    found = [each for each in story.stretches if not each.since and each.high is not None and fits(story.text, each)]
    if len(found) != 1:
        return
    only = found[0]
    segment = story.segment(only.start)
    if what == "lost_contact_months" and segment.named and parents[0] not in segment.people:
        return
    if not any(start < only.end and only.start < end for start, end in taken):
        findings.tell(f"{parents[0]}.{what}", only.json(), (only.start, only.end))


def _situation(findings: Findings, parent: str) -> set[str]:
    fact = f"{parent}.situation"
    return {*findings.facts.get(fact, ()), *findings.partial.get(fact, {}).get("one_of", ())}


def _is_sentence(text: str, stretch: Stretch) -> bool:
    before, after = text[: stretch.start], text[stretch.end :]
    is_whole = not (_NOT_WHOLE_BEFORE.search(before) or _NOT_WHOLE_AFTER.match(after))
    return is_whole and bool(_SENTENCE_BEFORE.search(before))


def _is_absence(text: str, stretch: Stretch) -> bool:
    before = text[: stretch.start]
    if before.endswith(("第", "满", "要")):
        return False
    return bool(_GONE_BEFORE.search(before) or _GONE_AFTER.match(text, stretch.end))
