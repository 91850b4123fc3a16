"""Which words of a story hold for father or mother: said as true, of them, and not of whoever writes."""

from __future__ import annotations

import re
from collections import defaultdict

from knowledge.reading import correction, replies, times
from knowledge.reading.clauses import Segment
from knowledge.reading.cues import SITUATION, Hit
from knowledge.reading.patterns import pattern
from knowledge.reading.people import People
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Findings, Story, is_right_behind

HELD = ("imprisoned", "detained", "compulsory_rehab", "caught")
# What happened once and cannot unhappen stays true when it is told as past.
_LASTING = frozenset(["dead", "left", "lost_contact", "gone_for_good", "remarried"])
_OVER = re.compile(r"以前|曾经|原来|过去|从前|原先")
_GROWN_UP = frozenset(["no_money", "support", "contact", "calls", "remarried", "divorced"])
_BOTH = re.compile("[都全均俩两双]")
_BODILY = ("disabled", "major_illness")
_AWAY = ("dead", "lost_contact", "left", "imprisoned", "detained", "compulsory_rehab")
_REPORTS = re.compile("(?:父|母|爸|妈|爹|娘|夫|媳妇?|嫂|婿|爷|哥|弟|姐|妹|子|女)(?:也|都)?说(?:他|她)?$")
_ONCE = re.compile("过(?:两|几|一|三)?次?(?=$|[，。,\\s的牢])")
# what people ask about; 人在哪都没人知道 and 多少年没回 only sound like questions
_ASKED_AFTER = (*HELD, "released", "support", "visit", "calls", *_BODILY)
_SENTENCED = re.compile("判|刑(?!所)|缓")
_HARDLY = re.compile("[不没](?:咋个?|怎么)|多少(?:年|个?月|天)[了没]")
# What families ask a court for.
_COURTS_DO = ("guardianship_revoked", "declared_missing")
_MEANT = re.compile("(?:怎么|如何|咋|怎样|能不能|可不可以|能否|能|可以|要|想|帮|谁来?)[^，。,\\s]{0,4}$")
_CUSTODY = (*HELD, "suspended_sentence", "not_judged")
_THE_PERSON = re.compile("(?:现在|目前|但是?|可是?|他|如今)*人(?=还|现|都|又|已|是|在|被|关|没)")
_ONE_OF_TWO = re.compile("(?:一个|另一个|其中一个)(?:人|在|被|还|是|已经|去了?|给)*$")
_ONE = re.compile("一个(?!人|月|星期|多月)")
_UNTOLD = re.compile(
    "我?(?:也|都|就)?(?:不知道|不晓得|不清楚)(?:我|俺)(?:爸爸?|妈妈?|爹|娘)(?:现在|到底)?(?:在哪|去哪|在什么地方)[里儿了啊呀]*"
)
_GIVEN_UP = pattern("parents.given_up")
_WHERE_TO = pattern("parents.where_to")
_WHILE = re.compile("(?:在|自从|从)(?:我|他|她)(?:被)?$")
_THE_YEAR = re.compile("了?(?:以?后|之后|的?第[一二三四五]年|那年|的?时候|时)")
_NOT_OUT_YET = re.compile(
    "(?:快|要|将|下个?月|明年|后年|等|没|几时|什么时候|年底|即将|再过)[^，。,]{0,4}$|(?:还有|还差|再有)[^，。,]{0,10}$"
)


def told(story: Story) -> dict[str, list[tuple[Hit, bool]]]:
    """The hits that hold for each parent, and whether each is doubted."""
    found: dict[str, list[tuple[Hit, bool]]] = defaultdict(list)
    for hit in story.hits:
        if hit.cue.fact != SITUATION or (hit.cue.near and not is_right_behind(story, hit)):
            continue
        if hit.cue.value == "working_away" and _of_the_writer(story, hit) and not _GIVEN_UP.search(story.text):
            continue  # who writes 我打工带两个孩子 is not away
        if hit.cue.value == "lost_contact" and story.speaker.roles == ("child",) and _is_own_plan(story, hit):
            continue
        if hit.cue.value == "lost_contact" and _UNTOLD.fullmatch(story.text):
            continue  # a child that was not told where its father is: he may be known to everybody else
        if hit.cue.value == "released" and _NOT_OUT_YET.search(story.text[: hit.start][-14:]):
            continue
        if hit.cue.value in HELD and _WHILE.search(story.text[: hit.start]) and _THE_YEAR.match(story.text, hit.end):
            continue  # 他妈在我判刑第二年走的
        if hit.cue.value in _BODILY and (_begins_anew(story, hit) or _of_neither(story, hit)):
            continue
        if hit.cue.value == "lost_contact" and _REPORTS.search(story.text[: hit.start]):
            continue  # 姐夫说不知道去哪: about somebody else than who says so
        if hit.cue.value in _ASKED_AFTER and _is_asked_of_nobody(story, hit):
            continue
        if hit.cue.value in _COURTS_DO and _MEANT.search(story.text[: hit.start]):
            continue  # 怎么撤销他妈的监护权
        if hit.cue.value in HELD and _is_the_writers(story, hit):
            continue  # 我在里面三年: who writes is out
        stance = _stance(story, hit)
        if stance is Stance.DOUBTED and hit.cue.value in HELD and story.speaker.roles == ("child",):
            continue  # what classmates say of a child's father is no fact to build on
        alike = _is_of_each(story, hit)
        if not alike and story.people(hit) == ("father", "mother") and _ONE_OF_TWO.search(story.text[: hit.start]):
            continue  # 一个强戒一个跑了: which of the two is not said
        if not alike and _is_one_of_two(story, hit):
            continue
        if stance is Stance.DOUBTED and hit.cue.value in HELD and story.text[: hit.start].endswith(("要", "会")):
            continue  # 听说他爸要判刑，还没定
        if stance is Stance.DENIED and (other := correction.instead(story.text, hit.start, hit.end)):
            found[other].append((hit, False))
        if stance in (Stance.SAID, Stance.DOUBTED):
            for person in _adult(story, hit) or _writer(story, hit):
                if person in times.PARENTS:
                    found[person].append((hit, stance is Stance.DOUBTED))
    return found


def is_free(story: Story, parent: str) -> bool:
    """他爸上个月出狱了, and nothing of the kind behind it."""
    signs = [(hit.start, hit.cue.value) for hit, _ in told(story)[parent] if hit.cue.value in (*HELD, "released")]
    return bool(signs) and max(signs)[1] == "released"


def tells_of_two(story: Story, segment: Segment) -> bool:
    """一个强戒两年一个还在看守所, where nobody is named or both are: which of the two is not said."""
    is_open = not segment.named or segment.people == times.PARENTS
    return is_open and len(_ONE.findall(story.text, segment.clause.sentence)) > 1


def _is_the_writers(story: Story, hit: Hit) -> bool:
    """What tells where the writer sits; a sentence may be still to come."""
    is_there = not _SENTENCED.search(story.text, hit.start, hit.end)
    return is_there and _of_the_writer(story, hit) and story.people(hit) == story.speaker.roles


def _is_asked_of_nobody(story: Story, hit: Hit) -> bool:
    """看守所能不能见, 钱会打到哪里: a question that names neither parent tells nothing of the one asked about last."""
    segment = story.segment(hit.start)
    named = any({*placed.people} & {*times.PARENTS} and placed.mention.start < hit.end for placed in story.placed)
    clause = _HARDLY.sub("", story.text[segment.clause.start : segment.clause.end + 1])
    return not named and replies.is_question(clause)


def _is_one_of_two(story: Story, hit: Hit) -> bool:
    return tells_of_two(story, story.segment(hit.start)) and bool(_ONE_OF_TWO.search(story.text[: hit.start]))


def _is_own_plan(story: Story, hit: Hit) -> bool:
    """爸爸不管我 寒假不知道去哪: where the child itself shall go."""
    return not story.segment(hit.start).named and bool(_WHERE_TO.match(story.text, hit.start))


def _is_of_each(story: Story, hit: Hit) -> bool:
    """一个在广东打工一个在江苏打工: of both."""
    if not _ONE_OF_TWO.search(story.text[: hit.start]):
        return False
    sentence = story.segment(hit.start).clause.sentence
    each = [
        other.cue.value
        for other in story.hits
        if other.cue.fact == SITUATION
        and story.segment(other.start).clause.sentence == sentence
        and _is_one_of_two(story, other)
    ]
    return len(each) > 1 and {*each} == {hit.cue.value}


def tell_one_and_other(story: Story, findings: Findings) -> None:
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


def _of_neither(story: Story, hit: Hit) -> bool:
    """知道爹妈是谁 突然得了急病: behind both of them, and said of neither."""
    segment = story.segment(hit.start)
    is_of_both = not segment.named and segment.people == times.PARENTS
    return is_of_both and not _BOTH.search(story.text[segment.clause.sentence : hit.end])


def _adult(story: Story, hit: Hit) -> People:
    """娃五岁，他从来没给过钱: what only a grown-up does is told of the parent named last."""
    people = story.people(hit)
    segment = story.segment(hit.start)
    if hit.cue.value == "declared_missing" and not {*people} & {*times.PARENTS} and (lost := _lost_before(story, hit)):
        return lost
    if people == ():
        return _by_spouse(story) or (correction.meant(story) if hit.cue.value in _CUSTODY else ())
    if people != ("child",) or segment.named:
        return people
    is_held = hit.cue.value in _CUSTODY and story.speaker.roles != ("child",)
    if is_held and (_THE_PERSON.match(story.text, segment.clause.start) or hit.cue.value == "imprisoned"):
        # 孩子能不能申请？现在人还在看守所; 被抓时孩子才两岁，如今他已服刑六年: no child serves a sentence
        return _last_parent(story, segment.start) or people
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


def _by_spouse(story: Story) -> People:
    """村民黄某被判四年，其妻残疾: whose wife she is."""
    words = {each.word for each in story.mentions}
    return ("father",) if "其妻" in words else ("mother",) if "其夫" in words else ()


def _last_parent(story: Story, place: int) -> People:
    told = [each.people for each in story.placed if each.mention.start < place and {*each.people} <= {*times.PARENTS}]
    return told[-1] if told and len(told[-1]) == 1 else ()


def _lost_before(story: Story, hit: Hit) -> People:
    """爸爸失踪好多年，我们去法院，判下来宣告失踪: of the one parent who was told to be lost."""
    lost = {
        person
        for each in story.hits
        if each.cue.value == "lost_contact" and each.start < hit.start
        for person in story.people(each)
        if person in times.PARENTS
    }
    return (lost.pop(),) if len(lost) == 1 else ()


def _writer(story: Story, hit: Hit) -> People:
    """一个人在南京带个闺女: nobody is named yet, so the parent who writes."""
    roles = story.speaker.roles
    return roles if hit.cue.value == "caring" and roles in (("father",), ("mother",)) else ()


def _of_the_writer(story: Story, hit: Hit) -> bool:
    segment = story.segment(hit.start)
    return any(each.kind == "me" and each.start == segment.start for each in story.mentions)


def _stance(story: Story, hit: Hit) -> Stance:
    stance = story.stance(hit)
    if hit.cue.value in HELD and stance in (Stance.SAID, Stance.DOUBTED) and _ONCE.match(story.text, hit.end):
        return Stance.PAST  # 坐过牢, 进去过
    if stance is Stance.PAST and hit.cue.value in _LASTING:
        clause = story.segment(hit.start).clause
        return Stance.PAST if _OVER.search(story.text[clause.start : hit.start]) else Stance.SAID
    return stance
