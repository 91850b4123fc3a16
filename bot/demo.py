"""`tongxing demo`: a few fictional conversations and cases, so that a desk can be tried without a family."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bot.packet import packet
from casework.cases import open_case
from casework.ledger import append, append_turn, find, mark_harm, messages, start
from casework.store import Case, Draft, Store
from knowledge.assess import assess
from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.screen import as_json

DEMO = Path(__file__).with_name("demo.yml")


def add_demo(store: Store, library: Library, as_of: date) -> list[Case]:
    """One case per fictional family, every message marked."""
    demo = read_yaml(DEMO)
    return [_family(store, library, as_of, family, demo) for family in demo["families"]]


def _family(store: Store, library: Library, as_of: date, family: Mapping[str, Any], demo: Mapping[str, Any]) -> Case:
    conversation, _ = start(store)
    for number, text in enumerate(family["says"], 1):
        append(store, conversation.id, "family", text, f"demo-{number}")
    turn = _turn(library, as_of, family)
    held = find(store, conversation.id)
    if family.get("harm"):
        mark_harm(store, conversation.id)
    append_turn(
        store, conversation.id, held.epoch, [Draft(demo["mark"] + demo["waiting"], turn=turn)], len(family["says"])
    )
    wanted = family["case"]
    page = packet(messages(store, conversation.id))
    return open_case(store, conversation.id, wanted["queue"], wanted["urgency"], wanted["reason"], page)


def _turn(library: Library, as_of: date, family: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: told["value"] for name, told in family["facts"].items()}
    results = [assess(library, name, library.parse(facts), as_of) for name in family["speaks_of"]]
    return {
        "child": 1,
        "topics": list(family["speaks_of"]),
        "asking": None,
        "options": [],
        "facts": facts,
        "partial": {},
        "evidence": {
            name: [{"seq": told["message"], "words": told["words"]}] for name, told in family["facts"].items()
        },
        "results": [as_json(each) for each in results],
        "safety": family.get("harm") or {"level": "none", "kinds": []},
        "handoff": dict(family["case"]),
        "done": False,
        "sources": [],
    }
