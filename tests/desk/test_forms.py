"""A form that is refused loses nothing: the page says what was wrong, and gives back what was written."""

from tests.desk.conftest import act, do


def test_what_was_written_comes_back_with_the_way_to_where_it_was_written(wang, waiting):
    case = waiting()
    answer = do(wang, case, "refer", office="town", asks="visit", more="爸爸在服刑，孩子跟奶奶过")

    assert 422 == answer.status_code
    assert "爸爸在服刑，孩子跟奶奶过" in answer.text and "您刚才写的" in answer.text
    assert f'href="/desk/cases/{case.ref}/file"' in answer.text


def test_a_reply_that_is_refused_comes_back(wang, li, waiting):
    case = waiting()
    act(wang, case, "claim")
    answer = act(li, case, "messages", text="您好，我来看看", client_id="c1")

    assert 403 == answer.status_code and "您好，我来看看" in answer.text


def test_a_refusal_names_fields_as_the_page_does(wang, waiting):
    case = waiting()
    act(wang, case, "claim")
    long = do(wang, case, "child", band="from_8", words="很" * 501).text
    blank = act(wang, case, "notes", note=" ", client_id="n1").text
    place = act(wang, case, "place", region="没有的县").text
    money = do(wang, case, "application", policy="dibao", to="applied", on="2999-01-01").text

    assert "“写的话”太长了，最多 500 个字符" in long
    assert "备注 要是文字" in blank
    assert "“地方”填得不对。写县、区、旗的全名" in place
    assert "“日期”填得不对。不能在今天以后" in money


def test_a_place_is_found_by_the_end_of_its_full_name(wang, waiting):
    case = waiting()

    assert 303 == act(wang, case, "place", region="三明市尤溪县").status_code
    assert "福建省三明市尤溪县" in wang.get("/desk/").text


def test_a_page_that_cannot_be_opened_says_so(wang):
    assert "打不开" in wang.get("/desk/cases/TX-222222").text


def test_no_secret_comes_back(wang):
    answer = wang.post("/desk/password", data={"csrf": "wrong", "old": "旧的密码", "new": "新的密码"})

    assert 403 == answer.status_code and "密码</p>" not in answer.text


def test_a_form_that_stays_learns_that_the_session_is_over(browser):
    answer = browser().post("/desk/cases/TX-222222/file", data={"do": "need"}, headers={"X-Stay": "1"})

    assert 401 == answer.status_code and "登录已经过了时间" in answer.text
