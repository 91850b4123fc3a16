"""The questions before a case is opened, and the second factor, as a worker meets them; axe finds nothing there."""

import time

import pytest
from playwright.sync_api import expect

from casework.cases import close, open_case
from casework.erasure import erase
from casework.ledger import append, mark_harm, start
from casework.second_factor import code
from casework.staff import workers
from tests.browser.test_axe import WIDTHS, find

__all__ = ["find"]

pytestmark = pytest.mark.browser

WORDS = "孩子爸爸判了三年"


def waiting(store):
    held, _ = start(store)
    append(store, held.id, "family", WORDS, "f1")
    return open_case(store, held.id, "counselor", "routine", "asked")


def is_fine(page, find):
    assert [] == find(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width, height", WIDTHS)
def test_a_worker_says_why_and_then_reads(house, desk, find, width, height):
    case = waiting(house.store)
    worker = desk("演示王", "caseworker", width, height).enter()
    worker.page.goto(f"{house.address}/desk/cases/{case.ref}")
    expect(worker.page.get_by_role("heading", name="为什么打开这个个案")).to_be_visible()
    assert WORDS not in worker.page.content()
    is_fine(worker.page, find)
    worker.press("有危险，马上要处理")

    worker.reads(WORDS)


@pytest.mark.parametrize("width, height", WIDTHS)
def test_a_supervisor_opens_a_lock_by_a_reason(house, desk, find, width, height):
    case = waiting(house.store)
    worker = desk("演示督导", "supervisor", width, height).enter()
    mark_harm(house.store, case.conversation)
    close(house.store, case.ref, workers(house.store)[0].id, "已报告")
    erase(house.store, case.conversation)
    worker.page.goto(f"{house.address}/desk/cases/{case.ref}")
    expect(worker.page.get_by_role("heading", name="打开封存的个案")).to_be_visible()
    is_fine(worker.page, find)
    worker.page.get_by_label("理由").fill("公安来函调取")
    worker.press("打开")

    worker.reads(WORDS)


@pytest.mark.parametrize("width, height", WIDTHS)
def test_a_worker_sets_up_a_second_factor_and_signs_in_with_it(house, desk, find, width, height):
    worker = desk("演示王", "caseworker", width, height).enter()
    page = worker.page
    page.get_by_role("link", name="改密码").click()
    page.get_by_role("link", name="登录验证码").click()
    is_fine(page, find)
    secret = page.locator(".key").inner_text().replace(" ", "").replace("\n", "")
    page.get_by_label("第二步").fill(code(secret, int(time.time()) // 30))
    worker.press("启用")
    expect(page.locator(".codes li")).to_have_count(8)
    is_fine(page, find)
    paper = page.locator(".codes code").first.inner_text()
    worker.press("退出")
    worker.sign_in()
    expect(page.get_by_role("heading", name="还要一个验证码")).to_be_visible()
    is_fine(page, find)
    page.get_by_label("手机上验证器里的六位数字").fill(paper)
    worker.press("登录")

    expect(page.get_by_role("heading", name="待接")).to_be_visible()
