import pytest

from bot.state import KEPT_REPLIES, Reply, StaleState, State, forget, load, open_state, save


@pytest.fixture
def engine(tmp_path):
    return open_state(f"sqlite:///{tmp_path}/state.db")


def reply(seq, text="好。"):
    return Reply((seq,), ({"text": text, "buttons": []},), {"child": 1})


def test_a_conversation_nobody_stored_has_no_turns(engine):
    assert load(engine, "a") == State()


def test_what_is_stored_comes_back_as_it_was(engine):
    state = State().after({"session": {"child": 1, "asking": "child.age"}}, reply(3, "孩子几岁了？"))

    save(engine, "a", state)

    assert load(engine, "a") == state


def test_only_the_last_replies_are_kept(engine):
    state = State()
    for seq in range(KEPT_REPLIES + 2):
        state = state.after({}, reply(seq))

    assert tuple((seq,) for seq in range(2, KEPT_REPLIES + 2)) == tuple(one.seqs for one in state.replies)


@pytest.mark.parametrize("turns", [0, 1])
def test_a_late_writer_is_refused(engine, turns):
    state = State()
    for seq in range(turns + 1):
        late, state = state, state.after({"session": seq}, reply(seq))
        save(engine, "a", state)

    with pytest.raises(StaleState):
        save(engine, "a", late.after({"session": "late"}, reply(9)))

    assert state == load(engine, "a")


def test_an_erased_conversation_is_not_written_again(engine):
    state = State().after({}, reply(1))
    save(engine, "a", state)

    forget(engine, ["a"])

    with pytest.raises(StaleState):
        save(engine, "a", state.after({}, reply(2)))
    assert load(engine, "a") == State()


def test_one_conversation_does_not_touch_another(engine):
    save(engine, "a", State().after({"session": 1}, reply(1)))
    save(engine, "b", State().after({"session": 2}, reply(1)))

    forget(engine, ["a"])

    assert load(engine, "b").slots == {"session": 2}


def test_a_turn_that_began_before_the_erasing_and_ends_after_it_leaves_nothing(engine):
    """The front door gave up waiting, or died: nobody looks again at what Rasa then stores."""
    begun = load(engine, "a")
    forget(engine, ["a"])

    with pytest.raises(StaleState):
        save(engine, "a", begun.after({"session": "what a family said"}, reply(1)))
    assert load(engine, "a") == State()


def test_forgetting_again_changes_nothing(engine):
    save(engine, "a", State().after({}, reply(1)))
    forget(engine, ["a"])
    forget(engine, ["a", "b"])

    assert [State(), State()] == [load(engine, name) for name in "ab"]
