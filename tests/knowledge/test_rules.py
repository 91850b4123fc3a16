"""Properties of the evaluation itself, on trees that Hypothesis makes up."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.kleene import Ruleset
from knowledge.known import Facts, OneOf, Span
from knowledge.rules import Group, Judge, Leaf, Node, Truth, compile_test, law_on, turning_days

NAMES = ("a", "b", "c")


def leaf(name: str, operator: str, want: object, local: str | None = None) -> Leaf:
    return Leaf(name, operator, want, f"{name} {operator} {want}", ("s#1",), local, None, compile_test(operator, want))


LEAVES = st.one_of(
    st.builds(lambda name, want: leaf(name, "is", want), st.sampled_from(NAMES), st.booleans()),
    st.builds(
        lambda want, local: leaf("n", "below", want, local), st.sampled_from([6, 16, 18]), st.sampled_from([None, "x"])
    ),
    st.builds(lambda want: leaf("n", "at_least", want), st.sampled_from([6, 16, 18])),
    st.just(Judge("j", "office", ("s#1",))),
)
TREES: st.SearchStrategy[Node] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda kind, nodes: Group(kind, tuple(nodes)),
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda node: Group("not", (node,)), inner),
    ),
    max_leaves=8,
)
NUMBERS = (5.0, 6.0, 15.9, 16.0, 17.0, 18.0)
PARTIAL = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.sampled_from([{True}, {False}, {True, False}]).map(lambda v: OneOf(frozenset(v))) for name in NAMES
        },
        "n": st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)).map(lambda ends: Span(min(ends), max(ends))),
    },
)


def completions(facts: Facts) -> list[Facts]:
    flags = [
        [OneOf(frozenset([value])) for value in (facts[name].values if name in facts else (True, False))]
        for name in NAMES
    ]
    span = facts.get("n", Span(5, 18))
    numbers = [Span(value, value) for value in NUMBERS if span.low <= value <= span.high]
    return [dict(zip((*NAMES, "n"), each, strict=True)) for each in product(*flags, numbers)]


def value(tree: Node, facts: Facts, best: bool) -> Truth:
    rules = Ruleset([tree])
    return rules.truth(tree, rules.judged(facts), best)


def plain(node: Node, facts: Facts, best: bool) -> Truth:
    """Kleene's tables as he wrote them, without bits: what the compiled trees are held against."""
    if isinstance(node, Judge):
        return best
    if isinstance(node, Leaf):
        return True if node.local and best else node.presume if node.fact not in facts else node.test(facts[node.fact])
    if node.kind == "not":
        inner = plain(node.children[0], facts, not best)
        return None if inner is None else not inner
    values = [plain(child, facts, best) for child in node.children]
    decisive = node.kind == "any"
    return decisive if decisive in values else None if None in values else not decisive


@settings(max_examples=500, deadline=None)
@given(TREES, PARTIAL, st.booleans())
def test_compiled_trees_say_what_kleenes_tables_say(tree: Node, facts: Facts, best: bool) -> None:
    assert plain(tree, facts, best) is value(tree, facts, best)


@settings(max_examples=300, deadline=None)
@given(st.lists(TREES, min_size=2, max_size=4), PARTIAL, st.booleans())
def test_trees_numbered_together_do_not_disturb_each_other(trees: list[Node], facts: Facts, best: bool) -> None:
    rules = Ruleset(trees)

    assert [value(tree, facts, best) for tree in trees] == [
        rules.truth(tree, rules.judged(facts), best) for tree in trees
    ]


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL, st.booleans())
def test_learning_more_never_flips_what_was_decided(tree: Node, facts: Facts, best: bool) -> None:
    before = value(tree, facts, best)

    if before is not None:
        assert {before} == {value(tree, full, best) for full in completions(facts)}


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL)
def test_at_worst_is_never_better_than_at_best(tree: Node, facts: Facts) -> None:
    for full in completions(facts):
        assert not (value(tree, full, False) and not value(tree, full, True))


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL, st.booleans())
def test_a_decided_tree_has_no_open_fact_and_an_open_one_has(tree: Node, facts: Facts, best: bool) -> None:
    rules = Ruleset([tree])

    assert (value(tree, facts, best) is None) == bool(rules.open_facts(tree, rules.judged(facts), best))


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL, st.booleans())
def test_the_reason_alone_makes_the_tree_what_it_is(tree: Node, facts: Facts, best: bool) -> None:
    rules = Ruleset([tree])
    found = value(tree, facts, best)

    if found is not None:
        why = rules.reason(tree, rules.judged(facts), best, found)
        named = {each.fact for each in why if isinstance(each, Leaf)}
        assert found is value(tree, {name: known for name, known in facts.items() if name in named}, best)


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL)
def test_what_is_left_to_a_person_is_named_exactly_when_it_decides(tree: Node, facts: Facts) -> None:
    rules = Ruleset([tree])
    left = value(tree, facts, False) is False and value(tree, facts, True) is True

    assert not rules.judgements(tree, rules.judged(facts)) or left


def test_a_condition_holds_from_its_first_to_its_last_day() -> None:
    young, old = leaf("n", "below", 16), leaf("n", "below", 18)
    tree = Group(
        "any",
        (
            Group("all", (young,), until=date(2026, 6, 30)),
            Group("all", (old,), since=date(2026, 7, 1)),
        ),
    )

    def holds(day: date) -> Truth:
        law = law_on(tree, day)
        assert law is not None
        return value(law, {"n": Span(17, 17)}, False)

    assert [date(2026, 7, 1)] == sorted(turning_days(tree))
    assert (False, True) == (holds(date(2026, 6, 30)), holds(date(2026, 7, 1)))
    assert law_on(Group("all", (tree,), since=date(2027, 1, 1)), date(2026, 12, 31)) is None
