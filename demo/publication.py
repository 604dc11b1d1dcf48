"""The sample publications as values: front matter in TOML between `+++` lines, then the text in a small Markdown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from corpus.errors import BadInput
from corpus.types import LANGUAGES
from demo.blocks import Block, blocks_of

PUBLISHER = "Pushcart Samples"
"""The invented publisher; no organisation of this name is meant."""

SAMPLE_MARK: Mapping[str, str] = {
    "en": "Sample publication of the Pushcart demonstration publisher",
    "es": "Publicación de muestra de la editorial de demostración de Pushcart",
    "fr": "Publication d’exemple de l’éditeur de démonstration de Pushcart",
    "pt": "Publicação de amostra da editora de demonstração do Pushcart",
}
"""Stands on page 1 and in the metadata of every publication, by language."""


class PublicationFormat(StrEnum):
    """What a publication's text comes as."""

    PDF = "pdf"
    HTML = "html"


class SampleStanding(StrEnum):
    """How the site treats a publication."""

    LISTED = "listed"
    """In the listing and the feeds."""
    SPECIAL = "special"
    """Listed too, but its file cannot be read in the ordinary way: one of each outcome for newcomers to see."""
    DRAFT = "draft"
    """Linked once from the home page, under /drafts/, which robots.txt forbids."""
    CORPORATE = "corporate"
    """The publisher's own annual report, linked from every footer: not a publication that a harvest wants."""


class Landing(StrEnum):
    """Which vocabulary a landing page describes its publication in."""

    HIGHWIRE = "highwire"
    DUBLIN_CORE = "dublin_core"
    JSON_LD = "json_ld"
    OPEN_GRAPH = "open_graph"
    PLAIN = "plain"
    """Nothing for machines, only the words on the page."""


class FileInfo(StrEnum):
    """What a PDF says of itself in its properties."""

    TRUE = "true"
    JUNK = "junk"
    """The name of a word processor's file as title, a log-in name as author."""
    NONE = "none"


class Making(StrEnum):
    """How a PDF is made."""

    TEXT = "text"
    TWO_COLUMNS = "two_columns"
    OPEN_PASSWORD = "open_password"  # noqa: S105  the name of a kind
    """Encrypted with an empty user password: opens without asking."""
    PASSWORD = "password"  # noqa: S105  the name of a kind
    """Encrypted; opens only with a password that is nowhere given."""
    SCAN = "scan"
    """Pictures of the pages, no text."""


@dataclass(frozen=True, slots=True)
class SamplePhrase:
    """Words that are on a page of the publication."""

    page: int
    """1-based; 1 for HTML."""
    text: str


@dataclass(frozen=True, slots=True)
class ExpectedTags:
    """What a careful librarian would say of a publication; the measure for tests of tagging and search."""

    country: str = ""
    """Primary country, ISO 3166-1 alpha-3; empty when the publication is about none or about many."""
    countries: tuple[str, ...] = ()
    """All countries that it is about, the primary first."""
    groups: tuple[str, ...] = ()
    """Worker groups that it is about, the first most."""
    topics: tuple[str, ...] = ()
    not_countries: tuple[str, ...] = ()
    """Countries that are in its text only as decoys: they must not be among those it is about."""
    phrases: tuple[SamplePhrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """One sample publication in one language."""

    slug: str
    lang: str
    title: str
    published: date
    abstract: str
    body: tuple[Block, ...]
    subtitle: str = ""
    series: str = ""
    number: str = ""
    type: str = "policy_brief"
    """One of the types of corpus.types.Document."""
    authors: tuple[str, ...] = (PUBLISHER,)
    keywords: tuple[str, ...] = ()
    translation_of: str = ""
    """Slug of the original; empty for an original."""
    copy_slug: str = ""
    """The publication also is in the site's repository under this slug, as the same bytes; empty: it does not."""
    format: PublicationFormat = PublicationFormat.PDF
    standing: SampleStanding = SampleStanding.LISTED
    landing: Landing = Landing.HIGHWIRE
    file_info: FileInfo = FileInfo.TRUE
    making: Making = Making.TEXT
    expect: ExpectedTags = ExpectedTags()

    @property
    def full_title(self) -> str:
        """Return title and subtitle as one line."""
        if not self.subtitle:
            return self.title
        return f"{self.title}{' ' if self.title.endswith(('?', '!')) else ': '}{self.subtitle}"

    @property
    def series_line(self) -> str:
        """Return series and number; empty when it is in none."""
        return f"{self.series} {self.number}".strip()

    @property
    def mark(self) -> str:
        """Return the words that mark it as a sample, in its language."""
        return SAMPLE_MARK[self.lang]


_TUPLES = ("authors", "keywords")
_ENUMS = {
    "format": PublicationFormat,
    "standing": SampleStanding,
    "landing": Landing,
    "file_info": FileInfo,
    "making": Making,
}
_TYPES = frozenset(
    {"working_paper", "policy_brief", "report", "statistics", "article", "book", "law", "web_page", "document"}
)


def parse_publication(text: str, *, name: str) -> Publication:
    """Return the publication that a content file describes.

    Args:
        text: the whole file.
        name: its file name, for error messages.

    Raises BadInput: front matter is missing, has an unknown key or a value that is not allowed.
    """
    opening, mark, rest = text.partition("+++\n")
    front, closing, body = rest.partition("\n+++\n")
    if opening.strip() or not mark or not closing:
        raise BadInput(f"{name} has no front matter.", try_next="Begin it with a line +++, TOML, and a line +++.")
    try:
        values = tomllib.loads(front)
        publication = Publication(body=blocks_of(body), **_read_values(values))
    except (ValueError, TypeError) as error:  # TOMLDecodeError is a ValueError; an unknown key is a TypeError
        raise BadInput(f"{name} cannot be used: {error}.", try_next="Compare it with another publication.") from error
    _check(publication, name=name)
    return publication


def _read_values(values: dict[str, Any]) -> dict[str, Any]:
    read = dict(values)
    for key in _TUPLES:
        if key in read:
            read[key] = tuple(read[key])
    for key, kind in _ENUMS.items():
        if key in read:
            read[key] = kind(read[key])
    read["abstract"] = " ".join(read.get("abstract", "").split())
    if "expect" in read:
        read["expect"] = _read_expectation(read["expect"])
    return read


def _read_expectation(values: dict[str, Any]) -> ExpectedTags:
    phrases = tuple(SamplePhrase(**each) for each in values.get("phrases", ()))
    others: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items() if key != "phrases"
    }
    return ExpectedTags(**others, phrases=phrases)


def _check(publication: Publication, *, name: str) -> None:
    faults = {
        "its slug is not its file name": f"{publication.slug}.md" != name,
        "its language is not one of ours": publication.lang not in LANGUAGES,
        "its type is unknown": publication.type not in _TYPES,
        "it has no abstract": not publication.abstract,
        "it has no text": not publication.body,
        "its primary country is not among its countries": publication.expect.country
        not in (*publication.expect.countries, ""),
        "only a PDF has a second address": bool(publication.copy_slug)
        and publication.format is not PublicationFormat.PDF,
    }
    if wrong := [fault for fault, holds in faults.items() if holds]:
        raise BadInput(f"{name} cannot be used: {'; '.join(wrong)}.", try_next="Correct the front matter.")


@cache
def load_publications() -> tuple[Publication, ...]:
    """Return every sample publication of whatever standing, newest first; ties by slug.

    Raises BadInput: a content file cannot be used.
    """
    folder = files("demo") / "publications"
    read = [
        parse_publication(each.read_text(encoding="utf-8"), name=each.name)
        for each in folder.iterdir()
        if each.name.endswith(".md")
    ]
    return tuple(sorted(read, key=lambda publication: (-publication.published.toordinal(), publication.slug)))
