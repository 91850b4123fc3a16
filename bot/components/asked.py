"""The written sentences of `data/asked/`: how people ask what is answered beside the entitlements."""

from collections.abc import Iterator
from pathlib import Path

from knowledge.files import read_yaml
from knowledge.library import Library

FOLDER = Path(__file__).resolve().parents[2] / "data" / "asked"


def said_of(library: Library, folder: Path = FOLDER) -> Iterator[tuple[str, str]]:
    """Each matter with the sentences that ask about it: its own examples, and those of `data/asked`.

    Raises: KnowledgeError when a file cannot be read.
    """
    for matter in library.beside:
        yield from ((matter.id, text) for text in matter.asked_as)
    for path in sorted(folder.glob("*.yml")):
        for name, voices in read_yaml(path, dict).items():
            yield from ((name, text) for texts in voices.values() for text in texts)
