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
from typing import Any, TextIO

from knowledge.library import Library
from knowledge.screen import screen_many

PART = 200  # children handed to one processor at a time
_AT_ONCE = 1 << 16  # characters
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")


def is_list(source: TextIO) -> bool:
    """Whether a text begins as a JSON list; it is at its beginning afterwards."""
    found = _Reading(source).next_is("[")
    source.seek(0)
    return found


def items(source: TextIO) -> Iterator[Any]:
    """The items of a JSON list, one after the other, from a text that is read as it is needed.

    Raises JSONDecodeError, with the line of the whole text, where it stops being a list.
    """
    text = _Reading(source)
    text.past("[")
    if text.next_is("]"):
        text.end()
        return
    while True:
        yield text.value()
        if text.next_is("]"):
            text.end()
            return
        text.past(",")


class _Reading:
    """The part of a text that is held: from where the reader is to as far as it had to look."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._held, self._place, self._lines = "", 0, 0
        self._whole = False  # whether the text ends with what is held

    def value(self) -> Any:
        self._after_space()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._place)
            except json.JSONDecodeError as error:
                if self._whole:
                    raise self._fault(error.msg, error.pos) from None
            else:
                if end < len(self._held) or self._whole:  # a number may go on behind what is held
                    self._place = end
                    return value
            self._more()

    def next_is(self, sign: str) -> bool:
        self._after_space()
        return self._held[self._place : self._place + 1] == sign

    def past(self, sign: str) -> None:
        if not self.next_is(sign):
            raise self._fault(f"Expecting '{sign}' delimiter", self._place)
        self._place += 1

    def end(self) -> None:
        self._place += 1
        self._after_space()
        if self._place < len(self._held):
            raise self._fault("Extra data", self._place)

    def _after_space(self) -> None:
        while True:
            found = _SPACE.match(self._held, self._place)
            assert found is not None
            self._place = found.end()
            if self._place < len(self._held) or self._whole:
                return
            self._more()

    def _more(self) -> None:
        """Let go of what was read, and hold at least twice as much of the rest: a long item is tried few times."""
        self._lines += self._held.count("\n", 0, self._place)
        left = self._held[self._place :]
        new = self._source.read(max(_AT_ONCE, len(left)))
        self._held, self._place, self._whole = left + new, 0, not new

    def _fault(self, problem: str, place: int) -> json.JSONDecodeError:
        fault = json.JSONDecodeError(problem, self._held, place)
        fault.lineno += self._lines
        return fault


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
