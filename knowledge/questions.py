"""What is still to be verified, gathered from the whole knowledge base into one page."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.library import Library
from knowledge.policy import Policy
from knowledge.show import every_cite, words


def open_questions(library: Library) -> str:
    """The text of OPEN_QUESTIONS.md. It holds no day, so that it changes only with the knowledge base."""
    return "\n".join(_lines(library)) + "\n"


def _lines(library: Library) -> Iterator[str]:
    says = words()["open_questions"]
    yield f"# {says['title']}"
    yield f"\n{says['intro']}"
    for policy in library.policies.values():
        lines = list(_of(library, policy))
        if lines:
            yield f"\n## {policy.record} {policy.name}（{policy.id}）\n"
            yield from lines
    yield f"\n## {says['sources']}\n"
    for source in library.sources.values():
        if source.grade != "A":
            note = f" {source.note}" if source.note else ""
            number = f"（{source.number}）" if source.number else ""
            yield f"- {source.grade} 《{source.title}》{number}{note}"


def _of(library: Library, policy: Policy) -> Iterator[str]:
    says = words()["open_questions"]
    for each in policy.to_verify:
        yield f"- {says['verify']}{each}"
    for silence, ask in policy.silent_on:
        yield f"- {says['silent'].format(says=silence, ask=ask)}"
    weak = [cite for cite in every_cite(policy) if library.sources[cite.partition("#")[0]].grade != "A"]
    if weak:
        yield f"- {says['weak']}{'；'.join(library.cite(cite, short=True) for cite in weak)}"
