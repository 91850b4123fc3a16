"""Read YAML with one clear error per fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import KnowledgeError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, kind: type | None = None) -> Any:
    """The content, a `kind` (dict or list) where one is named. Raises KnowledgeError naming file and line."""
    content = _parsed(path)
    if kind is not None and not isinstance(content, kind):
        wanted = "a mapping" if kind is dict else "a list"
        raise KnowledgeError(path, "file", f"must be {wanted}, not {type(content).__name__}")
    return content


def _parsed(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        raise KnowledgeError(path, "file", "is not UTF-8") from error
    except OSError as error:
        raise KnowledgeError(path, "file", "cannot be read", str(error.strerror)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        raise KnowledgeError(path, where, "is not valid YAML", str(getattr(error, "problem", "") or "")) from error


class Fields:
    """One mapping of a file, read key by key; a key nobody asked for is a fault."""

    def __init__(self, file: Path, field: str, mapping: Any) -> None:
        if not isinstance(mapping, dict):
            raise KnowledgeError(file, field, "must be a mapping")
        self.file, self.field, self._left = file, field, dict(mapping)

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        """Raises KnowledgeError when the key is missing without a default, or of another type."""
        value = self._left.pop(key, None)
        if value is None:
            if default is ...:
                raise self.fault(key, "is missing")
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, float, (int, float))):
            raise self.fault(key, f"must be {_name(kind)}, not {type(value).__name__}")
        return value

    def done(self) -> None:
        """Raises KnowledgeError for the first key that was not taken."""
        for key in self._left:
            raise self.fault(key, "is not a known key", "see docs/adding-an-entitlement.md")

    def fault(self, key: str, problem: str, fix: str = "") -> KnowledgeError:
        return KnowledgeError(self.file, f"{self.field}.{key}" if self.field else key, problem, fix)


def _name(kind: type | tuple[type, ...]) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return " or ".join(one.__name__ for one in kinds)
