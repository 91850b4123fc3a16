"""Everything that is proved about the rules, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from knowledge.known import Facts
from knowledge.library import Library
from knowledge.proofs import covered, exclusive, layers, reachable
from knowledge.proofs.allowed import Allowed
from knowledge.proofs.covered import Cells, Promise
from knowledge.proofs.mutation import Score, score
from knowledge.proofs.refine import Learning
from knowledge.proofs.setting import Bench, Setting, read_cases
from knowledge.proofs.telling import family, shortened
from knowledge.proofs.value import DECIDED

_SHOWN = 20  # changes that nobody notices, and cells without an explanation, that are printed


@dataclass
class Report:
    """What one proof found: figures in one line, and a line for every fault."""

    title: str
    figures: str = ""
    faults: list[str] = field(default_factory=list)


class Proofs:
    """`golden` holds the cases written by hand, `solver` those made by the solver."""

    def __init__(self, library: Library, day: date, golden: Path, solver: Path) -> None:
        self.library, self.day = library, day
        self.setting, self.allowed = Setting(library, day), Allowed()
        self.by_hand, self.made = read_cases(library, golden), read_cases(library, solver)

    @cached_property
    def cells(self) -> Cells:
        return Cells(self.setting)

    @cached_property
    def benches(self) -> Sequence[Bench]:
        return Bench(self.setting, self.by_hand), Bench(self.setting, self.made)

    def run(self) -> Iterator[Report]:
        proofs: tuple[Callable[[], Report], ...] = (
            self.reached, self.needed, self.excluded, self.layered, self.covered, self.refined, self.mutated,
        )  # fmt: skip
        return (proof() for proof in proofs)

    def reached(self) -> Report:
        faults = list(reachable.out_of_reach(self.setting, self.cells.known, self.allowed))
        return Report("reachable", f"{len(self.setting.policies)} entitlements can be had and refused", faults)

    def needed(self) -> Report:
        found = reachable.needless(self.setting, *self.benches)
        faults, idle = reachable.unlisted(self.setting, found, self.allowed)
        lines = [f"{each.name} makes no difference" for each in faults]
        lines += [f"allowed.yml: kept: {each.file} {each.about}: nothing needs it" for each in idle]
        places = len(self.setting.written.places)
        figures = f"{places} written conditions, {len(found)} needless for a stated reason"
        return Report("no dead, constant or redundant condition", figures, lines)

    def excluded(self) -> Report:
        faults = list(exclusive.one_sided(self.setting))
        for clash in exclusive.clashes(self.setting, self.cells.known, self.allowed):
            told = self._told(clash.facts, clash.one, clash.other)
            faults.append(f"{clash.one} excludes {clash.other}, a family {clash.how}: {told}")
        for pair in exclusive.idle_pairs(self.setting, self.cells.known, self.allowed):
            faults.append(f"allowed.yml: both: {sorted(pair)}: nobody is told both")
        pairs = sum(each.how == "excluded" for policy in self.library.policies.values() for each in policy.combines)
        return Report("exclusions", f"{pairs} declared, symmetric; {len(self.allowed.both)} left to the family", faults)

    def layered(self) -> Report:
        found = layers.taken_away(self.setting, self.cells.known)
        faults = [f"{name}: a place gives less: {self._told(facts, name)}" for name, facts in found]
        return Report("no place takes a national right away", f"{layers.places(self.library)} files of places", faults)

    def covered(self) -> Report:
        report = Report("nobody falls through")
        figures = [self._promise(report, promise) for promise in self.cells.promises]
        report.figures = "; ".join(figures)
        return report

    def _promise(self, report: Report, promise: Promise) -> str:
        for count, (cell, facts) in enumerate(covered.unexplained(self.cells, promise)):
            report.faults.append(f"{promise.says}: {' / '.join(cell)}: {self._told(facts, *promise.one_of)}")
            if count >= _SHOWN:
                break
        report.faults += [f"cells.yml: {row.says}: explains nobody" for row in covered.idle_rows(self.cells, promise)]
        counted = []
        for axes in (("father", "mother"), ("age", "hukou"), ("age", "care")):
            cells = list(covered.projected(self.cells, promise, *axes))
            counted.append(f"{'×'.join(axes)} {sum(full for _, full in cells)}/{len(cells)}")
        return f"{promise.says}: 0 unexplained; wholly covered {', '.join(counted)}; {len(promise.unless)} rows"

    def refined(self) -> Report:
        report, listed = Report("learning more never flips"), self.allowed.flips
        learning = Learning(self.setting)
        for policy_id in self.setting.policies:
            for outcome in DECIDED:
                facts = listed.get((policy_id, outcome), [])
                for flip in learning.unlisted(policy_id, outcome, facts):
                    told = self._told(flip.before, policy_id)
                    report.faults.append(f"{policy_id}: {outcome} is withdrawn by {flip.fact}: {told}")
        report.faults += self._idle_flips(learning)
        count = sum(len(facts) for facts in listed.values())
        report.figures = f"but for {count} listed presumptions of {len({name for name, _ in listed})} entitlements"
        return report

    def _idle_flips(self, learning: Learning) -> Iterator[str]:
        for group in self.allowed.groups:
            for policy_id, fact in group.pairs:
                if all(learning.idle(policy_id, outcome, [fact]) for outcome in group.outcomes):
                    yield f"allowed.yml: {group.name}: {fact} withdraws nothing of {policy_id}"

    def mutated(self) -> Report:
        found = score(self.setting, *self.benches)
        by_hand = self.by_hand_score(found)
        faults = [f"nobody notices: {each.name}" for each in found.missed[:_SHOWN]]
        if len(found.missed) > _SHOWN:
            faults.append(f"… and {len(found.missed) - _SHOWN} more; make cases with: tongxing knowledge prove --write")
        figures = (
            f"{found.all} small changes, {found.equivalent} proved to change nothing; "
            f"{found.percent:.1f} % of the others noticed ({by_hand:.1f} % by the cases written by hand)"
        )
        return Report("mutation", figures, faults)

    def by_hand_score(self, found: Score) -> float:
        return 100 * found.by_first / (found.all - found.equivalent)

    def _told(self, facts: Facts, *policies: str) -> str:
        return family(self.library, shortened(self.library, facts, policies, self.day))
