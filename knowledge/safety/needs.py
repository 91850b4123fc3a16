"""What a pattern cannot do without, so that most patterns are passed over without being run."""

from __future__ import annotations

import re
import sre_constants
import sre_parse
from collections.abc import Iterable
from typing import Any

Needs = tuple[frozenset[str], ...]
_WIDEST = 64


def needs(pattern: re.Pattern[str]) -> Needs:
    """Of each set at least one character must stand in the message for the pattern to match."""
    return tuple(dict.fromkeys(_of(sre_parse.parse(pattern.pattern, pattern.flags).data)))


def possible(required: Needs, characters: frozenset[str]) -> bool:
    return all(not one.isdisjoint(characters) for one in required)


def _of(tree: Iterable[Any]) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    for operation, argument in tree:
        found += _one(operation, argument)
    return found


def _one(operation: Any, argument: Any) -> list[frozenset[str]]:
    if operation is sre_constants.LITERAL:
        return [frozenset(chr(argument))]
    if operation is sre_constants.SUBPATTERN:
        return _of(argument[-1])
    if operation in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT) and argument[0] >= 1:
        return _of(argument[2])
    if operation is sre_constants.BRANCH:
        return _any([_of(branch) for branch in argument[1]])
    if operation is sre_constants.IN and all(kind is sre_constants.LITERAL for kind, _ in argument):
        return [frozenset(chr(code) for _, code in argument)]
    return []


def _any(branches: list[list[frozenset[str]]]) -> list[frozenset[str]]:
    if not all(branches):
        return []
    union = frozenset().union(*(min(branch, key=len) for branch in branches))
    return [union] if len(union) <= _WIDEST else []
