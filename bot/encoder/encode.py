"""One sentence -> 384 floats, the way MODEL.md says: no prefix, at most 64 tokens, one message at a time.

The same run tells which facts of a family it hears (`facts_in`); another encoder in its place may tell none.
"""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import structlog

SIZE = 384
LONGEST = 64
# A story is read further than a sentence; only one that is longer costs a second run.
LONGEST_STORY = 128
# A conversation repeats its buttons and greetings; a few thousand sentences are 6 MB.
REMEMBERED = 4096
# Which facts are told, and the token that each was seen at.
OUTPUTS = ("facts", "looks")
# From this many texts on it is learning, not a message, and may take every core.
MANY = 200
EXPECTED = {
    "encoder.int8.onnx": "8209f2e9a73c6f2825a2ca4bfb2f8ab9988ee2ac5c5ce7720c81b67441a8ed39",
    "tokenizer.json": "907bc768db032b2568619671b64bb6c6a5f9973e5c495d0c218c099a71cb9101",
}

log = structlog.get_logger()


def folder() -> Path:
    """Where the model lies; `TONGXING_ENCODER` names another folder with the same two files."""
    return Path(os.environ.get("TONGXING_ENCODER") or Path(__file__).parent)


def encode(text: str) -> np.ndarray:
    """The embedding of one message (float32, length 1, read-only; zeros for an empty one).

    Raises: FileNotFoundError when the model is not there.
    """
    return _run(_plain(text), LONGEST).embedding


class Fact(NamedTuple):
    """A label as fact=value, its likelihood, and the letter that was looked at (spaces are not counted)."""

    label: str
    likelihood: float
    letter: int


def facts_in(text: str) -> list[Fact]:
    """What the story told in one message is likely to say; nothing from an encoder without that output.

    Raises: FileNotFoundError when the model is not there.
    """
    plain = _plain(text)
    run = _run(plain, LONGEST)
    if run.tokens == LONGEST:
        run = _run(plain, LONGEST_STORY)
    return [Fact(*each) for each in zip(_labels(), run.likelihoods, run.letters, strict=True)]


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())


def encode_all(texts: Sequence[str], encoder: Callable[[str], np.ndarray] = encode) -> np.ndarray:
    """One row a text. ONNX Runtime lets go of the interpreter's lock, so many are read on all cores at once."""
    if len(texts) < MANY:
        rows = [encoder(text) for text in texts]
    else:
        with ThreadPoolExecutor(os.cpu_count()) as cores:
            rows = list(cores.map(partial(_read_once, encoder=encoder), texts))
    return np.array(rows, np.float32).reshape(-1, SIZE)


# Learning reads the same sentences for what people do, for topics and for danger.
_READ: dict[tuple[Callable[[str], np.ndarray], str], np.ndarray] = {}


def _read_once(text: str, encoder: Callable[[str], np.ndarray]) -> np.ndarray:
    key = (encoder, _plain(text))
    if key not in _READ:
        _READ[key] = encoder(text)
    return _READ[key]


class _Run(NamedTuple):
    embedding: np.ndarray
    likelihoods: tuple[float, ...]
    letters: tuple[int, ...]
    tokens: int


@lru_cache(maxsize=REMEMBERED)
def _run(plain: str, longest: int) -> _Run:
    labels = _labels()
    if not plain:
        return _Run(_frozen(np.zeros(SIZE, np.float32)), (0.0,) * len(labels), (0,) * len(labels), 0)
    network, tokenizer = _load()
    read = tokenizer.encode(plain)
    # The tokenizer cuts at the longest of all; what ends a sentence stays at its end.
    ids = read.ids if len(read.ids) <= longest else [*read.ids[: longest - 1], read.ids[-1]]
    row = np.array([ids], np.int64)
    names = ["embedding", *(OUTPUTS if labels else ())]
    embedding, *told = network.run(names, {"input_ids": row, "attention_mask": np.ones_like(row)})
    if not told:
        return _Run(_frozen(embedding[0]), (), (), len(ids))
    likelihoods = 1 / (1 + np.exp(-told[0][0]))
    letters = [read.offsets[token][0] for token in told[1][0]]
    return _Run(_frozen(embedding[0]), tuple(likelihoods.tolist()), tuple(letters), len(ids))


@cache
def _labels() -> tuple[str, ...]:
    return tuple(json.loads(_load()[0].get_modelmeta().custom_metadata_map.get("facts", "[]")))


def _frozen(vector: np.ndarray) -> np.ndarray:
    vector.setflags(write=False)
    return vector


@cache
def _load() -> tuple:
    # Imported late: what only needs the module's names should not pay for the runtime.
    import onnxruntime
    from tokenizers import Tokenizer

    here = folder()
    for name, expected in EXPECTED.items():
        found = hashlib.sha256((here / name).read_bytes()).hexdigest()
        if found != expected:
            log.warning("encoder.differs", file=name, expected=expected[:8], found=found[:8])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    network = onnxruntime.InferenceSession(str(here / "encoder.int8.onnx"), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(here / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST_STORY)
    return network, tokenizer
