"""The pages of a case beside its talk, in a real browser, narrow and wide: worked with, printed, seen by axe."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_axe import find, unfold

__all__ = ["find"]

pytestmark = pytest.mark.browser

WIDTHS = [(360, 740), (1280, 800)]


def press(page, name, within=None):
    """The page comes anew once the form was taken in."""
    with page.expect_navigation():
        (within or page).get_by_role("button", name=name, exact=True).first.click()


def fits(page, width):
    return width == page.evaluate("document.documentElement.scrollWidth")


@pytest.fixture
def file(family, desk):
    """Makes the page of a case that has just been claimed, at any width."""

    def make(width, height, role="caseworker"):
        at_home = family()
        at_home.walk()
        at_home.say("转人工")
        at_home.hears("已经请工作人员来看")
        worker = desk("演示王", role, width, height).enter()
        worker.open("家人要找人")
        worker.claim()
        worker.page.get_by_role("link", name="档案").click()
        expect(worker.page.get_by_role("heading", name="到期要做的")).to_be_visible()
        return worker.page

    return make


def unfolded(page, title):
    section = page.get_by_role("region", name=title)
    section.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true })")
    return section


def apply(page):
    part = unfolded(page, "申请办到哪一步")
    part.get_by_label("哪一项").select_option("defacto_living")
    press(page, "记下", part.locator("form").last)
    part = unfolded(page, "申请办到哪一步")
    step = part.locator("details", has_text="没批准").first
    step.get_by_label("理由").select_option("papers")
    press(page, "记下", step)
    expect(page.get_by_role("heading", name="不批怎么办")).to_be_visible()


def refer(page):
    part = unfolded(page, "转给别的单位")
    part.get_by_label("转给谁").select_option("town")
    part.get_by_label("请对方做什么").select_option("visit")
    press(page, "开单", part)
    expect(page.get_by_role("link", name="打印第 1 张转介单")).to_be_visible()


def prove(page):
    part = unfolded(page, "情形和证据")
    for shows, grade in (("lost_contact", "B"), ("sent_money", "D")):
        part.get_by_label("说的是谁").select_option("mother")
        part.get_by_label("说明什么").select_option(shows)
        part.get_by_label("证据等级").select_option(grade)
        press(page, "加上", part)
        part = unfolded(page, "情形和证据")
        if shows == "lost_contact":
            part.get_by_label("谁，什么情形").select_option("lost_contact:mother")
            press(page, "记下", part)
            part = unfolded(page, "情形和证据")
    expect(page.get_by_text("停：前后矛盾")).to_be_visible()


@pytest.mark.parametrize("width, height", WIDTHS)
def test_a_case_is_worked_on_followed_and_printed(file, find, picture, width, height):
    page = file(width, height, "supervisor")
    assert [] == find(page)
    apply(page)
    refer(page)
    prove(page)
    press(page, "在对话里问一句")
    expect(page.get_by_text("已经问过家人，还没有回答")).to_be_visible()
    assert fits(page, width)
    picture(page, f"file-{width}")
    unfold(page, True)
    assert fits(page, width)
    assert [] == find(page)
    for link, heading in (("给家人的办事页（打印）", "办事用的一页"), ("打印第 1 张转介单", "转介单")):
        page.get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        assert fits(page, width)
        assert [] == find(page)
        page.get_by_role("link", name="回到档案").click()
    for link in ("今日待办", "数据"):
        page.get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", name=link, exact=True)).to_be_visible()
        assert fits(page, width)
        assert [] == find(page)


def test_a_family_is_asked_when_its_case_closes_and_its_answer_reaches_the_file(family, desk):
    at_home = family()
    at_home.say("转人工")
    at_home.hears("已经请工作人员来看")
    worker = desk("演示王").enter()
    worker.open("家人要找人")
    worker.claim()
    worker.page.locator("#close > summary").click()
    worker.page.get_by_label("已说清楚，家人自己去办").check()
    worker.press("结案")
    at_home.hears("以后能不能在这里问您一句")
    at_home.tap("可以问")
    at_home.hears("到时候在这里问一句")

    worker.page.get_by_text("已结").first.click()
    worker.page.locator("a.row.closed").click()
    worker.page.get_by_role("link", name="档案").click()
    expect(worker.page.get_by_text("家人同意在对话里回访")).to_be_visible()
