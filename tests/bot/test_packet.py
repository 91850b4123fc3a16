from datetime import datetime, timezone

from bot.packet import packet
from casework.store import Message

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)


def test_both_children_are_in_the_packet_with_what_is_known_now():
    before = {
        "child": 1,
        "facts": {"child.age": 9},
        "evidence": {},
        "results": [{"id": "dibao", "outcome": "eligible"}],
    }
    corrected = {"child": 1, "facts": {"child.age": 10}, "partial": {}, "evidence": {}}
    now = {"child": 2, "facts": {"child.age": 6}, "evidence": {}, "others": [corrected]}
    messages = [
        Message("c", seq, "bot", "好的。", str(seq), (), turn, None, NOW) for seq, turn in enumerate((before, now), 1)
    ]
    children = packet(messages)["children"]

    assert [(1, 10), (2, 6)] == [(each["child"], each["facts"][0]["value"]) for each in children]
    assert ["dibao"] == [result["id"] for result in children[0]["results"]]
