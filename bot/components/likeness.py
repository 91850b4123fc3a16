"""What a sentence is, judged by the sentences it is like: ridge regression with a Gaussian kernel."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse
from scipy.linalg.lapack import dpotrf, dpotri
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

# Chosen on the first held-out sets, which are for development (docs/understanding.md).
NARROWNESS, PENALTY, MEANING = 0.2, 0.06, 2.2


class Rows(NamedTuple):
    """One row a sentence: its counted grams, and its meaning (of length one, or zeros)."""

    counted: scipy.sparse.csr_matrix
    meant: np.ndarray


class Neighbours(NamedTuple):
    """Rows as a message looks for them: one row a gram, with the sentences that have it.

    Turning the rows round and measuring them anew took a third of the time of a message.
    """

    having: scipy.sparse.csr_matrix
    meant: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, rows: Rows) -> "Neighbours":
        return cls(rows.counted.T.tocsr(), rows.meant.astype(np.float32), _size(rows).astype(np.float32))


def likeness(some: Rows, others: Neighbours) -> np.ndarray:
    """1 for the same sentence, towards 0 with distance."""
    shared = (some.counted @ others.having).toarray()
    shared += MEANING**2 * (some.meant.astype(np.float32) @ others.meant.T)
    own = _size(some)[:, None] + others.sizes
    return np.exp(-NARROWNESS * np.maximum(own / 2 - shared, 0.0)).astype(np.float32)


def _size(rows: Rows) -> np.ndarray:
    counted = np.asarray(rows.counted.multiply(rows.counted).sum(axis=1))[:, 0]
    return counted + MEANING**2 * np.einsum("ij,ij->i", rows.meant, rows.meant)


class Likeness:
    """Sentences, and how much each weighs for each choice."""

    def __init__(self, rows: Neighbours, weights: np.ndarray, base: np.ndarray) -> None:
        self._rows, self._weights, self._base = rows, weights, base

    @classmethod
    def learn(cls, rows: Rows, truth: np.ndarray, groups: Sequence[Any]) -> tuple["Likeness", np.ndarray]:
        """The model, and what it would have said of each sentence without those of the same group.

        `truth` has one row a sentence, which adds up to 1. Leaving out needs no second training: the inverse knows.
        """
        base = truth.mean(axis=0)
        known = Neighbours.of(rows)
        near = likeness(rows, known).astype(np.float64)
        near[np.diag_indices_from(near)] += PENALTY
        inverse = _inverse(near)
        weights = inverse @ (truth - base)
        left_out = truth.astype(np.float64)
        for members in _members(groups):
            left_out[members] -= scipy.linalg.solve(inverse[np.ix_(members, members)], weights[members])
        return cls(known, weights.astype(np.float32), base.astype(np.float32)), left_out

    def scores(self, rows: Rows) -> np.ndarray:
        return likeness(rows, self._rows) @ self._weights + self._base

    def kept(self) -> dict[str, np.ndarray]:
        having = self._rows.having
        return {
            "values": having.data.astype(np.float32),
            "places": having.indices.astype(np.int32),
            "ends": having.indptr.astype(np.int32),
            "meant": self._rows.meant,
            "sizes": self._rows.sizes,
            "weights": self._weights,
            "base": self._base,
        }

    @classmethod
    def taken_up(cls, arrays: Mapping[str, np.ndarray]) -> "Likeness":
        meant, ends = arrays["meant"], arrays["ends"]
        having = scipy.sparse.csr_matrix((arrays["values"], arrays["places"], ends), shape=(len(ends) - 1, len(meant)))
        return cls(Neighbours(having, meant, arrays["sizes"]), arrays["weights"], arrays["base"])


def _inverse(near: np.ndarray) -> np.ndarray:
    """Of a symmetric positive definite matrix, which is overwritten; half the work of any other one's."""
    factor, fault = dpotrf(near.T, lower=True, overwrite_a=True)
    inverse, unsound = dpotri(factor, lower=True, overwrite_c=True)
    if fault or unsound:
        raise np.linalg.LinAlgError("likeness is not positive definite")
    for place in range(len(inverse)):
        inverse[place, place + 1 :] = inverse[place + 1 :, place]
    return inverse


def sharpness(scores: np.ndarray, truth: np.ndarray) -> float:
    """The factor at which the softmax of left-out scores means how often it is right."""

    def surprise(factor: float) -> float:
        return -(truth * log_softmax(scores * factor, axis=1)).sum(axis=1).mean()

    return float(minimize_scalar(surprise, bounds=(0.5, 60.0), method="bounded").x)


def _members(groups: Sequence[Any]) -> list[np.ndarray]:
    names = np.array([str(group) for group in groups])
    return [np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())]
