"""Rasa without TensorFlow: what is left out is never needed by what config.yml names."""

import subprocess
import sys

import yaml

from bot.lean import LEFT_OUT
from bot.train import ROOT

# Rasa's own components that were read and found to call nothing that is left out.
LEAN = {"RegexEntityExtractor", "EntitySynonymMapper", "MemoizationPolicy"}
SHOWS = f"""
import sys
from bot.lean import leave_out
leave_out()
import rasa.core.run, rasa.engine.recipes.default_recipe, rasa.model_training
print(sorted(name for name in {LEFT_OUT} if getattr(sys.modules.get(name), "__file__", None)))
import tensorflow
print(tensorflow.keras.layers.Dense.__mro__[0].__name__)
"""


def test_the_pipeline_needs_nothing_that_is_left_out():
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    theirs = {
        part["name"] for part in (*config["pipeline"], *config["policies"]) if not part["name"].startswith("bot.")
    }
    assert theirs <= LEAN


def test_rasa_is_imported_whole_without_them():
    child = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SHOWS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert child.stdout.split("\n")[:2] == ["[]", "Absent"]
