"""The page of figures, its charts and its CSV: nothing that stands on fewer than ten gets out by any of them."""

import csv
import io
import re

import pytest

from casework.rules import rules
from desk.charts import bars
from tests.desk.conftest import do


@pytest.fixture
def twelve(wang, waiting):
    """Twelve cases in need of school, three of money."""
    for number in range(12):
        case = waiting()
        do(wang, case, "need", need="school")
        if number < 3:
            do(wang, case, "need", need="money")
    return wang


def table(client, path="/desk/figures.csv"):
    answer = client.get(path)
    assert "text/csv; charset=utf-8" == answer.headers["content-type"]
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_every_figure_stands_on_the_page_by_its_name(wang):
    text = wang.get("/desk/figures").text

    assert not [said["name"] for said in rules("figures")["figures"].values() if said["name"] not in text]
    assert "还没有数据" in text


def test_a_small_group_is_hidden_on_the_page_in_the_charts_and_in_the_export(twelve):
    text = twelve.get("/desk/figures").text
    needs = [row for row in table(twelve) if row[0] == rules("figures")["charts"]["unmet_needs"]]

    assert [["上学", "组太小，不显示"], ["生活费", "组太小，不显示"]] == [row[1:3] for row in needs]
    assert ">12<" not in text.split("<h2")[2]


def test_a_large_group_is_shown_in_both(wang, waiting):
    for _ in range(12):
        do(wang, waiting(), "need", need="school")

    chart = wang.get("/desk/figures").text.split("<h2")[2]
    assert "还没解决的需要" in chart and ">12</text>" in chart and 'class="bar"' in chart
    assert [["上学", "12"]] == [row[1:3] for row in table(wang) if row[1] == "上学"]


def test_the_export_has_a_row_for_each_figure_with_its_time(wang):
    header, *rows = table(wang, "/desk/figures.csv?since=2026-01-01&until=2026-02-01")

    assert "指标" == header[0]
    assert {said["name"] for said in rules("figures")["figures"].values()} <= {row[0] for row in rows}
    assert {("2026-01-01", "2026-02-01")} == {(row[5], row[6]) for row in rows}


@pytest.mark.parametrize(
    "span", ["since=x", "since=2026-02-01&until=2026-01-01", "until=2999-01-01", "since=1999-01-01"]
)
def test_a_time_that_is_none_is_refused(wang, span):
    assert [422, 422] == [wang.get(f"/desk/figures{form}?{span}").status_code for form in ("", ".csv")]


def test_strangers_see_no_figures(browser):
    assert 303 == browser().get("/desk/figures").status_code == browser().get("/desk/figures.csv").status_code


def test_a_chart_has_a_bar_as_long_as_its_number_and_tells_it_in_words():
    chart = str(bars("需要", {"上学": 40, "看<病": 20, "钱": None}, "太少"))
    lengths = [float(length) for length in re.findall(r'width="([\d.]+)" height="18"', chart)]

    assert lengths[0] == 2 * lengths[1] > 0 == lengths[2]
    assert 'aria-label="需要 上学 40, 看&lt;病 20, 钱 太少"' in chart
    assert "style=" not in chart  # the desk's policy lets no inline style through
