"""Daily work in a real browser, narrow and wide: queue, search, who carries what, offers; looked over by axe."""

import pytest
from playwright.sync_api import expect

from casework.staff import add_worker
from tests.browser.test_axe import WIDTHS, find, unfold

__all__ = ["find"]

pytestmark = pytest.mark.browser


def fits(page, width):
    return width == page.evaluate("document.documentElement.scrollWidth")


@pytest.fixture
def waiting(family):
    family = family()
    family.say("转人工")
    family.hears("已经请工作人员来看")
    return family


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_nothing_in_the_daily_work(waiting, desk, house, find, picture, width, height):
    add_worker(house.store, "演示李", "counselor")
    worker = desk("演示督导", "supervisor", width, height).enter()
    page = worker.page
    unfold(page, True)
    picture(page, f"queue-{width}")
    assert ([], True) == (find(page), fits(page, width))
    page.goto(f"{house.address}/desk/search")
    assert ([], True) == (find(page), fits(page, width))
    page.get_by_label("词").fill("人工")
    page.get_by_label("为什么找").select_option(index=1)
    worker.press("找")
    expect(page.get_by_role("heading", name="找到")).to_be_visible()
    expect(page.locator(".excerpt")).to_have_text("转人工")
    picture(page, f"search-{width}")
    assert ([], True) == (find(page), fits(page, width))
    page.goto(f"{house.address}/desk/")
    worker.open("家人要找人")
    worker.claim()
    page.get_by_text("分类", exact=True).click()
    page.get_by_label("要上门").check()
    page.get_by_label("地方").fill("350481")
    picture(page, f"place-{width}")
    assert [] == find(page)
    page.locator("#place").get_by_role("button", name="记下").click()
    expect(page.locator("#controls .label")).to_have_text("要上门")
    page.get_by_text("转给同事").click()
    page.get_by_label("转给谁").select_option("演示李")
    picture(page, f"offer-{width}")
    assert [] == find(page)
    worker.press("请对方接手")
    expect(page.get_by_text("已经请演示李接手")).to_be_visible()
    picture(page, f"case-{width}")
    assert ([], True) == (find(page), fits(page, width))
    page.goto(f"{house.address}/desk/team")
    expect(page.get_by_role("heading", name="谁手里有什么")).to_be_visible()
    picture(page, f"team-{width}")
    assert ([], True) == (find(page), fits(page, width))


def test_each_side_sees_that_the_other_writes_and_not_what(waiting, desk):
    worker = desk("演示王").enter()
    worker.open("家人要找人")
    worker.claim()
    worker.reply("您好，我是工作人员。")
    waiting.hears("我是工作人员")
    worker.box.press_sequentially("还没想好")
    expect(waiting.page.get_by_text("工作人员正在写…")).to_be_visible()
    assert "还没想好" not in waiting.page.content()
    waiting.box.press_sequentially("先不发")
    expect(worker.page.get_by_text("家人正在写…")).to_be_visible()
    assert "先不发" not in worker.page.content()
    # Neither goes on: after some seconds nobody is said to write, and nothing was sent.
    expect(worker.page.get_by_text("家人正在写…")).to_be_hidden(timeout=15000)
    expect(waiting.page.get_by_text("工作人员正在写…")).to_be_hidden(timeout=15000)
    assert "还没想好" not in waiting.page.content() and "先不发" not in worker.page.content()


def test_a_colleague_takes_over_by_keys_alone(waiting, desk):
    holder, colleague = desk("演示王").enter(), desk("演示李", "counselor").enter()
    holder.open("家人要找人")
    holder.claim()
    holder.page.locator("#transfer summary").press("Enter")
    holder.page.get_by_label("转给谁").select_option("演示李")
    holder.page.get_by_role("button", name="请对方接手").press("Enter")
    expect(colleague.page.get_by_role("heading", name="请您接手")).to_be_visible()
    colleague.open("家人要找人")
    colleague.page.get_by_role("button", name="我来接").press("Enter")

    expect(colleague.box).to_be_enabled()
    expect(holder.page.get_by_role("alert")).to_contain_text("由演示李负责")
