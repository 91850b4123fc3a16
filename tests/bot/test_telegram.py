import asyncio
import json
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
import structlog
from fake_bot_api import TOKEN, FakeBotApi
from hypothesis import given
from hypothesis import strategies as st
from scripted import FAST, UNHURRIED, DeadRasa, ScriptedRasa, answer, said, until
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from bot.app import build
from bot.channels.telegram import Telegram, channel
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.speech import LONGEST, card_text, first_words, pieces, telegram_words
from bot.dialogue import Dialogue
from bot.gateway import Gateway
from bot.logs import configure
from bot.settings import ROOT, WEBHOOK_PATH, load_settings
from bot.words import words
from casework.cases import cases, claim, open_case, reply
from casework.delivery import LEASE
from casework.ledger import append, by_address, erase, find, start
from casework.outbox import due
from casework.staff import add_worker
from casework.store import open_store, utc_now
from casework.tables import conversation as conversations
from casework.tables import outbox
from knowledge.alarm import safety_words

LI, WANG = 71, 72
SECRET = "a-secret-of-the-webhook"


class Clock:
    """The real time, moved forward by the test."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return utc_now() + self.ahead


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def api(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    api = FakeBotApi().start()
    yield api
    api.stop()


@pytest.fixture
def store(tmp_path, clock):
    store = open_store(f"sqlite:///{tmp_path}/front.db", clock, SECRET)
    yield store
    store.close()


@pytest.fixture
def rasa():
    return ScriptedRasa()


@pytest.fixture
def settings(tmp_path, api):
    given = {"TONGXING_VAR": str(tmp_path), "RASA_PORT": "1", "ACTIONS_PORT": "2"}
    return load_settings({**given, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url}, ROOT)


@pytest.fixture
def forgotten():
    return []


@pytest.fixture
async def gateway(store, rasa, forgotten):
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED, forgotten.extend)
    await gateway.start()
    yield gateway
    await gateway.stop()


@pytest.fixture
async def telegram(gateway, settings):
    telegram = Telegram(gateway, settings)
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
def worker(store):
    return add_worker(store, "演示员", "counselor")[0].id


def held(store, chat):
    return by_address(store, "telegram", str(chat))


def ledger(store, chat, sender=None):
    """What was said in this chat so far; nothing when there is no conversation."""
    found = held(store, chat)
    return said(store, found.id, sender) if found else []


def rows(store):
    with store.reading() as connection:
        return connection.execute(select(outbox)).all()


async def acknowledged(api):
    """Everything pushed was confirmed by a later getUpdates."""
    await until(lambda: not api.updates)


# First words


async def test_start_is_answered_with_who_we_are_what_we_keep_and_what_telegram_sees(telegram, api, store):
    api.write(LI, "/start")
    await until(lambda: api.of(LI))
    await acknowledged(api)

    [first] = api.of(LI)
    page = words()["page"]
    assert first_words()[0] == first["text"]
    for line in (page["first"]["hello"], *page["first"]["promise"], *telegram_words()["privacy"]):
        assert line in first["text"]
    assert page["first"]["starters"] == [row[0]["text"] for row in first["keys"]]
    assert [] == ledger(store, LI, "family")


async def test_whoever_begins_without_start_reads_the_first_words_too(telegram, api, store):
    api.write(LI, "想问补助")
    await until(lambda: len(api.of(LI)) == 2)

    assert [first_words()[0], "嗯，我在听。"] == api.texts(LI)
    assert ["想问补助"] == ledger(store, LI, "family")


async def test_start_again_says_them_again_in_the_same_conversation(telegram, api, store):
    api.write(LI, "/start")
    api.write(LI, "/start from_a_poster")
    await until(lambda: len(api.of(LI)) == 2)

    assert [first_words()[0]] * 2 == ledger(store, LI)


async def test_start_says_nothing_beside_a_worker(telegram, api, store, worker):
    api.write(LI, "/start")
    await until(lambda: api.of(LI))
    claim(store, open_case(store, held(store, LI).id, "caseworker", "routine", "asked").ref, worker)
    api.write(LI, "/start")
    await acknowledged(api)

    assert [first_words()[0]] == ledger(store, LI)


# Words


async def test_a_message_is_recorded_answered_and_acknowledged(telegram, api, store, rasa):
    rasa.script = [answer("好。", "孩子几岁了？", asking="child.age")]

    api.write(LI, "想问补助")
    await until(lambda: len(api.of(LI)) == 3)
    await acknowledged(api)

    assert ["好。", "孩子几岁了？"] == api.texts(LI)[1:]
    await until(lambda: all(row.delivered_at for row in rows(store)))
    assert "telegram" == held(store, LI).channel


async def test_every_chat_has_its_own_conversation(telegram, api, store):
    api.write(LI, "一")
    api.write(WANG, "二")
    await until(lambda: len(api.of(LI)) == len(api.of(WANG)) == 2)

    assert (["一"], ["二"]) == (ledger(store, LI, "family"), ledger(store, WANG, "family"))


@pytest.mark.parametrize("text", ["/help", "/restart", "/stopp", "请删除对话", "<b>*_`[x](y)"])
async def test_other_commands_and_signs_are_text(telegram, api, store, text):
    api.write(LI, text)
    await until(lambda: ledger(store, LI, "bot"))

    assert [text] == ledger(store, LI, "family")


async def test_nothing_is_parsed_and_no_page_is_previewed(telegram, api, store):
    api.write(LI, "在吗")
    await until(lambda: len(api.of(LI)) == 2)

    assert all("parse_mode" not in sent for sent in api.of(LI))
    assert [True, True] == [json.loads(sent["link_preview_options"])["is_disabled"] for sent in api.of(LI)]


async def test_an_edited_message_is_a_new_message_marked_as_a_correction(telegram, api, store):
    wrong = api.write(LI, "判了三年")
    await until(lambda: ledger(store, LI, "bot"))
    api.edit(wrong, "判了两年")
    await until(lambda: len(ledger(store, LI, "bot")) == 2)

    assert ["判了三年", "更正：判了两年"] == ledger(store, LI, "family")


async def test_blanks_are_answered_and_not_recorded(telegram, api, store):
    api.write(LI, " \u200b ")
    await until(lambda: len(api.of(LI)) == 2)

    assert words()["errors"]["empty"] == api.texts(LI)[1]
    assert [] == ledger(store, LI, "family")


# What cannot be read


@pytest.mark.parametrize(
    "thing, kind",
    [
        ({"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]}, "图片"),
        ({"voice": {"file_id": "a", "file_unique_id": "a", "duration": 3}}, "语音"),
        ({"document": {"file_id": "a", "file_unique_id": "a"}}, "文件"),
        ({"location": {"latitude": 1.0, "longitude": 1.0}}, "位置"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "打字以外的内容"),
    ],
)
async def test_what_cannot_be_read_gets_a_kind_line_and_is_not_fetched(telegram, api, store, thing, kind):
    api.write(LI, **thing)
    await until(lambda: len(api.of(LI)) == 2)

    assert telegram_words()["unread"].format(kind=kind) == api.texts(LI)[1]
    assert api.texts(LI) == ledger(store, LI, "system")
    assert [] == api.called("getFile")


async def test_the_words_beside_a_picture_are_read(telegram, api, store):
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]
    api.write(LI, photo=photo, caption="这是低保证")
    await until(lambda: ledger(store, LI, "bot"))

    assert ["这是低保证"] == ledger(store, LI, "family")
    assert telegram_words()["unread_caption"].format(kind="图片") in ledger(store, LI, "system")


async def test_an_album_and_a_row_of_stickers_get_one_line_each(telegram, api, store):
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]
    sticker = {"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1, "type": "regular"}
    sticker |= {"is_animated": False, "is_video": False}
    for _ in range(3):
        api.write(LI, photo=photo, media_group_id="9")
    api.write(LI, "看到了吗")
    await until(lambda: ledger(store, LI, "bot"))
    for _ in range(3):
        api.write(LI, sticker=sticker)
    await acknowledged(api)

    lines = [telegram_words()["unread"].format(kind=kind) for kind in ("图片", "表情图")]
    assert lines == ledger(store, LI, "system")[1:]


async def test_a_pinned_message_is_nobody_speaking(telegram, api, store):
    api.write(LI, pinned_message={"message_id": 1, "date": 0, "chat": {"id": LI, "type": "private"}})
    await acknowledged(api)

    assert held(store, LI) is None


async def test_groups_channels_and_other_bots_are_not_listened_to(telegram, api, store):
    for kind in ("group", "supergroup", "channel"):
        api.write(LI, "大家好", chat={"id": -5, "type": kind, "title": "演示"})
    api.write(LI, "我是机器", **{"from": {"id": 9, "is_bot": True, "first_name": "机"}})
    api.push(channel_post={"message_id": 1, "date": 0, "chat": {"id": -6, "type": "channel"}, "text": "公告"})
    await acknowledged(api)

    with store.reading() as connection:
        assert [] == connection.execute(select(conversations)).all()
    assert [] == api.sent


# Buttons


def asks(*titles):
    return answer("多久了？", buttons=[{"title": title, "payload": f"{title}了"} for title in titles])


async def test_a_tap_says_the_words_of_its_button_and_takes_the_keys_away(telegram, api, store, rasa):
    rasa.script = [asks("半年以上", "不到半年")]
    api.write(LI, "妈妈走了")
    await until(lambda: len(api.of(LI)) == 2)
    question = api.of(LI)[1]
    api.tap(LI, "不到半年")
    await until(lambda: len(api.of(LI)) == 3 and api.called("editMessageReplyMarkup"))

    assert [["半年以上", "不到半年"]] == [[key["text"] for key in row] for row in question["keys"]]
    assert ["妈妈走了", "不到半年了"] == ledger(store, LI, "family")
    assert ["已选：不到半年"] == [given["text"] for given in api.called("answerCallbackQuery")]
    [cleared] = api.called("editMessageReplyMarkup")
    assert (str(question["message_id"]), None) == (cleared["message_id"], cleared.get("reply_markup"))


async def test_a_key_carries_no_words_and_nothing_that_opens_the_conversation(telegram, api, store, rasa):
    rasa.script = [asks("半年以上")]
    api.write(LI, "妈妈走了")
    await until(lambda: len(api.of(LI)) == 2)

    data = api.of(LI)[1]["keys"][0][0]["callback_data"]
    assert data.isascii()
    assert held(store, LI).id not in data


async def test_the_same_key_twice_is_said_once_and_another_key_is_a_change_of_mind(telegram, api, store, rasa):
    going = asyncio.Event()

    async def slow():
        await going.wait()
        return answer("好。")

    rasa.script = [asks("半年以上", "不到半年"), slow]
    api.write(LI, "妈妈走了")
    await until(lambda: len(api.of(LI)) == 2)
    for title in ("半年以上", "半年以上", "不到半年"):
        api.tap(LI, title)
    await until(lambda: len(api.called("answerCallbackQuery")) == 3)
    going.set()

    assert ["妈妈走了", "半年以上了", "不到半年了"] == ledger(store, LI, "family")


async def test_a_key_under_an_answered_question_says_nothing(telegram, api, store, rasa):
    rasa.script = [asks("半年以上"), answer("几个孩子？")]
    api.write(LI, "妈妈走了")
    await until(lambda: len(api.of(LI)) == 2)
    api.write(LI, "一年多")
    await until(lambda: len(api.of(LI)) == 3)
    api.tap(LI, "半年以上")
    await until(lambda: api.called("editMessageReplyMarkup"))

    assert ["妈妈走了", "一年多"] == ledger(store, LI, "family")
    assert [telegram_words()["stale"]] == [given["text"] for given in api.called("answerCallbackQuery")]


@pytest.mark.parametrize("data", ["", "x", "0123456789:1:0", "0123456789:99999999999:0", "删除对话"])
async def test_a_key_that_is_not_ours_says_nothing(telegram, api, store, data):
    api.write(LI, "在吗")
    await until(lambda: len(api.of(LI)) == 2)
    api.press(LI, data)
    await until(lambda: api.called("answerCallbackQuery"))

    assert ["在吗"] == ledger(store, LI, "family")


async def test_a_starter_is_tapped_like_any_button(telegram, api, store):
    starter = words()["page"]["first"]["starters"][0]
    api.write(LI, "/start")
    await until(lambda: api.of(LI))
    api.tap(LI, starter)
    await until(lambda: ledger(store, LI, "bot"))

    assert [starter] == ledger(store, LI, "family")


# Long texts and results


async def test_a_long_answer_is_cut_at_its_ends_and_the_keys_stand_last(telegram, api, store, rasa):
    story = "".join(f"第{number}条，说明在这里。" for number in range(1000))
    rasa.script = [answer(story, buttons=[{"title": "好", "payload": "好"}])]
    api.write(LI, "全说")
    await until(lambda: len(api.of(LI)) == 4)

    texts = api.texts(LI)[1:]
    assert story == "".join(texts)
    assert all(text.endswith("。") and len(text) <= LONGEST for text in texts)
    assert [0, 0, 1] == [len(sent["keys"]) for sent in api.of(LI)[1:]]


@given(st.text(st.sampled_from("字。，\n \u3000a😀"), max_size=200), st.integers(4, 40))
def test_pieces_lose_nothing_but_blanks_and_are_never_too_long(text, longest):
    found = pieces(text, longest)

    assert all(piece.strip() and len(piece.encode("utf-16-le")) // 2 <= longest for piece in found)
    assert "".join(text.split()) == "".join("".join(found).split())


def test_a_piece_ends_after_a_line_before_a_sentence_before_a_comma():
    assert ["一二。三四", "五六七八"] == pieces("一二。三四\n五六七八", 7)
    assert ["一二三。", "四五，六七八九"] == pieces("一二三。四五，六七八九", 8)
    assert ["一二三，", "四五六七八九"] == pieces("一二三，四五六七八九", 7)


CARD = {
    "id": "dibao",
    "title": "低保",
    "outcome": "eligible",
    "outcome_text": "符合条件，可以申请，由主管部门认定",
    "lines": ["户口所在地乡镇办。"],
    "sources": [{"text": "国发〔2014〕1号"}, {"text": "民发〔2021〕57号"}],
    "next": "带户口本去乡镇。",
}


async def test_results_come_as_text_with_their_sources_before_the_question(telegram, api, store, rasa):
    rasa.script = [answer("还有残疾证吗？", buttons=[{"title": "有", "payload": "有"}], cards=[CARD, CARD])]
    api.write(LI, "看结果")
    await until(lambda: len(api.of(LI)) == 3)

    _, cards, question = api.of(LI)
    assert f"{card_text(CARD)}\n\n{card_text(CARD)}" == cards["text"]
    assert ("还有残疾证吗？", 1) == (question["text"], len(question["keys"]))
    assert [
        "【低保】符合条件，可以申请，由主管部门认定",
        "· 户口所在地乡镇办。",
        "下一步：带户口本去乡镇。",
        "依据：国发〔2014〕1号；民发〔2021〕57号",
    ] == card_text(CARD).splitlines()


# Other speakers


async def test_a_workers_words_arrive_and_the_bot_is_silent(telegram, api, store, gateway, worker, rasa):
    api.write(LI, "转人工")
    await until(lambda: len(api.of(LI)) == 2)
    case = open_case(store, held(store, LI).id, "caseworker", "routine", "asked")
    claim(store, case.ref, worker)
    reply(store, case.ref, worker, "我是老王，电话 0598-1234567，我来帮您办。", "w1")
    gateway.notice(case.conversation)
    await until(lambda: len(api.of(LI)) == 3)
    api.write(LI, "太好了")
    await acknowledged(api)

    assert "工作人员：我是老王，电话 0598-1234567，我来帮您办。" == api.texts(LI)[2]
    assert "太好了" == ledger(store, LI)[-1]
    assert 1 == len(rasa.asked)


async def test_the_safety_card_arrives_with_a_dead_rasa(store, api, settings):
    gateway = Gateway(store, Dialogue("http://rasa", 1, DeadRasa()), FAST)
    await gateway.start()
    telegram = Telegram(gateway, settings)
    await telegram.start()
    api.write(LI, "我不想活了")
    line = words()["system"]["away"]["text"]
    await until(lambda: line in api.texts(LI))
    await telegram.stop()
    await gateway.stop()

    card = safety_words(("self_harm",), "urgent", "self", store.clock())
    assert [first_words()[0], *card, line] == api.texts(LI)[: len(card) + 2]
    assert ["danger"] == [case.reason for case in cases(store, "waiting")]


# Erasing


@pytest.mark.parametrize("command", ["/stop", "/STOP@tongxing_bot", " 删除对话 "])
async def test_erasing_deletes_and_says_so_and_the_next_word_begins_anew(telegram, api, store, forgotten, command):
    api.write(LI, "在吗")
    await until(lambda: len(api.of(LI)) == 2)
    before = held(store, LI).id
    api.write(LI, command)
    await until(lambda: len(api.of(LI)) == 3)
    api.write(LI, "又来了")
    await until(lambda: len(api.of(LI)) == 5)

    assert f"{words()['system']['erased']}\n{telegram_words()['on_the_phone']}" == api.texts(LI)[2]
    assert (None, [before]) == (find(store, before), forgotten)
    assert ["又来了"] == ledger(store, LI, "family")
    assert first_words()[0] == api.texts(LI)[3]


async def test_what_must_be_kept_is_said_when_erasing(telegram, api, store):
    api.write(LI, "我不想活了")
    await until(lambda: cases(store, "waiting"))
    before = held(store, LI).id
    api.write(LI, "删除对话")
    await until(lambda: any(words()["system"]["kept_harm"] in text for text in api.texts(LI)))

    assert find(store, before).erased_at
    assert held(store, LI) is None


async def test_erasing_nothing_makes_no_conversation(telegram, api, store):
    api.write(LI, "/stop")
    await until(lambda: api.of(LI))

    assert [f"{telegram_words()['nothing_to_erase']}\n{telegram_words()['on_the_phone']}"] == api.texts(LI)
    assert held(store, LI) is None


async def test_an_erasing_that_comes_again_does_not_touch_what_was_said_since(telegram, api, store):
    api.write(LI, "在吗")
    again = api.write(LI, "删除对话")
    await until(lambda: api.of(LI) and held(store, LI) is None)
    api.write(LI, "又来了")
    await until(lambda: ledger(store, LI, "family"))
    await telegram._inbox.take(again)

    assert ["又来了"] == ledger(store, LI, "family")


async def test_the_rest_of_a_long_message_is_not_sent_after_it_was_erased(gateway, store):
    family = start(store, "telegram", str(LI))[0].id
    append(store, family, "system", "长。" * LONGEST, "s1")
    shown = []

    async def send_message(address, text, **more):
        shown.append(text)
        erase(store, family)

    sender = Sender(SimpleNamespace(send_message=send_message), gateway)
    [delivery] = due(store, store.clock(), 1)
    sender._going[delivery.place] = asyncio.current_task()
    await sender._carry(delivery)

    assert 1 == len(shown)


async def test_a_key_of_an_erased_conversation_says_nothing_in_the_new_one(telegram, api, store, rasa):
    rasa.script = [asks("半年以上"), asks("一个"), answer("好。")]
    api.write(LI, "妈妈走了")
    await until(lambda: len(api.of(LI)) == 2)
    old = api.of(LI)[1]["keys"][0][0]["callback_data"]
    api.write(LI, "删除对话")
    api.write(LI, "再问问")
    await until(lambda: len(api.of(LI)) == 5)
    api.press(LI, old)
    await until(lambda: api.called("answerCallbackQuery"))

    assert ["再问问"] == ledger(store, LI, "family")


# Faults on the way in


async def test_a_database_that_is_away_for_a_moment_loses_nothing(gateway, api, store, settings, monkeypatch):
    taken, receive = [], gateway.receive

    async def failing(*given):
        taken.append(given)
        if len(taken) < 6:
            raise OperationalError("insert", {}, Exception("locked"))
        return await receive(*given)

    monkeypatch.setattr(gateway, "receive", failing)
    telegram = Telegram(gateway, settings)
    await telegram.start()
    api.write(LI, "在吗")
    await until(lambda: ledger(store, LI, "bot"))
    await telegram.stop()

    assert ["在吗"] == ledger(store, LI, "family")


async def test_dying_between_getting_and_recording_loses_nothing(gateway, api, store, settings, monkeypatch):
    stuck, receive = asyncio.Event(), gateway.receive

    async def never(*given):
        stuck.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(gateway, "receive", never)
    first = Telegram(gateway, settings)
    await first.start()
    api.write(LI, "在吗")
    await stuck.wait()
    await first.stop()
    monkeypatch.setattr(gateway, "receive", receive)
    second = Telegram(gateway, settings)
    await second.start()
    await until(lambda: ledger(store, LI, "bot"))
    await acknowledged(api)
    await second.stop()

    assert [first_words()[0], "在吗", "嗯，我在听。"] == ledger(store, LI)


async def test_dying_between_recording_and_acknowledging_doubles_nothing(gateway, api, store, settings, monkeypatch):
    stuck, receive = asyncio.Event(), gateway.receive

    async def recorded(*given):
        await receive(*given)
        stuck.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(gateway, "receive", recorded)
    first = Telegram(gateway, settings)
    await first.start()
    api.write(LI, "在吗")
    await stuck.wait()
    await first.stop()
    monkeypatch.setattr(gateway, "receive", receive)
    second = Telegram(gateway, settings)
    await second.start()
    await acknowledged(api)
    await until(lambda: ledger(store, LI, "bot"))
    await second.stop()

    assert ["在吗"] == ledger(store, LI, "family")
    assert 1 == len(ledger(store, LI, "system"))


async def test_an_update_nobody_can_read_does_not_stop_the_others(telegram, api, store):
    api.push(message={"chat": "?"})
    api.push(message="?")
    api.write(LI, "在吗")
    await until(lambda: ledger(store, LI, "bot"))

    assert ["在吗"] == ledger(store, LI, "family")


async def test_an_update_that_breaks_us_each_time_is_left_after_three_tries(telegram, gateway, api, store, monkeypatch):
    receive = gateway.receive

    async def broken(conversation_id, client_id, text):
        if text == "坏":
            raise RuntimeError("a fault of ours")
        return await receive(conversation_id, client_id, text)

    monkeypatch.setattr(gateway, "receive", broken)
    api.write(LI, "坏")
    api.write(WANG, "好")
    await until(lambda: ledger(store, WANG, "bot"))

    assert ["好"] == ledger(store, WANG, "family")


async def test_a_webhook_of_earlier_days_is_taken_away(api, gateway, settings, store):
    api.webhook = "https://old.example/hook"
    telegram = Telegram(gateway, settings)
    await telegram.start()
    api.write(LI, "在吗")
    await until(lambda: ledger(store, LI, "bot"))
    await telegram.stop()

    assert api.webhook is None


@pytest.mark.parametrize("status, parameters", [(500, None), (502, None), (429, {"retry_after": 1}), (401, None)])
async def test_asking_goes_on_after_a_fault(telegram, api, store, status, parameters):
    api.faults = [("getUpdates", "", status, parameters)]
    api.write(LI, "在吗")
    await until(lambda: ledger(store, LI, "bot"))

    assert ["在吗"] == ledger(store, LI, "family")


# Faults on the way out


async def test_a_blocked_family_is_given_up_and_others_are_not_held_up(telegram, api, store):
    api.blocked = {LI}
    api.write(LI, "在吗")
    api.write(WANG, "在吗")
    await until(lambda: len(api.of(WANG)) == 2 and ledger(store, LI, "bot"))
    await until(lambda: all(row.delivered_at or row.given_up_at for row in rows(store)))

    assert {"blocked"} == {row.why for row in rows(store) if row.given_up_at}
    assert [] == api.of(LI)


async def test_a_family_that_comes_back_is_written_to_again(telegram, api, store):
    api.blocked = {LI}
    api.write(LI, "在吗")
    await until(lambda: len([row for row in rows(store) if row.given_up_at]) == 2)
    api.blocked = set()
    api.write(LI, "回来了")
    await until(lambda: api.of(LI))

    assert ["嗯，我在听。"] == api.texts(LI)


async def test_too_fast_is_waited_for_as_long_as_telegram_says(telegram, api, store, clock):
    api.faults = [("sendMessage", "", 429, {"retry_after": 300})]
    api.write(LI, "在吗")
    await until(lambda: ledger(store, LI, "bot") and any(row.why for row in rows(store)))

    [waiting] = [row for row in rows(store) if row.why]
    assert ("too_fast", 0, None) == (waiting.why, waiting.tries, waiting.given_up_at)
    assert 290 < (waiting.not_before - clock()).total_seconds() <= 300
    clock.ahead += timedelta(seconds=301)
    await until(lambda: len(api.of(LI)) == 2)
    assert [first_words()[0], "嗯，我在听。"] == api.texts(LI)


async def test_a_broken_line_is_tried_again_and_the_order_is_kept(telegram, api, store, clock):
    api.faults = [("sendMessage", "", 502, None)]
    api.write(LI, "在吗")
    await until(lambda: ledger(store, LI, "bot") and any(row.why for row in rows(store)))
    assert [] == api.of(LI)

    clock.ahead += LEASE
    await until(lambda: len(api.of(LI)) == 2)
    assert [first_words()[0], "嗯，我在听。"] == api.texts(LI)
    assert [1, 0] == [row.tries for row in rows(store)]


async def test_a_broken_line_to_one_holds_up_nobody_else(telegram, api, store):
    api.write(LI, "/start")
    api.write(WANG, "/start")
    await until(lambda: api.of(LI) and api.of(WANG))
    api.faults = [("sendMessage", "", 502, None)]
    api.write(LI, "在吗")
    await until(lambda: any(row.why for row in rows(store)))
    api.write(WANG, "在吗")
    await until(lambda: len(api.of(WANG)) == 2)

    assert 1 == len(api.of(LI))


async def test_the_pieces_that_arrived_are_not_sent_again(telegram, api, store, rasa, clock):
    rasa.script = [answer("一" * LONGEST + "二" * LONGEST + "三")]
    api.faults = [("sendMessage", "二", 502, None)]
    api.write(LI, "全说")
    await until(lambda: any(row.why for row in rows(store)))
    assert ["一"] == [text[0] for text in api.texts(LI)[1:]]

    clock.ahead += LEASE
    await until(lambda: len(api.of(LI)) == 4)
    assert ["一", "二", "三"] == [text[0] for text in api.texts(LI)[1:]]


async def test_what_telegram_refuses_is_given_up(telegram, api, store):
    api.faults = [("sendMessage", "", 400, None)]
    api.write(LI, "在吗")
    await until(lambda: len(api.of(LI)) == 1)

    assert ["嗯，我在听。"] == api.texts(LI)
    assert ["refused"] == [row.why for row in rows(store) if row.given_up_at]


async def test_words_owed_from_before_a_restart_arrive(telegram, api, store, gateway):
    await telegram.stop()
    api.write(LI, "在吗")
    again = Telegram(gateway, telegram._settings)
    await again.start()
    await until(lambda: len(api.of(LI)) == 2)
    await again.stop()
    append(store, held(store, LI).id, "system", "留言。", "s1")
    last = Telegram(gateway, telegram._settings)
    await last.start()
    await until(lambda: len(api.of(LI)) == 3)
    await last.stop()

    assert "留言。" == api.texts(LI)[2]


# Logs


async def test_no_log_holds_the_token_or_a_word(store, api, settings, rasa, capfd, clock):
    configure("DEBUG")
    try:
        gateway = Gateway(store, rasa.dialogue(), UNHURRIED)
        await gateway.start()
        telegram = Telegram(gateway, settings)
        await telegram.start()
        api.faults = [("getUpdates", "", 401, None), ("getUpdates", "", 500, None)]
        api.faults += [("sendMessage", "", 401, None), ("answerCallbackQuery", "", 502, None)]
        api.push(message={"chat": "秘密的话"})
        api.write(LI, "秘密的话")
        await until(lambda: ledger(store, LI, "bot") and any(row.why for row in rows(store)))
        clock.ahead += LEASE
        await until(lambda: len(api.of(LI)) == 2)
        api.press(LI, "秘密的话")
        await until(lambda: len(api.called("answerCallbackQuery")) == 2)
        await telegram.stop()
        await gateway.stop()
    finally:
        structlog.reset_defaults()
        logging.basicConfig(force=True, handlers=[])

    out, err = capfd.readouterr()
    assert "telegram.away" in out + err
    for word in (TOKEN, TOKEN.partition(":")[2], "秘密", "我在听", f'"{LI}"'):
        assert word not in out + err


# The app: off, polling, webhook


def app_with(tmp_path, rasa, **more):
    given = {"TONGXING_VAR": str(tmp_path), "RASA_PORT": "1", "ACTIONS_PORT": "2", **more}
    return build(load_settings(given, ROOT), rasa.dialogue(), UNHURRIED)


def wait_for(is_so):
    asyncio.run(until(is_so))


def test_without_a_token_the_channel_is_off(tmp_path, rasa):
    with TestClient(app_with(tmp_path, rasa)) as client:
        parts = client.get("/healthz").json()["parts"]
        called = client.post(WEBHOOK_PATH, json={})

    assert "telegram" not in parts
    assert 404 == called.status_code


def test_a_token_alone_polls_and_health_says_so(tmp_path, rasa, api):
    app = app_with(tmp_path, rasa, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=api.url)
    with TestClient(app) as client:
        api.write(LI, "在吗")
        wait_for(lambda: 'tongxing_deliveries_total{outcome="delivered"} 2.0' in client.get("/metrics").text)
        parts = client.get("/healthz").json()["parts"]
        called = client.post(WEBHOOK_PATH, json={})

    assert "ok" == parts["telegram"]
    assert 404 == called.status_code


def test_a_wrong_token_shows_in_health_and_stops_nothing_else(tmp_path, rasa, api):
    app = app_with(tmp_path, rasa, TELEGRAM_TOKEN="1:wrong", TELEGRAM_API_URL=api.url)
    with TestClient(app) as client:
        wait_for(lambda: len(api.called("getUpdates")) > 1)
        answer = client.get("/healthz")
        opened = client.post("/api/conversations")

    assert (200, "down") == (answer.status_code, answer.json()["parts"]["telegram"])
    assert 201 == opened.status_code


@pytest.fixture
def hooked(tmp_path, rasa, api):
    given = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, "TELEGRAM_WEBHOOK_SECRET": SECRET}
    app = app_with(tmp_path, rasa, TELEGRAM_WEBHOOK_URL=f"https://here.example{WEBHOOK_PATH}", **given)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_for(lambda: api.webhook)
        yield client


def call(client, update, secret=SECRET):
    """As Telegram calls us."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode()} if secret else {}
    return client.post(WEBHOOK_PATH, json=update, headers=headers).status_code


def test_the_webhook_is_set_with_its_secret_and_nobody_polls(hooked, api):
    [asked] = api.called("setWebhook")

    assert (f"https://here.example{WEBHOOK_PATH}", SECRET) == (asked["url"], asked["secret_token"])
    assert ["message", "edited_message", "callback_query"] == json.loads(asked["allowed_updates"])
    assert [] == api.called("getUpdates")


def test_a_called_webhook_records_and_answers(hooked, api):
    status = call(hooked, api.write(LI, "在吗"))
    wait_for(lambda: len(api.of(LI)) == 2)

    assert 200 == status
    assert "嗯，我在听。" == api.texts(LI)[1]
    assert "ok" == hooked.get("/healthz").json()["parts"]["telegram"]


def test_a_repeated_update_is_one_row(hooked, api):
    store = hooked.app.state.gateway.store
    update = api.write(LI, "在吗")
    edited = api.edit(update, "在不在")
    for each in (update, edited, update, edited, update):
        assert 200 == call(hooked, each)

    assert ["在吗", "更正：在不在"] == ledger(store, LI, "family")


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "秘密"])
def test_a_stranger_is_refused(hooked, api, secret):
    assert 401 == call(hooked, api.write(LI, "在吗"), secret)
    assert held(hooked.app.state.gateway.store, LI) is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'"x"'])
def test_a_malformed_call_is_refused(hooked, body):
    answer = hooked.post(WEBHOOK_PATH, content=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})

    assert 400 == answer.status_code


def test_what_could_not_be_recorded_comes_again(hooked, api, monkeypatch):
    store = hooked.app.state.gateway.store
    update = api.write(LI, "在吗")

    def broken(*_):
        raise OperationalError("insert", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr("bot.channels.telegram.inbox.at_address", broken)
        first = call(hooked, update)
    second = call(hooked, update)

    assert (500, 200) == (first, second)
    assert ["在吗"] == ledger(store, LI, "family")


def test_setting_the_webhook_goes_on_until_telegram_is_there(tmp_path, rasa, api):
    api.faults = [("setWebhook", "", 502, None)] * 2
    given = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, "TELEGRAM_WEBHOOK_SECRET": SECRET}
    app = app_with(tmp_path, rasa, TELEGRAM_WEBHOOK_URL=f"https://here.example{WEBHOOK_PATH}", **given)
    with TestClient(app):
        wait_for(lambda: api.webhook)

    assert 3 == len(api.called("setWebhook"))


def test_every_kind_we_name_is_one_a_message_can_have():
    from telegram import Message

    assert [] == [name for name in telegram_words()["kinds"] if not hasattr(Message, name)]


def test_the_longest_open_question_fits_the_pause_of_proxies():
    assert channel.OPEN_FOR < 60
