"""Places as people say them: long, short, behind a wider place, old names, and names that many places have."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.library import Library
from knowledge.reading import Context, Reader

READER = Reader(Library.load())
SAID = {
    "户口在河南兰考": "410225",
    "户口在河南省信阳市固始县": "411525",
    "户口在成都武侯": "510107",
    "户口在湖南新晃": "431227",
    "户口在北京朝阳": "110105",
    "户口在吉林": "22",
    "户口是吉林市龙潭区的": "220203",
    "孩子户口在敖汉旗": "150430",
    "户口在沙县": "350405",
    "娃户口在赤峰翁旗": "150426",
    "户口在福州鼓楼区": "350102",
    "户口在乌丹镇": "150426",
    "孩子户口在列东街道": "350404",
    "户口在赤峰桥头镇": "150426",
    "户口在三明市三元区列西街道": "350404",
    "户口在尤溪县城关镇": "350426",
    "户口在沙县夏茂镇": "350405",
    "户口在扎嘎斯台镇": "150421",
    "户口在阿旗天山镇": "150421",
}


@pytest.mark.parametrize("text, code", SAID.items())
def test_a_place_is_found_by_the_names_people_use(text: str, code: str) -> None:
    assert code == READER.read(text, Context(as_of=date(2026, 11, 22))).facts["child.hukou_region"]


@pytest.mark.parametrize("text", ["户口在鼓楼区", "户口在朝阳", "户口在城区", "户口在城关镇", "户口在桥头镇"])
def test_a_name_that_many_places_have_is_not_guessed(text: str) -> None:
    assert "child.hukou_region" not in READER.read(text, Context(as_of=date(2026, 11, 22))).facts
