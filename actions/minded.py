"""An aunt who writes 孩子在我家 looks after the child: she is not asked whether anybody does."""

from __future__ import annotations

from knowledge.known import Facts, OneOf

# With whom a child lives that lives with the one who writes.
_WITH_THE_WRITER = {
    **dict.fromkeys(("father", "mother"), ("father", "mother", "both_parents")),
    **dict.fromkeys(("grandparent_paternal", "grandparent_maternal"), ("grandparents",)),
    **dict.fromkeys(("sibling", "uncle_aunt_paternal", "uncle_aunt_maternal", "other_relative"), ("other_relatives",)),
    "step_parent": ("step_parent",),
}


def minded(facts: Facts) -> Facts:
    """The facts with 有大人照看 where the child lives with who writes; what was said of it weighs more."""
    role, home = facts.get("asker.role"), facts.get("child.lives_with")
    if "safety.unattended" in facts or not isinstance(role, OneOf) or not isinstance(home, OneOf):
        return facts
    with_them = {each for value in role.values for each in _WITH_THE_WRITER.get(str(value), ())}
    is_minded = len(role.values) == 1 and {str(each) for each in home.values} <= with_them
    return {**facts, "safety.unattended": OneOf(frozenset([False]))} if is_minded else facts
