"""What a story tells of father and mother."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import Any

from knowledge.reading import times
from knowledge.reading.clauses import Segment
from knowledge.reading.cues import SITUATION, Hit
from knowledge.reading.durations import Stretch
from knowledge.reading.judge import Verdict, judge
from knowledge.reading.numerals import number
from knowledge.reading.patterns import pattern
from knowledge.reading.people import People
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Findings, Story, is_right_behind

# What happened once and cannot unhappen stays true when it is told as past.
_LASTING = frozenset(["dead", "left", "lost_contact", "gone_for_good", "remarried"])
_OVER = re.compile(r"以前|曾经|原来|过去|从前|原先")
_GROWN_UP = frozenset(["no_money", "support", "contact", "calls", "remarried", "divorced"])
_BODILY = ("disabled", "major_illness")
_AWAY = ("dead", "lost_contact", "left", "imprisoned", "detained", "compulsory_rehab")
_HELD = ("imprisoned", "detained", "compulsory_rehab", "caught")
_REPORTS = re.compile("(?:父|母|爸|妈|爹|娘|夫|媳妇?|嫂|婿|爷|哥|弟|姐|妹|子|女)(?:也|都)?说(?:他|她)?$")
# 他妈在我进去第二年改嫁: when, not that he is in again
_TELLS_WHEN = re.compile("了?(?:的)?(?:第[一二三四五]年|那年|时|以后|之后|后)")
_ONCE = re.compile("过(?:两|几|一|三)?次?(?=$|[，。,\\s的牢])")
_ONE_OF_TWO = re.compile("(?:一个|另一个|其中一个)(?:人|在|被|还|是|已经|去了?|给)*$")
_ONE = re.compile("一个(?!人|月|星期|多月)")
# who is out of prison or back from there may be any of these
_FREE = ("caring", "contactable_not_caring", "suspended_sentence", "working_away")
# 他在外地 may be any of these
_ELSEWHERE = ("contactable_not_caring", "lost_contact", "working_away")
_OR = pattern("parents.or")
_UNASSESSED = pattern("parents.unassessed")
_NOT_OUT_YET = re.compile(
    "(?:快|要|将|下个?月|明年|后年|等|没|几时|什么时候|年底|即将|再过)[^，。,]{0,4}$|(?:还有|还差|再有)[^，。,]{0,10}$"
)
_GRADE = re.compile(r"([一二三四1-4])级")
_SAY_SO = {
    "visual": "视力|眼|盲|瞎|失明",
    "hearing": "听力|耳|聋",
    "speech": "言语|哑|不会说话",
    "physical": "肢体|脑瘫|瘫|截肢|瘸|腿|脚|手(?:压|轧|砸|被|断|没)|胳膊|半身不遂",
    "intellectual": "智力|智障|弱智|傻|脑子|呆",
    "mental": "精神|疯|癫|躁狂|双相",
}


def read(story: Story, findings: Findings, asking: str | None) -> None:
    """Situation, terms, times, support and disability of each parent into `findings`."""
    told = _told(story)
    _tell_one_and_other(story, findings)
    for parent in times.PARENTS:
        if told[parent]:
            _read_one(story, findings, parent, told[parent], asking or "")


def _told(story: Story) -> dict[str, list[tuple[Hit, bool]]]:
    """The hits that hold for each parent, and whether each is doubted."""
    told: dict[str, list[tuple[Hit, bool]]] = defaultdict(list)
    for hit in story.hits:
        if hit.cue.fact != SITUATION or (hit.cue.near and not is_right_behind(story, hit)):
            continue
        if hit.cue.value == "working_away" and _of_the_writer(story, hit):
            continue  # who writes 我打工带两个孩子 is not away
        if hit.cue.value == "released" and _NOT_OUT_YET.search(story.text[: hit.start][-14:]):
            continue
        if hit.cue.value in _BODILY and _begins_anew(story, hit):
            continue
        if hit.cue.value == "lost_contact" and _REPORTS.search(story.text[: hit.start]):
            continue  # 姐夫说不知道去哪: about somebody else than who says so
        stance = _stance(story, hit)
        if stance is Stance.DOUBTED and hit.cue.value in _HELD and story.speaker.roles == ("child",):
            continue  # what classmates say of a child's father is no fact to build on
        if story.people(hit) == ("father", "mother") and _ONE_OF_TWO.search(story.text[: hit.start]):
            continue  # 一个强戒一个跑了: which of the two is not said
        if _is_one_of_two(story, hit):
            continue
        if stance in (Stance.SAID, Stance.DOUBTED):
            for person in _adult(story, hit) or _writer(story, hit):
                if person in times.PARENTS:
                    told[person].append((hit, stance is Stance.DOUBTED))
    return told


def tells_of_two(story: Story, segment: Segment) -> bool:
    """一个强戒两年一个还在看守所, where nobody is named or both are: which of the two is not said."""
    is_open = not segment.named or segment.people == times.PARENTS
    return is_open and len(_ONE.findall(story.text, segment.clause.sentence)) > 1


def _is_one_of_two(story: Story, hit: Hit) -> bool:
    return tells_of_two(story, story.segment(hit.start)) and bool(_ONE_OF_TWO.search(story.text[: hit.start]))


def _tell_one_and_other(story: Story, findings: Findings) -> None:
    """Each of the two is one or the other."""
    hits = [
        hit
        for hit in story.hits
        if hit.cue.fact == SITUATION and hit.cue.value in _AWAY and _is_one_of_two(story, hit)
        and _stance(story, hit) is Stance.SAID
    ]  # fmt: skip
    values = sorted({hit.cue.value for hit in hits})
    people = {person for hit in hits for person in story.people(hit)} & {*times.PARENTS}
    if len(hits) == len(values) == 2:
        for parent in sorted(people):
            findings.tell(f"{parent}.situation", {"one_of": values}, (hits[0].start, hits[1].end))


def _begins_anew(story: Story, hit: Hit) -> bool:
    """我闺女离家出走。得了白血病: a new sentence about nobody, after somebody who is gone, may be about anybody."""
    segment = story.segment(hit.start)
    before = [each for each in story.segments if each.start < segment.clause.sentence]
    if segment.named or not any(each.named for each in before):
        return False
    return any(
        each.cue.value in _AWAY and each.start < segment.clause.sentence and {*story.people(each)} & {*segment.people}
        for each in story.hits
    )


def _adult(story: Story, hit: Hit) -> People:
    """娃五岁，他从来没给过钱: what only a grown-up does is told of the parent named last."""
    people = story.people(hit)
    segment = story.segment(hit.start)
    if people != ("child",) or segment.named:
        return people
    begin = max((each.start for each in story.segments if each.named and each.start < segment.start), default=0)
    if not any(each.cue.value in _GROWN_UP for each in story.hits if begin <= each.start <= hit.start):
        return people
    is_she = "她" in story.text[begin : hit.start]
    before = [
        each.people
        for each in story.placed
        if each.mention.start < hit.start and len(each.people) == 1 and each.mention.kind != "me"
    ]
    parents = ("mother",) if is_she else times.PARENTS
    return next((each for each in reversed(before) if each[0] in parents), people)


def _writer(story: Story, hit: Hit) -> People:
    """一个人在南京带个闺女: nobody is named yet, so the parent who writes."""
    roles = story.speaker.roles
    return roles if hit.cue.value == "caring" and roles in (("father",), ("mother",)) else ()


def _of_the_writer(story: Story, hit: Hit) -> bool:
    segment = story.segment(hit.start)
    return any(each.kind == "me" and each.start == segment.start for each in story.mentions)


def _stance(story: Story, hit: Hit) -> Stance:
    stance = story.stance(hit)
    if hit.cue.value in _HELD and stance in (Stance.SAID, Stance.DOUBTED) and _ONCE.match(story.text, hit.end):
        return Stance.PAST  # 坐过牢, 进去过
    if stance is Stance.PAST and hit.cue.value in _LASTING:
        clause = story.segment(hit.start).clause
        return Stance.PAST if _OVER.search(story.text[clause.start : hit.start]) else Stance.SAID
    return stance


def _read_one(story: Story, findings: Findings, parent: str, told: list[tuple[Hit, bool]], asking: str) -> None:
    signs: dict[str, list[tuple[Hit, bool]]] = defaultdict(list)
    for hit, doubted in told:
        signs[hit.cue.value].append((hit, doubted))
    _forget_what_was_undone(story, signs)
    if either := _either(story, [hit for hit, _ in told]):
        first, second = either
        findings.tell(
            f"{parent}.situation", {"one_of": sorted({first.cue.value, second.cue.value})}, (first.start, second.end)
        )
        return
    gone = times.gone_for(story, parent, [hit for sign in times.FLED for hit, _ in signs.get(sign, [])])
    verdict = judge(signs, asking == f"{parent}.sends_support")
    fact = f"{parent}.situation"
    for value in verdict.values:
        behind = [each for sign in verdict.because[value] for each in signs.get(sign, [])]
        span = _span(story, behind[0][0])
        main = next(signs[sign] for sign in verdict.because[value] if sign in signs)
        findings.add(fact, value, span, all(doubted for _, doubted in main))
    follow_up = asking.startswith(parent) and asking != fact
    if verdict.one_of and not verdict.values and not follow_up:
        behind = [each for sign in verdict.because["?"] for each in signs.get(sign, [])]
        findings.tell(fact, {"one_of": verdict.one_of}, _span(story, behind[0][0]))
    if asking == fact and "elsewhere" in signs and not verdict.values and not verdict.one_of:
        findings.tell(fact, {"one_of": [*_ELSEWHERE]}, _span(story, signs["elsewhere"][0][0]))
    if asking == fact and "released" in signs and not verdict.values and not verdict.one_of:
        findings.tell(fact, {"one_of": [*_FREE]}, _span(story, signs["released"][0][0]))
    if verdict.supports is not None and "dead" not in verdict.values:
        names = ("support", "visit", "calls", "contact") if verdict.supports else ("not_caring", "no_money", "no_visit")
        behind = [each for sign in names for each in signs.get(sign, [])]
        findings.tell(
            f"{parent}.sends_support", verdict.supports, _span(story, behind[0][0]), all(each[1] for each in behind)
        )
    _times(story, findings, parent, _likely(verdict), signs, gone)
    if "disabled" in verdict.values:
        _disability(story, findings, parent, [hit for hit, _ in signs["disabled"]])


def _likely(verdict: Verdict) -> list[str]:
    """The values whose lengths of time are worth keeping; 一年不回来 alone is no lost contact."""
    return verdict.values + (verdict.one_of if "contactable_not_caring" not in verdict.one_of else [])


def _forget_what_was_undone(story: Story, signs: dict[str, list[tuple[Hit, bool]]]) -> None:
    """出来又进去了: a release or return holds only when nothing of the kind follows."""
    for undo, signs_of in (("released", _HELD), ("returned", times.FLED)):
        last = max((hit.start for hit, _ in signs.get(undo, [])), default=-1)
        later = [hit for sign in signs_of for hit, _ in signs.get(sign, []) if hit.start > last]
        if any(not _TELLS_WHEN.match(story.text, hit.end) for hit in later):
            signs.pop(undo, None)


def _either(story: Story, hits: list[Hit]) -> tuple[Hit, Hit] | None:
    """死了还是失踪了."""
    for first, second in pairwise(hits):
        if first.cue.value != second.cue.value and _OR.fullmatch(story.text[first.end : second.start]):
            return first, second
    return None


def _times(
    story: Story, findings: Findings, parent: str, values: list[str], signs: dict[str, Any], gone: Stretch | None
) -> None:
    if gone and "lost_contact" in values:
        findings.tell(f"{parent}.lost_contact_months", gone.json(), times.around(story, gone))
    if "detained" in values and (
        held := times.gone_for(story, parent, _hits(signs, "detained", "caught", "imprisoned", "not_judged"))
    ):
        findings.tell(f"{parent}.detained_months", held.json(), times.around(story, held))
    if "imprisoned" in values or "compulsory_rehab" in values or "liberty_restricted" in values:
        hits = _hits(signs, "imprisoned", "compulsory_rehab", "liberty_restricted")
        for hit in sorted(hits, key=lambda hit: not story.text[: hit.start].endswith("改")):  # 改判两年 counts
            if term := times.term(story, hit) or times.written_term(story, parent):
                findings.tell(f"{parent}.term_months", *term)
                return
        for hit in _hits(signs, "imprisoned"):
            if "imprisoned" in values and (term := times.served(story, hit)):
                findings.tell(f"{parent}.term_months", *term)
                return


def _hits(signs: dict[str, list[tuple[Hit, bool]]], *names: str) -> list[Hit]:
    return [hit for name in names for hit, _ in signs.get(name, [])]


def _span(story: Story, hit: Hit) -> tuple[int, int]:
    """The stretch around a hit when it is short enough to quote, else the hit."""
    segment = story.segment(hit.start)
    if segment.end - segment.start <= 24:
        return min(segment.start, hit.start), max(segment.end, hit.end)
    return hit.start, hit.end


def _disability(story: Story, findings: Findings, parent: str, hits: list[Hit]) -> None:
    for hit in hits:
        said = "，".join(story.text[each.start : each.end] for each in story.segments if parent in each.people)
        for kind, words in _SAY_SO.items():
            if re.search(words, said):
                findings.add(f"{parent}.disability_kind", kind, _span(story, hit))
        if _UNASSESSED.search(said):
            findings.tell(f"{parent}.disability_grade", "unassessed", _span(story, hit))
        if grade := _GRADE.search(said):
            findings.tell(f"{parent}.disability_grade", str(int(number(grade[1]) or 0)), _span(story, hit))
