"""Danger said without a danger word: linear over characters and sounds, curved over meaning, beside the lexicon.

A message costs one look at a thousand landmarks and a sparse sum.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import scipy.sparse

from bot.components.danger_features import BUCKETS, Encode, clauses, features, heart, judged, near, windows
from bot.components.danger_known import known, level_of
from bot.components.danger_sentences import Sentence
from bot.components.verdict import Verdict
from bot.encoder.encode import encode, encode_all
from bot.encoder.seen import unread
from knowledge.alarm import HIGH, KINDS, LEVELS, Alarm, alarm, worse
from knowledge.safety.beside import readings
from knowledge.safety.course import weight

# Chosen on sentences of voices left out, where a small network heard less (docs/safeguarding.md).
STRICTNESS = 0.5
# Windows with which meanings are compared; all of them hear one danger in a hundred more and cost six times as much.
LANDMARKS = 1000
# How many harmless sentences of voices never heard may ring. Most of them were written to sound like danger: of what
# families ordinarily write, a third as many ring (docs/safeguarding.md).
FALSE_URGENT, FALSE_CONCERN, FALSE_HINT = 0.05, 0.15, 0.22
# How many urgent ones of such voices may be taken for an emergency: for one in twenty it hears four of five emergencies
# instead of half of them (docs/safeguarding.md).
FALSE_EMERGENCY = 0.05
# What words of the lexicon add to a score: they are a strong witness, and no judge. Of sentences that were new to it,
# it took 9 harmless in a hundred for urgent, and heard 26 of a hundred that were (docs/safeguarding.md).
WITNESS = 1.3
# Words that are at least this share of what was said are no slip of a long story, and need no second witness.
MOST = 0.5
# Words of an emergency stand, but where the model is this sure of the contrary they are a gentle question: of 540
# urgent training sentences with such words, judged without their own voice, one scored lower, of 61 harmless ones 34.
SURELY_NOT = -1.25
FOLDS = 6
NEVER = -1e3
ARRAYS = ("written", "landmarks", "meant", "bias", "mean")
# The first heads of the model, each for danger of that level or worse; then one for each kind.
BARS = ("concern", "urgent", "emergency")


@dataclass(frozen=True)
class DangerModel:
    """Lowers to concern what the lexicon hears somewhere in a story, an emergency only when sure; where the lexicon
    explained the danger words away, raises to concern at most.

    One column of `written`, `meant` and `bias` for each of BARS and for each kind; `limits` are the scores at which a
    hint and each of BARS are taken for true.
    """

    written: np.ndarray
    landmarks: np.ndarray
    meant: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    limits: Mapping[str, float]
    known: Mapping[str, np.ndarray] = field(default_factory=lambda: known(()))

    @classmethod
    def learn(cls, sentences: Sequence[Sentence], encoder: Encode = encode) -> "DangerModel":
        samples = Samples(sentences, encoder)
        dangerous, everywhere = samples.level >= 1, np.ones(len(samples.level), bool)
        bars = [(samples.level >= LEVELS.index(bar), everywhere) for bar in BARS]
        # What may be a concern or none teaches nothing about either.
        bars[0] = (dangerous, ~samples.lenient)
        named = [(samples.kinds[:, place], dangerous) for place in range(len(KINDS))]
        with ThreadPoolExecutor(os.cpu_count()) as cores:  # LIBLINEAR lets go of the interpreter's lock
            fits = list(cores.map(lambda bar: samples.fit(*bar), [*bars, *named]))
        alone = np.array([samples.unheard(*bar) for bar in bars]).T
        heard = alone + WITNESS * np.array([_witness(alarm(one.text).level)[: len(BARS)] for one in sentences])
        limits = {
            "hint": samples.limit(alone[:, 0], "none", FALSE_HINT),
            "concern": samples.limit(heard[:, 0], "none", FALSE_CONCERN),
            "urgent": samples.limit(heard[:, 1], "none", FALSE_URGENT),
            "emergency": samples.limit(heard[:, 2], "urgent", FALSE_EMERGENCY),
        }
        written, meant = samples.parted(np.array([weights for weights, _ in fits], np.float32).T)
        bias = np.array([bias for _, bias in fits], np.float32)
        return cls(written, samples.landmarks, meant, bias, samples.mean, limits, known(sentences))

    @classmethod
    def taken_up(cls, arrays: Mapping[str, np.ndarray], words: Mapping[str, Any]) -> "DangerModel":
        told = {name: arrays[name] for name in ARRAYS}
        return cls(**told, limits=words["limits"], known={name: arrays[name] for name in ("marks", "levels")})

    def kept(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """The arrays and words from which `taken_up` makes the same model."""
        return {name: getattr(self, name) for name in ARRAYS} | dict(self.known), {"limits": dict(self.limits)}

    def judge(self, text: str, encoder: Encode = encode) -> Verdict:
        heard, scores = self.words(text, encoder), self.scores(text, encoder)
        level = level_of(text, self.known)
        if level is not None:
            return self._told(level, heard, scores)
        return self.verdict(heard, scores, in_plain_words(heard, text))

    def words(self, text: str, encoder: Encode = encode) -> Alarm:
        """What the lexicon hears; 他爸打人判了刑 calms only its own clause, not the danger told beside it."""
        heard = alarm(text)
        is_bad = bool(heard.beside) and self.scores(heard.beside, encoder)[1] >= self.limits["urgent"]
        return replace(heard, calmed=False) if is_bad else heard

    def verdict(self, heard: Alarm, scores: np.ndarray, is_plain: bool = False) -> Verdict:
        """What the lexicon and the model think together; `is_plain`: the words of danger are most of what was said."""
        level = self._level(scores + WITNESS * _witness(heard.level), heard)
        if is_plain or (heard.level == "emergency" and scores[1] > SURELY_NOT):
            level = worse(level, heard.level)
        return self._told(level, heard, scores, bool(scores[0] >= self.limits["hint"]))

    def _told(self, level: str, heard: Alarm, scores: np.ndarray, hinted: bool = False) -> Verdict:
        hinted = hinted or heard.hinted or heard.level != "none"
        weighs = weight(level, hinted, heard.calmed)
        if level == "none":
            return Verdict(level, (), "none", weighs)
        if level == heard.level:
            return Verdict(level, heard.kinds, "words", weighs)
        return Verdict(level, tuple(dict.fromkeys([*_named(scores[len(BARS) :]), *heard.kinds])), "model", weighs)

    def scores(self, text: str, encoder: Encode = encode) -> np.ndarray:
        """Of each head, in the window where danger scores highest."""
        parts = judged(text)
        if not parts:
            return np.full(len(self.bias), NEVER)
        rows = features(parts, encode_all(parts, encoder), self.mean)
        scores = rows.written @ self.written + near(rows.meant, self.landmarks) @ self.meant + self.bias
        worst = scores[scores[:, 1].argmax()].copy()
        worst[: len(BARS)] = scores[:, : len(BARS)].max(axis=0)
        return worst

    def _level(self, scores: np.ndarray, heard: Alarm) -> str:
        if scores[1] >= self.limits["urgent"]:
            if heard.calmed and heard.level not in HIGH:
                return "concern"
            return "emergency" if scores[2] >= self.limits["emergency"] else worse("urgent", heard.level)
        if scores[0] >= self.limits["concern"] or heard.level in HIGH:
            return "concern"
        return "none"


class Samples:
    """The windows of all sentences as rows, each with what it is."""

    def __init__(self, sentences: Sequence[Sentence], encoder: Encode) -> None:
        self.sentences = sentences
        parts = [(place, part) for place, one in enumerate(sentences) for part in windows(one.text)]
        self.owner = np.array([place for place, _ in parts])
        texts = [part for _, part in parts]
        meaning = encode_all(texts, encoder)
        self.mean = meaning.mean(axis=0)
        rows = features(texts, meaning, self.mean)
        chosen = np.unique(np.linspace(0, len(parts) - 1, LANDMARKS).astype(int))
        self.landmarks = rows.meant[chosen]
        self._turn = _root(near(self.landmarks, self.landmarks))
        turned = near(rows.meant, self.landmarks) @ self._turn
        self._rows = scipy.sparse.hstack([rows.written, scipy.sparse.csr_matrix(turned)], format="csr")
        self.level = np.array([_height(part, sentences[place]) for place, part in parts])
        self.kinds = np.array([[kind in sentences[place].kinds for kind in KINDS] for place, _ in parts])
        self.lenient = np.array([sentences[place].lenient for place, _ in parts])

    def fit(self, target: np.ndarray, usable: np.ndarray) -> tuple[np.ndarray, float]:
        """The weights and the bias; a kind that nobody wrote about is never named."""
        places = np.flatnonzero(usable)
        if len(set(target[places])) < 2:
            return np.zeros(self._rows.shape[1]), NEVER
        # Imported late: the front door only judges, and should not pay for learning.
        from sklearn.svm import LinearSVC

        machine = LinearSVC(
            C=STRICTNESS, loss="hinge", dual=True, tol=1e-2, intercept_scaling=3, max_iter=5000, random_state=0
        )
        machine.fit(self._rows[places], target[places])
        return machine.coef_[0], float(machine.intercept_[0])

    def parted(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The weights of the buckets and of the landmarks, one column a head."""
        return weights[:BUCKETS], self._turn @ weights[BUCKETS:]

    def unheard(self, target: np.ndarray, usable: np.ndarray) -> np.ndarray:
        """The highest score of each sentence, judged without its own voice."""
        from sklearn.model_selection import GroupKFold

        scores, everything = np.zeros(len(target)), np.arange(len(target))
        voices = np.array([self.sentences[place].block for place in self.owner])

        def judge(left: np.ndarray) -> None:
            weights, bias = self.fit(target, usable & ~np.isin(everything, left))
            scores[left] = self._rows[left] @ weights + bias

        folds = GroupKFold(min(FOLDS, len(set(voices)))).split(voices, groups=voices)
        # LIBLINEAR lets go of the interpreter's lock.
        with ThreadPoolExecutor(os.cpu_count()) as cores:
            list(cores.map(judge, (left for _, left in folds)))
        highest = np.full(len(self.sentences), NEVER)
        np.maximum.at(highest, self.owner, scores)
        return highest

    def limit(self, highest: np.ndarray, level: str, share: float) -> float:
        """The score that only `share` of the sentences of this level reach, of those the encoder was not tuned on."""
        such = np.array([one.level == level and not one.lenient for one in self.sentences])
        new = unread([one.text for one, is_such in zip(self.sentences, such, strict=True) if is_such])
        return float(np.quantile(highest[such][new], 1 - share))


def _root(alike: np.ndarray) -> np.ndarray:
    """What turns nearness to the landmarks into coordinates whose products are the nearness again."""
    sizes, axes = np.linalg.eigh(alike)
    return (axes / np.sqrt(np.maximum(sizes, 1e-4))).astype(np.float32)


def _height(part: str, one: Sentence) -> int:
    """The level of a window; of a long story only the window with the danger is dangerous."""
    holds = one.level != "none" and any(heart(clause) in part for clause in clauses(one.danger))
    return LEVELS.index(one.level) if holds else 0


def in_plain_words(heard: Alarm, text: str) -> bool:
    """Whether the words of danger are most of what was said of danger, without what speaks of something else."""
    said = sum(len(clause) for clause in readings(text)[1])
    return bool(heard.words) and len(max(heard.words, key=len)) >= MOST * said


def _witness(level: str) -> np.ndarray:
    """One for each head that the level of the lexicon speaks for; it says nothing of kinds."""
    height = LEVELS.index(level)
    return np.array([height >= LEVELS.index(bar) for bar in BARS] + [False] * len(KINDS), np.float32)


def _named(scores: np.ndarray) -> list[str]:
    """The kinds that score above zero, highest first; at least one."""
    order = np.argsort(-scores)
    return [KINDS[place] for rank, place in enumerate(order) if rank == 0 or scores[place] > 0]
