"""Server-sent events: new messages, and the parts of a page that changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from time import monotonic
from typing import Any

from starlette.requests import Request

from casework.cases import case as find_case
from casework.ledger import messages
from casework.staff import worker as find_worker
from casework.store import Case, Message, Worker
from desk.office import Office
from desk.packet import packet
from desk.parts import Part, case_parts, message_html, queue_part, title
from desk.verbs import may_look

ALL = 100_000


class Watch:
    """What one open page has been shown; `ref` is the conversation on it, `after` its last message there."""

    def __init__(
        self, office: Office, request: Request, worker: Worker, ref: str | None = None, after: int = 0
    ) -> None:
        self._office, self._request, self._worker, self._ref = office, request, worker, ref
        self._after = after
        self._said: list[Message] = []
        self._page = packet(office.library, ())
        self._shown: dict[str, str] = {}
        self.is_over = False

    def look(self) -> list[str]:
        """The events due now; afterwards `is_over` says whether the worker may look on."""
        if find_worker(self._office.store, self._worker.id) is None:
            self.is_over = True
            return [event("gone", {})]
        if self._ref is None:
            return list(self._drawn(None, {}))
        current = find_case(self._office.store, self._ref)
        if not may_look(self._office, self._worker, current):
            self.is_over = True
            return [event("gone", {})]
        return [*self._spoken(current), *self._drawn(current, self._beside(current))]

    def _spoken(self, current: Case) -> Iterator[str]:
        last = self._said[-1].seq if self._said else 0
        new = messages(self._office.store, current.conversation, last, ALL)
        if new:
            self._said += new
            self._page = packet(self._office.library, self._said)
        for message in new:
            if message.seq > self._after:
                yield self._message(current.ref, message)

    def _beside(self, current: Case) -> dict[str, Part]:
        drawn = case_parts(self._office, self._request, self._worker, current, self._said, self._page)
        return {part.id: part for part in drawn}

    def _drawn(self, current: Case | None, parts: dict[str, Part]) -> Iterator[str]:
        """The parts that changed, and the title."""
        for part in (*parts.values(), queue_part(self._office, self._request, self._worker, current)):
            yield from self._part(part)
        said = title(self._office, parts)
        if self._shown.get("title") != said:
            self._shown["title"] = said
            yield event("title", {"title": said})

    def _message(self, ref: str, message: Message) -> str:
        html = message_html(self._office, self._request, ref, message)
        return event("message", {"seq": message.seq, "from": message.sender, "html": html}, message.seq)

    def _part(self, part: Part) -> Iterator[str]:
        if self._shown.get(part.id) != part.version:
            self._shown[part.id] = part.version
            yield event("part", {"id": part.id, "version": part.version, "html": part.html})


async def stream(office: Office, watch: Watch) -> AsyncIterator[str]:
    """Ends after a while, so that the browser comes back and shows its session again."""
    pace = office.pace
    begun = quiet_since = monotonic()
    yield "retry: 2000\n\n"
    while True:
        due = await asyncio.to_thread(watch.look)
        for each in due:
            yield each
        if due:
            quiet_since = monotonic()
        elif monotonic() - quiet_since >= pace.alive:
            yield ": alive\n\n"
            quiet_since = monotonic()
        if watch.is_over or monotonic() - begun >= pace.lifetime:
            return
        await office.bell.wait(pace.poll)


def event(kind: str, content: dict[str, Any], seq: int | None = None) -> str:
    numbered = f"id: {seq}\n" if seq is not None else ""
    return f"{numbered}event: {kind}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"
