"""What a test expects of one publisher: how its site answers, and what a harvest by its declared source file then brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.reasons import FailureKind
from tests.publisher.world import Answer, Asked, Site


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that a harvest keeps, with the metadata that a document would get from what was said of it."""

    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    lang: str = ""
    """ISO 639-1 of the first language that is offered."""
    licence: str = ""
    type: str = "document"
    series: str = ""
    doi: str = ""
    isbn: str = ""
    keywords: tuple[str, ...] = ()
    country: str = ""
    """As it is given."""
    has_abstract: bool = False
    content_type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class House:
    """One publisher."""

    slug: str
    """Of the source file in crawler/sources."""
    sites: Mapping[str, Site]
    """By host."""
    kept: Mapping[str, Kept]
    """By address."""
    evidence: tuple[str, ...]
    """On what each shape rests: repository and path, documentation page, or a public probe with its date."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """By rule, in words."""
    failures: Mapping[str, FailureKind] = field(default_factory=dict)
    """By address."""
    crawl_delay: float = 0.0
    """Seconds that the robots.txt of the publisher asks for; 0: it does not ask, or nobody has seen it."""
    state: str = "finished"


def robots(text: str) -> Answer:
    """Return a robots.txt."""
    return Answer(text, type="text/plain")


def by_path(answers: Mapping[str, Answer]) -> Site:
    """Return a site whose answers depend on the path alone."""

    def site(asked: Asked) -> Answer | None:
        return answers.get(asked.path)

    return site
