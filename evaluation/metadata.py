"""How well title, authors, publisher, date, type and language are read from a PDF alone, without a page that describes it.

Each file goes the way of a harvested one: read in a process that can be killed, its metadata chosen by rule. Beside it stand two
plain ways: what the properties of the file say, and the largest letters of its first page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.metadata.agreement import are_one_organisation, is_one_list_of_authors, words_of
from corpus.origins import Origin, OriginPlace
from corpus.settings import Settings
from corpus.types import Document, FetchedFile, Tag
from evaluation.labels import LabelledFile
from nlp.documents import build_document
from nlp.language import UNDETERMINED
from nlp.metadata.types import KINDS
from nlp.pipeline.passages import TaggedText
from nlp.reading.largest_lines import largest_lines
from nlp.reading.pool import read_files
from nlp.reading.requests import ReadRequest

FIELDS = ("title", "authors", "year", "date", "publisher", "type", "language")
WAYS = ("pushcart", "properties", "largest")
"""`properties`: title, author and date of the information dictionary, as they are; `largest`: the largest letters of page 1."""

Values = Mapping[str, str | tuple[str, ...]]
"""By field: what one way says; empty when it says nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one way given of one field of one file, beside the label."""

    name: str
    """Of the file."""
    field: str
    given: str
    labelled: str
    """The first right answer; empty: none is right."""
    is_right: bool


@dataclass(slots=True)
class Score:
    """How often one way was right about one field."""

    right: int = 0
    labelled: int = 0
    """Files whose label has the field, also those where the right answer is none."""
    given: int = 0
    """Files of which the way given anything."""
    given_right: int = 0

    @property
    def share(self) -> float:
        """Return which share of the labelled files is right, 0 to 1."""
        return self.right / self.labelled if self.labelled else 0.0

    @property
    def precision(self) -> float:
        """Return which share of what was given is right, 0 to 1; 0 when nothing was given."""
        return self.given_right / self.given if self.given else 0.0

    def add(self, *, is_right: bool, is_given: bool) -> None:
        """Count a file."""
        self.labelled += 1
        self.right += is_right
        self.given += is_given
        self.given_right += is_right and is_given

    def as_json(self) -> dict[str, float | int]:
        """Return the score as JSON has it."""
        shares = {"share": round(self.share, 4), "precision": round(self.precision, 4)}
        return shares | {"right": self.right, "labelled": self.labelled, "given": self.given}


@dataclass(slots=True)
class MetadataReport:
    """How well the metadata of labelled files was told."""

    files: int = 0
    scores: dict[str, dict[str, Score]] = field(default_factory=lambda: {way: {} for way in WAYS})
    """By way, by field."""
    errors: list[Answer] = field(default_factory=list)
    """Where Pushcart was wrong, in the order of the files."""

    def as_json(self) -> dict[str, Any]:
        """Return the report as one JSON object."""
        by_way = {way: {name: score.as_json() for name, score in each.items()} for way, each in self.scores.items()}
        return {
            "files": self.files,
            **by_way[WAYS[0]],
            "baselines": {way: by_way[way] for way in WAYS[1:]},
            "errors": [
                {"file": each.name, "field": each.field, "said": each.given, "labelled": each.labelled}
                for each in self.errors
            ],
        }


def evaluate(labelled: Sequence[LabelledFile], *, settings: Settings) -> MetadataReport:
    """Read the files and score what is notified of each, in the order of the labels."""
    by_sha256 = {_sha256(each.path): each for each in labelled}
    documents = {document.sha256: document for document in _documents(by_sha256, settings=settings)}
    report = MetadataReport(files=len(by_sha256))
    for sha256, label in by_sha256.items():
        document = documents[sha256]
        ways = {"pushcart": values_of(document), "properties": _properties(document)}
        ways["largest"] = {"title": largest_lines(label.path)}
        for way, values in ways.items():
            for name in FIELDS:
                if name in label.right and name in values:
                    _score(report, way, label, name, values[name])
    return report


def _documents(files: Mapping[str, LabelledFile], *, settings: Settings) -> Iterator[Document]:
    requests = (ReadRequest(sha256, each.path, "application/pdf") for sha256, each in files.items())
    now = datetime.now(UTC)
    for reading in read_files(requests, settings=settings):
        # An address without a name: what it is called on this machine is determined by whoever labelled it.
        fetched = FetchedFile(
            source="labelled",
            url="https://example.org/file",
            sha256=reading.sha256,
            size=1,
            content_type="application/pdf",
            fetched_at=now,
        )
        yield build_document(
            [fetched], reading, id=reading.sha256[:16], work=reading.sha256[:16], first_seen=now, tagger=_NoTags()
        )


class _NoTags:
    """Tags nothing, so that only metadata takes time."""

    def tag(self, text: TaggedText) -> tuple[Tag, ...]:
        return ()


def values_of(document: Document) -> dict[str, str | tuple[str, ...]]:
    """Return what Pushcart says of a document. The file's own clock is not a date of publication, and its name no title."""
    title = document.evidence.get("title", ())
    is_named = bool(title) and title[0].origin.place is not OriginPlace.NAME
    published = "" if document.is_dated_by_file else document.published
    return {
        "title": document.title if is_named else "",
        "authors": document.authors,
        "publisher": document.publisher,
        "date": published,
        "year": published[:4],
        "type": "" if document.type == "document" else document.type,
        "language": "" if document.lang == UNDETERMINED else document.lang,
    }


def _properties(document: Document) -> dict[str, str | tuple[str, ...]]:
    """Return what the information dictionary of the PDF says, as it is there."""
    origin = Origin(OriginPlace.FILE, "info")

    def values(name: str) -> tuple[str, ...]:
        return tuple(offer.value for offer in document.evidence.get(name, ()) if offer.origin == origin)

    date = next(iter(values("date")), "")
    return {"title": next(iter(values("title")), ""), "authors": values("author"), "date": date, "year": date[:4]}


def _score(report: MetadataReport, way: str, label: LabelledFile, name: str, given: str | tuple[str, ...]) -> None:
    is_right = _AGREE[name](given, label.right[name])
    report.scores[way].setdefault(name, Score()).add(is_right=is_right, is_given=bool(given))
    if way == WAYS[0] and not is_right:
        report.errors.append(Answer(label.name, name, _shown(given), _shown(label.right[name][0]), is_right))


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _is_title(given: Any, right: Sequence[Any]) -> bool:
    return any(words_of(given) == words_of(title) for title in right)


def _are_authors(given: Any, right: Sequence[Any]) -> bool:
    """Say whether the same people are named, each once, in any order; of organisations one name may stand for the other."""

    def is_one(one: str, other: str) -> bool:
        return is_one_list_of_authors([one], [other]) or are_one_organisation(one, other)

    def are_same(names: Sequence[str]) -> bool:
        return len(given) == len(names) and all(any(is_one(name, each) for each in given) for name in names)

    return any(are_same(names) for names in right)


def _is_publisher(given: Any, right: Sequence[Any]) -> bool:
    return any((not given and not name) or (given and name and are_one_organisation(given, name)) for name in right)


def _is_type(given: Any, right: Sequence[Any]) -> bool:
    """Say whether a type is right; a kind that Pushcart does not know (a form, slides) is a `document`: nothing given."""
    return any(given == (kind if kind in KINDS else "") for kind in right)


def _is_same(given: Any, right: Sequence[Any]) -> bool:
    return given in right


_AGREE: Mapping[str, Callable[[Any, Sequence[Any]], bool]] = {
    "title": _is_title,
    "authors": _are_authors,
    "year": _is_same,
    "date": _is_same,
    "publisher": _is_publisher,
    "type": _is_type,
    "language": _is_same,
}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
