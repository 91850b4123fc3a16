"""The child process of `bot.train`: trains one model and reports its steps on standard output."""

import logging
import os
import re
import sys
from pathlib import Path

from bot.lean import leave_out
from bot.logs import configure
from bot.train import FAULT, STEP

# Rasa logs which component it trains; these are the same steps in words.
STEPS = {
    "SoundFeaturizer": "learning how things are written and sound",
    "EncoderFeaturizer": "reading every sentence with the encoder",
    "IntentClassifier": "learning what people do with a sentence",
    "SafetyClassifier": "learning to hear danger",
    "TopicRanker": "learning what entitlements are called",
    "RegexEntityExtractor": "learning names",
    "EntitySynonymMapper": "learning names",
    "MemoizationPolicy": "learning the stories",
    "Rules": "learning the rules",
}


class Steps(logging.Handler):
    """Says a step when Rasa begins it."""

    def emit(self, record: logging.LogRecord) -> None:
        begun = re.match(r"Starting to train component '(\w+)'", record.getMessage())
        if begun:
            say(STEP, STEPS.get(begun[1], begun[1]))


def say(kind: str, line: str) -> None:
    print(kind + " ".join(line.split()), file=sys.__stdout__, flush=True)


def main(model: Path) -> int:
    """Exit status 1, with the fault said in one line, when there is no model."""
    quiet()
    from rasa.model_training import train

    from knowledge.errors import KnowledgeError

    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.addHandler(Steps())
    hooks.propagate = False
    say(STEP, "reading the sentences and the knowledge base")
    try:
        train("domain.yml", "config.yml", ["data"], str(model.parent), force_training=True, fixed_model_name=model.name)
    except KnowledgeError as error:
        say(FAULT, str(error))
        return 1
    # A child process has no other way to say what broke than its last line.
    except (Exception, SystemExit) as error:
        say(FAULT, f"{type(error).__name__}: {error}")
        return 1
    return 0


def quiet(lean: bool = True) -> None:
    """Before Rasa is imported: no telemetry, nothing that could print what was said, nothing that is never called."""
    if lean:
        leave_out()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    configure("WARNING")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
