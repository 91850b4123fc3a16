"""The trees of the entitlements in the languages of three other engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from knowledge.known import Facts
from knowledge.library import Library
from knowledge.rules import Group, Judge, Leaf, Node, leaves

Plain = dict[str, Any]
Engine = Callable[[Plain], dict[str, str]]


def plain(facts: Facts) -> Plain:
    """Facts as the others take them: numbers, strings, booleans and lists."""
    from knowledge.known import to_json

    return {name.replace(".", "_"): found for name, found in to_json(facts)[0].items()}


def decided(best: bool, worst: bool) -> str:
    return "not_eligible" if not best else "eligible" if worst else "ask_local"


def both_sides(library: Library, on: date, make: Callable[[Node, bool], Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (make(tree, True), make(tree, False)) for name, tree in library.law(on).trees.items()}


def areas(leaf: Leaf) -> tuple[Any, ...]:
    return leaf.want if isinstance(leaf.want, tuple) else (leaf.want,)


def jsonlogic(library: Library, on: date) -> Engine:
    from json_logic import jsonLogic

    signs = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">="}

    def made(node: Node, best: bool) -> Any:
        if isinstance(node, Judge) or (isinstance(node, Leaf) and node.local and best):
            return {"==": [1, 1 if best else 0]}
        if isinstance(node, Group):
            if node.kind == "not":
                return {"!": [made(node.children[0], not best)]}
            return {"and" if node.kind == "all" else "or": [made(each, best) for each in node.children]}
        have = {"var": node.fact.replace(".", "_")}
        if node.operator in signs:
            return {signs[node.operator]: [have, node.want]}
        if library.facts[node.fact].kind == "set":
            return {"or": [{"in": [each, have]} for each in areas(node)]}
        if library.facts[node.fact].kind == "region":
            return {"or": [{"==": [{"substr": [have, 0, len(each)]}, each]} for each in areas(node)]}
        return {"or": [{"===": [have, each]} for each in areas(node)]}

    rules = both_sides(library, on, made)
    return lambda facts: {
        name: decided(bool(jsonLogic(best, facts)), bool(jsonLogic(worst, facts)))
        for name, (best, worst) in rules.items()
    }


def written(library: Library, node: Node, best: bool, words: Mapping[str, str]) -> str:
    """A tree in an expression language."""
    if isinstance(node, Judge) or (isinstance(node, Leaf) and node.local and best):
        return "true" if best else "false"
    if isinstance(node, Group):
        if node.kind == "not":
            return f"{words['not']}({written(library, node.children[0], not best, words)})"
        joint = words["and" if node.kind == "all" else "or"]
        return "(" + joint.join(written(library, each, best, words) for each in node.children) + ")"
    have, kind = node.fact.replace(".", "_"), library.facts[node.fact].kind
    signs = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">="}
    if node.operator in signs:
        return f"({have} {signs[node.operator]} {words['number'].format(node.want)})"
    if kind == "bool":
        return f"({have} == {str(node.want).lower()})"
    if kind == "set":
        return "(" + words["or"].join(f"('{each}' in {have})" for each in areas(node)) + ")"
    if kind == "region":
        return "(" + words["or"].join(words["starts"].format(have, each) for each in areas(node)) + ")"
    return "(" + words["or"].join(f"({have} == '{each}')" for each in areas(node)) + ")"


def zen(library: Library, on: date) -> Engine:
    import zen as engine

    words = {"not": "not ", "and": " and ", "or": " or ", "starts": "startsWith({}, '{}')", "number": "{}"}
    rules = both_sides(library, on, lambda node, best: engine.compile_expression(written(library, node, best, words)))
    return lambda facts: {
        name: decided(best.evaluate(facts), worst.evaluate(facts)) for name, (best, worst) in rules.items()
    }


def bdd(library: Library, on: date) -> Engine:
    from dd import cudd

    manager, numbers = cudd.BDD(), {}
    tests: dict[str, Leaf] = {}
    for tree in library.law(on).trees.values():
        for leaf in leaves(tree):
            key = (leaf.fact, leaf.operator, leaf.want)
            if key not in numbers:
                numbers[key] = f"x{len(numbers)}"
                tests[numbers[key]] = leaf
                manager.declare(numbers[key])

    def made(node: Node, best: bool) -> Any:
        if isinstance(node, Judge) or (isinstance(node, Leaf) and node.local and best):
            return manager.true if best else manager.false
        if isinstance(node, Leaf):
            return manager.var(numbers[node.fact, node.operator, node.want])
        if node.kind == "not":
            return ~made(node.children[0], not best)
        found = manager.true if node.kind == "all" else manager.false
        for each in node.children:
            found = found & made(each, best) if node.kind == "all" else found | made(each, best)
        return found

    rules = both_sides(library, on, made)
    names = {fact.id.replace(".", "_"): fact for fact in library.facts.values()}

    def run(facts: Plain) -> dict[str, str]:
        known = library.parse({names[name].id: each for name, each in facts.items()})
        values = {name: bool(leaf.test(known[leaf.fact])) for name, leaf in tests.items() if leaf.fact in known}
        return {
            name: decided(manager.let(values, best) == manager.true, manager.let(values, worst) == manager.true)
            for name, (best, worst) in rules.items()
        }

    return run
