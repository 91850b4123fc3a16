"""Whether a training sentence is a held-out one, or nearly so."""

from collections import Counter, defaultdict
from difflib import SequenceMatcher

from knowledge.reading.normal import normalise

# Of short words there are not many ways; from six signs on a likeness is a copy.
LONG, ALIKE = 6, 0.85


def bare(text):
    return "".join(sign for sign in normalise(text).text.lower() if sign.isalnum())


def copies(training, held_out):
    """Those of the training sentences that are held out, or nearly so."""
    held = [bare(text) for text in held_out]
    places = defaultdict(set)
    for place, text in enumerate(held):
        for gram in _grams(text):
            places[gram].add(place)
    return [text for text in training if _is_copied(bare(text), held, places)]


def _grams(text):
    return {text[place : place + 2] for place in range(len(text) - 1)} or {text}


def _is_copied(text, held, places):
    if not text or len(text) < LONG:
        return bool(text) and text in held
    shared = Counter(place for gram in _grams(text) for place in places[gram])
    near = [held[place] for place, count in shared.items() if 2 * count >= len(_grams(text))]
    return any(SequenceMatcher(None, text, each, autojunk=False).ratio() >= ALIKE for each in near)
