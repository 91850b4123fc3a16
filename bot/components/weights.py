"""What a trained component remembers: arrays as npz, words as json. Never a pickle: a model is data, not code."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class Trained(GraphComponent):
    """A component that is made once, keeps its weights in the model, and takes them up again."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Trained":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Trained":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / "arrays.npz") as arrays:
            component.restore(dict(arrays), json.loads((folder / "words.json").read_text(encoding="utf-8")))
        return component

    def restore(self, arrays: Mapping[str, np.ndarray], words: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def persist(self, arrays: Mapping[str, np.ndarray], words: Mapping[str, Any]) -> Resource:
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "arrays.npz", **arrays)
            (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        return self._resource
