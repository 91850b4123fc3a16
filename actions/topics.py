"""The entitlements that a message is about, without those that only sound like it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actions.base import Turn

_HUKOU = "child.hukou_region"
# What a disabled child may have is not asked about where the disability is a parent's.
_OF_PARENT = {f"{who}.disability_{what}" for who in ("father", "mother") for what in ("kind", "grade")}
_OF_CHILD = {"child.disability_kind", "child.disability_grade"}
_FOR_DISABLED = ("disab_care", "disab_living", "rehab_child")


def topics_of(now: Turn) -> list[str]:
    """What is asked or told about; the surest first."""
    text = str(now.message.get("text") or "")
    if re.search(now.library.words["asks_in_general"], text):
        return []
    named = [str(each["id"]) for each in now.message.get("topics") or []]
    # Who tells that a parent cannot come home has not asked about seeing the parent.
    quiet = [name for name, policy in now.library.policies.items() if policy.quiet]
    if _HUKOU in now.heard.new and not re.search(now.library.words["registers"], text):
        named = [name for name in named if name != "hukou"]  # 户口在沙县 asks for no registration
    if re.search(now.library.words["grown_left"], text):
        named = [name for name in named if name != "street_child"]  # 我媳妇离家出走: no child is out there
    if _OF_PARENT & {*now.heard.new} and not _OF_CHILD & {*now.heard.new}:
        named = [name for name in named if name not in _FOR_DISABLED]  # 他爸肢体三级 is no grade of the child's
    return [name for name in named if now.intent != "tell" or name not in quiet]
