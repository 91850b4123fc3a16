from dataclasses import replace

import numpy as np
import pytest

from bot.components.danger_features import LONGEST, clauses, heart, windows
from bot.components.danger_model import SURELY_NOT, WITNESS, DangerModel
from bot.components.danger_sentences import FOLDER, Sentence, sentences
from knowledge.alarm import KINDS, LEVELS, alarm
from knowledge.safety.course import CONCERN, HINT

IN_A_STORY = "昨天去镇上问了，说要开证明，村里的章又盖不到，跑了三趟，我不想活了，这事到底归谁管"
# Of every third block a few: the whole folder takes minutes.
FEW, EVERY = 3, 3
HELD_OUT = FOLDER.parents[1] / "tests" / "safety"


@pytest.fixture(scope="module")
def written():
    kept: dict[str, list[Sentence]] = {}
    for one in sentences():
        kept.setdefault(one.block, []).append(one)
    return [one for block in [*kept.values()][::EVERY] for one in block[:FEW]]


@pytest.fixture(scope="module")
def model(written):
    return DangerModel.learn(written)


def test_the_sentences_are_enough_and_well_formed():
    all_of_them = sentences()
    dangerous = [one for one in all_of_them if one.level != "none"]

    assert len(dangerous) >= 350 and len(all_of_them) - len(dangerous) >= 500
    assert {kind for one in dangerous for kind in one.kinds} == set(KINDS)
    assert {one.level for one in dangerous} == set(LEVELS[1:])


def test_no_sentence_is_written_twice():
    texts = [one.text for one in sentences()]

    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("path", sorted(HELD_OUT.glob("heldout*.yml")), ids=lambda path: path.stem)
def test_no_sentence_that_was_held_out_is_learned(path):
    assert {one.text for one in sentences(path)} & {one.text for one in sentences()} == set()


def test_the_mark_of_a_long_story_is_not_part_of_its_text():
    marked = [one for one in sentences() if one.danger and one.danger != one.text]

    assert marked and all(one.danger in one.text and "【" not in one.text for one in marked)


def test_every_mark_stands_in_a_window_of_its_story():
    lost = [one.text for one in sentences() if one.danger and not any(_within(one, part) for part in windows(one.text))]

    assert lost == []


def _within(one, part):
    return any(heart(clause) in part for clause in clauses(one.danger))


def test_a_long_message_is_read_in_windows_and_a_very_long_one_at_both_ends():
    story = "孩子读三年级，学费不用交，可是吃饭穿衣都要钱。" * 300

    assert len(windows(story)) == 40 and max(map(len, windows(story))) <= LONGEST


def test_the_model_hears_danger_without_a_danger_word(model):
    text = "我跟小狗说了再见，以后奶奶会照顾它，我不需要明天了"

    assert alarm(text).level == "none"
    assert (model.judge(text).source, model.judge(text).level != "none") == ("model", True)


def test_an_emergency_is_heard_without_a_word_of_one_and_never_below_urgent(model):
    scores = model.scores("今天有点闷")
    sure = replace(model, limits=model.limits | {"emergency": -9.0})

    assert sure.verdict(alarm("今天有点闷"), scores).level == "none"
    assert sure.judge("我跟小狗说了再见，以后奶奶会照顾它，我不需要明天了").level == "emergency"
    assert model.judge("我跟小狗说了再见，以后奶奶会照顾它，我不需要明天了").level == "urgent"


def test_few_urgent_sentences_are_taken_for_an_emergency(model, written):
    urgent = [one.text for one in written if one.level == "urgent"]
    heard = [model.verdict(alarm(text), model.scores(text)).level for text in urgent]

    assert 0 < heard.count("emergency") < 0.15 * len(heard)


def test_words_of_danger_are_a_question_at_least_however_harmless_they_seem_to_the_model(model):
    calm = replace(model, limits={"hint": 9.0, "concern": 9.0, "urgent": 9.0, "emergency": 9.0})

    assert alarm(IN_A_STORY).level == "urgent"
    assert (calm.judge(IN_A_STORY).level, calm.judge(IN_A_STORY).kinds) == ("concern", ("self_harm",))


@pytest.mark.parametrize(
    ("text", "level"), [("我不想活了", "urgent"), ("孩子走丢了", "urgent"), ("孩子喝了农药了怎么办", "emergency")]
)
def test_plain_words_and_an_emergency_need_no_second_witness(model, text, level):
    calm = replace(model, limits={"hint": 9.0, "concern": 9.0, "urgent": 9.0, "emergency": 9.0})

    assert calm.judge(text).level == level


@pytest.mark.parametrize(("sure", "level"), [(SURELY_NOT + 0.01, "emergency"), (SURELY_NOT - 0.01, "concern")])
def test_an_emergency_somewhere_in_a_story_is_a_question_only_where_the_model_is_sure_of_the_contrary(
    model, sure, level
):
    calm = replace(model, limits={"hint": 9.0, "concern": 9.0, "urgent": 9.0, "emergency": 9.0})
    heard, scores = alarm("孩子喝了农药了怎么办"), np.full(len(model.bias), sure)

    assert calm.verdict(heard, scores).level == level
    assert calm.verdict(heard, scores, is_plain=True).level == "emergency"


def test_words_of_danger_need_less_of_the_model_than_others(model):
    scores = model.scores("我不想活了")
    limits = model.limits | {"urgent": float(scores[1]) + WITNESS / 2}

    assert replace(model, limits=limits).verdict(alarm("我不想活了"), scores).level == "urgent"
    assert replace(model, limits=limits).verdict(alarm("你好"), scores).level != "urgent"


def test_an_emergency_that_the_model_hears_too_stays_one(model):
    text = "我把一瓶药全吃了，现在肚子好痛"

    assert alarm(text).level == model.judge(text).level == "emergency"


# Nothing is left beside these words: what is left is judged by itself, at whatever limit.
@pytest.mark.parametrize("text", ["想死你了", "没有被打", "我不会自杀的"])
def test_what_the_lexicon_explained_is_a_concern_at_most(model, text):
    eager = replace(model, limits={"hint": -9.0, "concern": -9.0, "urgent": -9.0, "emergency": 9.0})

    assert eager.judge(text).level in ("none", "concern")


@pytest.mark.parametrize(
    "text",
    ["想死你了，我的宝", "想死你了我的宝", "没有被打，真的没有", "没有被打真的没有", "我不会自杀的，你放心"],
)
def test_what_stands_harmless_beside_it_lifts_nothing(model, text):
    assert model.judge(text).level in ("none", "concern")


def test_danger_beside_what_the_lexicon_explained_is_heard(model):
    assert model.judge("他爸因为打人坐牢 现在后爸老半夜进我屋摸我").level in ("urgent", "emergency")


@pytest.mark.parametrize(
    "text", ["你好", "孤儿补贴一个月多少钱", "父母都去世了，孩子跟奶奶", "判了三年", "", "😀", "12"]
)
def test_an_ordinary_message_is_left_alone(model, text):
    assert (model.judge(text).level, model.judge(text).kinds, model.judge(text).source) == ("none", (), "none")


def test_only_what_is_mild_and_not_explained_away_weighs(model):
    eager = replace(model, limits={"hint": -9.0, "concern": 9.0, "urgent": 9.0, "emergency": 9.0})

    assert (eager.judge("今天有点闷").weight, eager.judge("活着没意思").weight) == (HINT, CONCERN)
    assert (eager.judge("没有被打，真的没有").weight, model.judge("孤儿补贴一个月多少钱").weight) == (0, 0)


@pytest.mark.parametrize("text", ["没意思", "不想上学", "没人会在意我", "真的没什么盼头了"])
def test_a_sigh_weighs_though_it_is_no_danger(model, text):
    assert model.judge(text).weight >= HINT


def test_a_raised_level_always_names_a_kind(model, written):
    nameless = [one.text for one in written[:300] if (seen := model.judge(one.text)).level != "none" and not seen.kinds]

    assert nameless == []


def test_a_labelled_sentence_said_again_is_what_its_readers_said(model, written):
    eager = replace(model, limits={"hint": -9.0, "concern": -9.0, "urgent": -9.0, "emergency": -9.0})
    plain = next(one for one in written if one.level == "none" and not one.lenient and alarm(one.text).level == "none")
    grave = next(one for one in written if one.level == "urgent")
    calm = replace(model, limits={"hint": 9.0, "concern": 9.0, "urgent": 9.0, "emergency": 9.0})

    assert (eager.judge(plain.text).level, eager.judge(f"{plain.text}。").level) == ("none", "none")
    assert (calm.judge(grave.text).level, bool(calm.judge(grave.text).kinds)) == ("urgent", True)
    assert DangerModel.taken_up(*model.kept()).judge(plain.text).level == "none"


def test_a_model_taken_up_again_judges_the_same(model):
    arrays, words = model.kept()
    again = DangerModel.taken_up(arrays, words)
    texts = ["我把东西都送人了", "学费多少", "晚上不敢关灯，他会进来"]

    assert [np.allclose(again.scores(text), model.scores(text)) for text in texts] == [True] * 3
