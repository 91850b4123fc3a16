"""Promises of the repository: what the documents name exists, and words for people stay out of Python."""

import ast
import re
import subprocess

import pytest

from bot.cli import _parser
from bot.settings import NAMES, ROOT

HAN = re.compile(r"[\u3400-\u9fff]")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)|<img src=\"([^\"]+)\"")
SHARED = re.compile(r"\bshared/|/shared\b")
LARGEST_PICTURE = 150_000
READMES = ["README.md", "README.zh-CN.md"]
# Where Python may hold Chinese outside docstrings and comments, and why.
CHINESE = {
    "knowledge/reading/": "patterns over Chinese grammar: numerals, ages, durations, kinship",
    "knowledge/safety/plain.py": "interjections and look-alikes that hide a danger word",
    "knowledge/fact.py": "the two words that fill {parent}",
    "knowledge/conditions.py": "whom to ask where a file names nobody",
    "knowledge/library.py": "the sign that parts a place from a document",
    "casework/pii.py": "patterns of court files and of the words that stand before a number",
    "bot/cli.py": "the name of the product",
    "bot/encoder/making/": "how the encoder was made; not part of what runs",
}


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    # A file may be deleted and not yet committed.
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def strings(name):
    """The string constants of a module that are no docstrings, each with its line."""
    tree = ast.parse(text(name))
    # A string that stands alone is one, wherever it is.
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def product():
    return [name for name in tracked("*.py") if not name.startswith(("tests/", "benchmarks/"))]


@pytest.mark.parametrize("readme", READMES)
def test_the_map_names_every_folder_and_no_other(readme):
    named = set(re.findall(r"^\| \[(\w+)/\]", text(readme), re.MULTILINE))
    folders = {name.split("/")[0] for name in tracked() if "/" in name and not name.startswith(".")}

    assert folders == named


@pytest.mark.parametrize("document", tracked("*.md"))
def test_every_relative_link_leads_somewhere(document):
    links = [first or second for first, second in LINK.findall(text(document))]
    here = (ROOT / document).parent

    assert [] == [link for link in links if "://" not in link and not (here / link).exists()]


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_every_setting_and_no_other(readme):
    table = text(readme).split("TONGXING_HOST", 1)[1].split("\n## ")[0]
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", "`TONGXING_HOST" + table))

    assert set(NAMES) == named


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_the_readme_is_known(readme):
    commands = re.findall(r"tongxing ((?:knowledge |worker |audit |key )?[a-z]+)", text(readme))
    usage = set(commands) - {name for name in commands if _parses(name)}

    assert set() == usage


def _parses(command):
    named = ("screen", "knowledge show", "knowledge new", "knowledge diff", "backup", "restore")
    named += ("worker reset", "worker remove")
    takes_one = {name: ["x"] for name in named}
    given = {**takes_one, "worker add": ["x", "--role", "admin"]}.get(command, [])
    try:
        _parser().parse_args([*command.split(), *given])
    except SystemExit:
        return False
    return True


def test_both_readmes_have_the_same_parts():
    english, chinese = (re.findall(r"^(#+|\||!\[|```)", text(readme), re.MULTILINE) for readme in READMES)

    assert english == chinese


def test_words_for_people_are_not_in_python():
    found = [
        f"{name}:{line}"
        for name in product()
        if not name.startswith(tuple(CHINESE))
        for line, value in strings(name)
        if HAN.search(value)
    ]

    assert [] == found


def test_no_exception_for_chinese_has_outlived_its_reason():
    used = {place for place in CHINESE for name in product() if name.startswith(place) and HAN.search(text(name))}

    assert set(CHINESE) == used


def test_nothing_that_runs_reads_the_shared_folder():
    runs = [*product(), *tracked("Makefile", ".ci/run", "*.toml", "config.yml", "endpoints.yml", "credentials.yml")]
    places = [name for name in runs if not name.endswith(".py") and "shared/" in text(name)]
    places += [f"{name}:{line}" for name in product() for line, value in strings(name) if SHARED.search(value)]

    assert [] == places


@pytest.mark.parametrize("picture", tracked("*.png"))
def test_pictures_are_small(picture):
    assert LARGEST_PICTURE > (ROOT / picture).stat().st_size


def test_the_licence_is_apache_2():
    assert "Apache License\n                           Version 2.0" in text("LICENSE")
    assert 'license = { text = "Apache-2.0" }' in text("pyproject.toml")
