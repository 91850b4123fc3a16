"""Rasa without the libraries that this assistant never calls; why: docs/decisions/0011-rasa-without-tensorflow.md.

    python -m bot.lean run --model …        as `python -m rasa run --model …`

Rasa 3.6 imports every component it ships, and with them TensorFlow, drawing and other clouds' clients.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

LEFT_OUT = (
    *("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax"),  # DIET, TED
    "matplotlib",  # pictures of a test run
    *("boto3", "botocore", "pymongo"),  # tracker stores and models in other people's databases
    "aiogram",  # Rasa's Telegram channel; ours is python-telegram-bot, in the front door
)


class _Names(type):
    """Every name of an absent class, and what any of them gives, is absent too."""

    def __getattr__(cls, name: str) -> "type[Absent]":
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


class Absent(metaclass=_Names):
    """Stands for whatever Rasa derives from, decorates with or names in a signature while it is imported."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __call__(self, *_: Any, **__: Any) -> "type[Absent]":
        return Absent

    def __class_getitem__(cls, _: Any) -> "type[Absent]":
        return Absent


class _AbsentModule(ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> type[Absent]:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in LEFT_OUT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None: ...


def leave_out() -> None:
    """From now on this process imports none of LEFT_OUT; a process that has them already keeps them."""
    if "rasa" not in sys.modules and "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _Finder())


if __name__ == "__main__":
    leave_out()
    from rasa.__main__ import main

    main()
