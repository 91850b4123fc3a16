"""A weak telephone: no script, hours of sleep, a slow or absent other side, large print, reading aloud."""

import re

import pytest
from playwright.sync_api import expect

from bot.dialogue import Dialogue
from bot.words import words
from casework.cases import claim, open_case
from casework.ledger import append, erase, messages
from casework.staff import add_worker
from tests.bot.scripted import UNHURRIED, DeadRasa
from tests.browser.house import open_house
from tests.browser.people import Family
from tests.browser.road import STORY, RoadRasa

pytestmark = pytest.mark.browser

PAGE = words()["page"]
WIDTHS = [(360, 740), (1280, 800)]
# What the browser can say is put in place of a voice, which no test machine has.
VOICE = """
  window.read = [];
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => [{ lang: "zh-CN" }],
    speak: (one) => window.read.push(one.text),
    cancel: () => window.read.push("停"),
    addEventListener: () => {},
  } });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


def conversation(page):
    return page.evaluate("sessionStorage.here")


def sleep(page):
    page.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def wake(page):
    page.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => false })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


# --- without a script ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width, height", WIDTHS)
def test_the_road_is_walked_without_a_script(plain, width, height):
    family = plain(width, height)
    family.walk()
    family.page.get_by_text("为什么、怎么办、依据").click()

    expect(family.page.locator(".card details")).to_contain_text("民发〔2019〕62号）一，核对 2026-11-22")
    assert width == family.page.evaluate("document.documentElement.scrollWidth")


def test_without_a_script_a_reload_sends_nothing_again(plain, house):
    family = plain(360, 740)
    family.say("第一句")
    family.hears("嗯，我在听。")
    family.page.reload()

    assert ["第一句", "嗯，我在听。"] == family.texts()


def test_without_a_script_leaving_is_a_link_and_back_leads_to_no_word(plain):
    family = plain(360, 740)
    page = family.page
    family.walk()
    page.get_by_role("link", name="快速离开").click()
    expect(page.locator("body")).to_have_text("elsewhere")
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", name="问一问")).to_be_visible()
        assert [] == family.texts()
    page.get_by_role("button", name="接着上次说").click()
    family.hears("该问的都问过了")


def test_without_a_script_an_erased_conversation_is_gone(plain):
    family = plain(360, 740)
    family.say("第一句")
    family.page.get_by_text("重新开始、删除对话").click()
    family.tap("删除对话")
    family.hears("对话已经删除，我们这里不再保留内容。")

    expect(family.page.get_by_role("button", name="接着上次说")).to_have_count(0)


def test_a_form_used_before_the_script_came_is_taken_over_by_it(house, visit):
    page = visit(360, 740)
    page.route("**/static/*.js", lambda route: route.abort())
    family = Family(page, house.address)
    family.box.fill(STORY)
    page.unroute("**/static/*.js")
    page.get_by_role("button", name="发送").click()
    family.hears("妈妈没电话、没给钱、没来看，有多久了？")
    # On a busy machine the answer stands there before the script runs, with the buttons of the form, which go then.
    page.locator("html:not(.no-script)").wait_for(state="attached")
    family.tap("半年以上")
    family.hears("孩子几周岁了？")

    assert f"{house.address}/" == page.url
    assert "no-script" not in page.locator("html").get_attribute("class")


# --- sleep --------------------------------------------------------------------------------------------------------


def test_a_page_that_wakes_catches_up_with_what_was_said_meanwhile(visit, tmp_path):
    with open_house(tmp_path, RoadRasa().dialogue()) as house:
        family = Family(visit(360, 740), house.address)
        family.say("第一句")
        family.hears("嗯，我在听。")
        here = conversation(family.page)
    # Its timers and its stream are dead while it sleeps.
    family.page.context.set_offline(True)
    sleep(family.page)
    with open_house(tmp_path, RoadRasa().dialogue(), UNHURRIED, house.port) as again:
        append(again.store, here, "system", "夜里写下的一句。", "night")
        family.page.context.set_offline(False)
        wake(family.page)
        family.hears("夜里写下的一句。")
        append(again.store, here, "system", "醒来以后的一句。", "morning")
        family.hears("醒来以后的一句。")

        assert ["第一句", "嗯，我在听。", "夜里写下的一句。", "醒来以后的一句。"] == family.texts()


def test_a_stream_that_died_in_its_sleep_is_opened_anew(family, house):
    family = family(360, 740)
    page = family.page
    family.say("第一句")
    family.hears("嗯，我在听。")
    sleep(page)

    with page.expect_request(lambda request: "/stream?after=" in request.url):
        wake(page)
    append(house.store, conversation(page), "system", "醒来以后的一句。", "morning")

    family.hears("醒来以后的一句。")


def test_a_conversation_that_is_gone_is_said_and_what_was_not_sent_stays(family, house):
    family = family(360, 740)
    page = family.page
    family.walk()
    family.box.fill("还没发出去的话")
    sleep(page)
    erase(house.store, conversation(page))
    wake(page)

    expect(page.get_by_role("alert")).to_have_text(PAGE["state"]["gone"])
    expect(family.box).to_have_value("还没发出去的话")
    assert [] == family.texts()
    family.box.press("Enter")
    family.hears("嗯，我在听。")
    assert ["还没发出去的话", "嗯，我在听。"] == family.texts()


# --- slow or away -------------------------------------------------------------------------------------------------


def test_a_slow_assistant_is_said_twice_and_then_its_answer_stands_alone(visit, tmp_path):
    with open_house(tmp_path, Dialogue("http://rasa", 1.0, DeadRasa()), UNHURRIED) as house:
        page = visit(360, 740)
        page.clock.install()
        family = Family(page, house.address)
        family.say("第一句")
        state = page.locator("#thinking")
        expect(page.locator('#messages [data-seq="1"]')).to_be_attached()  # the waiting is counted from its receipt
        expect(state).to_have_text(PAGE["state"]["thinking"])
        page.clock.fast_forward(5000)
        expect(state).to_have_text(PAGE["state"]["slow"])
        page.clock.fast_forward(15000)
        expect(state).to_have_text(PAGE["state"]["long"])
        append(house.store, conversation(page), "system", "前门自己的一句。", "away")
        family.hears("前门自己的一句。")

        expect(state).to_be_hidden()


def test_while_a_worker_holds_it_nobody_is_told_that_the_assistant_is_slow(family, house):
    family = family(360, 740)
    page = family.page
    page.clock.install()
    family.page.reload()
    family.say("第一句")
    family.hears("嗯，我在听。")
    ref = open_case(house.store, conversation(page), "caseworker", "routine", "asked").ref
    claim(house.store, ref, add_worker(house.store, "演示王", "caseworker")[0].id)
    family.say("您在吗")
    expect(page.locator('#messages [data-seq="3"]')).to_be_attached()  # the waiting is counted from its receipt
    expect(page.locator("#thinking")).to_have_text(PAGE["state"]["thinking"])
    page.clock.fast_forward(5000)

    expect(page.locator("#thinking")).to_have_text(PAGE["state"]["with_worker"])
    page.clock.fast_forward(15000)
    expect(page.locator("#thinking")).to_have_text(PAGE["state"]["with_worker"])


def test_a_front_door_that_cannot_be_reached_is_said_and_words_go_out_once_it_can(visit, tmp_path):
    with open_house(tmp_path, RoadRasa().dialogue()) as house:
        family = Family(visit(360, 740), house.address)
        family.say("第一句")
        family.hears("嗯，我在听。")
    family.say("门关着的时候说的")
    expect(family.page.get_by_text(PAGE["state"]["down"])).to_be_visible(timeout=15_000)
    with open_house(tmp_path, RoadRasa().dialogue(), UNHURRIED, house.port) as again:
        expect(family.said).to_have_count(4, timeout=20_000)

        expect(family.page.get_by_text(PAGE["state"]["down"])).to_be_hidden()
        assert 4 == len(messages(again.store, conversation(family.page)))


# --- large print and reading aloud --------------------------------------------------------------------------------


def test_large_print_fits_a_narrow_screen_and_is_kept_for_this_tab_only(family):
    family = family(360, 740)
    page = family.page
    family.walk()
    page.locator("summary").click()
    family.tap("大字")
    width, size = page.evaluate("[document.documentElement.scrollWidth, getComputedStyle(document.body).fontSize]")

    assert (360, "24px") == (width, size)
    assert page.evaluate("scroll => scroll.scrollWidth <= scroll.clientWidth", page.locator("#scroll").element_handle())
    assert {"here": conversation(page), "large": "1"} == page.evaluate("({...sessionStorage})")
    assert 0 == page.evaluate("localStorage.length")
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("large"))
    other = page.context.new_page()
    other.goto(family.address)
    expect(other.locator("html")).not_to_have_class(re.compile("large"))


def test_where_nothing_can_be_read_aloud_nothing_is_offered(family):
    expect(family(360, 740).page.locator("#aloud")).to_be_hidden()


@pytest.fixture
def listener(house, visit):
    """A family whose telephone can speak."""
    page = visit(360, 740)
    page.add_init_script(VOICE)
    return Family(page, house.address)


def read(page):
    return page.evaluate("window.read.filter((one) => one !== '停')")


def test_nothing_is_read_before_it_is_asked_for(listener):
    listener.walk()

    assert [] == read(listener.page)


def test_once_asked_for_the_newest_answer_is_read_and_whatever_comes_after(listener):
    listener.say(STORY)
    listener.hears("妈妈没电话、没给钱、没来看，有多久了？")
    listener.tap("朗读")
    assert ["好，记下了。说错了随时可以改。", "妈妈没电话、没给钱、没来看，有多久了？"] == read(listener.page)
    listener.tap("半年以上")
    listener.hears("孩子几周岁了？")
    assert "孩子几周岁了？" == read(listener.page)[-1]
    listener.tap("停止")
    listener.say("九岁")
    listener.hears("该问的都问过了")
    assert "孩子几周岁了？" == read(listener.page)[-1]


def test_one_message_can_be_read_again_and_numbers_figure_by_figure(listener, house):
    listener.say("第一句")
    listener.hears("嗯，我在听。")
    append(house.store, conversation(listener.page), "system", "可以打12356。", "number")
    listener.hears("可以打12356。")
    listener.tap("朗读")
    listener.page.get_by_role("button", name="读这一条").last.click()

    assert "可以打1 2 3 5 6。" == read(listener.page)[-1]


def test_leaving_falls_silent(listener):
    listener.say("第一句")
    listener.hears("嗯，我在听。")
    listener.tap("朗读")
    listener.page.route(PAGE["leave_to"], lambda route: route.abort("aborted"))
    listener.page.get_by_role("button", name="快速离开").click(no_wait_after=True)

    expect(listener.page.locator("body")).to_have_text("")
    assert "停" == listener.page.evaluate("window.read.at(-1)")


# --- leaving ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["chat", "slip"])
def test_after_leaving_the_slip_is_not_found_by_going_back(family, way):
    family = family(360, 740)
    page = family.page
    family.walk()
    page.get_by_role("link", name="办事小条").click()
    expect(page.get_by_role("heading", name="办事小条")).to_be_visible()
    if way == "chat":
        page.get_by_role("link", name="回到对话").click()
        family.hears("该问的都问过了")
    page.get_by_role("button", name="快速离开").click()
    expect(page.locator("body")).to_have_text("elsewhere")
    page.go_back()
    expect(page.get_by_role("heading", name="问一问")).to_be_visible()

    assert [] == family.texts()
    assert [{}, {}] == page.evaluate("[{...sessionStorage}, {...localStorage}]")
    for entry in range(3):
        page.goto(f"{family.address}{('/slip', '/talk', '/')[entry]}")
        assert [] == family.texts()
        expect(page.get_by_role("heading", name="办事小条")).to_have_count(0)


@pytest.mark.parametrize("width, height", WIDTHS)
def test_the_slip_fits_the_screen_and_the_paper(family, width, height):
    family = family(width, height)
    page = family.page
    family.walk()
    page.get_by_role("link", name="办事小条").click()
    expect(page.get_by_text("这张纸不是批准，也不是证明。")).to_be_visible()

    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert [] == [
        one.inner_text() for one in page.locator("nav > *:visible").all() if one.bounding_box()["height"] < 44
    ]
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="快速离开")).to_be_hidden()
