import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered

from bot.state import load, open_state
from bot.tracker import SlotStore

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    slots:
      session: {type: any, influence_conversation: false, mappings: [{type: custom}]}
    """
)
SECRET_WORDS = "我在李家村，电话一三八"


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/state.db"


@pytest.fixture
def store(url):
    return SlotStore(DOMAIN, host=url)


async def talk(store, session, seqs=(1,), text="好。", turn=None):
    tracker = await store.get_or_create_tracker("a")
    tracker.update(UserUttered(SECRET_WORDS, {"name": "tell"}, metadata={"seqs": list(seqs)}), DOMAIN)
    tracker.update(ActionExecuted("action_turn"))
    tracker.update(SlotSet("session", session), DOMAIN)
    tracker.update(BotUttered(text, {"buttons": [{"title": "是", "payload": "是"}]}))
    tracker.update(BotUttered(None, {"custom": {"turn": turn or {"child": 1}}}))
    await store.save(tracker)
    return tracker


async def test_slots_survive_a_restart(store, url):
    await talk(store, {"child": 1, "asking": "child.age"})

    tracker = await SlotStore(DOMAIN, host=url).retrieve("a")

    assert tracker.get_slot("session") == {"child": 1, "asking": "child.age"}


async def test_a_tracker_comes_back_listening_and_short(store):
    for seq in range(5):
        await talk(store, {"child": seq}, seqs=(seq,))

    tracker = await store.retrieve("a")

    assert [type(event).__name__ for event in tracker.events] == ["SlotSet", "ActionExecuted"]
    assert tracker.latest_action_name == "action_listen"


async def test_the_reply_is_stored_with_the_slots(store, url):
    await talk(store, {"child": 1}, seqs=(12, 13), text="孩子几岁了？\n\n周岁。", turn={"asking": "child.age"})

    (reply,) = load(open_state(url), "a").replies

    assert reply.seqs == (12, 13)
    assert reply.messages == ({"text": "孩子几岁了？\n\n周岁。", "buttons": [{"title": "是", "payload": "是"}]},)
    assert reply.turn == {"asking": "child.age"}


async def test_no_word_of_a_family_reaches_the_table(store, tmp_path):
    await talk(store, {"child": 1})

    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "好。".encode() in written
    assert SECRET_WORDS.encode() not in written


async def test_a_turn_without_an_answer_is_not_stored(store, url):
    tracker = await store.get_or_create_tracker("a")
    tracker.update(UserUttered(SECRET_WORDS, {"name": "tell"}), DOMAIN)
    await store.save(tracker)

    assert load(open_state(url), "a").turns == 0


async def test_a_tracker_that_was_never_read_cannot_erase_what_is_known(store, url):
    await talk(store, {"child": 1})
    stranger = SlotStore(DOMAIN, host=url)
    tracker = stranger.init_tracker("a")
    tracker.update(UserUttered("喂", {"name": "greet"}), DOMAIN)
    tracker.update(BotUttered("您好。"))

    with pytest.raises(Exception, match="not read"):
        await stranger.save(tracker)

    assert load(open_state(url), "a").slots == {"session": {"child": 1}}


async def test_a_slot_the_domain_no_longer_has_is_left_out(store, url):
    await talk(store, {"child": 1})

    tracker = await SlotStore(Domain.empty(), host=url).retrieve("a")

    assert tracker.get_slot("session") is None
