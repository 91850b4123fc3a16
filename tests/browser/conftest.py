"""A headless Chromium and the house it visits; pages are found by what a person finds them by."""

import os
import shutil

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import sync_playwright

from bot.settings import ROOT
from casework import staff
from tests.browser.house import open_house
from tests.browser.people import Desk, Family, PlainFamily
from tests.browser.road import RoadRasa

IMAGES = ROOT / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


# Not longer than a module: while Playwright runs, its thread can run no asyncio test.
@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs chromium and a Chinese font (Debian: chromium, fonts-noto-cjk)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def house(tmp_path):
    with open_house(tmp_path, RoadRasa().dialogue()) as house:
        yield house


@pytest.fixture
def visit(chromium):
    """Makes a browser of its own (cookies, storage) with one page; a page that throws fails the test."""
    contexts, thrown = [], []

    def make(width=1280, height=800, **more):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", **more
        )
        contexts.append(context)
        # Nothing outside this machine is ever asked for; 快速离开 leads to this page instead.
        context.route("https://**", lambda route: route.fulfill(content_type="text/html", body="elsewhere"))
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(error.message))
        return page

    yield make
    for context in contexts:
        context.close()
    assert [] == thrown


@pytest.fixture
def family(house, visit):
    """Makes a family that has the web chat before it."""

    def make(width=1280, height=800):
        return Family(visit(width, height), house.address)

    return make


@pytest.fixture
def plain(house, visit):
    """Makes a family whose browser runs no script."""

    def make(width=1280, height=800):
        return PlainFamily(visit(width, height, java_script_enabled=False), house.address)

    return make


@pytest.fixture
def desk(house, visit, monkeypatch):
    """Makes a member of staff who stands before the sign-in page, with the one-time password in hand."""
    # The real cost of a hash is what a guesser pays; here nobody guesses.
    monkeypatch.setattr(staff, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    def make(name, role="caseworker", width=1280, height=800):
        _, once = staff.add_worker(house.store, name, role)
        return Desk(visit(width, height), house.address, name, once)

    return make


@pytest.fixture
def picture(tmp_path):
    """Takes a picture; into docs/images only when TONGXING_SCREENSHOTS=1, so that a test run changes no file."""
    wanted = os.environ.get("TONGXING_SCREENSHOTS") == "1"

    def take(page, name):
        path = (IMAGES if wanted else tmp_path) / f"{name}.png"
        page.screenshot(path=path, animations="disabled", caret="hide")
        if wanted:
            shrink(path)

    return take


def shrink(path):
    """Sixty-four colours are enough for pages of text, and a third of the size."""
    from PIL import Image  # comes with Rasa; only whoever renews the pictures needs it

    Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)
