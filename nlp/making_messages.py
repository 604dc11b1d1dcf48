"""What passes between the processes that make documents and the one that started them: JSON, never pickles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from corpus.types import Document, FetchedFile, Reading


@dataclass(frozen=True, slots=True)
class DocumentTask:
    """A document that is to be made; the fields are those of `nlp.documents.build_document`."""

    id: str
    copies: tuple[FetchedFile, ...]
    reading: Reading
    """With pages."""
    work: str
    first_seen: datetime
    is_sample: bool = False
    is_tagged: bool = True
    """False: no tags, and no guess at the language."""


@cache
def _tasks() -> TypeAdapter[DocumentTask]:
    return TypeAdapter(DocumentTask)


@cache
def _documents() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


def pack_task(task: DocumentTask) -> bytes:
    """Return a task as bytes."""
    return _tasks().dump_json(task)


def task_of(message: bytes) -> DocumentTask:
    """Return what was packed."""
    return _tasks().validate_json(message)


def pack_document(document: Document) -> bytes:
    """Return a document as bytes, without its pages, which the receiving server has."""
    return _documents().dump_json(replace(document, pages=()))


def document_of(message: bytes, task: DocumentTask) -> Document:
    """Return the document that a task made. Raises ValueError: the message is none, or is that of another document."""
    document = _documents().validate_json(message)
    if document.id != task.id:
        raise ValueError("the answer belongs to another document")
    return replace(document, pages=task.reading.pages)
