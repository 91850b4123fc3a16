"""The knowledge base of an older revision, read by the code of today."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import yaml

from knowledge.errors import KnowledgeError
from knowledge.files import read_yaml
from knowledge.library import Library


class NoRevision(Exception):
    """A revision that does not exist, holds no knowledge base, or one that the code of today cannot read."""


# What decides nothing is taken from today: the code asks for it, and an older revision may not have it.
_TODAY = ("words.yml", "offices.yml", "routes.yml", "hotlines.yml", "glossary.yml", "regions")


def library_of(root: Path, revision: str, folder: Path) -> Library:
    """The knowledge base that `revision` of the repository at `root` holds, laid out in `folder`. Raises NoRevision."""
    packed = subprocess.run(
        ["git", "archive", "--format=tar", "--end-of-options", revision, "knowledge"], cwd=root, capture_output=True
    )
    if packed.returncode:
        reason = packed.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NoRevision(f"{revision}: holds no knowledge base ({reason[-1] if reason else 'git archive failed'})")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, [each for each in archive if each.isdir() or each.isfile()])
    try:
        _complete(root / "knowledge", folder / "knowledge")
        return Library.load(folder / "knowledge")
    except (KnowledgeError, OSError, LookupError, TypeError, AttributeError, ValueError) as error:
        said = str(error).replace(f"{folder}/", "")
        raise NoRevision(f"{revision}: cannot be read by the code of today: {said}") from error


def _complete(today: Path, older: Path) -> None:
    for name in _TODAY:
        if (today / name).is_dir():
            shutil.copytree(today / name, older / name, dirs_exist_ok=True)
        elif (today / name).exists():
            shutil.copy(today / name, older / name)
    # What was taken from today cites documents that an older revision may not have known.
    known = set().union(*(read_yaml(path, dict) for path in older.glob("**/sources.yml")))
    missing = {
        name: source
        for path in today.glob("**/sources.yml")
        for name, source in read_yaml(path, dict).items()
        if name not in known
    }
    with (older / "sources.yml").open("a", encoding="utf-8") as file:
        file.write("\n" + yaml.safe_dump(missing, allow_unicode=True) if missing else "")
