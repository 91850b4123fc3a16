"""A clause of an answer that says the value in passing: 没人欺负他, 在家呢, 身体还行."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.fact import Fact
from knowledge.reading.patterns import expression

_BETWEEN = re.compile(r"[\s，,。.!！?？;；~、…]+")
_PARTICLES = "[了的呢啊呀哦吧嘛呗哈咯啦噢嘞额喔哟]*"
_NAME = re.compile(r"(?<!\?P)<([a-z_]+)>")


@cache
def _tables() -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("spoken.yml").read_text("utf-8"))
    return content


def _filled(source: str) -> str:
    return _NAME.sub(lambda name: f"(?:{_filled(_tables()['words'][name[1]])})", source)


@cache
def _ways(fact: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each value of a fact with what a whole clause may be to mean it."""
    told = _tables()["facts"].get(re.sub(r"^(?:father|mother)\.", "{parent}.", fact), {})
    lead = f"(?:{expression('replies.lead')}|{_filled('<before>')})*"
    return tuple(
        (value, re.compile(f"{lead}(?:{'|'.join(map(_filled, ways))}){_PARTICLES}")) for value, ways in told.items()
    )


def said(fact: Fact, text: str) -> tuple[list[Any], str]:
    """The values that clauses of the text mean, in order, and the text without these clauses."""
    values: list[Any] = []
    rest = []
    for clause in filter(None, _BETWEEN.split(text)):
        meant = {value for value, way in _ways(fact.id) if way.fullmatch(clause)}
        if len(meant) == 1:
            value = meant.pop()
            values.append(value == "true" if fact.kind == "bool" else value)
        else:
            rest.append(clause)
    return list(dict.fromkeys(values)), "，".join(rest)
