"""Danger that is said without a danger word: logistic regression over meaning and characters, beside the lexicon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bot.components.danger_features import Encode, clauses, features, windows
from bot.components.danger_sentences import Sentence
from bot.encoder.encode import encode
from knowledge.alarm import KINDS, LEVELS, Alarm, alarm, worse

STRICTNESS = 3.0
# How many harmless sentences of voices never heard may ring: the figures behind them are in docs/safeguarding.md.
FALSE_URGENT, FALSE_CONCERN = 0.02, 0.05
LIKELY_KIND = 0.5


@dataclass(frozen=True)
class Verdict:
    """`source`: who decided the level, "words" (the lexicon), "model" or "none"."""

    level: str
    kinds: tuple[str, ...]
    source: str


class DangerModel:
    """Raises to urgent at most; where the lexicon explained the danger words away, to concern at most."""

    def __init__(self, weights: np.ndarray, bias: np.ndarray, mean: np.ndarray, limits: Mapping[str, float]) -> None:
        self._weights, self._bias, self._mean, self._limits = weights, bias, mean, dict(limits)

    @classmethod
    def learn(cls, written: Sequence[Sentence], encoder: Encode = encode) -> "DangerModel":
        """Heads: concern or worse, urgent or worse, and one for each kind, learned from the dangerous ones."""
        samples = _Samples(written, encoder)
        everything = np.ones(len(samples.level), bool)
        heads = [
            samples.fit(target, rows)
            for target, rows in ((samples.level >= 1, ~samples.lenient), (samples.level >= 2, everything))
        ]
        heads += [samples.fit(samples.kinds[:, place], samples.level >= 1) for place in range(len(KINDS))]
        weights = np.vstack([weights for weights, _ in heads]).astype(np.float32)
        limits = {"concern": samples.limit(1, FALSE_CONCERN), "urgent": samples.limit(2, FALSE_URGENT)}
        return cls(weights, np.array([bias for _, bias in heads], np.float32), samples.mean, limits)

    @classmethod
    def taken_up(cls, arrays: Mapping[str, np.ndarray], words: Mapping[str, Any]) -> "DangerModel":
        return cls(arrays["weights"], arrays["bias"], arrays["mean"], words["limits"])

    def kept(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """The arrays and words from which `taken_up` makes the same model."""
        return {"weights": self._weights, "bias": self._bias, "mean": self._mean}, {"limits": self._limits}

    def judge(self, text: str, encoder: Encode = encode) -> Verdict:
        """The higher of the lexicon and the model."""
        heard = alarm(text)
        likely = self.likely(text, encoder)
        level = _capped(self._level(likely), heard)
        if level == "none" or worse(level, heard.level) == heard.level:
            return Verdict(heard.level, heard.kinds, "none" if heard.level == "none" else "words")
        return Verdict(level, tuple(dict.fromkeys([*_named(likely[2:]), *heard.kinds])), "model")

    def likely(self, text: str, encoder: Encode = encode) -> np.ndarray:
        """How likely concern, urgent and each kind are, in the window where urgent is likeliest; zeros for no text."""
        parts = windows(text)
        if not parts:
            return np.zeros(len(self._bias))
        scores = expit(features(parts, self._mean, encoder) @ self._weights.T + self._bias)
        worst = scores[scores[:, 1].argmax()].copy()
        worst[0] = scores[:, 0].max()
        return worst

    def _level(self, likely: np.ndarray) -> str:
        if likely[1] >= self._limits["urgent"]:
            return "urgent"
        return "concern" if likely[0] >= self._limits["concern"] else "none"


class _Samples:
    """The windows of all sentences as rows, each with what it is."""

    def __init__(self, written: Sequence[Sentence], encoder: Encode) -> None:
        self.written = written
        parts = [(place, part) for place, one in enumerate(written) for part in windows(one.text)]
        self.owner = np.array([place for place, _ in parts])
        texts = [part for _, part in parts]
        self.mean = np.mean([encoder(part) for part in texts], axis=0).astype(np.float32)
        self.rows = features(texts, self.mean, encoder)
        self.level = np.array(
            [LEVELS.index(written[place].level) if _holds(part, written[place]) else 0 for place, part in parts]
        )
        self.kinds = np.array([[kind in written[place].kinds for kind in KINDS] for place, _ in parts])
        self.lenient = np.array([written[place].lenient for place, _ in parts])

    def fit(self, target: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, float]:
        """Weights and bias; a kind nobody wrote about is never named."""
        if len(set(target[rows])) < 2:
            return np.zeros(self.rows.shape[1]), -10.0
        model = LogisticRegression(C=STRICTNESS, max_iter=300).fit(self.rows[rows], target[rows])
        return model.coef_[0], float(model.intercept_[0])

    def limit(self, level: int, share: float) -> float:
        """The likelihood that only `share` of the harmless sentences pass, each judged without its own voice."""
        target, likely = self.level >= level, np.zeros(len(self.level))
        usable = np.ones(len(target), bool) if level > 1 else ~self.lenient
        voices = np.array([self.written[place].block for place in self.owner])
        for known, left in GroupKFold(min(8, len(set(voices)))).split(self.rows, target, voices):
            weights, bias = self.fit(target, np.isin(np.arange(len(target)), known) & usable)
            likely[left] = expit(self.rows[left] @ weights + bias)
        highest = np.zeros(len(self.written))
        np.maximum.at(highest, self.owner, likely)
        harmless = [highest[place] for place, one in enumerate(self.written) if one.level == "none" and not one.lenient]
        return float(np.quantile(harmless, 1 - share))


def _holds(part: str, one: Sentence) -> bool:
    """Whether this window of a long story is the one with the danger."""
    return one.level != "none" and any(clause in part for clause in clauses(one.danger))


def _capped(level: str, heard: Alarm) -> str:
    return min(level, "concern", key=LEVELS.index) if heard.calmed else level


def _named(likely: np.ndarray) -> list[str]:
    """The kinds that are likely, likeliest first; at least one."""
    order = np.argsort(-likely)
    return [KINDS[place] for rank, place in enumerate(order) if rank == 0 or likely[place] >= LIKELY_KIND]
