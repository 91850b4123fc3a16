"""Begin an entitlement: its file and its golden cases, laid out and still to be filled in."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from knowledge.files import read_yaml

SKELETONS = Path(__file__).parent / "skeletons"


def begin(knowledge: Path, golden: Path, policy_id: str, day: date) -> tuple[Path, Path]:
    """The two files made. Raises ValueError for an id that is none, or that exists."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,59}", policy_id):
        raise ValueError(f"{policy_id!r}: an id is small letters, digits and _, three at least")
    made = (knowledge / "policies" / "national" / f"{policy_id}.yml", golden / f"{policy_id}.yml")
    for path in made:
        if path.exists():
            raise ValueError(f"{path.name}: exists already")
    if policy_id in read_yaml(knowledge / "pointers.yml", dict):
        raise ValueError(f"{policy_id}: stands in knowledge/pointers.yml; take it out there first")
    for path, skeleton in zip(made, ("policy.yml", "golden.yml"), strict=True):
        text = (SKELETONS / skeleton).read_text(encoding="utf-8")
        path.write_text(text.replace("<id>", policy_id).replace("<day>", day.isoformat()), encoding="utf-8")
    return made
