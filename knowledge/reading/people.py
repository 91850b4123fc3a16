"""Whom a word for a person means, once it is known who speaks: father, mother, child, asker or somebody else."""

from __future__ import annotations

from collections.abc import Collection

from knowledge.reading.kinship import CHILDREN, PARENTS, Mention, kin

People = tuple[str, ...]
OTHER: People = ("other",)
STRANGER: People = ("stranger",)
_BOTH: People = ("father", "mother")
_OUTSIDE = ("teacher", "child_director", "professional")
_SPOUSES = ("husband", "wife", "young_wife", "ex_husband", "ex_wife")
_WIVES = ("wife", "young_wife", "ex_wife")


def meant(mention: Mention, roles: Collection[str], last: People) -> People:
    """The people a mention means; somebody else when the possible speakers would mean different people."""
    readings = {_meant(mention, role, last) for role in roles or ("",)}
    return readings.pop() if len(readings) == 1 else OTHER


def _meant(mention: Mention, role: str, last: People) -> People:
    kind, owner = mention.kind, mention.owner
    if mention.word == "本人" and role in _OUTSIDE:
        return ("child",)
    if role == "teacher" and "同学" in mention.said and (kind == "outsiders" or owner == "outsiders"):
        return ("child",) if kind == "outsiders" else _parents(kind, "child", role, last)
    if kind in ("son", "daughter") and owner in _SPOUSES and role == "step_parent":
        return ("child",)  # 老婆和前夫的儿子
    if owner == "me" and role in (*_OUTSIDE, "neighbour") and kind in _SPOUSES:
        return OTHER  # 我老公也看不下去, said by a neighbour
    if kind == "me":
        return (kin()["roles"].get(role, {}).get("me", "asker"),)
    if kind in CHILDREN and owner == "outsiders":
        return ("child",)
    if kind == "outsiders" or owner == "outsiders" or (owner == "them" and last == STRANGER):
        return STRANGER
    if kind in CHILDREN:
        return ("child",)
    if kind in ("son", "daughter") and owner == "me" and role.startswith("uncle"):
        return OTHER  # their own child
    if kind in PARENTS:
        return _parents(kind, owner, role, last)
    if owner == "them" and kind not in ("man", "woman"):
        return _theirs(kind, last)
    if owner not in (None, "me", "child"):
        return _of(kind, _from_table(str(owner), role))
    if kind == "couple":
        return _BOTH if owner is None and role not in _BOTH else OTHER
    return OTHER if owner == "child" else _from_table(kind, role)


def _parents(kind: str, owner: str | None, role: str, last: People) -> People:
    if owner == "me":
        return _from_table(kind, role)
    if owner not in (None, "them", "child"):
        return _people(kind) if _from_table(str(owner), role) == ("child",) else OTHER
    if role == "step_parent" and owner == "them" and kind == "both" and last in (("father",), ("mother",)):
        return OTHER  # 我老公走了，他爸妈不在了
    # A mother who writes 他妈 or 爸妈 means her mother-in-law or her own parents.
    if owner != "child" and role in _BOTH and kind in (role, "both"):
        return OTHER
    return _people(kind)


def _theirs(kind: str, last: People) -> People:
    if kind == "couple":
        return _BOTH
    return _of(kind, last)


def _of(kind: str, person: People) -> People:
    """儿子的老婆 is the mother when 儿子 is the father."""
    if kind in _WIVES and person == ("father",):
        return ("mother",)
    if kind in ("husband", "ex_husband") and person == ("mother",):
        return ("father",)
    if kind == "couple" and person in (("father",), ("mother",)):
        return _BOTH
    return OTHER


def _from_table(kind: str, role: str) -> People:
    return _people(kin()["roles"].get(role, {}).get(kind, "other"))


def _people(word: str) -> People:
    return _BOTH if word == "both" else (word,)
