"""Whatever order families, bot, workers and crashes come in, the ledger keeps its promises: on a real database."""

import itertools
import shutil
from dataclasses import dataclass, field
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from casework.alarms import alarm_heeded, owed_alarms
from casework.cases import case, claim, close, open_case, release, reply, transfer
from casework.errors import BadTransition, HeldByAnother, NotFound, NotYours, Unheeded
from casework.ledger import append, append_turn, erase, find, messages, start, waiting_for_bot
from casework.remains import remains
from casework.store import Draft, open_store
from casework.tables import worker as worker_table
from casework.trace import faults, read

NAMES = ("演示王", "演示李")
workers = st.sampled_from((0, 1))
few = st.integers(0, 6)
seldom = st.sampled_from((0, 0, 0, 0, 1, 2))
texts = st.sampled_from(("孩子爸爸判了三年", "我不想活了", "电话13800001234", ""))


@dataclass
class Told:
    """What the outside has been promised of one conversation."""

    id: str
    ref: str | None = None
    holder: int | None = None
    epoch: int = 1
    epochs: list = field(default_factory=lambda: [1])
    family: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    sent: dict = field(default_factory=dict)
    unheeded: set = field(default_factory=set)
    answered: int = 0
    silent_from: int | None = None
    is_erased: bool = False
    is_gone: bool = False


class Ledger(RuleBasedStateMachine):
    """`self.told` is the model, `self.store` the truth; every rule does the same to both."""

    fresh = None

    @initialize()
    def open(self):
        self.url = self.fresh()
        self.reopen()
        values = [{"name": n, "role": "caseworker", "password_hash": "", "must_change": False} for n in NAMES]
        with self.store.writing() as connection:
            known = set(connection.execute(select(worker_table.c.name)).scalars())
            for each in values:
                if each["name"] not in known:
                    connection.execute(worker_table.insert().values(**each, created_at=self.store.clock()))
            rows = connection.execute(worker_table.select().order_by(worker_table.c.id)).all()
        self.ids = [row.id for row in rows]
        self.begin()

    def begin(self):
        """A conversation in which somebody has asked for a person."""
        self.told = Told(start(self.store)[0].id)
        self.family_writes("0", "转人工")
        self.somebody_asks_for_a_person()

    @precondition(lambda self: self.told.is_erased or self.told.is_gone)
    @rule()
    def another_family_comes(self):
        self.begin()

    def teardown(self):
        if hasattr(self, "store"):
            self.store.close()

    @rule()
    def reopen(self):
        """A crash: whatever was in memory is lost, also what a connection had begun."""
        if hasattr(self, "store"):
            self.store.close()
        self.store = open_store(self.url, secret="a secret of at least thirty-two signs")

    @rule()
    def crash_in_the_middle(self):
        """A transaction that was never committed leaves nothing."""
        connection = self.store.engine.connect().execution_options(writes=True)
        transaction = connection.begin()
        connection.exec_driver_sql("UPDATE conversation SET last_seq = last_seq + 7, epoch = epoch + 1, holder = 'bot'")
        transaction.rollback()
        connection.close()

    def _write(self, sender, key, write, text):
        """The same key again must give the same row; a new one the next seq."""
        told = self.told
        if told.is_gone or (told.is_erased and (sender, key) not in told.sent):
            with pytest.raises((NotFound, BadTransition)):
                write()
            return
        if told.is_erased and not sender.startswith("worker"):
            with pytest.raises(NotFound):
                write()
            return
        said = write()
        if (sender, key) in told.sent:
            assert told.sent[sender, key] == said.seq
            return
        assert len(told.rows) + 1 == said.seq
        told.sent[sender, key] = said.seq
        told.rows.append((sender.split(":")[0], key))
        if sender == "family":
            told.family.append(said.seq)

    @rule(key=few, text=texts)
    def family_writes(self, key, text):
        self._write("family", f"f{key}", lambda: append(self.store, self.told.id, "family", text, f"f{key}"), text)

    @rule(key=few)
    def family_is_in_danger(self, key):
        before = len(self.told.rows)
        say = partial(append, self.store, self.told.id, "family", "我不想活了", f"d{key}", is_alarm=True)
        self._write("family", f"d{key}", say, "我不想活了")
        self.told.unheeded |= set(range(before + 1, len(self.told.rows) + 1))

    @rule()
    def what_danger_is_owed_is_done(self):
        owed = [said for said in owed_alarms(self.store) if said.conversation == self.told.id]
        assert self.told.unheeded == {said.seq for said in owed}
        assert all(alarm_heeded(self.store, said) for said in owed)
        self.told.unheeded = set()

    @rule(key=few)
    def alarm_shows_its_words(self, key):
        self._write("system", f"s{key}", lambda: append(self.store, self.told.id, "system", "110", f"s{key}"), "110")

    @rule(late=seldom, size=st.integers(0, 3), back=seldom)
    def bot_speaks(self, late, size, back):
        """With the present epoch or an older one, answering the newest family message or one before."""
        told = self.told
        if len(told.family) <= back:
            return
        epoch = told.epochs[max(0, len(told.epochs) - 1 - late)]
        answers = told.family[-1 - back]
        may = (
            not (told.is_gone or told.is_erased)
            and told.holder is None
            and epoch == told.epoch
            and answers > told.answered
        )
        said = append_turn(self.store, told.id, epoch, [Draft("您好")] * size, answers)

        assert may == (said is not None)
        if may:
            told.answered = answers
            assert list(range(len(told.rows) + 1, len(told.rows) + 1 + size)) == [message.seq for message in said]
            told.rows += [("bot", "")] * size

    @rule()
    def somebody_asks_for_a_person(self):
        told = self.told
        if told.is_gone or told.is_erased:
            with pytest.raises(NotFound):
                open_case(self.store, told.id, "caseworker", "routine", "asked")
            return
        ref = open_case(self.store, told.id, "caseworker", "routine", "asked").ref
        assert told.ref in (None, ref)
        told.ref = ref

    def _handed(self, holder):
        told = self.told
        told.holder, told.epoch = holder, told.epoch + 1
        told.epochs.append(told.epoch)
        told.answered = max([told.answered, *told.family])

    @precondition(lambda self: self.told.ref)
    @rule(who=workers)
    def claims(self, who):
        told = self.told
        if told.holder not in (None, who):
            with pytest.raises(HeldByAnother) as error:
                claim(self.store, told.ref, self.ids[who])
            assert NAMES[told.holder] == error.value.name
            return
        seq = claim(self.store, told.ref, self.ids[who]).seq
        if told.holder is None:
            assert len(told.rows) + 1 == seq
            told.silent_from = seq
            self._handed(who)
        assert told.silent_from == seq

    @precondition(lambda self: self.told.ref)
    @rule(who=workers, key=few)
    def worker_writes(self, who, key):
        told = self.told
        sender, text = f"worker:{who}", "您好，我是工作人员。"
        if told.holder != who and (sender, f"w{key}") not in told.sent:
            with pytest.raises(NotYours):
                reply(self.store, told.ref, self.ids[who], text, f"w{key}")
            return
        self._write(sender, f"w{key}", lambda: reply(self.store, told.ref, self.ids[who], text, f"w{key}"), text)

    def _moves(self, who, verb, holder):
        """Only the holder moves it; whoever tries gets one clear refusal."""
        told = self.told
        if told.holder is None:
            with pytest.raises(BadTransition):
                verb()
            return False
        if told.holder != who:
            with pytest.raises(NotYours):
                verb()
            return False
        verb()
        self._handed(holder)
        if holder is None:
            told.silent_from = None
        return True

    @precondition(lambda self: self.told.ref)
    @rule(who=workers)
    def gives_back(self, who):
        self._moves(who, lambda: release(self.store, self.told.ref, self.ids[who]), None)

    @precondition(lambda self: self.told.ref)
    @rule(who=workers, to=workers)
    def hands_on(self, who, to):
        self._moves(who, lambda: transfer(self.store, self.told.ref, self.ids[who], NAMES[to]), to)

    @precondition(lambda self: self.told.ref)
    @rule(who=workers)
    def closes(self, who):
        told = self.told
        if told.holder is None:
            close(self.store, told.ref, self.ids[who], "完")
            told.ref = None
        elif self._moves(who, lambda: close(self.store, told.ref, self.ids[who], "完"), None):
            told.ref = None

    @precondition(lambda self: len(self.told.rows) > 9 and not self.told.is_gone)
    @rule()
    def family_erases(self):
        """Not early, or nothing else would be tried."""
        told = self.told
        if told.unheeded:
            with pytest.raises(Unheeded):
                erase(self.store, told.id)
            return
        kept = erase(self.store, told.id).kept
        told.is_erased, told.is_gone = kept is not None, kept is None
        if told.is_gone:
            assert [] == messages(self.store, told.id)

    @invariant()
    def nothing_is_lost_doubled_or_out_of_order(self):
        if hasattr(self, "told") and not self.told.is_gone:
            found = messages(self.store, self.told.id)
            assert list(range(1, len(found) + 1)) == [message.seq for message in found]
            assert [sender for sender, _ in self.told.rows] == [message.sender for message in found]
            for (sender, key), message in zip(self.told.rows, found, strict=True):
                assert sender == "bot" or key == message.client_id

    @invariant()
    def of_what_was_erased_nothing_remains(self):
        if hasattr(self, "told"):
            assert [] == remains(self.store, self.told.id)

    @invariant()
    def the_trace_checker_agrees(self):
        if hasattr(self, "told") and not self.told.is_gone:
            kinds = {fault.kind for fault in faults(read(self.store, self.told.id))}
            # The machine's system lines are no whole cards; what it says while a worker holds it is not the bot's.
            assert set() == kinds - {"bot after claim"}

    @invariant()
    def the_bot_is_silent_from_the_claim_on(self):
        if hasattr(self, "told") and not self.told.is_gone and self.told.silent_from:
            after = messages(self.store, self.told.id, after=self.told.silent_from - 1)
            assert "bot" not in {message.sender for message in after}

    @invariant()
    def there_is_one_holder_and_the_answered_mark_never_goes_back(self):
        if not hasattr(self, "told"):
            return
        told = self.told
        held = find(self.store, told.id)
        assert told.is_gone == (held is None)
        if held is None:
            return
        worker_id = None if told.holder is None else self.ids[told.holder]
        assert ("bot" if worker_id is None else "worker", worker_id) == (held.holder, held.worker_id)
        assert (told.epoch, told.answered) == (held.epoch, held.answered_seq)
        if told.ref:
            assert worker_id == case(self.store, told.ref).worker_id
        waits = held.holder == "bot" and not told.is_erased and max(told.family, default=0) > told.answered
        assert waits == (told.id in waiting_for_bot(self.store))


def files(migrated, folder):
    """A migrated SQLite file of its own for each example."""
    for number in itertools.count():
        path = folder / f"{number}.db"
        shutil.copy(migrated, path)
        yield f"sqlite:///{path}"


@pytest.mark.parametrize("database, examples", [("sqlite", 40), ("postgresql", 5)])
def test_the_ledger_keeps_its_promises_in_any_order(request, tmp_path, database, examples):
    if database == "sqlite":
        fresh = files(request.getfixturevalue("migrated_file"), tmp_path).__next__
    else:
        # One database for all examples: each has a conversation of its own.
        fresh = itertools.repeat(request.getfixturevalue("emptied_postgresql_database")).__next__
    machine = type("Machine", (Ledger,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=50,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
