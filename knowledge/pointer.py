"""What the assistant knows of but does not decide yet: a name, how people ask, and where to turn, with its clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.files import Fields, read_yaml
from knowledge.source import Source, check_cite


@dataclass(frozen=True)
class Pointer:
    """One matter without conditions; without `cites` its sentence is advice and says that nothing was verified."""

    id: str
    name: str
    aliases: tuple[str, ...]
    misnomers: tuple[str, ...]
    asked_as: tuple[str, ...]
    says: str
    cites: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Its right names, the official one first."""
        return (self.name, *self.aliases)


def load_pointers(path: Path, sources: Mapping[str, Source]) -> dict[str, Pointer]:
    """Raises KnowledgeError."""
    pointers = {}
    for name, record in read_yaml(path, dict).items() if path.exists() else ():
        fields = Fields(path, str(name), record)
        cite = fields.take("cite", (str, list), None)
        pointers[str(name)] = Pointer(
            id=str(name),
            name=fields.take("name", str),
            aliases=tuple(map(str, fields.take("aliases", list, []))),
            misnomers=tuple(map(str, fields.take("misnomers", list, []))),
            asked_as=tuple(map(str, fields.take("asked_as", list))),
            says=fields.take("says", str),
            cites=check_cite(path, str(name), cite, sources) if cite else (),
        )
        fields.done()
    return pointers
