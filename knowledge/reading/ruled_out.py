"""When the words of a text rule out what a model heard in them: asked, wished for, told of others."""

from __future__ import annotations

from typing import NamedTuple

from knowledge.reading import household
from knowledge.reading.kinship import PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Findings, Story

RELIEF = "household.relief"
LIVES_WITH = "child.lives_with"
_RELIEF_NAMED = pattern("learned.relief")
_WISHED, _WISHED_AFTER = pattern("learned.wished"), pattern("learned.wished_after")
_HEARD_OF = ("calls", "contact", "support", "visit")
_AWAY = frozenset(["dead", "lost_contact", "imprisoned", "detained", "compulsory_rehab", "working_away"])
_TERM, _HOW_TO = pattern("learned.term"), pattern("learned.how_to")
_OTHERS = {"child", "asker", "other", "stranger"}
_BODILY = ("disabled", "major_illness")
# told in a clause about child and parent alike: 我跟爸爸租房子住
_WITH_THE_CHILD = ("caring", "working_away", "contactable_not_caring")
_SCHOOL = pattern("learned.school")
_OPEN_STANCES = (Stance.ASKED, Stance.SUPPOSED)


class Sense(NamedTuple):
    """A value, its likelihood, and at which letter it was seen."""

    fact: str
    value: str
    sure: float
    letter: int


def ruled_out(story: Story, findings: Findings, sense: Sense) -> bool:
    """Whether what was heard is not told here after all."""
    is_open = _only_asked(story, sense) or _contradicted(story, findings, sense)
    is_anothers = _of_others(story, sense) or _is_the_childs(story, findings, sense)
    return is_open or is_anothers or _in_a_name(story, sense)


def _contradicted(story: Story, findings: Findings, sense: Sense) -> bool:
    """他爸失联了 上个月还打了钱 is no lost contact, and a mother who came to see the child does not live with it."""
    whose = sense.value if sense.fact == LIVES_WITH else sense.fact.partition(".")[0]
    heard_of = findings.facts.get(f"{whose}.sends_support") is True or any(
        hit.cue.value in _HEARD_OF and whose in story.people(hit) and story.stance(hit) is Stance.SAID
        for hit in story.hits
    )
    if sense.fact == LIVES_WITH:
        away = {*findings.facts.get(f"{whose}.situation", ())} & _AWAY
        return sense.value in PARENTS and (heard_of or bool(away))
    return heard_of and sense.value == "lost_contact"


def _only_asked(story: Story, sense: Sense) -> bool:
    """Whether the words behind it are there, and each time to ask: 能给低保不, 爸爸服刑的孩子有没有助学金."""
    if _is_question(story, sense) or (sense.value == "institution" and household.is_meant(story.text)):
        return True
    if sense.fact == RELIEF and sense.value != "none":
        named = [_wished(story, *match.span()) for match in _RELIEF_NAMED.finditer(story.text)]
        return bool(named) and all(named)
    whose, _, what = sense.fact.partition(".")
    about = (sense.fact, f"{{parent}}.{what}") if whose in PARENTS else (sense.fact,)
    said = [story.stance(hit) for hit in story.hits if hit.cue.fact in about and str(hit.cue.value) in _plain(sense)]
    return bool(said) and all(stance in _OPEN_STANCES for stance in said)


def _is_question(story: Story, sense: Sense) -> bool:
    """Whether the clause it was seen in asks what a word means or how a thing is done: 低保边缘是啥意思, 能写信不."""
    clause = story.segment(place_of(story, sense.letter)).clause
    said = story.text[clause.start : clause.end]
    return bool(_TERM.search(said) or _HOW_TO.match(said))


def _of_others(story: Story, sense: Sense) -> bool:
    """Whether it was seen where somebody else is told of: 我爸去年没了, by a grandfather; 女儿智力四级; 我眼瞎.

    Behind 我 it may be said of kin that no list knows (我老汉儿没了, 我那个不争气的判了), but not what ails a body.
    """
    if not sense.fact.endswith(".situation") or sense.value in _WITH_THE_CHILD:
        return False
    segment = story.segment(place_of(story, sense.letter))
    is_mine = any(each.kind == "me" and each.start == segment.start for each in story.mentions)
    is_born = story.text[: segment.start].endswith(("生", "生了", "生完"))  # 生娃时候没的
    if is_born or (is_mine and sense.value not in _BODILY):
        return False
    return segment.named and {*segment.people} <= _OTHERS


def _is_the_childs(story: Story, findings: Findings, sense: Sense) -> bool:
    """我闺女脑子不行，去年办的证智力二级: what the rules read of the child there is not its mother's as well."""
    if sense.fact.partition(".")[0] not in PARENTS or sense.value not in _BODILY:
        return False
    place = place_of(story, sense.letter)
    before = [each.people for each in story.placed if each.mention.start <= place]
    is_ill = {"child.disability_kind", "child.disability_grade", "child.major_illness"} & {*findings.facts}
    return bool(is_ill and before) and before[-1] == ("child",)


def _in_a_name(story: Story, sense: Sense) -> bool:
    """高唐镇 is no 高中."""
    return sense.fact == "child.schooling" and not _SCHOOL.search(story.text)


def _wished(story: Story, start: int, end: int) -> bool:
    clause = story.segment(start).clause
    before, after = story.text[clause.start : start], story.text[end : clause.end]
    return bool(_WISHED.search(before) or _WISHED_AFTER.search(after))


def _plain(sense: Sense) -> tuple[str, str]:
    return sense.value, sense.value.lower()


def place_of(story: Story, letter: int) -> int:
    """Where a letter stands in the text; spaces are not counted."""
    places = [place for place, sign in enumerate(story.text) if not sign.isspace()]
    return places[min(letter, len(places) - 1)]
