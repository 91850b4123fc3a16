"""Play a file of questions through the running assistant and write a readable transcript.

    uv run python benchmarks/questions.py QUESTIONS.jsonl [--url http://127.0.0.1:8000] [--out transcript.md]

Each line is a JSON object with "q" ("id" and "good_answer" help whoever reads). Every question is a new conversation.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import httpx

QUIET = 2.0  # seconds without a new message after which the reply is taken as whole
PATIENCE = 40.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("var/questions.md"))
    arguments = parser.parse_args()
    questions = [json.loads(line) for line in arguments.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    waits = []
    with httpx.Client(base_url=arguments.url, timeout=30, trust_env=False) as client, arguments.out.open("w") as out:
        for question in questions:
            replies, seconds = ask(client, question["q"])
            waits.append(seconds)
            out.write(page(question, replies))
    ordered = sorted(waits)
    median, slow = statistics.median(ordered), ordered[int(len(ordered) * 0.95) - 1]
    print(f"{len(questions)} questions, first reply p50 {median:.2f} s, p95 {slow:.2f} s, transcript {arguments.out}")
    return 0


def ask(client: httpx.Client, text: str) -> tuple[list[dict[str, Any]], float]:
    """The replies to one message in a new conversation, and the seconds until the first."""
    created = client.post("/api/conversations").raise_for_status().json()
    path, bearer = (
        f"/api/conversations/{created['conversation']}/messages",
        {"Authorization": f"Bearer {created['token']}"},
    )
    client.post(path, json={"client_id": "1", "text": text}, headers=bearer).raise_for_status()
    started = last = time.monotonic()
    first, replies = PATIENCE, []
    while time.monotonic() - last < QUIET or (not replies and time.monotonic() - started < PATIENCE):
        answer = client.get(path, params={"after": 1}, headers=bearer).raise_for_status().json()["messages"]
        if len(answer) > len(replies):
            first = min(first, time.monotonic() - started)
            replies, last = answer, time.monotonic()
        if any(each["turn"] for each in replies):
            break
        time.sleep(0.1)
    client.cookies.clear()
    return replies, first


def page(question: dict[str, Any], replies: list[dict[str, Any]]) -> str:
    turn = next((each["turn"] for each in reversed(replies) if each["turn"]), None) or {}
    said = "\n\n".join(f"> **{each['from']}** " + each["text"].replace("\n", "\n> ") for each in replies)
    buttons = " / ".join(button["title"] for each in replies for button in each.get("buttons") or [])
    notes = {
        key: turn.get(key) for key in ("topics", "facts", "partial", "asking", "safety", "handoff") if turn.get(key)
    }
    wanted = "；".join(question.get("good_answer") or [])
    return (
        f"## {question.get('id', '')} {question['q']}\n\n{said}\n\n"
        f"- buttons: {buttons}\n- turn: `{json.dumps(notes, ensure_ascii=False)}`\n- wanted: {wanted}\n\n"
    )


if __name__ == "__main__":
    sys.exit(main())
