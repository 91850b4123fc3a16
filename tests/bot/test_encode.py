import numpy as np
import pytest

from bot.encoder import encode as module
from bot.encoder import seen
from bot.encoder.encode import SIZE, encode


def test_a_sentence_becomes_a_vector_of_length_one():
    vector = encode("孩子他爸坐牢了")

    assert (SIZE, np.float32) == (vector.size, vector.dtype)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_spaces_width_and_case_do_not_change_a_sentence():
    assert np.array_equal(encode("低保ABC"), encode(" 低 保ａｂｃ\n"))


def test_a_homophone_stays_closer_than_another_sentence():
    said = encode("事实孤儿补贴怎么领")

    assert said @ encode("事实孤儿补贴怎么零") > 0.8 > said @ encode("我要找人说话")


def test_an_empty_sentence_is_zeros():
    assert not encode(" ").any()


def test_a_very_long_sentence_is_cut_not_refused():
    assert np.linalg.norm(encode("我家孩子没人管" * 2000)) == pytest.approx(1, abs=1e-4)


def test_nobody_can_write_into_a_remembered_vector():
    with pytest.raises(ValueError, match="read-only"):
        encode("谢谢")[0] = 1.0


def test_a_model_that_differs_is_named_in_one_line(tmp_path, monkeypatch, capsys):
    for name in module.EXPECTED:
        (tmp_path / name).write_bytes((module.folder() / name).read_bytes())
    (tmp_path / "tokenizer.json").write_bytes((tmp_path / "tokenizer.json").read_bytes() + b"\n")
    monkeypatch.setenv("TONGXING_ENCODER", str(tmp_path))
    module._load.cache_clear()
    module._run.cache_clear()
    module._labels.cache_clear()

    encode("你好")
    module._load.cache_clear()
    module._run.cache_clear()
    module._labels.cache_clear()

    lines = [line for line in capsys.readouterr().out.splitlines() if "encoder.differs" in line]
    assert len(lines) == 1 and "tokenizer.json" in lines[0]


@pytest.fixture
def read_before(tmp_path, monkeypatch):
    """An encoder that was tuned on 读过 and 也读过."""
    np.save(tmp_path / "seen.npy", np.array([seen.mark("读过"), seen.mark("也读过")], np.uint32))
    monkeypatch.setenv("TONGXING_ENCODER", str(tmp_path))
    seen._seen.cache_clear()
    yield
    seen._seen.cache_clear()


@pytest.mark.usefixtures("read_before")
def test_what_the_encoder_was_tuned_on_is_no_measure():
    assert seen.unread(["读过", "没读过", "也读过"]).tolist() == [False, True, False]


@pytest.mark.usefixtures("read_before")
def test_where_hardly_anything_is_new_all_of_it_measures():
    assert seen.unread(["读过"] * 30 + ["没读过"]).all()
