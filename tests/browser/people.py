"""A family at the web chat and a member of staff at the desk, with what they do there."""

from playwright.sync_api import expect

from tests.browser.road import STORY

NEW_PASSWORD = "四个不相干的词连在一起"


class Family:
    def __init__(self, page, address):
        self.page, self.address = page, address
        self.said = page.get_by_role("log").locator(".bubble")
        self.box = page.get_by_label("写下你想说的")
        page.goto(address)

    def say(self, text):
        self.box.fill(text)
        self.box.press("Enter")

    def tap(self, words):
        self.page.get_by_role("button", name=words, exact=True).click()

    def hears(self, words):
        expect(self.said.filter(has_text=words).last).to_be_visible()

    def walk(self):
        """From the first word to the result."""
        self.say(STORY)
        self.tap("半年以上")
        self.hears("孩子几周岁了？")
        self.say("九岁")
        self.hears("该问的都问过了")

    def texts(self):
        return self.said.all_inner_texts()


class PlainFamily(Family):
    """Everything it does leads to a new page."""

    def say(self, text):
        self.box.fill(text)
        self.tap("发送")


class Desk:
    def __init__(self, page, address, name, password):
        self.page, self.name, self.password = page, name, password
        self.said = page.locator("#transcript .text")
        self.box = page.get_by_label("给家人回话")
        page.goto(f"{address}/desk/")

    def sign_in(self):
        self.page.get_by_label("名字").fill(self.name)
        self.page.get_by_label("密码").fill(self.password)
        self.press("登录")

    def change_password(self):
        self.page.get_by_label("现在的密码").fill(self.password)
        self.page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
        self.page.get_by_label("再写一次新密码").fill(NEW_PASSWORD)
        self.press("换密码")
        self.password = NEW_PASSWORD

    def enter(self):
        self.sign_in()
        self.change_password()
        expect(self.page.get_by_role("heading", name="待接")).to_be_visible()
        return self

    def open(self, words):
        """The case whose row shows these words; a worker who is asked why opens it for help."""
        self.page.get_by_role("link").filter(has_text=words).click()
        why = self.page.get_by_role("button", name="排到我了，看看怎么帮")
        expect(why.or_(self.page.locator("#controls"))).to_be_visible()
        if why.is_visible():
            why.click()

    def press(self, words):
        self.page.get_by_role("button", name=words, exact=True).click()

    def claim(self):
        self.press("接手")
        expect(self.box).to_be_enabled()
        # The page came anew: its keys work once its script has run.
        self.page.wait_for_load_state("load")

    def reply(self, text):
        self.box.fill(text)
        self.box.press("Control+Enter")

    def reads(self, words):
        expect(self.said.filter(has_text=words).last).to_be_visible()
