"""Which papers to bring: of those that hang on how the parents are, only the ones of this family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.known import to_json
from knowledge.policy import Policy

if TYPE_CHECKING:
    from actions.base import Turn

_PARENTS = ("father.situation", "mother.situation")


def papers(now: Turn, policy: Policy) -> list[str]:
    """One line for each paper; once it is known how both parents are, without those of other families."""
    words, plain = now.library.words, to_json(now.session.facts)[0]
    of_these = {each for name in _PARENTS for each in plain.get(name, ())}
    is_known = all(name in plain for name in _PARENTS)
    lines = []
    for paper in policy.documents:
        hangs_on = words["paper_of"].get(paper.id) if words["of_parents"] in (paper.when or "") else None
        if is_known and hangs_on and hangs_on not in of_these:
            continue
        form = words["paper_when" if paper.when else "paper"]
        note = f"{words['comma']}{paper.note}" if paper.note else ""
        lines.append(form.format(name=now.library.documents[paper.id]["name"], when=paper.when, note=note))
    left_out = len(lines) < len(policy.documents)
    return [*lines, words["papers_of_yours"]] if left_out else lines
