"""How a question is put: its words, and the answers to tap."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.introduce import ask_of, speaks_as_child
from knowledge.fact import Choice, Fact
from knowledge.known import Members, value_json

if TYPE_CHECKING:
    from actions.base import Turn

MOST_BUTTONS, MOST_EITHER = 6, 3
PATIENCE = 2  # asked once in other words, then with choices and a person, then left unknown (house.md, Handoff)


def response(tries: int) -> str:
    """The form of the reply: with choices and a way out, once patience is due."""
    return "utter_ask" if tries < PATIENCE else "utter_ask_with_choices"


def wording(now: Turn, fact: Fact) -> str:
    """The question as this family is asked it: as one or the other, for what else there is, again, or at first."""
    session, words = now.session, now.library.words
    open_ones = either(now, fact)
    if open_ones:
        is_long = any(words["comma"] in choice.title for choice in open_ones)
        titles = [words["quoted"].format(value=each.title) if is_long else each.title for each in open_ones]
        if session.asked:
            return words["which_is_nearer"].format(title=fact.title, values=words["and"].join(titles))
        return words["ask_which"].format(title=fact.title, values=words["either_or"].join(titles))
    if isinstance(session.facts.get(fact.id), Members):
        return words["closing_again"] if session.tries or session.asked else _closing(now, fact)
    if session.tries and now.is_missed:
        again = fact.again if not session.is_child or "{" not in fact.question_child else fact.question_child
        return _of_asker(now, fact, again)
    if speaks_as_child(session, fact):
        return fact.question_child
    return _of_asker(now, fact, ask_of(now, fact, fact.question))


def _closing(now: Turn, fact: Fact) -> str:
    """Without its examples where one of them was just told: 比如残疾, after 精神二级, sounds deaf."""
    value = value_json(now.session.facts[fact.id])
    said = [choice.title for each in value if (choice := fact.choice(each))] if isinstance(value, list) else []
    examples = re.search(now.library.words["for_example"], fact.closing)
    is_told = examples and any(each in title for each in re.findall(r"\w+", examples[1]) for title in said)
    return _of_asker(now, fact, fact.closing.replace(examples[0], "") if examples and is_told else fact.closing)


def _is_of_asker(now: Turn, fact: Fact) -> bool:
    return now.session.asker in ("father", "mother") and fact.id.startswith(f"{now.session.asker}.")


def _of_asker(now: Turn, fact: Fact, question: str) -> str:
    """A father who writes himself is asked 您, and not how the child's father is."""
    if not _is_of_asker(now, fact):
        return question
    words = now.library.words
    whose, child = words[f"whose_{now.session.asker}"], words["child_word"]
    return question.replace(child + whose, words["you"]).replace(whose, words["you"])


def either(now: Turn, fact: Fact) -> list[Choice]:
    """What was said in words that leave it open is asked as one or the other; never of a child, whom it could tell."""
    possible = now.session.facts.get(fact.id)
    value = value_json(possible) if isinstance(possible, Members) else None
    if not isinstance(value, dict) or now.session.is_child:
        return []
    found = [fact.choice(each) for each in value["one_of"]]
    return [choice for choice in found if choice is not None] if len(found) <= MOST_EITHER else []


def buttons(now: Turn, fact: Fact) -> list[dict[str, str]]:
    """Answers in the words of the question, and that one does not know; a person, once patience is due."""
    words, open_ones = now.library.words, either(now, fact)
    is_heard = isinstance(now.session.facts.get(fact.id), Members)
    choices = open_ones or [choice for choice in fact.choices if choice.quick] or list(fact.choices)[:MOST_BUTTONS]
    if is_heard and not open_ones:
        choices = []
    if _is_of_asker(now, fact):
        choices = [choice for choice in choices if str(choice.value) not in words["never_of_asker"]]
    titles = [_title(now, fact, choice) for choice in choices[:MOST_BUTTONS]]
    extra = [words["no_more"]] if is_heard and not open_ones else []
    extra.append(words["dont_know"])
    if now.session.tries >= PATIENCE:
        extra.append(words["ask_person"])
    return [{"title": title, "payload": title} for title in [*titles, *extra]]


def _title(now: Turn, fact: Fact, choice: Choice) -> str:
    return choice.title_child if speaks_as_child(now.session, fact) else choice.title
