"""What of the figures may be shown: nothing that stands on fewer than ten, nor what would give such a group away."""

from collections.abc import Mapping

from casework.figures import Figure
from casework.rules import rules


def shown(name: str, figure: Figure) -> float | None:
    """The value rounded, or None where the group is too small."""
    known = rules("figures")
    may = known["figures"][name].get("always") or figure.group >= known["smallest"]
    return round(figure.value, 1) if may and figure.value is not None else None


def rows_shown(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of groups, None for a small one; a single hidden one would follow from the total, so two are hidden."""
    least = rules("figures")["smallest"]
    hidden = {name for name, count in counts.items() if count < least}
    if len(hidden) == 1 and len(counts) > 1:
        hidden.add(min((name for name in counts if name not in hidden), key=lambda name: counts[name]))
    return {name: None if name in hidden else count for name, count in counts.items()}
