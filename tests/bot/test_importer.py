import re

import pytest

from bot.importer import KnowledgeImporter, answers, synonyms
from knowledge.errors import KnowledgeError
from knowledge.library import Library

NLU = """
version: "3.1"
nlu:
  - intent: deny
    examples: |
      - 没有
  - intent: greet
    examples: |
      - 你好
"""


@pytest.fixture
def imported(tmp_path):
    (tmp_path / "nlu.yml").write_text(NLU, encoding="utf-8")
    return KnowledgeImporter("config.yml", "domain.yml", [str(tmp_path)]).get_nlu_data()


def test_every_name_of_every_entitlement_means_its_id(imported):
    for subject in Library.load().subjects.values():
        assert {imported.entity_synonyms[name] for name in subject.names} <= set(Library.load().subjects)
    assert set(synonyms(Library.load())) == set(imported.lookup_tables[0]["elements"])


def test_the_lookup_is_of_the_entity_that_rasa_learned(imported):
    assert {"entitlement"} == imported.entities == {table["name"] for table in imported.lookup_tables}


def test_the_files_are_kept(imported):
    assert {"你好": "greet", "没有": "deny"}.items() <= {
        one.get("text"): one.get("intent") for one in imported.intent_examples
    }.items()


def test_a_sentence_written_by_hand_keeps_its_intent(imported):
    assert ["deny"] == [one.get("intent") for one in imported.intent_examples if one.get("text") == "没有"]


def ways(fact):
    return {text for choice in fact.choices for text in (choice.title, *choice.says)}


def test_answers_come_from_every_topic():
    library = Library.load()
    said = {one.get("text") for one in answers(library, set())}

    silent = {fact.topic for fact in library.facts.values() if fact.choices}
    silent -= {fact.topic for fact in library.facts.values() if said & ways(fact)}
    assert silent == set()


def test_cries_for_help_are_not_taught():
    library = Library.load()
    elsewhere = set().union(*(ways(fact) for name, fact in library.facts.items() if not name.startswith("safety.")))
    cries = set().union(*(ways(fact) for name, fact in library.facts.items() if name.startswith("safety."))) - elsewhere

    assert cries
    assert not cries & {one.get("text") for one in answers(library, set())}


def test_a_bare_yes_is_not_taught_as_a_statement():
    assert not {"是", "有", "要", "不想"} & {one.get("text") for one in answers(Library.load(), set())}


def test_a_bad_file_stops_with_one_line_that_names_file_and_field(knowledge):
    path = next((knowledge / "policies" / "national").glob("*.yml"))
    path.write_text(re.sub(r"(?m)^name: .*$", "name: 7", path.read_text(encoding="utf-8")), encoding="utf-8")

    with pytest.raises(KnowledgeError, match=rf"{path.name}: name: ") as error:
        KnowledgeImporter("config.yml", "domain.yml", [], knowledge=str(knowledge))

    assert "\n" not in str(error.value)
