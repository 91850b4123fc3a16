"""Which answer a message wants: the first that fits, and only then what its act was taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.adopted import asks_after_adoption, tell_adopted
from actions.aside import aside
from actions.beside import answer_beside
from actions.cards import tell
from actions.clarify import clarify, is_doubtful, is_guess, is_question, is_unheard_question, only_sounds_like_it
from actions.contact import asks_contact, tell_contact
from actions.follow_up import followed_up
from actions.interview import interview, named_result
from actions.lines import ANSWERS, answer
from actions.named import named_alone, named_in_question, named_outright
from actions.plainly import GUESS, answer_plainly, beside, likely_beside, plainly
from actions.pointers import point_to, points_elsewhere
from actions.recall import asks_what_is_known, confirms, settle, tell_known
from actions.terms import explain_term, number_asked, tell_number, term_asked
from actions.together import compared, pair_asked
from actions.wanted import asks_for_all, asks_still
from knowledge.assess import assess

if TYPE_CHECKING:
    from actions.base import Turn, TurnAction

# Said of another child, these are answered; with anything else that child's interview begins.
ASKS = (*ANSWERS, "ask_eligibility", "ask_human", "show_results", "ask_forbidden", "report_scam", "ask_privacy")


def choose(action: TurnAction, now: Turn) -> None:
    """What the message itself asks for; an act that is only guessed gives way to the facts that were heard."""
    if now.heard.deleted is not None or now.heard.gone:
        interview(now)
    elif confirms(now):
        settle(now)
    elif asks_what_is_known(now):
        tell_known(now)
    elif asks_contact(now):
        tell_contact(now)
    elif say := followed_up(now) or aside(now):
        say(now)
    elif now.heard.came and (now.intent not in ASKS or is_doubtful(now) or only_sounds_like_it(now)):
        interview(now)
    elif combination := asks_after_adoption(now):
        tell_adopted(now, combination)
    elif response := plainly(now):
        answer_plainly(now, response)
    elif matter := beside(now):
        answer_beside(now, matter)
    elif number := number_asked(now):
        tell_number(now, number)
    elif term := term_asked(now):
        explain_term(now, term)
    elif policy := pair_asked(now):
        answer(now, policy, "ask_combine")
        now.session.topic = policy.id
        now.reply.resumes = bool(now.session.asking)
    elif both := compared(now):
        for policy in both:
            answer(now, policy, "ask_what")
    elif points_elsewhere(now):
        point_to(now)
    elif result := named_result(now):
        tell(now, result)
    elif policy := named_alone(now):
        answer(now, policy, str(now.session.kind))
    elif (asked := named_in_question(now)) and (
        is_doubtful(now) or now.intent in ("tell", "out_of_scope") or only_sounds_like_it(now)
    ):
        answer(now, *asked)
    elif asks_still(now):
        tell(now, assess(now.library, now.session.topic or "", now.session.on(now.as_of), now.as_of))
    elif asks_for_all(now) and is_doubtful(now):
        interview(now)  # 那先有什么能办的
    elif (
        is_guess(now)
        or is_unheard_question(now)
        or (only_sounds_like_it(now) and is_question(now) and not now.heard.anything)
    ):
        if sure := named_outright(now):
            answer(now, *sure)
        elif guess := likely_beside(now, GUESS):
            answer_beside(now, guess)
        else:
            clarify(now)
    elif is_doubtful(now) or only_sounds_like_it(now) or _only_answers(now):
        interview(now)
    else:
        action.speak(now)


def _only_answers(now: Turn) -> bool:
    """两年半，法院那纸上写的, to how long it is, asks for no basis: what it decides is told."""
    is_put = now.heard.answered and not now.heard.declined and now.session.asking in now.heard.new
    return is_put and now.intent in (*ANSWERS, "ask_basis", "out_of_scope", "ask_privacy") and not is_question(now)
