"""Copies, translations, editions and extracts of a document, as its page lists them."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.relations import confidence_in_words, evidence_in_words, kind_in_words
from corpus.types import Source
from search_api.answers.related import RelatedDocument
from web.addresses import compare_address, outside
from web.contexts import TextLink
from web.document_contexts import RelatedLine
from web.format import without_controls
from web.views.lists import document_line


def related_line(
    related: RelatedDocument,
    *,
    seen_from: str,
    sources: Mapping[str, Source],
    is_comparable: bool,
    page: int,
    lang: str,
) -> RelatedLine:
    """Return a related document with why it is one, where it is from and where the original opens."""
    document, relation = related.document, related.relation
    source = sources.get(document.source)
    href = outside(document.url)
    return RelatedLine(
        line=document_line(document, lang=lang),
        kind=kind_in_words(relation, seen_from=seen_from, lang=lang),
        confidence=confidence_in_words(relation, lang=lang),
        evidence=tuple(without_controls(evidence_in_words(each, lang=lang)) for each in relation.evidence),
        source=TextLink(without_controls(source.name), f"/sources/{source.slug}")
        if source
        else TextLink(document.source, ""),
        original=TextLink(without_controls(document.url), href) if href else None,
        compare=compare_address(seen_from, document.id, page=page) if is_comparable else "",
    )
