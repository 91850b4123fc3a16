"""How old the child is, as a story tells it."""

from __future__ import annotations

import re

from knowledge.fact import Fact
from knowledge.reading import ages
from knowledge.reading.clauses import Segment
from knowledge.reading.kinship import PARENTS
from knowledge.reading.numerals import DIGITS, NUMBER, number
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER
from knowledge.reading.polarity import Stance
from knowledge.reading.polarity import stance as stance_of
from knowledge.reading.story import Findings, Story
from knowledge.reading.told import Told, label

_ELDERS = ("grandparents", "uncle", "aunt_in_law", "relatives", "in_laws", "old_spouse")
_OLDEST = 25
_GROWN = 18
_INFANT = 36
_MONTHS = re.compile(
    rf"(?:今年|现在|才|刚满?|已经|都|还不到)*(?:(?P<months>{NUMBER})个(?P<half>半)?月|(?P<half_year>半岁)|(?P<newborn>满月))(?:大|左右|多)?了?"
)
_LASTS = re.compile("没|不|未|停|等|拖|欠|断|跑|走|在外|坐牢|关")
_OPENING = re.compile(
    r"(?:本人|坐标[^，。,\s]{1,6})?\W*(?:(?P<years>\d{1,2})[男女](?=$|[，。,\s])|[男女]\W?(?P<after>\d{1,2})(?=$|[，。,\s])"
    r"|(?P<pupil>1[0-9]|十[一二三四五六七八九])了?[，,\s](?=[上读念]?(?:小学|初[一二三中]|高[一二三中]|职高|中专|技校|[六七八九]年级|[不没][上读念])))"
)
_ALONE = re.compile(
    rf"(?:他|她)?(?P<before>(?:今年|现在|如今|才|刚满?|都|快满?|虚岁|大概|大约|差不多|估计|应该|可能|也就)+)(?P<years>{NUMBER})[了咯啦喽嘞]?(?:(?:正?在|[上读念]).*)?"
)
_NUMBER_ALONE = re.compile(r"(?P<years>\d{1,2}|十[一二三四五六七]?|[一二三四五六七八九])[了咯啦喽嘞]")
_NOW = re.compile("今年|如今|现在")
_IS_NOW = re.compile("(?:今年|如今|现在)(?:都|也|已经|才|刚)*$")
_HE_IS = re.compile("[他她](?:今年|现在|如今|都|才|已经)*$")
_PRONOUN = re.compile(rf"(?:他|她)(?P<before>)(?P<years>{NUMBER})[了咯啦喽嘞]?(?:[上读念](?!完).*)?")
_YOUNG = re.compile(r"(?P<before>)(?P<years>1[0-9]|十[一二三四五六七八九])了?")
_ONLY = re.compile(
    r"(?:都|才|也|就)?(?P<years>1[0-7]|[3-9]|十[一二三四五六七]?|[三四五六七八九])[了咯啦喽嘞啊呀]?(?!\w)"
)
_LATER = re.compile(rf"[^，。,\s]{{0,4}}#+\W?(?P<before>今年|都|快|才|刚)?(?P<years>{NUMBER})(?=了|\W|$)")
_BARE = re.compile(
    rf"(?P<before>(?:今年|现在|都|也|已经|才|刚满?|快满?|虚岁|虚|满|是|大了)*)(?P<years>(?![俩仨])(?:{NUMBER}))(?=(?:而)?不是{NUMBER}|[了咯啦喽嘞]|多了|\W|$|男|女|[上读念最小大在刚]|跟|是(?!年)|没(?!个)|一个|另一个|[妹弟姐哥我])"
    # only a child is of that age, whatever follows: 女儿十二儿子五岁, 孙女十一就送走了
    rf"|(?P<before_loose>(?:今年|现在|都|也|已经|才|刚满?)*)(?P<loose>1[0-7]|十[一二三四五六七])(?![{DIGITS}十百千万0-9几多来个年月天元号日点块度分级岁周斤里次回趟楼中班路栋期.%：:])"
)
_CHILD_BEFORE = re.compile(r"[一独长次幼之][子女][，,（(]?(?:今年|现年|现)*$")  # 有一子八岁
_PARENT_BEFORE = re.compile(r"[爸爹父妈娘母](?:亲)?(?:今年|现在|才|那时)*$")
_CHILD_AFTER = pattern("children.child_after")
_ONLY_AGE = pattern("children.only_age")


def read(story: Story) -> list[Told]:
    found = [*story.ages, *_bare(story), *_opening(story)] or _sole(story)
    found += [
        each for each in _infants(story) if not any(each.start < age.end and age.start < each.end for age in found)
    ]
    childs = [age for age in found if (age.low or 0) <= _OLDEST and _is_childs_age(story, age)] or _young(story, found)
    told = []
    for age in _now(story, childs):
        clause = story.segment(age.start).clause
        stance = stance_of(story.text[clause.start : age.start], "", story.text[clause.sentence : clause.start])
        if stance not in (Stance.SAID, Stance.DOUBTED):
            continue
        fact, value = ("child.born", age.born) if age.born else ("child.age", age.json())
        told.append(Told(fact, value, (age.start, age.end), label(story, age.start), stance is Stance.DOUBTED))
    return told


def _now(story: Story, found: list[ages.Age]) -> list[ages.Age]:
    """三岁我接来的，现在九岁: of one child, the age it is said to be now."""
    said_now = [age for age in found if _NOW.match(story.text, age.start) or _IS_NOW.search(story.text[: age.start])]
    return said_now if said_now and not story.cast.many else found


def tell_alone(asked: Fact | None, story: Story, findings: Findings) -> None:
    """12了, the whole of a message, to a question that wants no number: the age, where nobody has told it."""
    match = _NUMBER_ALONE.fullmatch(story.text.strip(" ，,。"))
    ends = ages.read(match["years"]) if match and asked is not None and asked.kind != "number" else None
    if ends and ends[0] and ends[0] == ends[1] and ends[0] < _GROWN:
        findings.tell("child.age", ends[0], (0, len(story.text)))


def _opening(story: Story) -> list[ages.Age]:
    """16男，技校一年级: how the young introduce themselves."""
    match = _OPENING.match(story.text)
    name = match.lastgroup if match else None
    if match is None or name is None or (ends := ages.read(match[name])) is None:
        return []
    return [ages.Age(match.start(name), match.end(name), *ends)]


def _bare(story: Story) -> list[ages.Age]:
    """孙女十三了: a number right behind the child."""
    found = [age for segment in story.segments if (age := _alone(story, segment))]
    for placed in story.placed:
        if placed.people != ("child",):
            continue
        match = _BARE.match(story.unclassed, placed.mention.end) or _later(story, placed.mention.end)
        if match is None or any(age.start < match.end() and match.start() < age.end for age in story.ages):
            continue
        told = match.groupdict()
        ends = ages.read(match["years"] or told["loose"], match["before"] or "")
        if ends is not None and (ends[1] or 0) <= _OLDEST and (ends[0] or 0) >= 1:
            found.append(ages.Age(match.start(), match.end(), *ends))
    return found


def _sole(story: Story) -> list[ages.Age]:
    """我外甥女的事，十二，老挨骂: of the one child, a clause that is only a number, where no other age is told."""
    if story.cast.many or not any(placed.people == ("child",) for placed in story.placed):
        return []
    found = [
        (match, ends)
        for segment in story.segments
        if not segment.named and (match := _ONLY.fullmatch(story.unclassed, segment.start, segment.end))
        if (ends := ages.read(match["years"]))
    ]
    return [ages.Age(match.start(), match.end(), *ends) for match, ends in found] if len(found) == 1 else []


def _young(story: Story, found: list[ages.Age]) -> list[ages.Age]:
    """那个妈跑了就丢在我床上，如今十岁: the one age that only a child can have, in a story of one child."""
    if story.cast.many or len(found) != 1 or (found[0].high or _GROWN) >= _GROWN:
        return []
    return [age for age in found if not _PARENT_BEFORE.search(story.text[: age.start])]


def _infants(story: Story) -> list[ages.Age]:
    """小的才八个月: months behind a child and nothing else are its age."""
    found = []
    for segment in story.segments:
        match = _MONTHS.fullmatch(story.text, segment.body if segment.named else segment.start, segment.end)
        if match is None or segment.people != ("child",):
            continue
        if not segment.named and not match["newborn"] and not _may_be_an_age(story, segment):
            continue
        months = 6 if match["half_year"] else 1 if match["newborn"] else number(match["months"]) or _INFANT + 1
        if months > _INFANT:
            continue
        years = int(months / 6) / 2
        found.append(ages.Age(match.start(), match.end(), years, years))
    return found


def _may_be_an_age(story: Story, segment: Segment) -> bool:
    """Not so 我孙子的补贴一直没到 三个月了: a length right behind what lasts."""
    before = [each for each in story.segments if each.end <= segment.start]
    return (
        "大" in story.text[segment.start : segment.end]
        or not before
        or not _LASTS.search(story.text[before[-1].start : before[-1].end])
    )


def _alone(story: Story, segment: Segment) -> ages.Age | None:
    """大的留给我们 今年十五: a clause that is only a number, told of the child."""
    words = story.unclassed, segment.start, segment.end
    match = _ALONE.fullmatch(*words) or _PRONOUN.fullmatch(*words)
    if match is None and story.speaker.roles == ("child",):
        match = _YOUNG.fullmatch(*words)  # 我是女生 15 职高
    if match is None or segment.named:
        return None
    ends = ages.read(match["years"], match["before"])
    nobody = not story.placed and _NOW.match(match["before"] or "")
    if segment.people != ("child",) and not nobody and not (ends and _is_no_parents_age(story, segment, ends[1] or 0)):
        return None
    return ages.Age(match.start(), match.end(), *ends) if ends and (ends[1] or 0) <= _OLDEST else None


def _is_no_parents_age(story: Story, segment: Segment, oldest: float) -> bool:
    """孙子爹妈都没了，今年十一: behind the parents of the one child that was named, and too young for a parent."""
    named = any(
        "child" in (each.mention.owner, *each.people) and each.mention.end <= segment.start for each in story.placed
    )
    named = named or bool(_NOW.match(story.text, segment.start))
    about_elders = bool(segment.people) and ({*segment.people} <= PARENTS or _goes_on_about_an_elder(story, segment))
    return named and about_elders and not story.cast.many and oldest < _GROWN


def _goes_on_about_an_elder(story: Story, segment: Segment) -> bool:
    """姥姥养的，现在十六: no grandmother is that young."""
    before = [each for each in story.placed if each.mention.end <= segment.start]
    return segment.people == OTHER and bool(before) and before[-1].mention.kind in _ELDERS


def _later(story: Story, place: int) -> re.Match[str] | None:
    """大的读高一十七了: a number with 了 behind the school year."""
    return _LATER.match(story.unclassed, place)


def _is_childs_age(story: Story, age: ages.Age) -> bool:
    if _CHILD_AFTER.match(story.text, age.end) or _CHILD_BEFORE.search(story.text[: age.start]):
        return True
    before = [each for each in story.placed if each.mention.end <= age.start]
    segment = story.segment(age.start)
    is_now = _NOW.match(story.text, age.start) or _HE_IS.search(story.text[: age.start])
    if is_now and segment.people and {*segment.people} <= PARENTS and (age.high or _GROWN) < _GROWN:
        return True  # 他妈跑了都五年了他现在七岁: too young for a parent
    if before and before[-1].mention.start >= segment.clause.start:
        nearest = before[-1]
        if nearest.people == ("child",):
            return True
        if not nearest.subject and nearest.mention.kind == "grandparents" and segment.people == ("child",):
            return True  # 孩子放在外婆家今年五岁
        if nearest.subject or nearest.mention.kind != "me":
            return nearest.people == ("child",)
    if segment.people in (("child",), ()):
        return True
    if segment.named:
        return False
    around = story.text[segment.clause.start : age.start], story.text[age.end : segment.end]
    return all(_ONLY_AGE.fullmatch(part) for part in around) or (
        bool(_ONLY_AGE.fullmatch(around[0])) and bool(re.match(r"(?:了)?(?:上|读|念)", around[1]))
    )
