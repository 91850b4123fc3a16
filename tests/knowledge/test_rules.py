"""Properties of the evaluation itself, on trees that Hypothesis makes up."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.known import Facts, OneOf, Span
from knowledge.rules import Group, Judge, Leaf, Node, compile_test, judgements, open_facts, reason, truth

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


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL, st.booleans())
def test_learning_more_never_flips_what_was_decided(tree: Node, facts: Facts, best: bool) -> None:
    before = truth(tree, facts, best)

    if before is not None:
        assert {before} == {truth(tree, full, best) for full in completions(facts)}


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL)
def test_at_worst_is_never_better_than_at_best(tree: Node, facts: Facts) -> None:
    for full in completions(facts):
        assert not (truth(tree, full, False) and not truth(tree, full, True))


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL, st.booleans())
def test_a_decided_tree_has_no_open_fact_and_an_open_one_has(tree: Node, facts: Facts, best: bool) -> None:
    assert (truth(tree, facts, best) is None) == bool(list(open_facts(tree, facts, best)))


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL, st.booleans())
def test_the_reason_alone_makes_the_tree_what_it_is(tree: Node, facts: Facts, best: bool) -> None:
    value = truth(tree, facts, best)

    if value is not None:
        named = {each.fact for each in reason(tree, facts, best, value) if isinstance(each, Leaf)}
        assert value is truth(tree, {name: known for name, known in facts.items() if name in named}, best)


@settings(max_examples=300, deadline=None)
@given(TREES, PARTIAL)
def test_what_is_left_to_a_person_is_named_exactly_when_it_decides(tree: Node, facts: Facts) -> None:
    left = truth(tree, facts, False) is False and truth(tree, facts, True) is True

    assert not judgements(tree, facts) or left
