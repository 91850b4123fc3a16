"""One sentence -> 384 floats, the way MODEL.md says: no prefix, at most 64 tokens, one message at a time."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import structlog

SIZE = 384
LONGEST = 64
# A conversation repeats its buttons and greetings; a few thousand sentences are 6 MB.
REMEMBERED = 4096
# From this many texts on it is learning, not a message, and may take every core.
MANY = 200
EXPECTED = {
    "encoder.int8.onnx": "349f85f94f090290ff36e8909fbca05accd1c8b008a63cd5c2c75a14d4ef4fbf",
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
    return _encode(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower()))


def encode_all(texts: Sequence[str], encoder: Callable[[str], np.ndarray] = encode) -> np.ndarray:
    """One row a text. ONNX Runtime lets go of the interpreter's lock, so many are read on all cores at once."""
    if len(texts) < MANY:
        rows = [encoder(text) for text in texts]
    else:
        with ThreadPoolExecutor(os.cpu_count()) as cores:
            rows = list(cores.map(encoder, texts))
    return np.array(rows, np.float32).reshape(-1, SIZE)


@lru_cache(maxsize=REMEMBERED)
def _encode(text: str) -> np.ndarray:
    if not text:
        return _frozen(np.zeros(SIZE, np.float32))
    network, tokenizer = _load()
    ids = np.array([tokenizer.encode(text).ids], np.int64)
    return _frozen(network.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0])


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
    tokenizer.enable_truncation(LONGEST)
    return network, tokenizer
