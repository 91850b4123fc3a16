"""What understanding costs and gives, beside the pipeline that Rasa's own manual builds for Chinese (stock.yml).

    uv run python benchmarks/stock.py [--keep FOLDER] [--epochs N]

Each pipeline is trained and measured in processes of its own, on the same sentences, with the same second held-out
sets. A message is parsed and its actions are predicted; the actions themselves, which are ours alone, do not run.
Seconds are those of the processor. With `--keep`, a model found in the folder is measured with the training time
noted beside it. `--epochs`: of DIET and TED, where the defaults of stock.yml take too long or not long enough.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.understanding import act, by_ear, macro_f1, read, topic_of
from bot.train import CHILD, ROOT
from bot.training import quiet

PIPELINES = {"ours": ROOT / "config.yml", "stock": ROOT / "benchmarks" / "stock.yml"}
# A message is read by one thread, as in the running product (bot/parts.py); learning takes every core.
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
FOUND = {"first right", "any right"}
WARMING, LONG_TALK = 20, 212
# The goal of each figure, as ours ÷ stock; none where more is better.
GOALS = {"message p50, ms": 1.0, "message p95, ms": 0.7, "memory, MB": 0.7}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--child", choices=("train", "measure"), help=argparse.SUPPRESS)
    parser.add_argument("--pipeline", choices=tuple(PIPELINES), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child == "train":
        return _train(arguments.keep, arguments.pipeline, arguments.epochs)
    if arguments.child == "measure":
        return _measure(arguments.keep, arguments.pipeline)
    with tempfile.TemporaryDirectory(prefix="tongxing-stock-") as fresh:
        folder = arguments.keep or Path(fresh)
        folder.mkdir(exist_ok=True)
        told = {name: _figures(folder, name, arguments.epochs) for name in PIPELINES}
    _print(told)
    return 0


def _figures(folder: Path, name: str, epochs: int | None) -> Mapping[str, float]:
    chosen = ["--epochs", str(epochs)] if epochs else []
    if not (folder / f"{name}.json").exists():
        _child("train", folder, name, chosen)
    return dict(json.loads(_child("measure", folder, name, []).splitlines()[-1]))


def _child(deed: str, folder: Path, name: str, more: Sequence[str]) -> str:
    """A process of its own, so that memory and start are those of one pipeline. Raises: CalledProcessError."""
    command = [sys.executable, "-W", "ignore", __file__, "--child", deed, "--pipeline", name, "--keep", str(folder)]
    env = {**os.environ, **CHILD, "RASA_CACHE_DIRECTORY": str(folder)} | (ALONE if deed == "measure" else {})
    return subprocess.run([*command, *more], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def _train(folder: Path, name: str, epochs: int | None) -> int:
    quiet(lean=name == "ours")
    from rasa.model_training import train

    config = yaml.safe_load(PIPELINES[name].read_text(encoding="utf-8"))
    for part in (*config["pipeline"], *config["policies"]):
        if epochs and "epochs" in part:
            part["epochs"] = epochs
    written = folder / f"{name}.yml"
    written.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    began = time.monotonic()
    train("domain.yml", str(written), ["data"], str(folder), force_training=True, fixed_model_name=f"{name}.tar.gz")
    took = {"training, s": time.monotonic() - began, "training, processor s": _spent()}
    (folder / f"{name}.json").write_text(json.dumps(took), encoding="utf-8")
    return 0


def _measure(folder: Path, name: str) -> int:
    quiet(lean=name == "ours")
    began = time.monotonic()
    from rasa.core.agent import Agent

    agent, loop = Agent.load(str(folder / f"{name}.tar.gz")), asyncio.new_event_loop()
    told = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    told["start, s"] = time.monotonic() - began
    intents, topics = read("heldout_second.yml"), read("topics_heldout_second.yml")
    talk = Talk(agent, folder, name)
    for each in read("heldout.yml")[:WARMING]:
        loop.run_until_complete(talk.one_turn("warming", each["text"]))
    took, parsed = [], []
    for place, each in enumerate(intents):
        before = _spent()
        parsed.append(loop.run_until_complete(talk.one_turn(f"family-{place}", each["text"])))
        took.append((_spent() - before) * 1000)
    told |= {"message p50, ms": statistics.median(took), "message p95, ms": statistics.quantiles(took, n=20)[-1]}
    told["memory, MB"] = _resident()

    def parse(text: str) -> Mapping[str, Any]:
        return as_ours(loop.run_until_complete(agent.parse_message(text)))

    told |= _accuracy(intents, [as_ours(got) for got in parsed], topics, parse)
    told |= loop.run_until_complete(talk.long([each["text"] for each in topics]))
    print(json.dumps(told))
    return 0


class Talk:
    """Conversations with one model: read, parsed, decided and stored as Rasa does it, without the actions."""

    def __init__(self, agent: Any, folder: Path, name: str) -> None:
        from rasa.core.tracker_store import SQLTrackerStore

        from bot.tracker import SlotStore

        database = folder / f"{name}.db"
        database.unlink(missing_ok=True)
        self._processor = agent.processor
        if name == "ours":
            self._store = SlotStore(agent.domain, f"sqlite:///{database}")
        else:
            self._store = SQLTrackerStore(agent.domain, dialect="sqlite", db=str(database))

    async def one_turn(self, sender: str, text: str) -> Mapping[str, Any]:
        from rasa.core.channels.channel import UserMessage
        from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

        tracker = await self._store.get_or_create_tracker(sender)
        parsed = await self._processor.parse_message(UserMessage(text, sender_id=sender), tracker)
        said = UserUttered(text, parsed["intent"], parsed["entities"], parsed)
        tracker.update(said, self._processor.domain)
        for _ in range(3):
            action, _decided = self._processor.predict_next_with_tracker_if_should(tracker)
            tracker.update(ActionExecuted(action.name()), self._processor.domain)
            if action.name() == "action_listen":
                break
            tracker.update(BotUttered(text), self._processor.domain)
        await self._store.save(tracker)
        return dict(parsed)

    async def long(self, texts: Sequence[str]) -> Mapping[str, float]:
        """The turns around the 200th against those around the 5th, of the same sentences."""
        took = []
        for number in range(LONG_TALK):
            before = _spent()
            await self.one_turn("long", texts[number % 10])
            took.append((_spent() - before) * 1000)
        early, late = statistics.median(took[1:11]), statistics.median(took[-11:-1])
        return {"turn 5, ms": early, "turn 200, ms": late, "turn 200 ÷ turn 5": late / early}


def as_ours(got: Mapping[str, Any]) -> dict[str, Any]:
    """A parse of either pipeline. Stock hears entitlements as entities; its fallback means that it declines."""
    if "topics" in got:
        return dict(got)
    ranking = [one for one in got["intent_ranking"] if one["name"] != "nlu_fallback"]
    named = dict.fromkeys(one["value"] for one in got["entities"] if one["entity"] == "entitlement")
    return {
        "intent": ranking[0],
        "intent_ranking": ranking,
        "topics": [{"id": name} for name in named],
        "out_of_scope": got["intent"]["name"] in ("out_of_scope", "nlu_fallback"),
    }


def _accuracy(
    intents: Sequence[Mapping[str, Any]],
    parsed: Sequence[Mapping[str, Any]],
    topics: Sequence[Mapping[str, Any]],
    parse: Callable[[str], Mapping[str, Any]],
) -> Mapping[str, float]:
    pairs = [(each["intent"], got["intent"]["name"]) for each, got in zip(intents, parsed, strict=True)]
    told = zip(pairs, parsed, strict=True)
    declined = [(wanted == "out_of_scope", got["out_of_scope"]) for (wanted, _), got in told]
    clean = [topic_of(each, parse(each["text"])) in FOUND for each in topics]
    heard = [topic_of(each, parse(by_ear(each["text"]))) in FOUND for each in topics]
    return {
        "intents by name, macro-F1": macro_f1(pairs),
        "intents by name, accuracy": statistics.mean(wanted == got for wanted, got in pairs),
        "one act for all questions, macro-F1": macro_f1([(act(wanted), act(got)) for wanted, got in pairs]),
        "topics, any-match": statistics.mean(clean),
        "topics by ear, any-match": statistics.mean(heard),
        "out of scope, declined": statistics.mean(out for strange, out in declined if strange),
        "in scope, not declined": statistics.mean(not out for strange, out in declined if not strange),
    }


def _spent() -> float:
    """Seconds of the processor, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def _print(told: Mapping[str, Mapping[str, float]]) -> None:
    ours, stock = told["ours"], told["stock"]
    print(f"load average {os.getloadavg()[0]:.1f}\n{'':<38}{'ours':>9}{'stock':>9}{'ours ÷ stock':>14}  goal")
    for kind, value in ours.items():
        goal = f"≤ {GOALS[kind]}" if kind in GOALS else ""
        print(f"{kind:<38}{value:>9.3f}{stock[kind]:>9.3f}{value / stock[kind]:>14.2f}  {goal}")


if __name__ == "__main__":
    sys.exit(main())
