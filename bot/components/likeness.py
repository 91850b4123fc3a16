"""What a sentence is, judged by the sentences it is like: ridge regression with a Gaussian kernel."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

# Chosen on the first held-out sets, which are for development (docs/understanding.md).
NARROWNESS, PENALTY, MEANING = 0.2, 0.06, 2.2


class Rows(NamedTuple):
    """One row a sentence: its counted grams, and its meaning (of length one, or zeros)."""

    counted: scipy.sparse.csr_matrix
    meant: np.ndarray


def likeness(some: Rows, others: Rows) -> np.ndarray:
    """1 for the same sentence, towards 0 with distance."""
    shared = (some.counted @ others.counted.T).toarray() + MEANING**2 * (some.meant @ others.meant.T)
    own = _size(some)[:, None] + _size(others)
    return np.exp(-NARROWNESS * np.maximum(own / 2 - shared, 0.0))


def _size(rows: Rows) -> np.ndarray:
    counted = np.asarray(rows.counted.multiply(rows.counted).sum(axis=1))[:, 0]
    return counted + MEANING**2 * np.einsum("ij,ij->i", rows.meant, rows.meant)


class Likeness:
    """Sentences, and how much each weighs for each choice."""

    def __init__(self, rows: Rows, weights: np.ndarray, base: np.ndarray) -> None:
        self._rows, self._weights, self._base = rows, weights, base

    @classmethod
    def learn(cls, rows: Rows, truth: np.ndarray, groups: Sequence[Any]) -> tuple["Likeness", np.ndarray]:
        """The model, and what it would have said of each sentence without those of the same group.

        `truth` has one row a sentence, which adds up to 1. Leaving out needs no second training: the inverse knows.
        """
        base = truth.mean(axis=0)
        near = likeness(rows, rows).astype(np.float64)
        near[np.diag_indices_from(near)] += PENALTY
        inverse = scipy.linalg.inv(near, overwrite_a=True, check_finite=False)
        weights = inverse @ (truth - base)
        left_out = truth.astype(np.float64)
        for members in _members(groups):
            left_out[members] -= scipy.linalg.solve(inverse[np.ix_(members, members)], weights[members])
        return cls(rows, weights.astype(np.float32), base.astype(np.float32)), left_out

    def scores(self, rows: Rows) -> np.ndarray:
        return likeness(rows, self._rows) @ self._weights + self._base

    def kept(self) -> dict[str, np.ndarray]:
        counted = self._rows.counted
        return {
            "values": counted.data.astype(np.float32),
            "places": counted.indices.astype(np.int32),
            "ends": counted.indptr.astype(np.int32),
            "width": np.array(counted.shape[1]),
            "meant": self._rows.meant.astype(np.float32),
            "weights": self._weights,
            "base": self._base,
        }

    @classmethod
    def taken_up(cls, arrays: Mapping[str, np.ndarray]) -> "Likeness":
        meant = arrays["meant"]
        shape = (len(meant), int(arrays["width"]))
        counted = scipy.sparse.csr_matrix((arrays["values"], arrays["places"], arrays["ends"]), shape=shape)
        return cls(Rows(counted, meant), arrays["weights"], arrays["base"])


def sharpness(scores: np.ndarray, truth: np.ndarray) -> float:
    """The factor at which the softmax of left-out scores means how often it is right."""

    def surprise(factor: float) -> float:
        return -(truth * log_softmax(scores * factor, axis=1)).sum(axis=1).mean()

    return float(minimize_scalar(surprise, bounds=(0.5, 60.0), method="bounded").x)


def _members(groups: Sequence[Any]) -> list[np.ndarray]:
    names = np.array([str(group) for group in groups])
    return [np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())]
