import pytest

from knowledge.alarm import alarm
from knowledge.safety.beside import readings


def test_what_speaks_of_something_else_is_read_with_and_without():
    assert readings("三天没消息，有没有补贴") == (["三天没消息", "有没有补贴"], ["三天没消息"])


def test_what_is_no_danger_is_not_read_at_all():
    assert readings("他妈打电话说想死我了，孙子十岁") == (["孙子十岁"], ["孙子十岁"])


def test_a_question_by_itself_is_read():
    assert readings("有没有补贴") == (["有没有补贴"], ["有没有补贴"])


@pytest.mark.parametrize("text", ["没有一天不打我", "他不会打我吧", "我不想活了", "打死我也不回家", "想死了算了"])
def test_what_only_looks_like_a_denial_or_an_idiom_is_read(text):
    assert readings(text)[0] == [text]


def test_a_punished_crime_is_told_apart_from_the_clauses_beside_it():
    heard = alarm("他爸拐卖人口判了刑，孩子八岁跟我")

    assert (heard.calmed, heard.beside) == (True, "孩子八岁跟我")


def test_what_dictation_runs_together_with_a_denial_is_told_apart():
    assert alarm("他没有被打过但是他天天躲在床底不肯出来").beside == "但是他天天躲在床底不肯出来"


def test_where_nothing_was_calmed_nothing_stands_beside():
    assert alarm("我爸天天打我，我八岁").beside == ""
