"""The whole assistant in one process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.in_process import Talk as Family
from bot.in_process import in_process

ROOT = Path(__file__).parent


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Family]:
    return in_process(tmp_path_factory.mktemp("talk"))
