"""axe-core finds nothing on any page, for families and for staff, narrow and wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.people import PlainFamily

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = [(360, 740), (1280, 800)]
DANGER = "爸爸打我，我不想活了"


@pytest.fixture
def find():
    """What axe finds on a page: rule and element."""
    axe = Axe()

    def look(page):
        found = axe.run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        return [(rule["id"], node["html"][:160]) for rule in found for node in rule["nodes"]]

    return look


def unfold(page, is_open):
    page.evaluate("open => document.querySelectorAll('details').forEach((one) => { one.open = open })", is_open)


@pytest.mark.parametrize("width, height", WIDTHS)
def test_nothing_is_found_in_the_chat(family, find, width, height):
    family = family(width, height)
    page = family.page
    assert [] == find(page)
    family.walk()
    page.locator("summary").click()
    assert [] == find(page)
    page.get_by_role("button", name="大字").click()
    assert [] == find(page)
    page.get_by_role("button", name="删除对话").click()
    assert [] == find(page)
    page.get_by_role("button", name="先不").click()
    family.say(DANGER)
    family.hears("已经请值班老师")
    assert [] == find(page)


@pytest.mark.parametrize("width, height", WIDTHS)
def test_nothing_is_found_on_the_slip(family, find, width, height):
    family = family(width, height)
    family.walk()
    family.page.get_by_role("link", name="办事小条").click()
    expect(family.page.get_by_role("heading", name="办事小条")).to_be_visible()

    assert [] == find(family.page)


@pytest.mark.parametrize("width, height", WIDTHS)
def test_nothing_is_found_on_the_plain_page(house, visit, find, width, height):
    page = visit(width, height)
    # axe is a script itself: here only those of the page never arrive.
    page.route("**/static/*.js", lambda route: route.abort())
    family = PlainFamily(page, house.address)
    assert [] == find(family.page)
    family.walk()
    assert [] == find(family.page)
    family.say(DANGER)
    family.page.get_by_text("重新开始、删除对话").click()
    assert [] == find(family.page)
    family.page.goto(family.address)
    family.say("又一句")
    assert [] == find(family.page)


@pytest.mark.parametrize("width, height", WIDTHS)
def test_nothing_is_found_at_the_desk(family, desk, find, width, height):
    family = family()
    family.walk()
    family.say("转人工，我电话13800001234")
    family.say("转人工")
    family.hears("已经请工作人员来看")
    family.say(DANGER)
    family.hears("已经请值班老师")
    worker = desk("演示王", "supervisor", width, height)
    page = worker.page
    assert [] == find(page)
    worker.sign_in()
    expect(page.get_by_role("heading", name="换一个密码")).to_be_visible()
    assert [] == find(page)
    worker.change_password()
    expect(page.get_by_role("heading", name="待接")).to_be_visible()
    assert [] == find(page)
    page.goto(f"{family.address}/desk/assistant")
    assert [] == find(page)
    page.goto(f"{family.address}/desk/")
    worker.open("有危险信号")
    worker.claim()
    unfold(page, True)
    assert [] == find(page)
    unfold(page, False)
    page.get_by_text("查看号码").first.click()
    page.get_by_label("为什么要看").first.select_option(index=1)
    # Past the script, as a browser without one sends it.
    page.locator("form.reveal").first.evaluate("form => setTimeout(() => form.submit(), 50)")
    expect(page.get_by_role("link", name="回到对话")).to_be_visible()
    assert [] == find(page)
