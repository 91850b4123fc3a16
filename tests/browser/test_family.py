"""What a family does in the web chat, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from bot.dialogue import Dialogue
from bot.words import words
from casework.ledger import append, messages
from tests.bot.scripted import FAST, UNHURRIED, DeadRasa
from tests.browser.house import open_house
from tests.browser.people import Family
from tests.browser.road import STORY, RoadRasa

pytestmark = pytest.mark.browser

WIDTHS = [(360, 740), (1280, 800)]
DANGER = "爸爸打我，我不想活了"
TAB_STOPS = 40


def tab_to(found, key="Tab"):
    """Press the key until the focus is there, as somebody without a mouse does."""
    for _ in range(TAB_STOPS):
        if found.evaluate("element => element === document.activeElement"):
            return
        found.page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead there")


def numbers(family):
    """What a finger can dial in the safety card."""
    links = family.page.locator(".safety a").all()
    return {(link.inner_text(), link.get_attribute("href")) for link in links}


def storage(page):
    return page.evaluate("() => [{...sessionStorage}, {...localStorage}]")


@pytest.mark.parametrize("width, height", WIDTHS)
def test_the_road_is_walked_by_keyboard_alone(family, picture, width, height):
    family = family(width, height)
    page, keys = family.page, family.page.keyboard
    tab_to(family.box)
    keys.insert_text(STORY)
    keys.press("Enter")
    family.hears("妈妈没电话、没给钱、没来看，有多久了？")
    tab_to(page.get_by_role("button", name="半年以上"), "Shift+Tab")
    keys.press("Enter")
    family.hears("孩子几周岁了？")
    keys.insert_text("九岁")
    keys.press("Enter")
    family.hears("该问的都问过了")
    picture(page, f"chat-{width}")
    tab_to(page.locator("summary"), "Shift+Tab")
    keys.press("Enter")

    expect(page.locator(".card details")).to_contain_text("民发〔2019〕62号）一，核对 2026-11-22")


@pytest.mark.parametrize("width, height", WIDTHS)
def test_nothing_sticks_out_and_every_button_fits_a_thumb(family, width, height):
    family = family(width, height)
    family.walk()
    family.say("没有空格的长字" * 40 + "a" * 200)
    family.hears("嗯，我在听。")

    page = family.page
    sizes = [(button.inner_text(), button.bounding_box()) for button in page.locator("button:visible, summary").all()]
    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert page.evaluate("scroll => scroll.scrollWidth <= scroll.clientWidth", page.locator("#scroll").element_handle())
    assert [] == [name for name, box in sizes if box["height"] < 44]


def test_the_sources_of_a_result_are_folded_until_asked_for(family):
    family = family(360, 740)
    family.walk()
    sources = family.page.locator(".card details ul")

    expect(sources).to_be_hidden()
    family.page.locator("summary").click()
    expect(sources).to_be_visible()


def test_the_start_of_a_result_is_in_view(family):
    family = family(360, 740)
    family.walk()

    expect(family.said.filter(has_text="根据说的情况，符合条件").last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("dialogue", [RoadRasa().dialogue, lambda: Dialogue("http://rasa", 1.0, DeadRasa())])
def test_danger_shows_numbers_to_dial_whether_the_assistant_lives_or_not(visit, picture, tmp_path, dialogue):
    with open_house(tmp_path, dialogue()) as house:
        family = Family(visit(360, 740), house.address)
        family.say(DANGER)
        family.hears("已经请值班老师")

        expect(family.page.get_by_text("先保证安全")).to_be_in_viewport()
        assert {(number, f"tel:{number}") for number in ("110", "120", "12356", "12355")} <= numbers(family)
        picture(family.page, "danger-360")


def test_a_family_is_told_when_the_assistant_is_away_and_can_ask_for_a_person(visit, tmp_path):
    with open_house(tmp_path, Dialogue("http://rasa", 1.0, DeadRasa()), FAST) as house:
        family = Family(visit(360, 740), house.address)
        family.say(STORY)
        family.hears("您说的话都记下了，一句也不会丢")
        family.tap("请工作人员来看")

        family.hears("已经记下您要找工作人员")


def press_leave(page):
    page.get_by_role("button", name="快速离开").click(no_wait_after=True)


def press_escape_twice(page):
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


@pytest.mark.parametrize("leave", [press_leave, press_escape_twice])
def test_leaving_blanks_the_page_even_where_no_other_page_can_be_had(family, leave):
    family = family(360, 740)
    page = family.page
    family.walk()
    page.route(words()["page"]["leave_to"], lambda route: route.abort("aborted"))
    leave(page)

    expect(page.locator("body")).to_have_text("")
    expect(page).to_have_title(re.compile(r"^\s*$"))
    assert [{}, {}] == storage(page)


def test_leaving_puts_another_page_in_its_place_and_back_leads_before_both(family):
    family = family(360, 740)
    page = family.page
    family.walk()
    press_leave(page)
    expect(page.locator("body")).to_have_text("elsewhere")
    page.go_back()

    assert ("about:blank", "") == (page.url, page.locator("body").inner_text())


def test_one_escape_does_not_leave(family):
    family = family(360, 740)
    family.page.keyboard.press("Escape")

    expect(family.box).to_be_visible()


def test_whoever_opens_the_page_after_leaving_reads_no_word_of_it(family):
    family = family(360, 740)
    page = family.page
    family.walk()
    page.get_by_role("button", name="快速离开").click()
    expect(page.locator("body")).to_have_text("elsewhere")
    page.goto(family.address)

    expect(page.get_by_role("button", name="接着上次说")).to_be_visible()
    assert [] == family.texts()
    page.get_by_role("button", name="接着上次说").click()
    family.hears("该问的都问过了")


def test_a_reload_shows_every_message_once(family, house):
    family = family()
    family.walk()
    before = family.texts()
    family.page.reload()
    family.hears("该问的都问过了")

    assert before == family.texts()


def test_what_was_said_while_the_line_was_cut_arrives_once_it_is_back(family, house):
    family = family()
    family.walk()
    conversation = family.page.evaluate("sessionStorage.here")
    family.page.context.set_offline(True)
    expect(family.page.get_by_text("网络断了")).to_be_visible()
    append(house.store, conversation, "system", "断线时写下的一句。", "cut")
    family.say("我也写了一句")
    family.page.context.set_offline(False)

    family.hears("断线时写下的一句。")
    family.hears("嗯，我在听。")
    assert [message.text for message in messages(house.store, conversation)] == family.texts()


def test_a_front_door_that_starts_again_loses_and_doubles_nothing(visit, tmp_path):
    with open_house(tmp_path, RoadRasa().dialogue()) as house:
        family = Family(visit(), house.address)
        family.say("第一句")
        family.hears("嗯，我在听。")
    family.say("门关着的时候说的")
    with open_house(tmp_path, RoadRasa().dialogue(), UNHURRIED, house.port) as again:
        expect(family.said).to_have_count(4, timeout=20_000)
        conversation = family.page.evaluate("sessionStorage.here")

        assert ["第一句", "嗯，我在听。", "门关着的时候说的", "嗯，我在听。"] == family.texts()
        assert [1, 2, 3, 4] == [message.seq for message in messages(again.store, conversation)]


def test_html_is_shown_as_text(family):
    family = family()
    nasty = "<img src=x onerror=\"document.title='gone'\"><script>document.title='gone'</script><b>粗</b>"
    family.say(nasty)
    family.hears("嗯，我在听。")

    assert nasty == family.texts()[0]
    assert 0 == family.page.locator("#messages img, #messages script, #messages b").count()
    expect(family.page).to_have_title("问一问")


def test_erasing_asks_first_and_then_shows_nothing_more(family):
    family = family()
    family.walk()
    family.tap("删除对话")
    family.page.get_by_role("dialog").get_by_role("button", name="删除", exact=True).click()
    family.hears("对话已经删除，我们这里不再保留内容。")

    assert 1 == family.said.count()
    family.page.reload()
    expect(family.page.get_by_role("button", name="接着上次说")).to_be_hidden()
