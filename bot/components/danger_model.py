"""Danger that is said without a danger word: kernel machines over characters and meaning, beside the lexicon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.model_selection import GroupKFold
from sklearn.svm import SVC

from bot.components.danger_features import BUCKETS, Encode, Rows, clauses, features, near, windows
from bot.components.danger_sentences import Sentence
from bot.encoder.encode import encode
from knowledge.alarm import KINDS, LEVELS, Alarm, alarm, worse

# In the same folds logistic regression heard 49 of 100 urgent sentences by itself, this 55 (docs/safeguarding.md).
STRICTNESS = 2.0
# How many harmless sentences of voices never heard may ring.
FALSE_URGENT, FALSE_CONCERN = 0.01, 0.05
FOLDS = 8
NEVER = -1e3


@dataclass(frozen=True)
class Verdict:
    """`source`: who decided the level, "words" (the lexicon), "model" or "none"."""

    level: str
    kinds: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class DangerModel:
    """Raises to urgent at most; where the lexicon explained the danger words away, to concern at most.

    One row of `heads` and `bias` for concern or worse, for urgent or worse, and for each kind; `rows` are the windows
    learned from; `limits` are the scores at which concern and urgent are taken for true.
    """

    rows: Rows
    heads: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    limits: Mapping[str, float]

    @classmethod
    def learn(cls, written: Sequence[Sentence], encoder: Encode = encode) -> "DangerModel":
        samples = _Samples(written, encoder)
        dangerous, urgent = samples.level >= 1, samples.level >= 2
        fits = [samples.fit(dangerous, ~samples.lenient), samples.fit(urgent, np.ones_like(urgent))]
        fits += [samples.fit(samples.kinds[:, place], dangerous) for place in range(len(KINDS))]
        limits = {
            "concern": samples.limit(dangerous, ~samples.lenient, FALSE_CONCERN),
            "urgent": samples.limit(urgent, np.ones_like(urgent), FALSE_URGENT),
        }
        heads, bias = np.array([head for head, _ in fits], np.float32), np.array([bias for _, bias in fits], np.float32)
        return cls(samples.rows, heads, bias, samples.mean, limits)

    @classmethod
    def taken_up(cls, arrays: Mapping[str, np.ndarray], words: Mapping[str, Any]) -> "DangerModel":
        parts = (arrays["values"], arrays["places"], arrays["ends"])
        written = scipy.sparse.csr_matrix(parts, shape=(len(arrays["meant"]), BUCKETS))
        return cls(Rows(written, arrays["meant"]), arrays["heads"], arrays["bias"], arrays["mean"], words["limits"])

    def kept(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """The arrays and words from which `taken_up` makes the same model."""
        written, meant = self.rows
        rows = {"values": written.data, "places": written.indices, "ends": written.indptr, "meant": meant}
        heads = {"heads": self.heads, "bias": self.bias, "mean": self.mean}
        return rows | heads, {"limits": dict(self.limits)}

    def judge(self, text: str, encoder: Encode = encode) -> Verdict:
        """The higher of the lexicon and the model."""
        heard = alarm(text)
        scores = self.scores(text, encoder)
        level = _capped(self._level(scores), heard)
        if worse(level, heard.level) == heard.level:
            return Verdict(heard.level, heard.kinds, "none" if heard.level == "none" else "words")
        return Verdict(level, tuple(dict.fromkeys([*_named(scores[2:]), *heard.kinds])), "model")

    def scores(self, text: str, encoder: Encode = encode) -> np.ndarray:
        """Of each head, in the window where danger scores highest."""
        parts = windows(text)
        if not parts:
            return np.full(len(self.bias), NEVER)
        scores = near(features(parts, self.mean, encoder), self.rows) @ self.heads.T + self.bias
        worst = scores[scores[:, 1].argmax()].copy()
        worst[0] = scores[:, 0].max()
        return worst

    def _level(self, scores: np.ndarray) -> str:
        if scores[1] >= self.limits["urgent"]:
            return "urgent"
        return "concern" if scores[0] >= self.limits["concern"] else "none"


class _Samples:
    """The windows of all sentences as rows, each with what it is."""

    def __init__(self, written: Sequence[Sentence], encoder: Encode) -> None:
        self.written = written
        parts = [(place, part) for place, one in enumerate(written) for part in windows(one.text)]
        self.owner = np.array([place for place, _ in parts])
        self.mean = np.mean([encoder(part) for _, part in parts], axis=0).astype(np.float32)
        self.rows = features([part for _, part in parts], self.mean, encoder)
        self._near = near(self.rows, self.rows)
        self.level = np.array([_height(part, written[place]) for place, part in parts])
        self.kinds = np.array([[kind in written[place].kinds for kind in KINDS] for place, _ in parts])
        self.lenient = np.array([written[place].lenient for place, _ in parts])

    def fit(self, target: np.ndarray, usable: np.ndarray) -> tuple[np.ndarray, float]:
        """The weight of each row, and the bias; a kind that nobody wrote about is never named."""
        weights, places = np.zeros(len(target)), np.flatnonzero(usable)
        if len(set(target[places])) < 2:
            return weights, NEVER
        model = SVC(C=STRICTNESS, kernel="precomputed").fit(self._near[np.ix_(places, places)], target[places])
        weights[places[model.support_]] = model.dual_coef_[0]
        return weights, float(model.intercept_[0])

    def limit(self, target: np.ndarray, usable: np.ndarray, share: float) -> float:
        """The score that only `share` of the harmless sentences reach, each judged without its own voice."""
        scores = np.zeros(len(target))
        voices = np.array([self.written[place].block for place in self.owner])
        for _, left in GroupKFold(min(FOLDS, len(set(voices)))).split(voices, groups=voices):
            weights, bias = self.fit(target, usable & ~np.isin(np.arange(len(target)), left))
            scores[left] = self._near[left] @ weights + bias
        highest = np.full(len(self.written), NEVER)
        np.maximum.at(highest, self.owner, scores)
        harmless = [highest[place] for place, one in enumerate(self.written) if one.level == "none" and not one.lenient]
        return float(np.quantile(harmless, 1 - share))


def _height(part: str, one: Sentence) -> int:
    """The level of a window; of a long story only the window with the danger is dangerous."""
    holds = one.level != "none" and any(clause in part for clause in clauses(one.danger))
    return LEVELS.index(one.level) if holds else 0


def _capped(level: str, heard: Alarm) -> str:
    return min(level, "concern", key=LEVELS.index) if heard.calmed else level


def _named(scores: np.ndarray) -> list[str]:
    """The kinds that score above zero, highest first; at least one."""
    order = np.argsort(-scores)
    return [KINDS[place] for rank, place in enumerate(order) if rank == 0 or scores[place] > 0]
