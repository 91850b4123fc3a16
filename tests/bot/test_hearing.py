import asyncio
import io
import json
import tarfile

import numpy as np
import pytest
from scripted import UNHURRIED, ScriptedRasa

from bot import hearing
from bot.components.danger_model import DangerModel
from bot.components.danger_sentences import sentences
from bot.gateway import Gateway
from bot.hearing import hear, listen_with
from bot.protect import heed
from casework.ledger import append, messages, start
from casework.store import open_store

UNSAID = "我跟小狗说了再见，以后奶奶会照顾它，我不需要明天了"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A Rasa model of which only the danger part is there, learned on a quarter of the sentences."""
    arrays, said = DangerModel.learn(sentences()[::4]).kept()
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    path = tmp_path_factory.mktemp("models") / "tongxing-1.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in (("arrays.npz", packed.getvalue()), ("words.json", json.dumps(said).encode())):
            member = tarfile.TarInfo(f"components/train_bot.components.safety.SafetyClassifier5/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture(autouse=True)
def deaf_again():
    yield
    listen_with(None)


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/front.db", secret="a secret of at least thirty-two signs")
    yield store
    store.close()


def test_without_a_model_the_words_are_heard():
    assert (hear("我不想活了").level, hear("我不想活了").source) == ("urgent", "words")
    assert (hear(UNSAID).level, hear(UNSAID).source) == ("none", "none")


def test_with_the_trained_model_danger_is_heard_that_no_word_names(trained):
    listen_with(trained)

    assert (hear(UNSAID).source, hear(UNSAID).level != "none") == ("model", True)
    assert hear("孤儿补贴一个月多少钱").level == "none"


def test_a_broken_model_leaves_the_words(tmp_path):
    (tmp_path / "broken.tar.gz").write_bytes(b"no archive")
    listen_with(tmp_path / "broken.tar.gz")

    assert hear("我不想活了").level == "urgent"


def test_a_model_that_breaks_at_a_message_leaves_the_words(trained, monkeypatch):
    listen_with(trained)
    monkeypatch.setattr(hearing.DangerModel, "judge", lambda *_: 1 / 0)
    hear.cache_clear()

    assert (hear("我不想活了").level, hear("我不想活了").source) == ("urgent", "words")


def test_what_is_owed_is_heeded_though_less_is_heard_in_it_today(store):
    said = append(store, start(store)[0].id, "family", "今天天气好", "c-1")

    assert "none" == heed(store, said) != heed(store, said, is_owed=True)
    assert [line.sender for line in messages(store, said.conversation)][1:] == ["system"] * 4


async def test_a_message_that_takes_long_to_hear_is_not_overtaken(store, monkeypatch):
    slow = asyncio.Event()
    gateway = Gateway(store, ScriptedRasa().dialogue(), UNHURRIED)
    family = start(store)[0].id

    async def in_thread(call, *arguments, **options):
        if call is hear and arguments == ("第一句",):
            await slow.wait()
        return call(*arguments, **options)

    monkeypatch.setattr("bot.gateway.asyncio.to_thread", in_thread)
    first = asyncio.create_task(gateway.receive(family, "c-1", "第一句"))
    await asyncio.sleep(0)
    second = asyncio.create_task(gateway.receive(family, "c-2", "第二句"))
    await asyncio.sleep(0.05)
    slow.set()
    await asyncio.gather(first, second)
    await gateway.stop()

    assert ["第一句", "第二句"] == [line.text for line in messages(store, family) if line.sender == "family"]
