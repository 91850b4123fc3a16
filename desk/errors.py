"""What the desk refuses, and how each refusal of casework is told to people."""

from __future__ import annotations

from casework.errors import (
    BadTransition,
    BadValue,
    CaseworkError,
    Contradicted,
    HeldByAnother,
    Missing,
    NotFound,
    NotSenior,
    NotYours,
    TooTelling,
    Unanswered,
)
from desk.words import words

BY_NAME = ("wrong_text", "wrong_number")


class Refused(Exception):
    """A request that is not carried out; `word` names the line of words.yml that says why."""

    def __init__(self, status: int, word: str, **values: object) -> None:
        self.status, self.word, self.values = status, word, values
        super().__init__(word)

    @property
    def line(self) -> str:
        """For programs: fields by the names that they send."""
        return str(words()["errors"][self.word]).format(**self.values)

    @property
    def said(self) -> str:
        """For people: fields by what stands beside them on the page."""
        values = dict(self.values)
        if self.word in BY_NAME:
            values["field"] = words()["typed"].get(values["field"], words()["other"])
        return str(words()["errors"][self.word]).format(**values)


def refusal(error: CaseworkError) -> Refused:
    """The same error as an answer to whoever asked."""
    if isinstance(error, NotFound):
        # The colleague to transfer to is a field of the request, the case is its address.
        return Refused(422, "worker") if error.what == "worker" else Refused(404, NAMED.get(error.what, "case"))
    if isinstance(error, NotSenior):
        return Refused(403, "not_senior")
    if isinstance(error, HeldByAnother):
        return Refused(409, "held", holder=error.name)
    if isinstance(error, NotYours):
        return Refused(403, "not_yours")
    if isinstance(error, BadTransition):
        if error.from_state == "waiting":
            return Refused(403, "not_yours")
        return Refused(409, STATES.get(error.from_state, "wrong_step"))
    if isinstance(error, Missing):
        if error.field not in LONGEST:
            return Refused(422, "missing", **_named(error.field))
        return Refused(422, "wrong_text", field=error.field, longest=LONGEST[error.field])
    if isinstance(error, BadValue):
        return Refused(422, "wrong_value", **_named(error.field))
    if isinstance(error, Contradicted):
        return Refused(409, "contradicted", why=error.why)
    if isinstance(error, Unanswered):
        return Refused(409, "unanswered", seq=error.seq)
    if isinstance(error, TooTelling):
        return Refused(422, "too_telling", part=error.word)
    raise error


def _named(field: str) -> dict[str, str]:
    """What the field is called, and how to fill it in where that is not plain."""
    return {"field": words()["field"].get(field, words()["other"]), "hint": words()["hint"].get(field, "")}


NAMED = {"message": "not_found", "matter": "not_found", "referral": "not_found"}
STATES = {"erased": "erased", "closed": "closed", "linked": "linked"}
LONGEST = {
    "text": 4000,
    "client_id": 128,
    "to": 100,
    "outcome": 2000,
    "note": 4000,
    "purpose": 200,
    "words": 100,
    "why": 500,
}
