"""The pages of the knowledge base."""

from html import unescape

import pytest
from scripted import UNHURRIED, ScriptedRasa
from starlette.testclient import TestClient

from bot.app import build
from bot.settings import ROOT, load_settings
from knowledge.library import Library

LIBRARY = Library.load()


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    var = str(tmp_path_factory.mktemp("var"))
    settings = load_settings({"TONGXING_VAR": var, "RASA_PORT": "1", "ACTIONS_PORT": "2"}, ROOT)
    with TestClient(build(settings, ScriptedRasa().dialogue(), UNHURRIED)) as client:
        yield client


def test_every_entitlement_is_listed_and_has_its_page(client):
    listed = unescape(client.get("/policies/").text)

    for policy in LIBRARY.policies.values():
        page = unescape(client.get(f"/policies/{policy.id}").text)
        assert policy.name in listed and f"/policies/{policy.id}" in listed
        assert policy.summary.says in page and policy.appeal.says in page
        assert all(step.words.says in page for step in policy.steps)


def test_search_finds_by_the_name_people_use_and_keeps_strange_input_harmless(client):
    found = unescape(client.get("/policies/", params={"q": "五保"}).text)
    strange = client.get("/policies/", params={"q": '"><script>alert(1)</script>' + "长" * 500})

    assert "/policies/tekun_minor" in found and "/policies/left_behind" not in found
    assert 200 == strange.status_code and "<script>alert" not in strange.text


def test_an_unknown_entitlement_is_said_to_be_unknown(client):
    answer = client.get("/policies/no_such_thing")

    assert (404, ["error"]) == (answer.status_code, list(answer.json()))
