"""The web chat without a script: what a browser does with forms, links and cookies."""

import asyncio
import re

import httpx
import pytest
from scripted import FAST, UNHURRIED, DeadRasa, ScriptedRasa, answer
from starlette.testclient import TestClient

from bot.app import build
from bot.channels.web import plain
from bot.dialogue import Dialogue
from bot.settings import ROOT, load_settings
from bot.words import words
from casework.cases import claim, open_case
from casework.ledger import append, messages
from casework.staff import add_worker
from casework.switch import turn_off

PAGE = words()["page"]
AGAIN = 'formaction="/again"'
OURS = {"Sec-Fetch-Site": "same-origin"}
CARD = {"id": "dibao", "title": "低保", "outcome": "eligible", "outcome_text": "符合条件", "lines": [], "sources": []}


@pytest.fixture
def rasa():
    return ScriptedRasa()


@pytest.fixture
def app(rasa, tmp_path):
    return build(load_settings({"TONGXING_VAR": str(tmp_path)}, ROOT), rasa.dialogue(), UNHURRIED)


@pytest.fixture
def store(app):
    return app.state.gateway.store


@pytest.fixture
def browser(app):
    with TestClient(app, headers=OURS) as client:
        yield client


def form(page):
    """The hidden fields of the page's form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))


def say(browser, text, page=None, **more):
    return browser.post("/say", data={**form(page or browser.get("/talk")), "text": text, **more})


def said(store, page):
    return [(line.sender, line.text) for line in messages(store, form(page)["to"])]


def drawn(page):
    """What is on the page, without the words that its script brings along."""
    return re.sub(r"<script.*?</script>", "", page.text, flags=re.DOTALL)


def shown(page):
    found = re.findall(r'<div class="bubble">(.*?)</div>', page.text, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one) for one in found]


def test_a_form_opens_a_conversation_and_shows_the_answer(browser):
    page = say(browser, "在吗")

    assert (200, "/talk") == (page.status_code, page.url.path)
    assert ["在吗", "嗯，我在听。"] == shown(page)
    cookies = page.history[0].headers["set-cookie"]
    assert 2 == cookies.count("HttpOnly") == cookies.count("SameSite=lax")


def test_the_page_is_shown_again_by_its_own_address(browser):
    sent = browser.post("/say", data={"once": "a", "text": "在吗"}, follow_redirects=False)

    assert (303, "/talk#now", "no-store") == (
        sent.status_code,
        sent.headers["location"],
        sent.headers["cache-control"],
    )


def test_a_form_sent_twice_is_one_message(browser, store):
    page = say(browser, "第一句")
    say(browser, "第二句", page)
    page = say(browser, "第二句", page)

    assert ["第一句", "第二句"] == [text for sender, text in said(store, page) if sender == "family"]


async def test_a_first_form_sent_twice_at_once_opens_one_conversation(app):
    given = {"once": "one-time", "text": "在吗"}

    async def tap():
        # A key that the browser has not got yet cannot be sent along.
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as client:
            return (await client.post("/say", data=given, headers=OURS)).cookies["key"]

    first, second = await asyncio.gather(tap(), tap())

    assert first == second


def test_a_first_form_sent_again_after_the_answer_is_one_message(browser, store):
    first = browser.get("/")
    say(browser, "在吗", first)
    page = say(browser, "在吗", first)

    assert 1 == sum(sender == "family" for sender, _ in said(store, page))


def test_a_page_gone_back_to_sends_other_words_as_a_new_message(browser, store):
    page = say(browser, "第一句")
    say(browser, "第二句", page)
    page = say(browser, "改成这句", page)

    assert ["第一句", "第二句", "改成这句"] == [text for sender, text in said(store, page) if sender == "family"]


def test_a_choice_is_a_button_and_what_stood_in_the_box_stays_there(browser, rasa, store):
    rasa.script = [answer("多久了？", buttons=[{"title": "半年以上", "payload": "半年以上"}])]
    page = say(browser, "在吗")
    assert '<button form="form" name="choice" value="半年以上" class="choice">半年以上</button>' in drawn(page)
    page = say(browser, "还没写完的话", page, choice="半年以上")

    assert "半年以上" == said(store, page)[2][1]
    assert ">还没写完的话</textarea>" in drawn(page)


def test_html_of_a_family_is_text(browser):
    page = say(browser, "<b>粗</b><script>1</script>")

    assert "<b>" not in drawn(page) and "&lt;b&gt;粗" in drawn(page)


def test_danger_shows_numbers_to_dial_and_the_page_opens_there(browser):
    page = say(browser, "我不想活了")

    dialled = re.findall(r'href="tel:(\d+)"', page.text.split('class="dial"')[1])
    assert ["110", "120", "12356", "12355"] == dialled[:4]
    assert '<li class="message family" id="now">' in drawn(page)


def test_a_result_links_to_the_slip(browser, rasa):
    rasa.script = [answer(cards=[CARD])]

    assert 'href="/slip"' in say(browser, "在吗").text


def test_an_old_conversation_is_shown_only_once_it_is_asked_for(browser):
    say(browser, "很私密的话")
    browser.cookies.delete("open")
    first, guessed = browser.get("/"), browser.get("/talk")
    asked = browser.post("/again")

    assert "很私密的话" not in drawn(first) + drawn(guessed) and AGAIN in drawn(first)
    assert "/" == guessed.url.path
    assert "很私密的话" in drawn(asked)


def test_words_from_the_first_page_go_into_an_old_conversation_only_after_asking(browser, store):
    page = say(browser, "很私密的话")
    asked = say(browser, "又一句", browser.get("/"))
    old = form(page)["to"]

    assert 1 == len([None for sender, _ in said(store, page) if sender == "family"])
    assert ">又一句</textarea>" in drawn(asked) and "很私密的话" not in drawn(asked)
    assert f'name="to" value="{old}"' in drawn(asked)
    assert ["很私密的话", "又一句"] == shown(say(browser, "又一句", asked, to=old))[::2]


def test_a_new_conversation_shows_nothing_of_the_old_one(browser):
    say(browser, "很私密的话")
    asked = say(browser, "又一句", browser.get("/"))
    page = say(browser, "又一句", asked, to="new")

    assert ["又一句", "嗯，我在听。"] == shown(page)


def test_leaving_closes_the_page_for_whoever_goes_back_and_keeps_the_key(browser):
    say(browser, "很私密的话")
    left = browser.get("/leave", follow_redirects=False)

    assert (303, PAGE["leave_to"]) == (left.status_code, left.headers["location"])
    for door in ("/talk", "/slip", "/"):
        page = browser.get(door)
        assert "很私密的话" not in drawn(page) and AGAIN in drawn(page)


def test_the_scripts_way_out_closes_it_as_well(browser):
    say(browser, "很私密的话")

    assert 204 == browser.post("/leave").status_code
    assert "/" == browser.get("/talk").url.path


def test_erasing_says_what_became_of_it_and_takes_the_key(browser):
    say(browser, "很私密的话")
    page = browser.post("/erase")

    assert [words()["system"]["erased"]] == shown(page)
    assert AGAIN not in drawn(browser.get("/"))


@pytest.mark.parametrize("door", ["/say", "/erase", "/again"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_of_another_site_does_nothing(app, store, door, headers):
    with TestClient(app) as client:
        page = say_as(client, OURS)
        client.cookies.delete("open")
        client.post(door, data={"text": "假的", "once": "x", "to": form(page)["to"]}, headers=headers)

        assert ["在吗"] == [text for sender, text in said(store, page) if sender == "family"]
        assert "/" == client.get("/talk").url.path
        assert AGAIN in drawn(client.get("/"))


def say_as(client, headers):
    return client.post("/say", data={**form(client.get("/")), "text": "在吗"}, headers=headers)


def test_an_older_browser_names_its_origin(app):
    with TestClient(app) as client:
        assert "在吗" in say_as(client, {"Origin": "http://testserver"}).text


@pytest.mark.parametrize(
    "text, status, word", [("", 422, "empty"), (" \r\n", 422, "empty"), ("长" * 20_001, 413, "too_long")]
)
def test_what_cannot_be_taken_comes_back_in_the_box_with_the_reason(browser, text, status, word):
    say(browser, "在吗")
    page = say(browser, text)

    assert (status, ["在吗", "嗯，我在听。"]) == (page.status_code, shown(page))
    assert words()["errors"][word] in drawn(page)
    assert f">{text.strip()}" in drawn(page)


def test_words_for_a_conversation_that_is_gone_come_back_in_the_box(browser, store):
    page = say(browser, "在吗")
    browser.delete(f"/api/conversations/{form(page)['to']}")
    lost = say(browser, "刚写的", page)
    begun = say(browser, "刚写的", lost)

    assert (404, []) == (lost.status_code, shown(lost))
    assert PAGE["state"]["gone"] in drawn(lost) and ">刚写的</textarea>" in drawn(lost)
    assert ["刚写的", "嗯，我在听。"] == shown(begun)


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(plain, "PATIENCE", 0.1)
    settings = load_settings({"TONGXING_VAR": str(tmp_path)}, ROOT)
    with TestClient(build(settings, Dialogue("http://rasa", 1.0, DeadRasa()), UNHURRIED), headers=OURS) as client:
        page = say(client, "在吗")

    assert ["在吗"] == shown(page)
    assert PAGE["state"]["waiting"] in drawn(page) and PAGE["plain"]["refresh"] in drawn(page)
    # A page that turns by itself would take along what somebody is writing.
    assert "http-equiv" not in drawn(page)


def test_an_assistant_that_is_away_or_off_says_so_on_the_page(tmp_path):
    settings = load_settings({"TONGXING_VAR": str(tmp_path)}, ROOT)
    app = build(settings, Dialogue("http://rasa", 1.0, DeadRasa()), FAST)
    store = app.state.gateway.store
    with TestClient(app, headers=OURS) as client:
        away = say(client, "在吗")
        turn_off(store, add_worker(store, "演示员", "supervisor")[0].id, "all", "演示")
        off = say(client, "还在吗", client.post("/say", data={"text": "换一个", "to": "new", "once": "n"}))

    assert words()["system"]["away"]["text"] == shown(away)[1]
    assert ["换一个", words()["turned_off"]["all"]["text"], "还在吗"] == shown(off)


def test_while_a_worker_holds_it_the_page_says_so_and_does_not_wait(browser, store):
    page = say(browser, "在吗")
    ref = open_case(store, form(page)["to"], "caseworker", "routine", "asked").ref
    claim(store, ref, add_worker(store, "演示员", "caseworker")[0].id)
    page = say(browser, "您在吗", page)

    assert PAGE["state"]["with_worker"] in drawn(page)
    assert "演示员" not in drawn(page)


def test_a_long_conversation_is_shown_from_its_end(browser, store):
    page = say(browser, "在吗")
    for number in range(60):
        append(store, form(page)["to"], "system", f"第{number}句。", str(number))

    assert 40 == len(shown(browser.get("/talk")))
    assert 62 == len(shown(browser.get("/talk?all")))


def test_large_print_is_kept_by_a_link_until_leaving(browser):
    assert 'class="no-script large"' in browser.get("/?large=1").text
    assert 'class="no-script large"' in drawn(browser.get("/"))
    assert 'class="no-script"' in browser.get("/?large=0").text
    browser.get("/?large=1")
    browser.get("/leave", follow_redirects=False)
    assert 'class="no-script"' in drawn(browser.get("/"))


def test_the_slip_is_had_with_the_cookie_or_the_token_and_with_nothing_else(app, browser):
    opened = browser.post("/api/conversations").json()
    by_cookie = browser.get("/slip")
    stranger = TestClient(app)
    by_token = stranger.get("/slip", headers={"Authorization": f"Bearer {opened['token']}"})

    assert (200, "/slip", 200) == (by_cookie.status_code, by_cookie.url.path, by_token.status_code)
    assert 401 == stranger.get("/slip", headers={"Authorization": "Bearer x"}).status_code
    assert "/" == stranger.get("/slip").url.path


def test_every_page_has_the_same_neutral_title(browser):
    pages = [browser.get("/"), say(browser, "在吗"), browser.get("/slip"), browser.post("/erase")]

    assert {PAGE["title"]} == {re.search("<title>(.*?)</title>", page.text)[1] for page in pages}
