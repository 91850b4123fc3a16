"""Entitlements called by their names, nicknames and wrong names, spelt right or by ear."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.components.grams import letters
from bot.components.syllables import pinyin, syllables
from knowledge.pointer import Pointer
from knowledge.policy import Policy
from knowledge.reading.normal import normalise
from knowledge.reading.words import known_words

# How sure a name makes us: its own, one that belongs to something else; a short one that only sounds like it.
OWN, WRONG, BY_EAR = 1.0, 0.8, 0.9
# Two syllables are many words: below this length the sound must be right to the letter. Four are certain.
FUZZY_FROM, CERTAIN_FROM = 3, 4


@dataclass(frozen=True)
class Name:
    """One way to call an entitlement; `sound` is toneless pinyin, fuzzy when the name is long enough."""

    text: str
    sound: tuple[str, ...]
    policy: str
    weight: float


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    policy: str
    score: float
    is_exact: bool


def names_of(policy: Policy | Pointer) -> Iterator[Name]:
    """Every name of one entitlement once, the surest first."""
    seen = set()
    for weight, names in ((OWN, policy.names), (WRONG, policy.misnomers)):
        for name in names:
            text = plain(name)
            if text not in seen:
                seen.add(text)
                yield Name(text, _sound(text, len(text)), policy.id, weight)


def plain(text: str) -> str:
    return "".join(letters(normalise(text).text))


def spoken_of(text: str, names: Sequence[Name]) -> Mapping[str, float]:
    """How surely each entitlement is named in the text, in the order in which they are named."""
    said = plain(text)
    sounds = {length: _sound(said, length) for length in (FUZZY_FROM - 1, FUZZY_FROM)}
    heard = {length: set(sound) for length, sound in sounds.items()}
    # Of hundreds of names a message has one or two; the others need no look at every place.
    likely = [name for name in names if name.text in said or heard[_strict(name)].issuperset(name.sound)]
    found = [hit for name in likely for hit in _find(name, said, sounds[_strict(name)])]
    whole = _heard_right([hit for hit in found if not any(_covers(other, hit) for other in found)], said)
    best: dict[str, float] = {}
    for hit in sorted(whole, key=lambda hit: (hit.start, -hit.score)):
        best[hit.policy] = max(hit.score, best.get(hit.policy, 0.0))
    return best


def _sound(text: str, length: int) -> tuple[str, ...]:
    return tuple(syllables(text)) if length >= FUZZY_FROM else pinyin(text)


def _strict(name: Name) -> int:
    """How the sound of the name is compared: to the letter when it is short."""
    return min(max(len(name.text), FUZZY_FROM - 1), FUZZY_FROM)


def _find(name: Name, said: str, heard: Sequence[str]) -> Iterator[_Found]:
    length = len(name.text)
    for start in range(len(said) - length + 1):
        is_exact = said.startswith(name.text, start)
        if is_exact or tuple(heard[start : start + length]) == name.sound:
            score = name.weight * (1.0 if is_exact or length >= CERTAIN_FROM else BY_EAR)
            yield _Found(start, start + length, name.policy, score, is_exact)


def _heard_right(found: Sequence[_Found], said: str) -> list[_Found]:
    """Without those of two syllables that only sound like a name and are, or cut, another word: 几样 is not 寄养."""
    short = [hit for hit in found if not hit.is_exact and hit.end - hit.start < FUZZY_FROM]
    words = known_words(said) if short else ()
    wrong = [hit for hit in short if any(start < hit.end and hit.start < end for start, end in words)]
    return [hit for hit in found if hit not in wrong]


def _covers(other: _Found, hit: _Found) -> bool:
    """A longer name swallows a shorter one inside it; of two on the same spot the one that is spelt right wins."""
    if not (other.start <= hit.start and hit.end <= other.end):
        return False
    if other.end - other.start > hit.end - hit.start:
        return other.is_exact or not hit.is_exact
    return other.is_exact and not hit.is_exact
