import pytest

from casework.switch import switched_off
from tests.desk.conftest import csrf


@pytest.fixture
def senior(signed_in):
    return signed_in("演示督导", "supervisor")


def turn(client, **given):
    return client.post("/desk/assistant", data={"csrf": csrf(client, "/desk/assistant"), **given})


def test_a_supervisor_turns_it_off_and_everybody_sees_who_and_why(senior, wang, store):
    answer = turn(senior, capability="all", to="off", why="金额说错了")

    assert (303, "/desk/assistant") == (answer.status_code, answer.headers["location"])
    assert ["all"] == list(switched_off(store))
    assert "演示督导" in wang.get("/desk/assistant").text and "金额说错了" in wang.get("/desk/assistant").text
    assert "自动助手停用中" in wang.get("/desk/").text


def test_it_is_turned_on_again(senior, store):
    turn(senior, capability="interview", to="off", why="问错了")
    turn(senior, capability="interview", to="on", why="改好了")

    assert {} == switched_off(store)
    assert "自动助手停用中" not in senior.get("/desk/").text


def test_a_caseworker_sees_no_switch_and_turns_none(wang, store):
    assert 'name="capability"' not in wang.get("/desk/assistant").text
    assert 403 == turn(wang, capability="all", to="off", why="试试").status_code
    assert {} == switched_off(store)


@pytest.mark.parametrize(
    "given, status",
    [
        ({"capability": "all", "to": "off"}, 422),
        ({"capability": "weather", "to": "off", "why": "x"}, 400),
        ({"capability": "all", "to": "sideways", "why": "x"}, 400),
    ],
)
def test_a_step_that_is_not_clear_is_not_done(senior, store, given, status):
    assert status == turn(senior, **given).status_code
    assert {} == switched_off(store)
