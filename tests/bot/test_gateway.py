import asyncio
from threading import Event

import pytest
from scripted import FAST, UNHURRIED, DeadRasa, ScriptedRasa, answer, said, until
from sqlalchemy.exc import OperationalError

from bot.dialogue import Dialogue
from bot.errors import Refused
from bot.gateway import Gateway
from bot.heeding import Heeding
from bot.words import words
from casework.cases import cases, claim, release
from casework.ledger import append, erase, find, messages, start
from casework.staff import add_worker
from casework.store import open_store
from knowledge.alarm import safety_words

SECRET = "a secret of at least thirty-two signs"


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/front.db", secret=SECRET)
    yield store
    store.close()


@pytest.fixture
def rasa():
    return ScriptedRasa()


@pytest.fixture
async def gateway(store, rasa):
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED)
    await gateway.start()
    yield gateway
    await gateway.stop()


@pytest.fixture
async def alone(store):
    """A gateway whose Rasa is dead."""
    gateway = Gateway(store, Dialogue("http://rasa", 1, DeadRasa()), FAST)
    await gateway.start()
    yield gateway
    await gateway.stop()


@pytest.fixture
def family(store):
    return start(store)[0].id


@pytest.fixture
def worker(store):
    return add_worker(store, "演示员", "counselor")[0].id


def bot_words(store, family):
    return lambda: said(store, family, "bot")


def card(store, family):
    return [line.text for line in messages(store, family) if line.sender == "system" and line.turn]


async def test_a_message_is_recorded_and_answered(gateway, store, family, rasa):
    rasa.script = [answer("孩子几岁了？", buttons=[{"title": "不知道", "payload": "不知道"}], asking="child.age")]

    await gateway.receive(family, "a", "想问补助")
    await until(bot_words(store, family))

    first, second = messages(store, family)
    assert ("family", "想问补助") == (first.sender, first.text)
    assert ("bot", "孩子几岁了？", "child.age") == (second.sender, second.text, second.turn["asking"])
    assert ({"title": "不知道", "payload": "不知道"},) == second.buttons


async def test_only_the_last_message_of_a_turn_carries_turn_and_buttons(gateway, store, family, rasa):
    rasa.script = [answer("好。", "孩子几岁了？", buttons=[{"title": "不知道", "payload": "不知道"}])]

    await gateway.receive(family, "a", "想问补助")
    await until(bot_words(store, family))

    assert [False, True] == [bool(message.turn and message.buttons) for message in messages(store, family)[1:]]


async def test_a_burst_is_one_turn(gateway, store, family, rasa):
    for number, text in enumerate(["儿子判了三年", "媳妇走了", "俩孙子\n跟我过"]):
        await gateway.receive(family, str(number), text)
    await until(bot_words(store, family))

    [asked] = rasa.asked
    assert "儿子判了三年\n媳妇走了\n俩孙子 跟我过" == asked["message"]
    assert {"seqs": [1, 2, 3], "alarm": "none"} == asked["metadata"]


async def test_the_same_message_again_is_one_row_and_one_turn(gateway, store, family, rasa):
    seqs = {(await gateway.receive(family, "same", "在吗")).seq for _ in range(10)}
    await until(bot_words(store, family))
    await gateway.receive(family, "same", "在吗")
    await until(lambda: not gateway._rooms)

    assert {1} == seqs
    assert ["在吗", "嗯，我在听。"] == said(store, family)
    assert 1 == len(rasa.asked)


async def test_a_message_during_a_turn_gets_the_next_turn(gateway, store, family, rasa):
    going = asyncio.Event()

    async def slow():
        await going.wait()
        return answer("第一答。")

    rasa.script = [slow, answer("第二答。")]
    await gateway.receive(family, "1", "一")
    await until(lambda: rasa.asked)
    await gateway.receive(family, "2", "二")
    going.set()
    await until(lambda: len(said(store, family, "bot")) == 2)

    assert ["一", "二", "第一答。", "第二答。"] == said(store, family)
    assert [[1], [2]] == [asked["metadata"]["seqs"] for asked in rasa.asked]


async def test_many_messages_of_many_families_lose_nothing_and_never_overlap(gateway, store, rasa):
    families = [start(store)[0].id for _ in range(6)]

    async def talk(family):
        for number in range(12):
            await gateway.receive(family, str(number), f"第{number}句")
            await asyncio.sleep(0.02 * (number % 3))

    await asyncio.gather(*(talk(family) for family in families))
    await until(lambda: not gateway._rooms)

    assert 1 == rasa.most_at_once
    for family in families:
        asked = [body for body in rasa.asked if body["sender"] == family]
        answered = [seq for body in asked for seq in body["metadata"]["seqs"]]
        everything = messages(store, family)
        assert list(range(1, len(everything) + 1)) == [message.seq for message in everything]
        assert sorted(answered) == [message.seq for message in everything if message.sender == "family"]
        assert len(asked) == len([message for message in everything if message.sender == "bot"])


async def test_danger_is_answered_with_rasa_dead(alone, store, family):
    message = await alone.receive(family, "a", "我不想活了")

    shown = [message for message in messages(store, family) if message.sender == "system"]
    expected = safety_words(("self_harm",), "urgent", "self", store.clock())
    assert list(expected) == [line.text for line in shown]
    assert all({"level": "urgent", "kinds": ["self_harm"]} == line.turn["safety"] for line in shown)
    [case] = cases(store, "waiting")
    assert ("counselor", "urgent", "danger") == (case.queue, case.urgency, case.reason)
    assert [{"seq": message.seq, "level": "urgent", "kinds": ["self_harm"], "by": "words"}] == case.packet["danger"]
    assert "不想活" not in str(case.packet)
    assert find(store, family).harm


async def test_a_card_that_a_crash_tore_is_completed(alone, store, family):
    warm, *rest = safety_words(("self_harm",), "urgent", "self", store.clock())
    append(store, family, "family", "我不想活了", "a")
    append(store, family, "system", warm, "safety-1-0", turn={"safety": {"level": "urgent", "kinds": ["self_harm"]}})

    await alone.receive(family, "a", "我不想活了")

    assert [warm, *rest] == card(store, family)
    assert ["danger"] == [case.reason for case in cases(store, "waiting")]


async def test_rasa_is_told_of_the_alarm(gateway, store, family, rasa):
    await gateway.receive(family, "1", "你好")
    await gateway.receive(family, "2", "我不想活了")
    await until(bot_words(store, family))

    assert ["urgent"] == [asked["metadata"]["alarm"] for asked in rasa.asked]


async def test_one_story_shows_one_card_until_it_gets_worse(alone, store, family):
    await asyncio.gather(*(alone.receive(family, str(number), "我不想活了") for number in range(5)))
    once = len(card(store, family))

    await alone.receive(family, "worse", "我割腕了，现在流血")

    assert len(safety_words(("self_harm",), "urgent", "self", store.clock())) == once
    assert 2 * once == len(card(store, family))
    assert ["emergency"] == [case.urgency for case in cases(store, "waiting")]


async def test_a_reply_that_comes_after_the_claim_is_dropped(gateway, store, family, rasa, worker):
    going = asyncio.Event()

    async def late():
        await going.wait()
        return answer("来晚了。", handoff={"queue": "caseworker", "urgency": "urgent", "reason": "asked"})

    rasa.script = [answer(handoff={"queue": "caseworker", "urgency": "routine", "reason": "asked"}), late]
    await gateway.receive(family, "1", "转人工")
    await until(bot_words(store, family))
    await gateway.receive(family, "2", "在吗")
    await until(lambda: len(rasa.asked) == 2)
    claimed = claim(store, cases(store, "waiting")[0].ref, worker)
    going.set()
    await until(lambda: not gateway._rooms)

    assert [] == [message for message in messages(store, family, claimed.seq - 1) if message.sender == "bot"]
    assert ["routine"] == [case.urgency for case in cases(store, "active")]


async def test_while_a_worker_holds_it_only_the_alarm_speaks(gateway, store, family, rasa, worker):
    rasa.script = [answer(handoff={"queue": "caseworker", "urgency": "routine", "reason": "asked"})]
    await gateway.receive(family, "1", "转人工")
    await until(lambda: not gateway._rooms)
    ref = cases(store, "waiting")[0].ref
    claim(store, ref, worker)

    await gateway.receive(family, "2", "谢谢您")
    await gateway.receive(family, "3", "我不想活了")
    await until(lambda: not gateway._rooms)

    assert 1 == len(rasa.asked)
    assert said(store, family, "system")
    assert ["urgent"] == [case.urgency for case in cases(store, "active")]
    release(store, ref, worker)
    await gateway.receive(family, "4", "再问一句")
    await until(lambda: not gateway._rooms)
    assert [[1], [4 + len(said(store, family, "system")) + 1]] == [body["metadata"]["seqs"] for body in rasa.asked]


async def test_a_long_text_to_a_worker_brings_no_word_about_the_assistant(gateway, store, family, worker):
    await gateway.receive(family, "1", "我不想活了")
    await until(lambda: not gateway._rooms)
    claimed = claim(store, cases(store, "waiting")[0].ref, worker)

    await gateway.receive(family, "2", "长" * 5_000)

    assert ["family"] == [message.sender for message in messages(store, family, claimed.seq - 1)]


async def test_words_that_a_broken_request_left_are_answered_without_a_new_one(gateway, store, family, rasa):
    append(store, family, "family", "我不想活了", "kept, but the answer was lost")

    await until(bot_words(store, family))

    assert said(store, family, "system")
    assert [[1]] == [body["metadata"]["seqs"] for body in rasa.asked]


async def test_a_new_front_door_takes_up_what_the_dead_one_left(store, family, rasa):
    append(store, family, "family", "我不想活了", "a")

    gateway = Gateway(store, rasa.dialogue(), UNHURRIED)
    await gateway.start()
    await until(bot_words(store, family))
    await gateway.stop()

    assert said(store, family, "system")
    assert 1 == len(cases(store, "waiting"))
    assert [[1]] == [body["metadata"]["seqs"] for body in rasa.asked]


@pytest.mark.parametrize(
    "nothing",
    [
        {"messages": [], "turn": None},
        {"messages": [], "turn": {"child": 1}},
        {"messages": [{"text": "嗯"}], "turn": None},
        {"messages": "?", "turn": {"child": 1}},
        {},
        [],
        500,
        503,
    ],
)
async def test_no_whole_turn_is_asked_for_again(gateway, store, family, rasa, nothing):
    rasa.script = [nothing, answer("好了。")]

    await gateway.receive(family, "1", "在吗")
    await until(bot_words(store, family))

    assert ["在吗", "好了。"] == said(store, family)


async def test_a_long_absence_is_told_once_and_then_brings_a_case(alone, store, family):
    await alone.receive(family, "1", "在吗")
    await alone.receive(family, "2", "有人吗")
    [case] = await until(lambda: cases(store, "waiting"))

    assert [words()["system"]["away"]["text"]] == said(store, family, "system")
    assert ("caseworker", "routine", "trouble") == (case.queue, case.urgency, case.reason)


async def test_a_person_can_be_asked_for_while_the_assistant_is_away(alone, store, family):
    await alone.receive(family, "1", "转人工")
    [case] = await until(lambda: cases(store, "waiting"))
    await until(lambda: said(store, family, "system"))

    assert "asked" == case.reason
    assert words()["system"]["asked"] == said(store, family, "system")[0]


async def test_after_an_absence_everything_is_answered_at_once(store, family, rasa):
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED)
    await gateway.start()
    rasa.script = [503, 503, 503]
    await gateway.receive(family, "1", "一")
    await until(lambda: rasa.asked)
    await gateway.receive(family, "2", "二")
    await until(bot_words(store, family))
    await until(lambda: not gateway._rooms)
    await gateway.stop()

    assert ["一", "二", "嗯，我在听。"] == said(store, family)


async def test_a_handoff_opens_a_case_with_what_is_known(gateway, store, family, rasa):
    await gateway.receive(family, "1", "儿子判了三年")
    await until(bot_words(store, family))
    missing = {"id": "defacto_living", "outcome": "needs_facts", "missing": ["child.age"], "because": [], "sources": []}
    rasa.script = [
        answer(
            "已经请了。",
            facts={"father.situation": ["imprisoned"]},
            partial={"child.age": {"min": 7, "max": 8}},
            evidence={"father.situation": [{"seq": 1, "words": "判了三年"}]},
            results=[missing],
            handoff={"queue": "caseworker", "urgency": "routine", "reason": "asked"},
        )
    ]
    await gateway.receive(family, "2", "找人")
    await until(lambda: "已经请了。" in said(store, family))

    [child] = cases(store, "waiting")[0].packet["children"]
    assert [{"id": "father.situation", "value": ["imprisoned"], "said": [{"seq": 1, "words": "判了三年"}]}] == child[
        "facts"
    ]
    assert {"child.age": {"min": 7, "max": 8}} == child["partial"]
    assert ["child.age"] == child["open"]
    assert ["needs_facts"] == [result["outcome"] for result in child["results"]]


async def test_danger_that_only_the_model_saw_shows_the_card(gateway, store, family, rasa):
    rasa.script = [answer("你现在身边有人吗？", safety={"level": "urgent", "kinds": ["self_harm"]})]
    await gateway.receive(family, "1", "今天把猫托给邻居了")
    await until(bot_words(store, family))

    senders = [message.sender for message in messages(store, family)]
    assert ["family", "system", "system", "system", "system", "bot"] == senders
    assert ["counselor"] == [case.queue for case in cases(store, "waiting")]
    assert find(store, family).harm


async def test_the_safety_words_that_rasa_said_itself_are_not_said_twice(gateway, store, family, rasa):
    warm, question, numbers, asked = safety_words(("self_harm",), "urgent", True, store.clock())
    choice = {"title": "现在安全", "payload": "现在安全"}
    danger = {"level": "urgent", "kinds": ["self_harm"]}
    rasa.script = [answer(warm, question, numbers, asked, buttons=[choice], safety=danger)]
    await gateway.receive(family, "1", "今天把猫托给邻居了")
    await until(bot_words(store, family))

    last = messages(store, family)[-1]
    assert [warm, numbers, asked] == said(store, family, "system")
    assert (question, (choice,), danger) == (last.text, last.buttons, last.turn["safety"])


async def test_a_long_text_is_kept_whole_and_read_in_part(gateway, store, family, rasa):
    text = "长" * 10_000
    await gateway.receive(family, "1", text)
    await until(bot_words(store, family))

    assert text == said(store, family, "family")[0]
    assert [words()["system"]["long"]] == said(store, family, "system")
    assert 4000 == len(rasa.asked[0]["message"])


@pytest.mark.parametrize("text", ["", "  \n\t", "\u200b\u200d", "\u3000"])
async def test_a_text_without_a_sign_is_refused(gateway, store, family, text):
    with pytest.raises(Refused) as error:
        await gateway.receive(family, "1", text)

    assert (422, "empty") == (error.value.status, error.value.word)
    assert [] == messages(store, family)


async def test_a_text_beyond_measure_is_refused(gateway, store, family):
    with pytest.raises(Refused) as error:
        await gateway.receive(family, "1", "长" * 20_001)

    assert 413 == error.value.status
    assert [] == messages(store, family)


@pytest.mark.parametrize(
    "text", ["😭😭", "/restart", "<script>alert(1)</script>", "help me please", "孩子沒人管", "\ud800半个", "a\x00b"]
)
async def test_odd_texts_go_through(gateway, store, family, text):
    await gateway.receive(family, "1", text)
    await until(bot_words(store, family))

    assert 2 == len(messages(store, family))


async def test_whoever_watches_sees_each_message_once_and_in_order(gateway, store, family):
    seen = []

    async def look():
        async for new in gateway.watch(family):
            seen.extend(message.seq for message in new)

    looking = asyncio.create_task(look())
    for number in range(3):
        await gateway.receive(family, str(number), "在吗")
        await until(lambda: not gateway._rooms)
    await until(lambda: len(seen) == 6)
    looking.cancel()

    assert [1, 2, 3, 4, 5, 6] == seen


async def test_a_conversation_erased_in_mid_turn_is_forgotten_again(store, family, rasa):
    forgotten, going = [], asyncio.Event()
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED, forgotten.extend)

    async def slow():
        await going.wait()
        return answer("来晚了。")

    rasa.script = [slow]
    await gateway.receive(family, "1", "在吗")
    await until(lambda: rasa.asked)
    await gateway.erase(family)
    going.set()
    await until(lambda: not gateway._rooms)
    await gateway.stop()

    assert [family, family] == forgotten
    assert [] == messages(store, family)


async def test_a_conversation_erased_while_its_turn_is_recorded_is_forgotten_again(store, family, rasa, monkeypatch):
    forgotten = []
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED, forgotten.extend)

    def erased_just_now(*_):
        erase(store, family)
        return []

    monkeypatch.setattr("bot.record.recent", erased_just_now)
    rasa.script = [answer("好。", handoff={"queue": "caseworker", "urgency": "routine", "reason": "asked"})]
    await gateway.receive(family, "1", "转人工")
    await until(lambda: not gateway._rooms)
    await gateway.stop()

    assert [family] == forgotten


@pytest.mark.parametrize("is_done", [True, False])
async def test_an_erasing_whose_answer_got_lost_is_looked_at_again(store, family, rasa, monkeypatch, is_done):
    forgotten = []
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED, forgotten.extend)
    await gateway.start()

    def unheard(*words):
        if is_done:
            erase(*words)
        raise OperationalError("lost", None, Exception("lost"))

    with monkeypatch.context() as broken:
        broken.setattr("bot.gateway.erase", unheard)
        with pytest.raises(OperationalError):
            await gateway.erase(family)
    await until(lambda: not gateway._doubted)
    await gateway.stop()

    assert ([family] if is_done else []) == forgotten


async def test_a_cleaning_from_before_an_erasing_does_not_count_for_it(store, family, rasa, monkeypatch):
    """It ended late, after the one of the erasing had failed: the words stood in the log for good."""
    results, held_up = iter((True, False, False)), Event()
    late = Event()

    def scrubbed(_):
        result = next(results, True)
        if result and not held_up.is_set():
            held_up.set()
            late.wait(10)
        return result

    monkeypatch.setattr("bot.gateway.scrub", scrubbed)
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED)
    before = asyncio.create_task(gateway._clean())
    await asyncio.to_thread(held_up.wait, 10)
    await gateway.erase(family)
    late.set()
    await before
    assert gateway._cleaned < gateway._erasings
    await gateway._clean()
    await gateway._clean()

    assert gateway._cleaned == gateway._erasings


async def test_words_of_danger_are_heeded_before_they_can_be_erased(gateway, store, family):
    """They were recorded, the front door died, and the family erases before the next one has looked."""
    append(store, family, "family", "我不想活了", "1", is_alarm=True)

    assert "harm" == (await gateway.erase(family)).kept
    assert ["urgent"] == [case.urgency for case in cases(store, "waiting")]
    assert card(store, family)


async def test_one_conversation_that_breaks_us_holds_up_no_other(store, family, rasa, monkeypatch):
    other, _ = start(store)
    append(store, family, "family", "我不想活了", "1", is_alarm=True)
    append(store, other.id, "family", "在吗", "1")
    heed = Heeding.heed

    async def broken(self, message, is_owed=False):
        if message.conversation == family:
            raise KeyError("a fault of ours")
        await heed(self, message, is_owed)

    monkeypatch.setattr(Heeding, "heed", broken)
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED)
    await gateway.start()
    await until(lambda: said(store, other.id, "bot"))
    await gateway.stop()


async def test_watching_ends_with_the_conversation(gateway, store, family):
    async def look():
        return [message.seq async for new in gateway.watch(family) for message in new]

    looking = asyncio.create_task(look())
    append(store, family, "system", "一", "1")
    await asyncio.sleep(0)
    erase(store, family)
    gateway.notice(family)

    assert await asyncio.wait_for(looking, 10) in ([1], [])


async def test_a_number_reaches_neither_rasa_nor_the_packet(gateway, store, family, rasa):
    rasa.script = [answer("好。", handoff={"queue": "caseworker", "urgency": "routine", "reason": "asked"})]

    await gateway.receive(family, "a", "打我电话138 0000 1234，他身份证11010519491231002X")
    await until(bot_words(store, family))

    [asked] = rasa.asked
    assert f"打我电话{'•' * 13}，他身份证{'•' * 18}" == asked["message"]
    assert "1380000" not in str(cases(store, "waiting")[0].packet)


async def test_danger_beside_a_number_is_heard(gateway, store, family):
    await gateway.receive(family, "a", "13800001234我不想活了")

    assert ["danger"] == [case.reason for case in cases(store, "waiting")]
