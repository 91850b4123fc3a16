"""What a message takes back of what was told: 走了是去世了, 不是二级是三级, 他妈没死, 把他妈那条删了."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.reread import in_answer_to
from actions.session import Child, Session
from knowledge.errors import FactError
from knowledge.known import parse, parse_partial, value_json
from knowledge.library import Library
from knowledge.reading import Reading
from knowledge.rules import leaves

ROLE = "asker.role"
SHORT = 10  # signs of 不对 三级 behind the words of taking back


@dataclass(frozen=True)
class Unsaid:
    """The reading that is left, the values of facts that no longer hold, and the facts that were to be deleted."""

    reading: Mapping[str, Any]
    gone: Mapping[str, Any] = field(default_factory=dict)
    deleted: tuple[str, ...] | None = None


def unsaid(library: Library, session: Session, reading: Mapping[str, Any], text: str, as_of: date) -> Unsaid:
    """Read against what was said before; nothing changes in the session."""
    if not session.facts or reading.get("moves"):
        return Unsaid(reading)
    names = _deleted(library, session, text)
    if names is not None:
        nothing = {"facts": {}, "partial": {}, "answered": False, "declined": None}
        return Unsaid({**reading, **nothing}, deleted=names)
    if (reading.get("siblings") or {}).get("told"):
        return Unsaid(reading)  # 不对，老二是七岁 says whose age it is
    says_anew = reading.get("corrects") and not _told(reading) & {*session.facts}
    return (
        _put_right(library, session, reading, text, as_of)
        or _turned_up(library, session, reading, text)
        or (_rest_put_right(library, session, reading, text, as_of) if says_anew else None)
        or _denied(library, session, reading, text, as_of)
    )


def take_back(library: Library, child: Child, name: str, gone: Any) -> None:
    """One fact without the values that no longer hold, to be asked again; what hung on it goes too."""
    held, fact = value_json(child.facts[name]), library.facts[name]
    is_open = isinstance(held, dict)
    values = held.get("one_of", []) if isinstance(held, dict) else held
    left = [each for each in values if each not in gone] if isinstance(values, list) and isinstance(gone, list) else []
    notes = child.evidence.get(name, [])
    child.forget(name)
    try:
        if left:
            several = is_open and len(left) > 1
            child.facts[name] = parse_partial(fact, {"one_of": left}, False) if several else parse(fact, left, False)
            child.evidence[name] = notes
    except FactError:
        child.forget(name)
    child.closed[:] = [each for each in child.closed if each != name]
    forget_behind(library, child, name)


def forget_behind(library: Library, child: Child, name: str) -> None:
    """How long he is in prison says nothing of a father who is not."""
    known = child.facts.get(name)
    for other, gate in library.gates.items():
        tests = [leaf.test(known) if known is not None else False for leaf in leaves(gate) if leaf.fact == name]
        if other in child.facts and tests and all(each is False for each in tests):
            child.forget(other)


def _turned_up(library: Library, session: Session, reading: Mapping[str, Any], text: str) -> Unsaid | None:
    """他妈上个月回来过一次: no longer lost, and nothing else is said of her."""
    partial = dict(reading.get("partial") or {})
    names = [name for name in partial if "lost_contact" in (_common(_held(session, name), ["lost_contact"]) or ())]
    if not names or not re.search(library.words["turned_up_once"], text):
        return None
    kept = {name: value for name, value in partial.items() if name not in names}
    return Unsaid({**reading, "partial": kept}, {name: ["lost_contact"] for name in names})


def _held(session: Session, name: str) -> Any:
    return value_json(session.facts[name]) if name in session.facts else None


def _put_right(library: Library, session: Session, reading: Mapping[str, Any], text: str, as_of: date) -> Unsaid | None:
    """不是二级是三级: which fact the old words belong to, and what the new ones say of it."""
    for form in (*library.words["puts_right"], library.words["explains"]):
        match = re.search(form, text)
        if match is None:
            continue
        old, new, denies = match["old"], match["new"], form != library.words["explains"]
        names = [*_meant_by(library, session, text, old, as_of, by_value=denies)]
        for name in names:
            held = value_json(session.facts[name])
            if name != session.asking and _value(reading, name) not in (None, held):
                return None  # read already
            found = in_answer_to(library, session, name, new, as_of)
            if name in _told(found) and _value(found, name) != held:
                return Unsaid(_with(reading, found, name, session.asking, new))
        gone = {name: _same(library, session, name, old, as_of) for name in names if name not in _told(reading)}
        if denies and (first := next((name for name in names if gone.get(name)), None)):
            return Unsaid(reading, {first: gone[first]})
    return None


def _rest_put_right(
    library: Library, session: Session, reading: Mapping[str, Any], text: str, as_of: date
) -> Unsaid | None:
    """不对 三级, 不是 是八个月了: what was told last and can be answered so is meant."""
    rest = re.sub(r"\W+$", "", re.sub(library.words["taking_back"], "", text))
    if not 0 < len(rest) <= SHORT:
        return None
    for name in _latest_first(session):
        found = in_answer_to(library, session, name, rest, as_of)
        if name in _told(found) and _value(found, name) != value_json(session.facts[name]):
            is_sure = (name in found.facts or name in session.last_heard) and _is_of_one(session, name)
            says_more = not name.endswith(".situation") and _told(found) != {name}
            return Unsaid(_with(reading, found, name, session.asking, rest)) if is_sure and not says_more else None
    return None


def _is_of_one(session: Session, name: str) -> bool:
    """不对，是离婚了, where both parents were told of together, may be either of them."""
    whose, _, what = name.partition(".")
    if what.endswith("_months"):
        lengths = [each for each in session.facts if each.endswith("_months")]
        lengths = [each for each in lengths if each in session.last_heard] or lengths
        return lengths == [name]
    other = {"father": "mother", "mother": "father"}.get(whose)
    lately = session.last_heard if name in session.last_heard else [*session.facts]
    return f"{other}.{what}" not in lately


def _denied(library: Library, session: Session, reading: Mapping[str, Any], text: str, as_of: date) -> Unsaid:
    """他妈没死: what the words would tell without the 没, where that is what was told."""
    words = library.words
    gone: dict[str, Any] = {}
    out: set[str] = set()
    if re.search(words["looks_asked"], text) or re.search(words["denies_in_passing"], text):
        return Unsaid(reading)
    for match in re.finditer(words["denies_told"], text):
        before, after = text[: match.start()], text[match.end() :]
        for said in (match["said"], match["said"] + words["done"]):  # 没跑 denies 跑了
            found = in_answer_to(library, session, None, before + said + after, as_of)
            gone |= {name: same for name in found.facts if (same := _taken(session, reading, name, found.facts[name]))}
        if gone:  # 没判三年, of a father who was judged, tells of no custody before it
            out |= {name for name, said in (reading.get("evidence") or {}).items() if match.group() in str(said)}
    kept = {kind: _without(reading.get(kind) or {}, out) for kind in ("facts", "partial", "evidence")}
    return Unsaid({**reading, **kept} if out else reading, gone)


def _taken(session: Session, reading: Mapping[str, Any], name: str, value: Any) -> Any:
    if name not in session.facts or name == ROLE or name in {*(reading.get("facts") or {})}:
        return None
    return _common(value_json(session.facts[name]), value)


def _without(values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _meant_by(library: Library, session: Session, text: str, old: str, as_of: date, by_value: bool) -> Iterator[str]:
    """The facts that the old words told, by those words first and then by what they say."""
    for name in _latest_first(session):
        whose = library.words["names_parent"].get(name.partition(".")[0])
        others = [form for key, form in library.words["names_parent"].items() if not name.startswith(f"{key}.")]
        if any(re.search(form, text) for form in others) and not (whose and re.search(whose, text)):
            continue
        notes = session.here.evidence.get(name) or [{}]
        if old in str(notes[-1].get("words") or "") or (by_value and _same(library, session, name, old, as_of)):
            yield name


def _same(library: Library, session: Session, name: str, old: str, as_of: date) -> Any:
    """What the old words say of a fact, where it is what is known of it."""
    found = in_answer_to(library, session, name, old, as_of)
    return _common(value_json(session.facts[name]), _value(found, name))


def _common(held: Any, said: Any) -> Any:
    """The values that are both held and said; None where there are none."""
    if isinstance(held, dict):
        held = held.get("one_of")
    if isinstance(held, list):
        said = said if isinstance(said, list) else [said]
        return [each for each in said if each in held] or None
    return said if said is not None and said == held else None


def _latest_first(session: Session) -> list[str]:
    """The facts that may be put right, those told last first."""
    known = [name for name in session.facts if name != ROLE]
    last = [name for name in reversed(session.last_heard) if name in known]
    return [*last, *(name for name in reversed(known) if name not in last)]


def _deleted(library: Library, session: Session, text: str) -> tuple[str, ...] | None:
    """The facts that 把他妈那条删了 means: those of the person or the words it names, else what was told last.

    None where nothing was to be deleted; empty where nothing of the kind is known.
    """
    words = library.words
    match = re.search(words["deletes"], text)
    if match is None or re.search(words["deletes_all"], text):
        return None
    known = [name for name in session.facts if name != ROLE]
    named = [key for key, form in words["deletes_named"].items() if re.search(form, text)]
    found = [name for name in known if any(name == each or name.startswith(f"{each}.") for each in named)]
    if named:
        return tuple(found)
    last = tuple(name for name in session.last_heard if name in known)
    return last if re.search(words["deletes_last"], text) else None


def _told(reading: Mapping[str, Any] | Reading) -> set[str]:
    if isinstance(reading, Reading):
        return {*reading.facts, *reading.partial}
    return {*(reading.get("facts") or {}), *(reading.get("partial") or {})}


def _value(found: Mapping[str, Any] | Reading, name: str) -> Any:
    if isinstance(found, Reading):
        return found.facts.get(name, found.partial.get(name))
    return (found.get("facts") or {}).get(name, (found.get("partial") or {}).get(name))


def _with(reading: Mapping[str, Any], found: Reading, name: str, asking: str | None, new: str) -> dict[str, Any]:
    """The reading with what was put right, and without what the new words were read as before."""
    whose, words = name.partition(".")[0], reading.get("evidence") or {}
    out = {name, str(asking), *(each for each in words if str(words[each]) in new)}
    mixed: dict[str, Any] = {}
    for kind in ("facts", "partial", "evidence"):
        kept = _without(reading.get(kind) or {}, out)
        fresh = {key: value for key, value in getattr(found, kind).items() if key.partition(".")[0] == whose}
        mixed[kind] = {**kept, **fresh}
    return {**reading, **mixed, "corrects": True, "answered": False, "declined": None, "complete": []}
