import asyncio
import json
import socket
from contextlib import asynccontextmanager

import httpx
import pytest
from rasa.core.channels.channel import register
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sanic import Sanic

from bot.state import open_state
from bot.tracker import SlotStore
from bot.turn import LONGEST, BadRequest, Reply, TurnChannel, compose, for_rasa, read_request

DOMAIN = Domain.from_yaml(
    'version: "3.1"\nslots: {session: {type: any, influence_conversation: false, mappings: [{type: custom}]}}'
)


class Agent:
    """Rasa's agent as the channel sees it: it answers each message with its own words and counts them."""

    def __init__(self, url):
        self.store = SlotStore(DOMAIN, host=url)
        self.seen = []
        self.fails = self.is_silent = False
        self.pause = 0

    def is_ready(self):
        return True

    async def handle_message(self, message):
        self.seen.append(message)
        if self.fails:
            raise RuntimeError(message.text)
        tracker = await self.store.get_or_create_tracker(message.sender_id)
        await asyncio.sleep(self.pause)
        tracker.update(UserUttered(message.text, {"name": "tell"}, metadata=message.metadata), DOMAIN)
        count = (tracker.get_slot("session") or 0) + 1
        tracker.update(SlotSet("session", count), DOMAIN)
        if not self.is_silent:
            tracker.update(BotUttered(f"回答{count}", {"buttons": [{"title": "有", "payload": "有"}]}))
            tracker.update(BotUttered(None, {"custom": {"turn": {"child": 1, "count": count}}}))
        await self.store.save(tracker)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/state.db"


@pytest.fixture
def agent(url):
    return Agent(url)


@pytest.fixture
def channel(url):
    return TurnChannel(open_state(url))


@pytest.fixture
def say(channel, agent):
    async def say(message, **metadata):
        body = json.dumps({"sender": "a", "message": message, "metadata": metadata})
        return await channel.answer(read_request(body.encode()), agent.handle_message)

    return say


@asynccontextmanager
async def served(channel, agent):
    app = Sanic("turn", configure_logging=False)
    app.ctx.agent = agent
    register([channel], app, route="/webhooks/")
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = await app.create_server(sock=door, return_asyncio_server=True, access_log=False)
        await server.startup()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{door.getsockname()[1]}/webhooks/tongxing") as caller:
            yield caller
        server.close()
        await server.wait_closed()


def texts(answer):
    return [message["text"] for message in answer["messages"]]


async def test_a_message_is_answered_with_texts_buttons_and_the_turn(say):
    answer = await say("儿子判了三年", seqs=[1])

    assert answer == {
        "messages": [{"text": "回答1", "buttons": [{"title": "有", "payload": "有"}]}],
        "turn": {"child": 1, "count": 1},
    }


async def test_metadata_reaches_the_actions(say, agent):
    await say("在吗\n有人吗", seqs=[4, 5], alarm="urgent")

    assert agent.seen[0].metadata == {"seqs": [4, 5], "alarm": "urgent"}
    assert agent.seen[0].text == "在吗\n有人吗"
    assert (agent.seen[0].input_channel, agent.seen[0].parse_data) == ("tongxing", None)


async def test_the_same_messages_again_get_the_same_answer_and_no_second_turn(say, agent):
    first = await say("七八岁", seqs=[1, 2])
    again = await say("七八岁", seqs=[1, 2])

    assert first == again
    assert len(agent.seen) == 1


async def test_two_identical_requests_at_once_are_one_turn(say, agent):
    agent.pause = 0.05
    first, second = await asyncio.gather(say("七八岁", seqs=[1]), say("七八岁", seqs=[1]))

    assert first == second
    assert len(agent.seen) == 1


async def test_an_overlapping_burst_is_answered_from_store_and_only_the_rest_is_thought_about(say, agent):
    await say("七八岁\n男孩", seqs=[1, 2])

    answer = await say("七八岁\n男孩\n在老家", seqs=[1, 2, 3])

    assert texts(answer) == ["回答1", "回答2"]
    assert answer["turn"]["count"] == 2
    assert (agent.seen[1].text, agent.seen[1].metadata["seqs"]) == ("在老家", [3])


async def test_after_several_deaths_of_the_gateway_nothing_is_lost(say, agent):
    for last in range(1, 4):
        answer = await say("\n".join("一二三"[:last]), seqs=list(range(1, last + 1)))

    assert texts(answer) == ["回答1", "回答2", "回答3"]
    assert [message.text for message in agent.seen] == ["一", "二", "三"]


async def test_a_burst_that_does_not_match_its_numbers_is_thought_about_whole(say, agent):
    await say("七八岁", seqs=[1])

    await say("七八岁\n又一行\n在老家", seqs=[1, 2])

    assert agent.seen[1].text == "七八岁\n又一行\n在老家"


@pytest.mark.parametrize("message", ["", "   ", "😭😭", "hello", "<script>alert(1)</script>", "\0\ud800"])
async def test_any_text_is_a_turn(say, agent, message):
    assert texts(await say(message)) == ["回答1"]


@pytest.mark.parametrize("message", ["/restart", "  /restart", "\n/restart", '/tell{"session": 1}'])
async def test_a_family_never_reaches_the_command_syntax(say, agent, message):
    await say(message)

    assert not agent.seen[0].text.strip().startswith("/")
    assert agent.seen[0].text.count("\n") == message.count("\n")


async def test_a_very_long_message_is_cut_and_the_turn_says_so(say, agent):
    answer = await say("长" * 10_000)

    assert answer["turn"]["cut"] is True
    assert len(agent.seen[0].text) == LONGEST


async def test_a_failure_inside_rasa_is_an_empty_turn(say, agent, capsys):
    agent.fails = True

    assert await say("我儿子坐牢了") == {"messages": [], "turn": None}
    assert "坐牢" not in "".join(capsys.readouterr())


async def test_a_silent_action_server_is_an_empty_turn_and_the_message_may_come_again(say, agent):
    agent.is_silent = True
    empty = await say("七八岁", seqs=[1])
    agent.is_silent = False

    answer = await say("七八岁", seqs=[1])

    assert empty == {"messages": [], "turn": None}
    assert texts(answer) == ["回答1"]


async def test_a_database_that_fails_is_an_empty_turn(say, agent, tmp_path):
    for path in tmp_path.iterdir():
        path.write_bytes(b"not a database" * 400)

    assert await say("七八岁", seqs=[1]) == {"messages": [], "turn": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[]", "object"),
        (b'{"message": "a"}', "sender"),
        (b'{"sender": "", "message": "a"}', "sender"),
        (b'{"sender": 1, "message": "a"}', "sender"),
        (b'{"sender": "a"}', "message"),
        (b'{"sender": "a", "message": null}', "message"),
        (b'{"sender": "a", "message": "a", "metadata": []}', "metadata"),
        (b'{"sender": "a", "message": "a", "metadata": {"seqs": ["1"]}}', "metadata.seqs"),
        (b'{"sender": "a", "message": "a", "metadata": {"seqs": [true]}}', "metadata.seqs"),
    ],
)
def test_a_malformed_request_gets_one_line_that_names_the_field(body, field):
    with pytest.raises(BadRequest, match=field) as error:
        read_request(body)

    assert "\n" not in str(error.value)


async def test_the_door_answers_json_whatever_comes(channel, agent):
    # One test: Sanic rewrites its protocol when it starts, once per process.
    async with served(channel, agent) as caller:
        good = await caller.post("/webhook", json={"sender": "a", "message": "在吗"})
        bad = await caller.post("/webhook", content=b"{")
        agent.fails = True
        broken = await caller.post("/webhook", json={"sender": "a", "message": "在吗"})
        ready = await caller.get("/")
        agent.is_ready = lambda: False
        unready = await caller.get("/")

    assert (good.status_code, texts(good.json())) == (200, ["回答1"])
    assert (bad.status_code, bad.json()) == (400, {"error": "the body is not valid JSON"})
    assert (broken.status_code, broken.json()) == (200, {"messages": [], "turn": None})
    assert (ready.status_code, unready.status_code) == (200, 503)


def test_a_slash_inside_a_message_stays():
    assert for_rasa("低保/特困") == ("低保/特困", False)


def test_an_empty_list_of_replies_is_no_turn():
    assert compose([]) == {"messages": [], "turn": None}
    assert compose([Reply()]) == {"messages": [], "turn": None}


def test_an_empty_metadata_is_no_numbers():
    assert read_request(b'{"sender": "a", "message": "a", "metadata": {}}').seqs == ()
