"""Places by their GB/T 2260 code, down to the county."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.files import read_yaml


@dataclass(frozen=True)
class Region:
    """One place; `says` are the short and old names people use, `was` its former codes."""

    code: str
    name: str
    says: tuple[str, ...]
    was: tuple[str, ...]


@dataclass(frozen=True)
class Regions:
    """Every place that is known by name."""

    by_code: Mapping[str, Region]

    def knows(self, code: str) -> bool:
        """Whether a code can be a place: listed, or below a listed one whose own parts are not listed yet."""
        if not re.fullmatch(r"(\d{2}){1,3}", code):
            return False
        if code in self.by_code:
            return True
        parent = code[:-2]
        siblings = any(other[:-2] == parent and len(other) == len(code) for other in self.by_code)
        return bool(parent) and not siblings and self.knows(parent)

    def current(self, code: str) -> str:
        """The present code of a place whose code has changed; any other code as it is."""
        return next((region.code for region in self.by_code.values() if code in region.was), code)

    def name(self, code: str) -> str:
        """The names from province to county, as far as they are known."""
        parts = (code[:length] for length in (2, 4, 6) if length <= len(code))
        return "".join(self.by_code[part].name for part in parts if part in self.by_code)


def load_regions(folder: Path) -> Regions:
    """Raises KnowledgeError."""
    regions: dict[str, Region] = {}
    for path in sorted(folder.glob("*.yml")):
        for record in read_yaml(path, list):
            code = str(record.get("code", ""))
            if not re.fullmatch(r"(\d{2}){1,3}", code) or not record.get("name"):
                raise KnowledgeError(path, f"code {code!r}", "needs 2, 4 or 6 digits and a name")
            if code in regions:
                raise KnowledgeError(path, f"code {code!r}", "is written twice")
            regions[code] = Region(
                code,
                str(record["name"]),
                tuple(map(str, record.get("says") or [])),
                tuple(map(str, record.get("was") or [])),
            )
    return Regions(regions)


def within(place: str, area: str) -> bool | None:
    """Whether a place lies in an area; None when the place is wider than the area."""
    if place.startswith(area):
        return True
    return None if area.startswith(place) else False
