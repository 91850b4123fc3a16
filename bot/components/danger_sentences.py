"""The written sentences of `data/safety/`, from which the danger model learns."""

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.files import read_yaml

FOLDER = Path(__file__).resolve().parents[2] / "data" / "safety"
_MARKED = re.compile(r"【(.+?)】")


@dataclass(frozen=True)
class Sentence:
    """`danger`: where it stands in a long story; `lenient`: none or concern, both are right; `block`: one voice.

    `voice` and `about` are the words of the file, empty where it has none.
    """

    text: str
    level: str
    kinds: tuple[str, ...]
    danger: str
    lenient: bool
    block: str
    voice: str = ""
    about: str = ""


def sentences(path: Path = FOLDER) -> list[Sentence]:
    """Of one file, or of every file of a folder."""
    files = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    return [
        _sentence(text, entry, key == "danger", f"{file.stem} {key} {place}")
        for file in files
        for key, blocks in read_yaml(file).items()
        for place, entry in enumerate(blocks)
        for text in entry["texts"]
    ]


def _sentence(text: str, entry: dict, dangerous: bool, block: str) -> Sentence:
    clean = text.replace("【", "").replace("】", "")
    voice = entry.get("voice", "")
    if not dangerous:
        return Sentence(clean, "none", (), "", entry.get("or") == "concern", block, voice, entry["about"])
    marked = _MARKED.search(text)
    return Sentence(clean, entry["level"], tuple(entry["kinds"]), marked[1] if marked else clean, False, block, voice)
