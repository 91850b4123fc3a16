"""Invented families talk with the assistant in their own words: outcomes right, claims that are false, questions.

    uv run benchmarks/personas.py [--families 100] [--seed 1] [--out var/personas.md]

Each family (benchmarks/families.py) has a speaker, tells part of its story, asks what there is, and answers each
question from what is so of it, with the words of benchmarks/personas.yml; now and then it asks something back, or does
not know. Every entitlement the assistant told of is compared with the outcome of all that is so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.families import Family, families
from bot.in_process import Talk, in_process
from knowledge.assess import outcomes
from knowledge.files import read_yaml
from knowledge.interview import opened
from knowledge.known import to_json
from knowledge.library import Library

DATA = Path(__file__).with_suffix(".yml")
MOST_TURNS = 40
SIDESTEPS, FORGETS = 0.08, 0.05
FINAL = ("eligible", "not_eligible")


@dataclass
class Persona:
    """Who speaks for a family, and in which words."""

    words: Mapping[str, Any]
    truth: Mapping[str, Any]
    chance: Random
    speaker: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        mothers = [each for each in self.words["speakers"] if each["role"] == "mother"]
        others = [each for each in self.words["speakers"] if each["role"] != "mother"]
        is_mothers = set(self.truth.get("mother.situation") or []) == {"caring"}
        self.speaker = self.chance.choice(mothers if is_mothers and self.chance.random() < 0.5 else others)

    def opening(self, story: Mapping[str, Any]) -> str:
        told = [said for name in story if (said := self.about(name))]
        self.chance.shuffle(told)
        joint = self.chance.choice(["，", " ", "。"])
        return joint.join([self.chance.choice(self.speaker["opens"]), *told, self.chance.choice(self.words["asks"])])

    def answer(self, name: str) -> str:
        if name == "asker.role":
            return str(self.chance.choice(self.speaker["opens"]))
        said = self.about(name) if self.chance.random() >= FORGETS else ""
        return said or str(self.chance.choice(self.words["unknown"]))

    def about(self, name: str) -> str:
        """What is so of a fact, said; empty when the family does not know or has no words for it."""
        parent = name.split(".")[0] if name.startswith(("father.", "mother.")) else ""
        forms = self.words["says"].get(f"parent.{name.split('.')[1]}" if parent else name)
        value = self.truth.get(name)
        if forms is None or value is None:
            return ""
        values = value if isinstance(value, list) else [value]
        said = [self._one(forms, name, each, parent) for each in values]
        return "，".join(said) if all(said) else ""

    def _one(self, forms: Mapping[Any, Any], name: str, value: Any, parent: str) -> str:
        found = forms.get("number") or forms.get(value)
        if not found:
            return ""
        speaker = self.speaker
        return str(self.chance.choice(found)).format(
            n=self._number(name, value) if "number" in forms else "",
            p=self.chance.choice(speaker[parent[0]]) if parent else "",
            c=self.chance.choice(speaker["c"]),
        )

    def _number(self, name: str, value: float) -> str:
        numbers, lengths = self.words["numbers"], self.words["lengths"]
        if not name.endswith("_months"):
            return str(numbers[int(value)])
        if value < 1:
            return str(lengths["under_one"])
        if value >= 12 and value % 12 == 0 and value < 240:
            return str(lengths["years"].format(n=numbers[int(value) // 12]))
        if value >= 12 and value % 12 == 6 and value < 240:
            return str(lengths["years"].format(n=numbers[int(value) // 12])) + str(lengths["half"])
        return str(lengths["months"].format(n=numbers[int(value)] if value < len(numbers) else int(value)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 11, 22))
    parser.add_argument("--out", type=Path, default=Path("var/personas.md"))
    chosen = parser.parse_args()
    library, words = Library.load(), read_yaml(DATA, dict)
    start, counted, asked = in_process(), Counter[str](), []
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    with chosen.out.open("w", encoding="utf-8") as out:
        for index, family in enumerate(families(library, chosen.families, chosen.seed, chosen.on)):
            persona = Persona(words, to_json(family.truth)[0], Random(f"{chosen.seed} {index}"))
            found, lines = converse(library, start, family, persona, chosen.on)
            counted += found
            asked.append(found["questions"])
            out.write(f"## {index}\n\n" + "\n".join(lines) + "\n\n")
    _print(counted, asked, chosen.out)
    return 1 if counted["false claims"] or counted["false refusals"] else 0


def converse(
    library: Library, start: Callable[[], Talk], family: Family, persona: Persona, on: date
) -> tuple[Counter[str], list[str]]:
    """One family to its end: what is counted, and the transcript."""
    talk, counted, lines, put = start(), Counter[str](), [], Counter[str]()
    text, answer = persona.opening(to_json(family.story)[0]), {}
    for _ in range(MOST_TURNS):
        answer = talk.say(text)
        turn = answer["turn"]
        lines += [f"- **{text}**", *(f"  - {each['text']}" for each in answer["messages"])]
        asking, was = turn["asking"], put.total()
        if turn["safety"]["level"] in ("urgent", "emergency"):
            counted["danger cards"] += 1
        if asking is None or turn["done"]:
            break
        if persona.chance.random() < SIDESTEPS:
            text = persona.chance.choice(persona.words["sidesteps"])
            continue
        put[asking] += 1
        counted["questions"] += 1
        counted["asked again"] += put[asking] == 2 and was > 0
        text = persona.answer(asking)
    answer = talk.say("看结果")
    lines += ["- **看结果**", *(f"  - {each['text']}" for each in answer["messages"])]
    return counted + _compared(library, family, answer["turn"], on, lines), lines


def _compared(library: Library, family: Family, turn: Mapping[str, Any], on: date, lines: list[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    truth = to_json(family.truth)[0]
    # A wish that was neither told nor asked about makes nothing false: the situation opens what it opens.
    heard = {
        name: value for name, value in family.truth.items() if not name.startswith("need.") or name in turn["facts"]
    }
    so = outcomes(library, heard, on)
    told = {each["id"]: each["outcome"] for each in turn["results"]}
    for name in opened(library, family.truth, on):
        counted["opened by the truth"] += 1
        counted["of them told"] += name in told
    for name, outcome in told.items():
        counted["told"] += 1
        if outcome == so[name]:
            counted["right"] += 1
        elif outcome in FINAL:
            counted["false claims" if outcome == "eligible" else "false refusals"] += 1
            lines.append(f"- FALSE {name}: told {outcome}, is {so[name]}")
        else:
            counted["left open"] += 1
    for name, value in turn["facts"].items():
        if name in truth and name != "asker.role":
            counted["facts heard"] += 1
            is_so = set(value) <= set(truth[name]) if isinstance(value, list) else value == truth[name]
            counted["facts heard wrong"] += not is_so
            if not is_so:
                lines.append(f"- HEARD {name}: {json.dumps(value)}, is {json.dumps(truth[name])}")
    return counted


def _print(counted: Counter[str], asked: list[int], out: Path) -> None:
    told = counted["told"] or 1
    print(f"{len(asked)} families, {counted['told']} outcomes told; transcripts in {out}")
    for name in ("right", "left open", "false claims", "false refusals"):
        print(f"  {name:<16}{counted[name]:>6}  {counted[name] / told:>6.1%}")
    print(f"  opened by what is so: {counted['opened by the truth']}, of them told: {counted['of them told']}")
    middle = sorted(asked)[len(asked) // 2]
    print(f"questions: {counted['questions']}, median {middle} a family; asked again: {counted['asked again']}")
    print(f"facts heard: {counted['facts heard']}, wrong: {counted['facts heard wrong']}")
    print(f"danger cards: {counted['danger cards']}")


if __name__ == "__main__":
    sys.exit(main())
