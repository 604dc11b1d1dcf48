"""Build domain values with one line; each default is the plainest true value."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from corpus.origins import origin_of
from corpus.tag_rules import Rule, RuleKind, Zone
from corpus.types import Document, Evidence, Facet, FetchedFile, Page, Source, Tag, TagEvidence
from corpus.zones import ZoneSpan

A_DAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text, for values that need one."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_source(slug: str = "sample", **others: Any) -> Source:
    """Return a source."""
    return Source(**{"slug": slug, "name": "A Publisher", "protocol": "listing"} | others)


def offered(value: str, origin: str) -> Evidence:
    """Return a value of a field with where it came from: `landing:citation_title`."""
    return Evidence(value, origin_of(origin))


def make_fetched(url: str = "https://example.org/a.pdf", **others: Any) -> FetchedFile:
    """Return a fetched file whose bytes are named by its address."""
    return FetchedFile(
        **{
            "source": "sample",
            "url": url,
            "sha256": sha256_of(url),
            "size": 1000,
            "content_type": "application/pdf",
            "fetched_at": A_DAY,
        }
        | others
    )


def make_tag(facet: Facet | str, concept: str, **others: Any) -> Tag:
    """Return a tag with one piece of evidence on page 1."""
    evidence = (
        TagEvidence(page=1, sentence=f"A sentence on {concept}.", words=concept, rule=Rule(RuleKind.TERM, concept)),
    )
    return Tag(
        **{"facet": Facet(facet), "concept": concept, "weight": 0.9, "about": True, "evidence": evidence} | others
    )


def make_document(id: str = "d1", *, pages: tuple[str, ...] = ("Text of the only page.",), **others: Any) -> Document:  # noqa: A002
    """Return a document; `pages` are texts, numbered from 1."""
    return Document(
        **{
            "id": id,
            "source": "sample",
            "url": f"https://example.org/{id}.pdf",
            "sha256": sha256_of(id),
            "title": f"Title of {id}",
            "lang": "en",
            "first_seen": A_DAY,
            "page_count": len(pages),
            "pages": tuple(Page(number=number, text=text) for number, text in enumerate(pages, start=1)),
        }
        | others
    )


def zoned_page(number: int, *parts: tuple[Zone, str]) -> Page:
    """Return a page of such parts, a blank line between them."""
    spans: list[ZoneSpan] = []
    text = ""
    for zone, words in parts:
        text += "\n\n" if text else ""
        spans.append(ZoneSpan(zone, len(text), len(text) + len(words)))
        text += words
    return Page(number, text, tuple(spans))
