"""Tune the encoder on what the heads of the product learn (danger, acts, topics) and on the facts of stories, all at once.

    python tune.py DATA OUT [--start student.npz] [--epochs 4] [--left-out 10] [--seed 1] [--threads 2] [--seen seen.npy --again 0.4]

Inputs: the json of sentences.py, weights to start from (of recover.py or of an earlier tuning), the tokenizer. One block or speaker in `--left-out` is kept
out whole and measures. Half of the sentences are noisy: characters of the same sound, lost ones, lost punctuation.
Facts are told by one attention each over the last layer: where it looks (query) and what it makes of it (value); unlike the other
heads these stay, and go into the model.
Written: OUT (weights for export.py) and OUT.seen.npy (crc32 of every sentence it was tuned on).
"""

import argparse
import json
import math
import random
import re
import time
import unicodedata
import zlib
from collections import Counter

import numpy as np
import torch
import torch.nn.functional as F
from net import Encoder
from pypinyin import lazy_pinyin
from tokenizers import Tokenizer
from torch import nn

TRUNCATED, LONGER, SCALE, WIDE, SMOOTH, HEADS_FASTER, FACTS_FASTER = 64, 128, 12, 4, 0.04, 30, 10
# What each task weighs in the loss, and each level of danger (concern, urgent, emergency) within its task.
ACT, TOPIC, KINDS, FACT, LEVELS = 0.6, 0.6, 0.2, 0.5, (1.0, 1.0, 0.3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--start", default="student.npz")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--rate", type=float, default=1.4e-4)
    parser.add_argument("--frozen", type=int, default=4, help="layers, from below")
    parser.add_argument("--left-out", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--facts", type=int, default=5, help="how often each narrative is read in an epoch")
    parser.add_argument("--seen", help="crc32 of what earlier tunings read")
    parser.add_argument("--again", type=float, default=1, help="the share of it that is read again")
    told = parser.parse_args()
    torch.manual_seed(told.seed)
    torch.set_num_threads(told.threads)
    given = json.load(open(told.data))
    rows = [("D", row) for row in given["D"] if not _left_out(row["block"], told.left_out)]
    rows += [("A", row) for row in given["A"] if not _left_out(row["voice"], told.left_out)]
    rows += [("T", row) for row in given["T"]]
    rows += [("F", row) for row in given["F"] if not _left_out(row["t"], told.left_out)] * told.facts
    rows = _mostly_new(rows, told)
    print({task: sum(kind == task for kind, _ in rows) for task in "DATF"}, flush=True)
    encoder = _tuned(told, given, rows)
    _keep(*encoder, rows, told)


def _mostly_new(rows: list, told: argparse.Namespace) -> list:
    """Of danger, what was read before need not be read as often again; the other tasks are small and are all read."""
    if not told.seen:
        return rows
    seen, chance = set(np.load(told.seen).tolist()), random.Random(told.seed)
    return [one for one in rows if one[0] != "D" or zlib.crc32(one[1].get("whole", one[1]["t"]).encode()) not in seen or chance.random() < told.again]


def _left_out(voice: str | None, one_in: int) -> bool:
    return voice is not None and zlib.crc32(voice.encode()) % one_in == 0


def _tuned(told: argparse.Namespace, given: dict, rows: list) -> Encoder:
    chance, heads = random.Random(told.seed), Heads(given, rows)
    heads.go_on_from(np.load(told.start))
    encoder, noise = Encoder(told.start, drop=0.1), Noise(row["t"] for _, row in rows)
    for still in (encoder.word, encoder.pos, *(one for layer in encoder.layers[: told.frozen] for one in layer.parameters())):
        still.requires_grad_(False)
    encoder.eln.requires_grad_(not told.frozen)
    learnt = [one for one in encoder.parameters() if one.requires_grad]
    groups = [
        {"params": [one for one in learnt if one.ndim > 1], "weight_decay": 0.01, "faster": 1},
        {"params": [one for one in learnt if one.ndim < 2], "weight_decay": 0.0, "faster": 1},
        {"params": [one for name, one in heads.named_parameters() if name[:5] not in ("query", "value")], "weight_decay": 0.0, "faster": HEADS_FASTER},
        {"params": [*heads["query"].parameters(), *heads["value"].parameters()], "weight_decay": 0.0, "faster": FACTS_FASTER},
    ]
    optimiser = torch.optim.AdamW(groups, lr=told.rate, betas=(0.9, 0.98), fused=True)
    slow = [one.detach().clone() for one in learnt]
    steps, began = int(told.epochs * len(rows) / told.batch), time.time()
    encoder.train()
    for step, batch in zip(range(steps), _batches(rows, told.batch, chance)):
        rate = told.rate * min(1, (step + 1) / 80) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimiser.param_groups:
            group["lr"] = rate * group["faster"]
        with torch.autocast("cpu", torch.bfloat16):
            meant, hidden, mask = encoder(noise.padded([(row["t"], task) for task, row in batch], chance), tokens=True)
        loss = heads.loss(meant.float() * SCALE, hidden.float(), mask, batch) / len(batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        if step % 4 == 0:
            # A mean of the last steps is steadier than the last step.
            with torch.no_grad():
                torch._foreach_lerp_(slow, learnt, 1 - min(0.96, (step + 1) / (step + 80)))
        if step % 60 == 0:
            print(step, steps, f"{time.time() - began:.0f}s", {name: round(v, 3) for name, v in heads.told().items()}, flush=True)
    with torch.no_grad():
        for one, steady in zip(learnt, slow):
            one.copy_(steady)
    return encoder.eval(), heads


def _batches(rows: list, size: int, chance: random.Random):
    """Endlessly, sentences of like length together, so that little is padding."""
    while True:
        order = chance.sample(rows, len(rows))
        for start in range(0, len(order) - size, size * 24):
            chunk = sorted(order[start : start + size * 24], key=lambda row: len(row[1]["t"]))
            parts = [chunk[place : place + size] for place in range(0, len(chunk), size)]
            yield from chance.sample(parts, len(parts))


class Noise:
    """Sentences as they are dictated: half of them clean."""

    def __init__(self, texts) -> None:
        self._tokenizer = Tokenizer.from_file("/tmp/tune/tokenizer.json")
        self._tokenizer.enable_truncation(LONGER)
        signs = sorted({sign for text in texts for sign in text if "\u4e00" <= sign <= "\u9fff"})
        self._sound = {sign: lazy_pinyin(sign)[0] for sign in signs}
        self._same: dict[str, list[str]] = {}
        for sign, sound in self._sound.items():
            self._same.setdefault(sound, []).append(sign)

    def padded(self, texts: list[tuple[str, str]], chance: random.Random) -> torch.Tensor:
        found = [self._ids(text, task, chance) for text, task in texts]
        ids = np.ones((len(found), -(-max(map(len, found)) // 8) * 8), "i8")
        for row, one in enumerate(found):
            ids[row, : len(one)] = one
        return torch.from_numpy(ids)

    def _ids(self, text: str, task: str, chance: random.Random) -> list[int]:
        ids = self._tokenizer.encode(_plain(self._heard(text, chance))).ids
        return ids if task == "F" or len(ids) <= TRUNCATED else [*ids[: TRUNCATED - 1], ids[-1]]

    def _heard(self, text: str, chance: random.Random) -> str:
        if chance.random() < 0.5:
            return text
        share, heard = chance.choice([0.05, 0.1, 0.2]), []
        for sign in text:
            if sign in self._sound and chance.random() < share:
                heard.append(chance.choice(self._same[self._sound[sign]]))
            elif chance.random() >= (0.015 if sign.isalnum() else 0.3):
                heard.append(sign)
        return "".join(heard) or text


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())


class Heads(nn.ModuleDict):
    """Linear heads on the embedding, thrown away afterwards: the product learns its own."""

    def __init__(self, given: dict, rows: list) -> None:
        self._facts = given["facts"]
        self._acts = sorted({row["intent"] for row in given["A"]})
        count = Counter(row["intent"] for task, row in rows if task == "A")
        mean = sum(count.values()) / len(self._acts)
        sizes = {"level": 3, "kinds": len(given["kinds"]), "act": len(self._acts), "topic": len(given["ids"]) + 1}
        super().__init__({name: nn.Linear(384, size) for name, size in sizes.items()})
        self["query"] = nn.Linear(384, len(given["facts"]), bias=False)
        self["value"] = nn.Linear(384, len(given["facts"]))
        # Acts that are rare weigh more.
        self._weight = torch.tensor([min(3.0, (mean / max(count[act], 1)) ** 0.5) for act in self._acts])
        for head in self.values():
            nn.init.normal_(head.weight, std=0.05)
            if head.bias is not None:
                nn.init.zeros_(head.bias)
        share = np.bincount([one for row in given["F"] for one in row["labels"]], minlength=len(given["facts"])) / len(given["F"])
        self["value"].bias.data = torch.from_numpy(np.log(share / (1 - share))).float()
        self._sums: Counter[str] = Counter()

    def go_on_from(self, kept) -> None:
        """Where an earlier tuning left off, for the facts that it knew."""
        before = {str(label): place for place, label in enumerate(kept["facts.labels"])} if "facts.labels" in kept else {}
        known = [place for place, label in enumerate(self._facts) if label in before]
        theirs = [before[self._facts[place]] for place in known]
        with torch.no_grad():
            for mine, name, scale in self._lasting():
                if known:
                    mine[known] = torch.from_numpy(kept[name][theirs].astype("f4")) / scale

    def _lasting(self):
        query, value = self["query"].weight, self["value"].weight
        return (query, "facts.query", WIDE), (value, "facts.value", WIDE), (self["value"].bias, "facts.bias", 1)

    def lasting(self) -> dict[str, np.ndarray]:
        """What goes into the model."""
        kept = {name: (mine.detach() * scale).half().numpy() for mine, name, scale in self._lasting()}
        return {**kept, "facts.labels": np.array(self._facts)}

    def facts(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        wide = hidden * WIDE
        looks = self["query"](wide).masked_fill(~mask[:, :, None], -1e4).softmax(1)
        return (looks * F.linear(wide, self["value"].weight)).sum(1) + self["value"].bias

    def told(self) -> dict[str, float]:
        """Mean losses since the last time."""
        sums, self._sums = self._sums, Counter()
        return {name: sums[name] / sums[f"{name} n"] for name in ("level", "act", "topic", "fact") if sums[f"{name} n"]}

    def _note(self, name: str, loss: torch.Tensor, count: int) -> torch.Tensor:
        self._sums[name] += loss.item()
        self._sums[f"{name} n"] += count
        return loss

    def loss(self, meant: torch.Tensor, hidden: torch.Tensor, mask: torch.Tensor, batch: list) -> torch.Tensor:
        rows = [row for _, row in batch]
        danger = [place for place, (task, _) in enumerate(batch) if task == "D"]
        acts = [place for place, (task, _) in enumerate(batch) if task == "A"]
        asked = [place for place, (task, row) in enumerate(batch) if task in "AT" and row["topics"]]
        total = meant.sum() * 0
        stories = [place for place, (task, _) in enumerate(batch) if task == "F"]
        if stories:
            truth = torch.zeros(len(stories), self["value"].out_features)
            weight = torch.ones_like(truth)
            for row, one in enumerate(stories):
                truth[row, rows[one]["labels"]] = 1
                weight[row, rows[one]["unknown"]] = 0
            found = F.binary_cross_entropy_with_logits(self.facts(hidden[stories], mask[stories]), truth, weight, reduction="sum")
            total = total + FACT * self._note("fact", found, len(stories))
        if danger:
            total = total + self._note("level", self._danger(meant[danger], [rows[one] for one in danger]), len(danger))
        if acts:
            truth = torch.tensor([self._acts.index(rows[one]["intent"]) for one in acts])
            found = F.cross_entropy(self["act"](meant[acts]), truth, self._weight, reduction="sum", label_smoothing=0.05)
            total = total + ACT * self._note("act", found, len(acts))
        if asked:
            truth = torch.zeros(len(asked), self["topic"].out_features)
            for row, one in enumerate(asked):
                truth[row, rows[one]["topics"]] = 1 / len(rows[one]["topics"])
            found = -(F.log_softmax(self["topic"](meant[asked]), 1) * truth).sum()
            total = total + TOPIC * self._note("topic", found, len(asked))
        return total

    def _danger(self, meant: torch.Tensor, rows: list) -> torch.Tensor:
        level = torch.tensor([row["level"] for row in rows])
        truth = (level[:, None] >= torch.tensor([1, 2, 3])).float() * (1 - SMOOTH) + SMOOTH / 2
        weight = torch.tensor(LEVELS).repeat(len(rows), 1)
        weight[torch.tensor([row["lenient"] for row in rows]), 0] = 0
        found = (F.binary_cross_entropy_with_logits(self["level"](meant), truth, reduction="none") * weight).sum()
        named = [place for place, row in enumerate(rows) if row["level"]]
        if named:
            kinds = torch.tensor([rows[one]["kinds"] for one in named]).float()
            found = found + KINDS * F.binary_cross_entropy_with_logits(self["kinds"](meant[named]), kinds, reduction="sum")
        return found


def _keep(encoder: Encoder, heads: "Heads", rows: list, told: argparse.Namespace) -> None:
    start = np.load(told.start)
    kept = {name: start[name] for name in ("emb_q", "emb_s", "pos")}
    kept |= {name: one.detach().half().numpy() for name, one in encoder.named_parameters() if name not in ("word", "pos")}
    kept |= heads.lasting()
    np.savez(told.out, **kept)
    forms = {"D": ("whole",), "A": ("t", "plain"), "T": ("t",), "F": ("t",)}
    seen = {zlib.crc32(row[form].encode()) for task, row in rows for form in forms[task]}
    np.save(f"{told.out}.seen.npy", np.array(sorted(seen), np.uint32))


if __name__ == "__main__":
    main()
