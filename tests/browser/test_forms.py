"""Forms at the desk in a real browser: what is refused stays, what moves a case away leads on and not to a refusal."""

import pytest
from playwright.sync_api import expect

from casework.staff import add_worker
from tests.browser.test_axe import find

__all__ = ["find"]

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(family, desk, house):
    at_home = family()
    at_home.say("转人工")
    at_home.hears("已经请工作人员来看")
    add_worker(house.store, "演示李", "counselor")
    worker = desk("演示王").enter()
    worker.open("家人要找人")
    worker.claim()
    return worker


def test_a_refused_form_keeps_what_was_typed_and_says_why_beside_it(worker, find):
    page = worker.page
    page.get_by_role("link", name="档案").click()
    part = page.get_by_role("region", name="转给别的单位")
    part.get_by_text("开一张转介单").click()
    part.get_by_label("转给谁").select_option("town")
    part.get_by_label("请对方做什么").select_option("visit")
    part.get_by_label("补充").fill("爸爸在服刑，跟奶奶过")
    part.get_by_role("button", name="开单").click()
    expect(part.get_by_role("alert")).to_contain_text("不能写“服刑”")
    expect(part.get_by_label("补充")).to_have_value("爸爸在服刑，跟奶奶过")
    assert [] == find(page)
    part.get_by_label("补充").fill("跟奶奶过")
    part.get_by_role("button", name="开单").click()
    expect(page.get_by_role("link", name="打印第 1 张转介单")).to_be_visible()


def test_who_hands_a_case_on_comes_back_to_the_queue(worker):
    page = worker.page
    page.get_by_text("转给同事").click()
    page.get_by_label("转给谁").select_option("演示李")
    worker.press("转过去")
    expect(page.get_by_role("heading", name="我的")).to_be_visible()
    # The stream's word that the case is gone must not lead to a refusal afterwards.
    page.wait_for_timeout(1500)
    expect(page.get_by_role("heading", name="我的")).to_be_visible()


def test_a_closed_family_is_written_to_again_by_keyboard_alone(worker, find):
    page = worker.page
    worker.reply("先去镇里问。")
    worker.reads("先去镇里问")
    page.locator("#close > summary").press("Enter")
    page.get_by_label("已说清楚，家人自己去办").press("Space")
    page.locator("#close").get_by_role("button", name="结案").press("Enter")
    page.locator("#closed > summary").press("Enter")
    page.get_by_role("link").filter(has_text="已说清楚").press("Enter")
    expect(page.get_by_role("button", name="再联系家人")).to_be_visible()
    page.wait_for_load_state("load")  # the script remembers where to go on, once it is there
    page.get_by_role("button", name="再联系家人").press("Enter")
    expect(worker.box).to_be_enabled()
    page.wait_for_load_state("load")
    # Whoever works by keyboard goes on where the next word is written.
    expect(worker.box).to_be_focused()
    assert [] == find(page)
    worker.reply("带户口本。")
    worker.reads("带户口本")


def test_new_cases_call_also_beside_other_work(worker, family):
    page = worker.page
    page.get_by_role("link", name="档案").click()
    expect(page.get_by_text("新的事在等")).to_be_hidden()
    other = family()
    other.say("转人工")
    other.hears("已经请工作人员来看")
    expect(page.get_by_text("有 1 件新的事在等。")).to_be_visible(timeout=25000)
    page.keyboard.press("Alt+KeyK")
    expect(page.get_by_text("新的事在等")).to_be_hidden()
