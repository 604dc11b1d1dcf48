"""Which documents are copies, translations, editions and extracts of one another, and which groups that makes.

A relation is between two documents. Groups are made of all relations and of what people decided, in an order that does not
depend on when a document came: the same relations and decisions always give the same groups with the same ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from corpus.reasons import Detail, KindWithDetails, cleaned_details
from corpus.text import clean


class RelationKind(StrEnum):
    """What two documents are to each other. Stored by value."""

    COPY = "copy"
    """The same text in the same language: another file, another format, another address."""
    TRANSLATION = "translation"
    """The same text in two languages."""
    EDITION = "edition"
    """The same publication at another time: another year, issue, or revised edition. Never folded."""
    EXTRACT = "extract"
    """One (`second`) is within the other (`first`), as a chapter or a summary does."""
    PART = "part"
    """Two different texts that are published together: a report and its annex."""


FOLDED = frozenset({RelationKind.COPY, RelationKind.TRANSLATION})
"""Kinds whose documents are one hit."""


class RelationEvidenceKind(KindWithDetails):
    """What indicates a relation. Stored by value: a kind may be added, and none renamed without a migration."""

    OTHER = "other", "text"
    """Known in words only: stored by another version."""
    DECIDED = "decided", "person"
    """A person said so."""
    SAME_BYTES = "same_bytes"
    SAME_TEXT = "same_text", "share"
    """`share`: of the words, or runs of five words, that either has, those that both have; 0 to 1."""
    CONTAINED = "contained", "share"
    """`share`: of the runs of words of the shorter that the longer has."""
    SAME_NUMBERS = "same_numbers", "count", "share"
    """`count` numbers are on the same pages of both; they are this `share` of those of the one that has fewer."""
    OTHER_NUMBERS = "other_numbers", "share"
    """The words agree, and of the numbers only this `share`."""
    OTHER_MARKERS = "other_markers"
    """Beside the same words stand other years, months, issues or versions, or one names later ones here and there."""
    OTHER_WORDS = "other_words", "share"
    """`share` of the words that only one of them has."""
    SAME_IDENTIFIER = "same_identifier", "name", "value"
    """`name`: doi, isbn, handle or series."""
    SAME_TITLE = "same_title"
    SIMILAR_TITLE = "similar_title", "share"
    SAME_YEAR = "same_year", "year"
    SAME_PUBLISHER = "same_publisher"
    SAME_LANDING_PAGE = "same_landing_page"
    SAME_LENGTH = "same_length", "pages"
    OTHER_LANGUAGE = "other_language", "first", "second"
    """ISO 639-1 codes."""
    OTHER_YEAR = "other_year", "first", "second"
    OTHER_EDITION = "other_edition", "first", "second"
    """Edition words as they are in the titles; empty where one has none."""
    OTHER_ISSUE = "other_issue", "first", "second"
    """Numbers of a volume, issue, quarter or month."""


@dataclass(frozen=True, slots=True)
class RelationEvidence:
    """One thing that indicates a relation, with its data."""

    kind: RelationEvidenceKind
    detail: Mapping[str, Detail] = field(default_factory=dict)
    """What the kind names, in its order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", cleaned_details(self.kind, self.detail))

    @classmethod
    def of(cls, kind: RelationEvidenceKind, **detail: Detail) -> Self:
        """Return evidence of a kind with its details."""
        return cls(kind, detail)

    def to_json(self) -> list[Any]:
        """Return `[kind, {detail: value}]`."""
        return [self.kind.value, dict(self.detail)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        """Undo `to_json`; what another version stored and this one does not know is in words only."""
        kind, detail = stored
        try:
            return cls(RelationEvidenceKind(kind), detail)
        except ValueError:
            words = " ".join([str(kind), *(f"{name}={value}" for name, value in detail.items())])
            return cls(RelationEvidenceKind.OTHER, {"text": words})


@dataclass(frozen=True, slots=True)
class Relation:
    """What two documents are to each other, why, and how sure that is."""

    first: str
    """Id of a document; the smaller id, but of EXTRACT the whole."""
    second: str
    """Of EXTRACT what is within the whole."""
    kind: RelationKind
    evidence: tuple[RelationEvidence, ...]
    """The strongest first; empty where it was not requested."""
    confidence: float
    """0 to 1; 1.0 where a person decided or the bytes are the same."""

    def __post_init__(self) -> None:
        if self.first == self.second:
            raise ValueError(f"a document has no relation to itself: {self.first}")
        if self.kind is not RelationKind.EXTRACT and self.first > self.second:
            raise ValueError(f"the smaller id stands first, got {self.first} and {self.second}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"a confidence is from 0 to 1, got {self.confidence}")

    @property
    def pair(self) -> tuple[str, str]:
        """Return the two ids, the smaller first."""
        return pair_of(self.first, self.second)

    def other(self, document_id: str) -> str:
        """Return the id of the other document."""
        return self.second if document_id == self.first else self.first


class DecisionKind(StrEnum):
    """What a person says of two documents. Stored by value."""

    JOIN = "join"
    """They are related as `Decision.relation` says."""
    SPLIT = "split"
    """They are never copies or translations of each other, and never one hit, whatever indicates it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on two documents. It wins over all evidence, and stays when the documents are read again or come back.

    Of two decisions on the same two documents the later one counts.
    """

    kind: DecisionKind
    first: str
    """Id of a document; of a joined EXTRACT the whole. In other cases the order has no meaning."""
    second: str
    relation: RelationKind | None
    """Of JOIN what they are; None of SPLIT."""
    person: str
    """Name of who decided; empty on the command line of the machine itself."""
    reason: str
    """In the person's own words; may be empty."""
    at: datetime
    """UTC, aware."""
    id: int = 0
    """0 before it is kept."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "person", clean(self.person))
        object.__setattr__(self, "reason", clean(self.reason))
        if self.first == self.second:
            raise ValueError(f"a decision is on two documents, got {self.first} twice")
        if (self.kind is DecisionKind.JOIN) is (self.relation is None):
            raise ValueError("a join says as what, a split does not")
        if self.at.tzinfo is None:
            raise ValueError("at must be aware (UTC)")

    @property
    def pair(self) -> tuple[str, str]:
        """Return the two ids, the smaller first."""
        return pair_of(self.first, self.second)


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Return two ids, the smaller first."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class FoldMember:
    """A document of a fold, as a list of copies and translations shows it."""

    id: str
    lang: str
    """ISO 639-1."""
    source: str
    url: str
