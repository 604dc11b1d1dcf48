"""Why a tag was given, as a value: which rule of the vocabulary fits, and in which part of a document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus.text import clean, is_clean


class Zone(StrEnum):
    """A part of a document. What a word counts in it is the tagger's to say."""

    TITLE = "title"
    ABSTRACT = "abstract"
    KEYWORDS = "keywords"
    HEADING = "heading"
    BODY = "body"
    CONTENTS = "contents"
    REFERENCES = "references"
    IMPRINT = "imprint"
    """Publisher, place, ISBN, how to cite, addresses, affiliations."""
    BOILERPLATE = "boilerplate"
    """Paragraphs in which an organisation introduces itself, and stamps; in older tags running heads too."""
    MASTHEAD = "masthead"
    """What is above the title of a first page: name of the publisher or series, number, date."""
    MENU = "menu"
    """Links of a web page to others."""
    TEASER = "teaser"
    """What leads from a web page to other texts."""
    RUNNING = "running"
    """Running heads and feet, with page numbers."""
    CAPTION = "caption"
    """What a table or figure is called, its source and its notes."""
    FOOTNOTE = "footnote"
    TABLE = "table"
    """Rows of cells: each row on a line of its own, two spaces between cells."""
    FIGURE = "figure"
    """Words inside a chart, map or diagram."""
    ANNEX = "annex"
    """Running text behind the heading of an annex."""


class RuleKind(StrEnum):
    """The kind of rule by which words indicate a concept. Stored by value."""

    TERM = "term"
    WEAK_TERM = "weak_term"
    """A term that counts only where other words around it, or the title, bear it out."""
    ACTIVITY = "activity"
    """What people do: `sell ... street`."""
    RECORD = "record"
    """A catalogue's own field; no words of the document."""
    NAME = "name"
    """This and the next ones: words that name a country or region, as corpus.vocabulary.places.PlaceKind has them."""
    DEMONYM = "demonym"
    CITY = "city"
    SUBDIVISION = "subdivision"
    SURVEY = "survey"
    INSTITUTION = "institution"
    CURRENCY = "currency"
    REGION = "region"
    ADDED = "added"
    """A person gave the tag; no words of the document, and no text."""
    ACCEPTED = "accepted"
    """A person confirmed the tag; likewise."""
    OTHER = "other"
    """Known in words only: stored before there were kinds."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of the vocabulary that fits a place of a document."""

    kind: RuleKind
    text: str
    """The term, name or pattern, as the vocabulary has it; of OTHER the words, of ADDED and ACCEPTED empty."""
    zone: Zone | None = None
    """Of a place that is on no page: the field in which it stands. None on a page, and for a catalogue's own field."""

    def __post_init__(self) -> None:
        if not is_clean(self.text):
            object.__setattr__(self, "text", clean(self.text))


@lru_cache(maxsize=20_000)  # a document has thousands of places of a few rules
def rule_of(kind: str, text: str, zone: str) -> Rule:
    """Return a stored rule; one of a kind or zone that this version does not know is in words only."""
    try:
        return Rule(RuleKind(kind), text, Zone(zone) if zone else None)
    except ValueError:
        return Rule(RuleKind.OTHER, f"{kind}: {text}")
