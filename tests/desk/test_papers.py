"""Pages to print: the family's, the office's; and the QR codes on them."""

from functools import partial

import pytest

from bot.slip import make_slip
from desk.app import create_app
from desk.office import Pace
from desk.qr import svg
from tests.desk.conftest import PASSWORD, SECRET, bot_says, do, in_front_of, sign_in


@pytest.fixture
def office(store, library, hire):
    """A browser at a desk that can make slips, as the front door mounts it."""
    slip = partial(make_slip, library)
    desk = create_app(
        store, library, print, SECRET, pace=Pace(lifetime=0), make_slip=slip, public_url="https://example.cn"
    )
    client = in_front_of(desk)
    hire("演示张")
    sign_in(client, "演示张", PASSWORD)
    return client


def told(asker="grandparent"):
    result = {"id": "defacto_living", "outcome": "ask_local", "missing": [], "because": [], "sources": []}
    return {"child": 1, "facts": {"asker.role": asker}, "partial": {}, "results": [result]}


@pytest.fixture
def case(store, waiting):
    case = waiting("我叫张三，孩子爸爸判了三年")
    bot_says(store, case.conversation, "要问当地", told())
    return case


def refer(client, case, **more):
    told = {"office": "town", "asks": "visit", "place": "列东街道", **more}
    return do(client, case, "refer", **told)


def test_the_familys_page_says_what_to_say_what_to_bring_and_how_to_appeal(office, case, library):
    text = office.get(f"/desk/cases/{case.ref}/paper").text
    policy = library.policies["defacto_living"]

    for said in (policy.short, policy.apply["first_step"].says, policy.appeal.says, case.ref, "由主管部门认定"):
        assert said in text
    assert 1 == text.count('class="qr"')


def test_no_word_of_the_family_is_on_its_page(office, case):
    text = office.get(f"/desk/cases/{case.ref}/paper").text

    assert "张三" not in text and "判了三年" not in text


def test_a_childs_page_leads_to_no_page_that_says_where_a_parent_is(office, store, waiting, monkeypatch):
    codes = []
    monkeypatch.setattr("desk.papers.svg", lambda text, name: codes.append(text) or "")
    for asker in ("grandparent", "child"):
        case = waiting()
        bot_says(store, case.conversation, "要问当地", told(asker))
        office.get(f"/desk/cases/{case.ref}/paper")

    assert ["https://example.cn/policies/defacto_living", "https://example.cn/policies/"] == codes


def test_without_a_result_the_page_says_so(office, waiting):
    assert "还没有可以拿去办的结果" in office.get(f"/desk/cases/{waiting().ref}/paper").text


def test_a_slip_for_an_office_holds_the_least_and_its_receipt(office, case):
    refer(office, case, contact="下午去家里", more="孩子没人接送")
    text = office.get(f"/desk/cases/{case.ref}/referrals/1").text

    for said in (
        f"{case.ref}-1",
        "儿童督导员",
        "上门看看孩子",
        "列东街道",
        "下午去家里",
        "孩子没人接送",
        "回执",
        "请在这天前签收",
    ):
        assert said in text
    for word in ("张三", "爸爸", "判", "defacto"):
        assert word not in text
    assert 404 == office.get(f"/desk/cases/{case.ref}/referrals/2").status_code


@pytest.mark.parametrize("word", ["服刑", "艾滋", "13800001234"])
def test_a_slip_that_tells_more_is_not_made(office, case, word):
    answer = refer(office, case, more=f"家里有人{word}")

    assert 422 == answer.status_code
    assert 404 == office.get(f"/desk/cases/{case.ref}/referrals/1").status_code


def test_a_referral_is_followed_on_the_file(office, case):
    refer(office, case)
    page = f"/desk/cases/{case.ref}/file"
    assert "等签收" in office.get(page).text and "催对方签收" in office.get(page).text
    do(office, case, "received", number="1")
    assert "已签收" in office.get(page).text and "催对方回复" in office.get(page).text
    do(office, case, "answered", number="1", words="看过了")
    assert "看过了" in office.get(page).text and "催对方" not in office.get(page).text


def test_a_code_has_a_name_and_a_quiet_border():
    drawn = svg("TX-ABC234-1", "单号")

    assert 'aria-label="单号"' in drawn and 'viewBox="0 0 29 29"' in drawn
    assert "M4 4.5h7" in drawn
