"""Chinese text read into facts."""

from knowledge.reading.reader import Context, Reader, Reading

__all__ = ["Context", "Reader", "Reading"]
