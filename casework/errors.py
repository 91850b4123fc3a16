"""What can go wrong in casework, each with the words a developer needs; people are told by whoever catches it."""

from datetime import datetime


class CaseworkError(Exception):
    """Anything casework refuses to do."""


class NotFound(CaseworkError):
    """There is no such conversation, case or worker, or the family has erased it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")
        self.what = what


class HeldByAnother(CaseworkError):
    """Somebody claimed the case first; `name` says who."""

    def __init__(self, name: str) -> None:
        super().__init__("the case is held by another worker")
        self.name = name


class NotYours(CaseworkError):
    """Only the worker who holds the case may do this: claim it first."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"{ref} is not held by this worker")
        self.ref = ref


class BadTransition(CaseworkError):
    """The state machine has no such step, e.g. claiming a closed case."""

    def __init__(self, from_state: str, verb: str) -> None:
        super().__init__(f"cannot {verb} a case that is {from_state}")
        self.from_state = from_state
        self.verb = verb


class Missing(CaseworkError):
    """A text that must be said was left empty, e.g. the outcome of a case."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} must not be empty")
        self.field = field


class Unreadable(CaseworkError):
    """What is sealed there was sealed for another place, or with another secret."""

    def __init__(self, about: str) -> None:
        super().__init__("sealed text cannot be opened")
        self.about = about


class NoSecret(CaseworkError):
    """The store was opened without the secret: give `open_store` the secret of the installation."""

    def __init__(self) -> None:
        super().__init__("this needs a store that was opened with the secret")


class WrongSecret(CaseworkError):
    """TONGXING_SECRET is not the one with which this database was sealed: set the old one again."""

    def __init__(self) -> None:
        super().__init__("this database was sealed with another TONGXING_SECRET: set that one again")


class BadBackup(CaseworkError):
    """The file cannot be made, or is no backup of this product; the line says what to do."""


class NotSenior(CaseworkError):
    """Only a supervisor or an administrator may do this."""

    def __init__(self) -> None:
        super().__init__("only a supervisor may do this")


class TooManyTries(CaseworkError):
    """Sign-in is locked for this name until then, whether or not the name exists."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many failed sign-ins")
        self.until = until


class WeakPassword(CaseworkError):
    """A new password must be long enough and differ from the old one."""

    def __init__(self, minimum: int) -> None:
        super().__init__(f"a password needs {minimum} characters and must be new")
        self.minimum = minimum


class NameTaken(CaseworkError):
    """A worker of that name exists: choose another."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a worker named {name!r} exists")
        self.name = name


class Unheeded(CaseworkError):
    """Words of danger in that conversation wait to be seen to: heed them (`casework.alarms`), then erase."""

    def __init__(self) -> None:
        super().__init__("words of danger in it have not been seen to yet")


class Unanswered(CaseworkError):
    """The family's last words have no reply: close with this `seq` to say that they need none."""

    def __init__(self, seq: int) -> None:
        super().__init__("the family's last message has no reply")
        self.seq = seq


class LastSupervisor(CaseworkError):
    """Somebody must be left who may do everything: add another supervisor first."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is the last supervisor or admin: add another one first")
        self.name = name


class BadValue(CaseworkError):
    """A field holds something that is not on its list, or no day, month or sum; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} has no value that is known there")
        self.field = field


class Contradicted(CaseworkError):
    """What is to be recorded is at odds with an item of evidence: settle that first. `why`: a rule of evidence.yml."""

    def __init__(self, why: str) -> None:
        super().__init__(f"contradicted: {why}")
        self.why = why


class TooTelling(CaseworkError):
    """A slip for another office may not hold this word: it names an offence, an illness or a number."""

    def __init__(self, word: str) -> None:
        super().__init__("the slip says more than that office needs")
        self.word = word
