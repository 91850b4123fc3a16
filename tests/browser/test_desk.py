"""What caseworkers do at the desk, in a real browser, with a family at the other end."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WIDTHS = [(360, 740), (1280, 800)]
DANGER = "我不想活了"
ASKED = "家人要找人"
HELLO = "您好，我是工作人员。您先带户口簿去乡镇民政办，那边我去说一声。"


@pytest.fixture
def waiting(family):
    """A family that has walked its road and asked for a person."""
    family = family()
    family.walk()
    family.say("转人工")
    family.hears("已经请工作人员来看")
    return family


@pytest.fixture
def held(waiting, desk):
    """The family and the caseworker who has just claimed it."""
    worker = desk("演示王").enter()
    worker.open(ASKED)
    worker.claim()
    return waiting, worker


def test_strangers_come_to_the_sign_in_page(desk):
    worker = desk("演示王")

    expect(worker.page.get_by_role("button", name="登录")).to_be_visible()


def test_a_wrong_password_opens_nothing_and_says_so(desk):
    worker = desk("演示王")
    worker.password = "不是这个密码"
    worker.sign_in()

    expect(worker.page.get_by_role("alert")).to_have_text("名字或密码不对。")


def test_the_one_time_password_must_be_changed_before_anything_is_seen(desk, house, waiting):
    worker = desk("演示王")
    worker.sign_in()
    worker.page.goto(f"{house.address}/desk/")

    expect(worker.page.get_by_role("heading", name="换一个密码")).to_be_visible()
    worker.change_password()
    expect(worker.page.get_by_role("link").filter(has_text=ASKED)).to_be_visible()


@pytest.mark.parametrize("width, height", WIDTHS)
def test_a_case_is_found_read_claimed_and_answered(waiting, family, desk, picture, width, height):
    family().say(DANGER)
    worker = desk("演示王", width=width, height=height).enter()
    worker.open(ASKED)
    worker.reads("半年以上")
    expect(worker.box).to_be_disabled()
    worker.claim()
    worker.reply(HELLO)
    worker.reads(HELLO)
    picture(worker.page, f"desk-{width}")

    waiting.hears(HELLO)
    assert width == worker.page.evaluate("document.documentElement.scrollWidth")


def test_the_page_of_known_facts_shows_the_words_they_came_from(held):
    _, worker = held
    packet = worker.page.get_by_role("complementary", name="一页纸")

    expect(packet).to_contain_text("36 个月")
    packet.get_by_role("link", name="“判了三年”").click()
    expect(worker.page.locator("#m1.found")).to_be_in_viewport()


def test_a_new_case_rings_in_an_open_queue(desk, family):
    worker = desk("演示王").enter()
    family().say(DANGER)

    expect(worker.page.get_by_role("link").filter(has_text="有危险信号")).to_be_visible()


def test_a_held_conversation_is_live_on_both_sides_and_the_assistant_silent(held):
    family, worker = held
    family.say("好的，谢谢")
    worker.reads("好的，谢谢")
    worker.reply(HELLO)
    family.hears(HELLO)

    assert ["好的，谢谢", HELLO] == family.texts()[-2:]


def test_danger_is_shown_to_both_while_a_person_holds_the_conversation(held):
    family, worker = held
    family.say(DANGER)

    expect(family.page.get_by_text("先保证安全")).to_be_visible()
    expect(worker.page.get_by_role("alert").filter(has_text="有危险信号")).to_be_visible()


# The notices of a computer, seen from within the page; `away` is a worker who looks at something else.
NOTICES = """
    window.shown = [], window.away = true;
    window.Notification = class {
        static permission = "default";
        static async requestPermission() { Notification.permission = "granted"; }
        constructor(title, { body }) { this.body = body; shown.push(body); }
        close() { shown.pop(); }
    };
    Object.defineProperty(document, "hidden", { get: () => window.away });
"""


def test_the_computer_calls_a_worker_who_looks_at_something_else(desk, family):
    worker = desk("演示王")
    worker.page.add_init_script(NOTICES)
    worker.enter()
    shown = lambda: worker.page.evaluate("shown")  # noqa: E731
    family().say("转人工")
    expect(worker.page).to_have_title(re.compile("●"))
    assert [] == shown()

    worker.press("桌面通知：关")
    expect(worker.page.get_by_role("button", name="桌面通知：开")).to_be_visible()
    assert ["有 1 件新的事在等。"] == shown()

    worker.page.evaluate("away = false; document.dispatchEvent(new Event('visibilitychange'))")
    assert [] == shown()


def test_given_back_the_assistant_answers_again(held):
    family, worker = held
    worker.press("交回助手")
    expect(worker.page.get_by_role("region", name="待接 1")).to_be_visible()
    family.say("还有别的吗")

    family.hears("嗯，我在听。")


def test_a_closed_case_says_how_it_ended_and_the_assistant_goes_on(held):
    family, worker = held
    worker.page.locator("#close summary").click()
    worker.page.get_by_label("已说清楚，家人自己去办").check()
    worker.page.locator("#close").get_by_role("button", name="结案").click()

    worker.page.locator("#closed summary").click()
    worker.open("已说清楚，家人自己去办")
    worker.reads("转人工")
    expect(worker.box).to_be_disabled()
    family.say("还有别的吗")
    family.hears("嗯，我在听。")


def test_of_two_claims_at_once_one_wins_and_the_other_reads_who(waiting, desk):
    both = [desk("演示王").enter(), desk("演示李").enter()]
    for worker in both:
        worker.open(ASKED)
        expect(worker.page.get_by_role("button", name="接手")).to_be_visible()
    for worker in both:
        # Sent a moment later: a navigation would tear the ground from under the call that asked for it.
        worker.page.evaluate("setTimeout(() => document.querySelector('form[action$=\"/claim\"]').requestSubmit(), 50)")
    for worker in both:
        expect(worker.page.get_by_role("button", name="接手")).to_have_count(0)

    [winner] = [worker for worker in both if worker.page.get_by_role("button", name="交回助手").count()]
    [other] = [worker for worker in both if worker is not winner]
    expect(other.page.get_by_text(winner.name).first).to_be_visible()
    winner.page.wait_for_load_state("load")
    winner.reply(HELLO)
    waiting.hears(HELLO)


def test_html_of_a_family_is_text_at_the_desk(held):
    family, worker = held
    nasty = "<img src=x onerror=\"document.title='gone'\"><b>粗</b>"
    family.say(nasty)
    worker.reads("粗")

    assert nasty == worker.said.last.inner_text()
    assert 0 == worker.page.locator("#transcript img, #transcript b, #queue img").count()
