"""What the knowledge base teaches the model: the names of entitlements, and how people answer each question."""

from collections.abc import Mapping
from itertools import chain, zip_longest
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.fact import Fact
from knowledge.library import Library

ENTITY = "entitlement"
# The hand-written sentences stay the larger part.
MOST = 150
# Of a yes or no only the long ways say what they are about (上了户口); the bare ones are written by hand.
BARE = 3
# Trained on cries for help, the classifier heard one in "父母都去世了"; danger is read elsewhere.
UNTAUGHT = "safety."


class KnowledgeImporter(TrainingDataImporter):
    """The files of `data/` and what follows from `knowledge/`. Raises KnowledgeError, which names file and field."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        knowledge: str | None = None,
    ) -> None:
        self._files = RasaFileImporter(config_file, domain_path, training_data_paths)
        self._library = Library.load(knowledge)

    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:
        written = self._files.get_nlu_data(language)
        known = {one.get("text") for one in written.training_examples}
        said = [*bare_names(self._library), *answers(self._library, known)]
        return written.merge(TrainingData(said, synonyms(self._library), None, lookup(self._library)))

    def get_domain(self) -> Domain:
        return self._files.get_domain()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return self._files.get_stories(exclusion_percentage)

    def get_conversation_tests(self) -> StoryGraph:
        return self._files.get_conversation_tests()

    def get_config(self) -> dict[str, Any]:
        return self._files.get_config()

    def get_config_file_for_auto_config(self) -> str | None:
        return self._files.get_config_file_for_auto_config()


def synonyms(library: Library) -> dict[str, str]:
    """Every name that means one entitlement, and its id."""
    return {name: subject.id for subject in library.subjects.values() for name in subject.names}


def lookup(library: Library) -> list[Mapping[str, Any]]:
    return [{"name": ENTITY, "elements": sorted(synonyms(library), key=len, reverse=True)}]


def bare_names(library: Library) -> list[Message]:
    """A bare official name asks what it is; annotated, it tells Rasa what the lookup is of."""
    return [
        Message.build(
            subject.name,
            "ask_what",
            entities=[{"start": 0, "end": len(subject.name), "value": subject.id, "entity": ENTITY}],
        )
        for subject in library.subjects.values()
    ]


def answers(library: Library, known: set[str]) -> list[Message]:
    """How people answer, taken in turn from every fact so that no topic crowds out the others."""
    facts = [fact for fact in library.facts.values() if not fact.id.startswith(UNTAUGHT)]
    in_turn = dict.fromkeys(filter(None, chain.from_iterable(zip_longest(*map(_said, facts)))))
    return [Message.build(text, "tell") for text in in_turn if text not in known][:MOST]


def _said(fact: Fact) -> list[str]:
    """Every way to answer, the first ways of all choices before the second ways."""
    columns = zip_longest(*((choice.title, *choice.says) for choice in fact.choices))
    ways = [text for text in chain.from_iterable(columns) if text]
    return [text for text in ways if len(text) > BARE] if fact.kind == "bool" else ways
