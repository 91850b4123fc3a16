import numpy as np
import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.training_data.message import Message
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.grams import ANALYSERS, Grams, grams
from bot.components.meaning import EncoderFeaturizer
from bot.components.sound import SoundFeaturizer
from bot.components.syllables import syllables
from bot.components.tokenizer import ZhTokenizer


def tokens(pipeline, text):
    (message,) = pipeline.make(ZhTokenizer).process([Message({"text": text})])
    return message.get("normal"), [token.text for token in message.get(TOKENS_NAMES["text"])]


def test_traditional_and_wide_text_gets_one_spelling(pipeline):
    assert tokens(pipeline, "孤兒補助ＡＢ")[0] == "孤儿补助AB"


def test_a_word_of_the_domain_stays_whole(pipeline):
    assert "没音信" in tokens(pipeline, "他妈没音信了")[1]


def test_an_empty_text_has_no_tokens(pipeline):
    assert tokens(pipeline, "") == ("", [])


@pytest.mark.parametrize(
    ("said", "meant"), [("四十", "是十"), ("老师", "脑师"), ("父亲", "户清"), ("亲人", "清人"), ("只有", "自有")]
)
def test_what_dialects_confuse_sounds_the_same(said, meant):
    assert syllables(said) == syllables(meant)


def test_there_is_one_syllable_for_each_sign():
    assert len(syllables("低保abc，😭")) == 7


def test_grams_are_runs_of_one_to_three():
    assert grams("甲乙丙") == ["甲", "乙", "丙", "甲 乙", "乙 丙", "甲 乙 丙"]


def test_grams_weigh_what_scikit_learn_makes_of_them():
    texts = ["孙子他爸坐牢了", "低保低保怎么申请abc", "妈妈走了两年没音信", "谢谢", ""]
    counters = [TfidfVectorizer(analyzer=each, sublinear_tf=True).fit(texts) for each in ANALYSERS.values()]
    asked = [*texts, "外孙没人管低保", "😭"]

    ours = Grams.learn(texts).rows(asked).toarray()

    assert np.allclose(ours, np.hstack([one.transform(asked).toarray() for one in counters]), atol=1e-6)


def sparse(message):
    return message.get_sparse_features("text")[1].features


def dense(message):
    return message.get_dense_features("text")[1].features


def test_a_homophone_shares_its_sound_but_not_its_letters(pipeline):
    _, message = pipeline.featurised()
    right, heard, other = (sparse(message(text)).toarray()[0] for text in ("坐牢", "做劳", "天气"))

    assert right @ heard > 0.9
    assert right @ other == 0


def test_the_meaning_is_centred_and_of_length_one(pipeline):
    data, message = pipeline.featurised()
    vectors = np.vstack([dense(one) for one in data.training_examples])

    assert np.linalg.norm(dense(message("他爸坐牢了"))) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(vectors.mean(axis=0)) < 0.2


def test_emoji_have_no_meaning_to_the_encoder(pipeline):
    _, message = pipeline.featurised()

    assert not dense(message("😭😭")).any()


@pytest.mark.parametrize("component", [SoundFeaturizer, EncoderFeaturizer])
def test_a_featuriser_taken_up_again_gives_the_same_features(pipeline, component):
    _, message = pipeline.featurised()
    get = sparse if component is SoundFeaturizer else dense
    fresh = Message({"text": "判了三年半", "normal": "判了三年半"})

    pipeline.again(component).process([fresh])

    expected, found = get(message("判了三年半")), get(fresh)
    assert abs(expected - found).max() < 1e-6


def test_no_weight_is_a_pickle(pipeline, tmp_path):
    pipeline.featurised()

    assert {".npz", ".json"} == {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
