import os
import sys
from pathlib import Path

import pytest
import yaml

from bot import train
from bot.train import TrainingFailed, ensure_model, fingerprint

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path):
    """A small product: the inputs count, not what is in them."""
    for name in ("config.yml", "data/nlu/a.yml", "knowledge/policies/national/a.yml", "bot/components/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a: 1\n")
    return tmp_path


@pytest.fixture
def child(monkeypatch, tmp_path):
    """Stands for the process that trains: says its steps, counts itself, and leaves a model or not."""
    trained = tmp_path / "trained"

    def becomes(body):
        script = tmp_path / "child.py"
        script.write_text(f"import sys, pathlib\nmodel = pathlib.Path(sys.argv[3])\n{body}\n", encoding="utf-8")
        real = train.subprocess.Popen

        def popen(command, **options):
            with trained.open("a") as log:
                log.write("x")
            return real([sys.executable, str(script), *command[1:]], **options)

        monkeypatch.setattr(train.subprocess, "Popen", popen)

    becomes("print('step: learning', flush=True); model.write_text('model')")
    becomes.times = lambda: len(trained.read_text()) if trained.exists() else 0
    return becomes


def quiet(step):
    """Nobody listens."""


def test_an_unchanged_input_is_trained_once(root, child):
    first = ensure_model(quiet, root)
    second = ensure_model(quiet, root)

    assert first == second
    assert 1 == child.times()


@pytest.mark.parametrize("name", ["config.yml", "data/nlu/a.yml", "knowledge/policies/national/a.yml"])
def test_a_changed_input_is_trained_again(root, child, name):
    first = ensure_model(quiet, root)
    (root / name).write_text("a: 2\n")

    assert first != ensure_model(quiet, root)
    assert 2 == child.times()


def test_a_new_date_alone_changes_nothing(root):
    before = fingerprint(root)
    os.utime(root / "config.yml", (1, 1))

    assert before == fingerprint(root)


def test_another_encoder_is_another_model(root, tmp_path_factory, monkeypatch):
    before = fingerprint(root)
    elsewhere = tmp_path_factory.mktemp("encoder")
    (elsewhere / "encoder.int8.onnx").write_bytes(b"larger")
    monkeypatch.setenv("TONGXING_ENCODER", str(elsewhere))

    assert before != fingerprint(root)


def test_an_older_model_that_fits_again_becomes_the_newest(root, child):
    first = ensure_model(quiet, root)
    (root / "config.yml").write_text("a: 2\n")
    second = ensure_model(quiet, root)
    os.utime(first, (1, 1))
    (root / "config.yml").write_text("a: 1\n")

    assert first == ensure_model(quiet, root)
    assert first.stat().st_ctime_ns > second.stat().st_ctime_ns
    assert first.stat().st_mtime > 1


def test_only_the_newest_two_models_are_kept(root, child):
    models = []
    for number in range(4):
        (root / "config.yml").write_text(f"a: {number}\n")
        models.append(ensure_model(quiet, root))

    assert set(models[-2:]) == set((root / "models").glob("*.tar.gz"))


def test_what_a_killed_training_left_is_cleared_away(root, child):
    left = root / "models" / "making-before"
    left.mkdir(parents=True)
    (left / "complaints").write_text("half")
    ensure_model(quiet, root)

    assert not left.exists()
    assert 1 == len(list((root / "models").glob("*.tar.gz")))


def test_the_steps_are_shown_as_they_come(root, child):
    steps = []

    ensure_model(steps.append, root)

    assert ["starting", "learning"] == steps


def test_the_steps_go_to_standard_error(root, child, capsys):
    ensure_model(root=root)

    printed = capsys.readouterr()
    assert "" == printed.out
    assert ["starting", "learning", "ready"] == [
        line.split(": ")[1].split(" (")[0] for line in printed.err.splitlines()
    ]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("print('fault: a.yml: name: is missing'); sys.exit(1)", "a.yml: name: is missing"),
        ("raise ImportError('no such thing')", "ImportError: no such thing"),
        ("", "it ended without a word"),
    ],
)
def test_a_failed_training_says_one_line_and_leaves_no_model(root, child, body, line):
    child(body)

    with pytest.raises(TrainingFailed) as failed:
        ensure_model(quiet, root)

    assert f"The assistant could not be trained: {line}" == failed.value.code
    assert [] == list((root / "models").glob("*.tar.gz"))


def test_a_failed_training_keeps_the_model_before_it(root, child):
    before = ensure_model(quiet, root)
    (root / "config.yml").write_text("a: 2\n")
    child("sys.exit(1)")

    with pytest.raises(TrainingFailed):
        ensure_model(quiet, root)

    assert before.exists()


def test_every_component_of_the_pipeline_belongs_to_the_inputs():
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    ours = [one["name"] for key in ("pipeline", "policies", "importers") for one in config[key] if "." in one["name"]]
    modules = {ROOT / (name.rsplit(".", 1)[0].replace(".", "/") + ".py") for name in ours}

    assert modules <= {path for pattern in train.INPUTS for path in ROOT.glob(pattern)}


def test_every_intent_has_its_rule_and_every_action_its_name():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    rules = [
        rule for path in (ROOT / "data" / "rules").glob("*.yml") for rule in yaml.safe_load(path.read_text())["rules"]
    ]
    steps = [step for rule in rules for step in rule["steps"]]

    assert sorted(domain["intents"]) == sorted({step["intent"] for step in steps if "intent" in step})
    assert sorted(domain["actions"]) == sorted({step["action"] for step in steps if "action" in step})
