"""Chinese text read into facts."""

from knowledge.reading.context import Context
from knowledge.reading.reader import Reader, Reading

__all__ = ["Context", "Reader", "Reading"]
