"""Names of places to region codes, as far as the knowledge base lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowledge.reading.patterns import expression, pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.siblings import ALL
from knowledge.reading.story import Findings, Story
from knowledge.reading.told import label
from knowledge.region import Regions

_HUKOU = re.compile(r"(?:户口|户籍|老家|原籍)(?:[^，。,]{0,4}|(?:(?!人|住|现)[^，。,]){5,8})$")
_HERE = re.compile(r"(?:住|现居|现在|目前|人在|在|待在|搬到|来)[^，。,]{0,4}$")
_HUKOU_AFTER = re.compile(r"(?:的)?(?:户口|户籍)")
_HUKOU_BEFORE = pattern("places.hukou_before")
_HUKOU_WITH_KIN = pattern("places.hukou_with_kin")
_ELSEWHERE = pattern("places.elsewhere")
_STAYS = re.compile("[^，。,]{0,2}(?:住|生活|上学|读|念|打工|上班)")
# 户籍：宁城县；现居：赤峰市红山区
_LISTED = re.compile("(?:(?P<hukou>户籍|户口|籍贯)|现居|现住|居住|住址)(?:所?在?地|地址|地)?[:：]$")
_LIVES_WITH = re.compile("^(?:现|现在|一直|目前)?(?:跟|随|和|与|由)着?[^，。,]{1,8}(?:住|生活)(?:在)?$")
_WE_LIVE = re.compile("(?:现在|目前|平时)?(?:我们|俺们|咱们)(?:一家|娘俩|爷俩|现在|目前|都|就|人)*(?:租?住)(?:在|到)?")
_COMES_FROM = re.compile("那边|过来|来的|嫁|人(?!那|在)")
_WORKS = re.compile("打工|上班|做工|干活")
_WE_ARE = pattern("places.we_are")
_FROM_THERE = pattern("places.from_there")
_LEADS = pattern("places.leads")
_JOINED = re.compile("[的，,\\s]*")
_FROM_ANY = pattern("places.from_any")
_TOO_SHORT = 2
_FEW = 6
_CITY = 4
_SUFFIX = pattern("places.suffix")


def read(story: Story, regions: Regions, findings: Findings, asking: str | None = None) -> None:
    """Where the hukou is and where the child lives, when the story says which of the two a place is."""
    for match, codes in _all(regions, story.text):
        start, end = match
        clause = story.segment(start).clause
        before, after = story.text[clause.start : start], story.text[end : clause.end]
        if story.stance_of(start, end) not in (Stance.SAID, Stance.DOUBTED):
            continue
        carried = (
            before in ("在", "是", "在我们", "是我们", "就在", "落在", "挂在")
            and not _COMES_FROM.match(after)
            and not _STAYS.match(after)
            and _HUKOU_BEFORE.search(story.text[clause.sentence : clause.start])
        )
        listed = _LISTED.search(story.text[: clause.start]) if not before else None
        if listed:
            fact = "child.hukou_region" if listed["hukou"] else "child.residence_region"
            _tell(story, findings, fact, _value(codes), match)
        elif (
            carried or _HUKOU.search(before) or _HUKOU_AFTER.match(after) or _HUKOU_WITH_KIN.search(story.text[:start])
        ):
            _tell(story, findings, "child.hukou_region", _value(codes), match)
        elif (_WE_ARE.fullmatch(before) or story.text[:start] in ("是", "就是")) and _FROM_THERE.fullmatch(after):
            if not (asking or "").endswith("_region"):  # asked for one of the two, it answers that one
                findings.tell("child.hukou_region", _value(codes), match, True)
        elif _ELSEWHERE.match(after) and not (_WORKS.match(after) and story.segment(start).people == ("child",)):
            continue
        elif _HERE.search(before) and (
            story.segment(start).people in (("child",), (), ("asker",))
            or (_LIVES_WITH.search(before) and not story.segment(start).named)
            or _WE_LIVE.fullmatch(before)
        ):
            _tell(story, findings, "child.residence_region", _value(codes), match)
    told = {"child.hukou_region", "child.residence_region"} & {*findings.facts, *findings.partial}
    if not told and not (asking or "").endswith("_region"):
        _tell_alone(story, regions, findings)


def _tell_alone(story: Story, regions: Regions, findings: Findings) -> None:
    """福建宁化, 我们宁化的, 尤溪的 梅仙: nothing but where they are from, whatever was asked."""
    found, place = _all(regions, story.text), find(regions, story.text)
    if not found or place is None or len(place) < _CITY:
        return
    spans = [span for span, _ in found]
    ends = [0, *(end for _, end in spans)]
    gaps = [story.text[end:start] for end, start in zip(ends, [start for start, _ in spans], strict=False)]
    lead, *between = gaps
    rest = _FROM_ANY.fullmatch(story.text[ends[-1] :])
    is_town = rest and (not rest["town"] or _is_in(regions, rest["town"], place))
    if _LEADS.fullmatch(lead) and is_town and all(_JOINED.fullmatch(each) for each in between):
        findings.tell("child.hukou_region", place, (0, len(story.text)), True)


def _is_in(regions: Regions, town: str, code: str) -> bool:
    names = _names(regions)
    called = (town, f"{town}镇", f"{town}乡")
    return any(code in (*names.bare.get(name, ()), *names.codes.get(name, ())) for name in called)


def _value(codes: Sequence[str]) -> Any:
    return codes[0] if len(codes) == 1 else {"one_of": sorted(codes)}


def _tell(story: Story, findings: Findings, fact: str, value: Any, span: tuple[int, int]) -> None:
    number = label(story, span[0])
    findings.of(number).tell(fact, value, span)
    if number == ALL:
        findings.for_all.add(fact)


def answered(regions: Regions, text: str) -> Any:
    """The place of an answer, partial when it is one name that several places have."""
    found = _all(regions, text)
    return _value(found[0][1]) if len(found) == 1 else find(regions, text)


def find(regions: Regions, text: str) -> str | None:
    """The one place that a text names; None when it names none, or places that exclude each other."""
    codes = [code for _, codes in _all(regions, text) for code in codes]
    longest = max(codes, key=len, default=None)
    return longest if longest and all(longest.startswith(code) for code in codes) else None


def _all(regions: Regions, text: str) -> list[tuple[tuple[int, int], tuple[str, ...]]]:
    """Places in the order of the text; names that follow each other (福建三明) are one place."""
    names = _names(regions)
    found: list[tuple[tuple[int, int], tuple[str, ...]]] = []
    at = 0
    while match := names.pattern.search(text, at):
        span = match.span()
        wider = found[-1] if found and span[0] - found[-1][0][1] <= 1 else None
        codes = tuple(each for each in names.codes[match.group()] if wider is None or each.startswith(wider[1]))
        shortest = min(codes, key=len, default="")
        if codes and all(each.startswith(shortest) for each in codes):  # 吉林 alone is the province
            span, code = _narrowed(names, text, (wider[0][0] if wider else span[0], span[1]), shortest)
            found[-1 if wider else len(found) :] = [(span, (code,))]
        elif 1 < len(codes) <= _FEW and wider is None:  # 鼓楼区: one of four
            found.append((span, codes))
        at = span[1]
    for match in names.placed.finditer(text):
        span = match.span("hukou") if match["hukou"] else match.span("home")
        codes = names.bare[text[span[0] : span[1]]]
        if len(codes) <= _FEW and not any(span[0] < end and start < span[1] for (start, end), _ in found):
            found.append((span, codes))
    return sorted(found)


def _narrowed(names: _Names, text: str, span: tuple[int, int], code: str) -> tuple[tuple[int, int], str]:
    """A bare name right after the wider place (河南兰考, 成都武侯): too short to be a place anywhere else."""
    if names.pattern.match(text, span[1]):
        return span, code
    for length in range(names.longest, 1, -1):
        bare = text[span[1] : span[1] + length]
        inside = [each for each in names.bare.get(bare, ()) if each.startswith(code) and each != code]
        if len(bare) == length and len(inside) == 1:
            return _narrowed(names, text, (span[0], span[1] + length), inside[0])
    return span, code


@dataclass(frozen=True)
class _Names:
    """What stands for a place by itself, and what does so only behind a wider one."""

    codes: Mapping[str, tuple[str, ...]]
    bare: Mapping[str, tuple[str, ...]]
    longest: int
    pattern: re.Pattern[str]
    placed: re.Pattern[str]  # a bare name behind words that only a place can follow: 户口在连江, 在闽清读书


def shortened(name: str) -> str:
    """A name without 县, 区, 旗."""
    return _SUFFIX.sub("", name)


@dataclass(frozen=True, eq=False)
class _Same:
    """Regions by identity: to compare three thousand places for each message would take longer than to read it."""

    regions: Regions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.regions is self.regions

    def __hash__(self) -> int:
        return id(self.regions)


def _names(regions: Regions) -> _Names:
    return _names_of(_Same(regions))


@lru_cache(maxsize=2)
def _names_of(same: _Same) -> _Names:
    regions, towns = tuple(same.regions.by_code.values()), same.regions.towns
    whole: dict[str, list[str]] = {}
    bare: dict[str, list[str]] = {}
    for region in regions:
        short = shortened(region.name)
        if len(short) >= _TOO_SHORT:
            bare.setdefault(short, []).append(region.code)
    for region in regions:
        said, short = set(region.says), shortened(region.name)
        if len(region.name) > _TOO_SHORT:  # 城区 and 郊区 are everywhere
            said.add(region.name)
        if len(region.code) == _CITY and all(code.startswith(region.code) for code in bare.get(short, ())):
            said.add(short)
        for each in said:
            if len(each) >= _TOO_SHORT:
                whole.setdefault(each, []).append(region.code)
    counties = [name for name in bare if name not in whole]
    for town in towns:  # a town stands for its county
        (whole if town.alone else bare).setdefault(town.name, []).append(town.code)
    longest_first = sorted(whole, key=len, reverse=True)
    return _Names(
        {name: tuple(codes) for name, codes in whole.items()},
        {name: tuple(codes) for name, codes in bare.items()},
        max(map(len, bare)),
        re.compile("|".join(map(re.escape, longest_first))),
        _placed(sorted(counties, key=len, reverse=True)),
    )


def _placed(names: Sequence[str]) -> re.Pattern[str]:
    name = "|".join(map(re.escape, names))
    hukou = f"{expression('places.hukou_in')}(?P<hukou>{name}){expression('places.hukou_ends')}"
    ends = expression("places.home_ends")
    home = f"(?:(?P<lives>{expression('places.lives_in')})|{expression('places.home_in')})(?P<home>{name})"
    return re.compile(f"{hukou}|{home}(?(lives)(?:{ends}|{expression('places.hukou_ends')})|{ends})")
