"""Danger as the front door hears it: by the lexicon and the trained danger model together, without Rasa.

Until a model was found, and should it break, the lexicon hears alone.
"""

import io
import json
import tarfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import structlog

from bot.components.danger_model import DangerModel
from bot.components.verdict import Verdict
from knowledge.alarm import alarm
from knowledge.safety.course import weight

# Asked of the same words again and again: when they come, when they are heeded, for the packet.
REMEMBERED = 2048
PART = "SafetyClassifier"

log = structlog.get_logger()
_models: list[DangerModel] = []


def listen_with(model: Path | None) -> None:
    """Hear with the danger model of a trained Rasa model; None: by the lexicon alone. Never raises."""
    _models.clear()
    hear.cache_clear()
    if model is None:
        return
    try:
        _models.append(_taken_from(model))
        # The first sentence loads the network, which no family should wait for.
        hear("。")
    # Whatever is wrong with it, the lexicon still hears.
    except Exception as error:
        _models.clear()
        log.error("hearing.words_only", problem=type(error).__name__)


@lru_cache(maxsize=REMEMBERED)
def hear(text: str) -> Verdict:
    """What is heard in one message; never raises."""
    for model in _models:
        try:
            return model.judge(text)
        except Exception as error:
            log.error("hearing.broke", problem=type(error).__name__)
    heard = alarm(text)
    by = "none" if heard.level == "none" else "words"
    return Verdict(heard.level, heard.kinds, by, weight(heard.level, heard.hinted, heard.calmed))


def _taken_from(model: Path) -> DangerModel:
    with tarfile.open(model) as archive:
        kept = {Path(one.name).name: one for one in archive if PART in one.name and one.isfile()}
        arrays, words = (_read(archive, kept[name]) for name in ("arrays.npz", "words.json"))
    with np.load(io.BytesIO(arrays)) as loaded:
        return DangerModel.taken_up(dict(loaded), json.loads(words))


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None
    return file.read()
