"""A list of children, screened in order by all processors, a part at a time: as flat in memory as the list is long."""

from __future__ import annotations

import json
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from knowledge.library import Library
from knowledge.screen import screen_many

PART = 200  # children handed to one processor at a time
_SPACE = re.compile(r"[ \t\n\r]*")


def items(text: str) -> Iterator[Any]:
    """The items of a JSON list, one after the other. Raises JSONDecodeError where it stops being one."""
    decode, place = json.JSONDecoder().raw_decode, _after_space(text, _after_space(text, 0) + 1)
    if text[place : place + 1] == "]":
        _end(text, place)
        return
    while True:
        item, place = decode(text, place)
        yield item
        place = _after_space(text, place)
        if text[place : place + 1] == "]":
            _end(text, place)
            return
        if text[place : place + 1] != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
        place = _after_space(text, place + 1)


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    assert found is not None
    return found.end()


def _end(text: str, place: int) -> None:
    rest = _after_space(text, place + 1)
    if rest < len(text):
        raise json.JSONDecodeError("Extra data", text, rest)


def screened(library: Library, given: Iterable[Any], as_of: date) -> Iterator[str]:
    """A line of JSON for each child, in order."""
    source = iter(given)
    parts: Iterator[list[Any]] = iter(lambda: list(islice(source, PART)), [])
    first = next(parts, [])
    if len(first) < PART:
        yield from _part(library.root, first, as_of)
        return
    workers = os.cpu_count() or 1
    waiting: deque[Future[list[str]]] = deque()
    with ProcessPoolExecutor(workers) as pool:
        for part in chain([first], parts):
            waiting.append(pool.submit(_part, library.root, part, as_of))
            # No more is read ahead than keeps the processors busy.
            if len(waiting) > 2 * workers:
                yield from waiting.popleft().result()
        for each in waiting:
            yield from each.result()


def _part(root: Path, given: list[Any], as_of: date) -> list[str]:
    return [json.dumps(answer, ensure_ascii=False) for answer in screen_many(Library.load(root), given, as_of)]
