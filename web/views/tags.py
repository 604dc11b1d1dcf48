"""The tags of a document: what it is about in one line, and each tag with the reasons for it in words."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from corpus.messages import gettext
from corpus.messages.rules import tag_reason_in_words, zone_in_words
from corpus.messages.values import facet_title
from corpus.tag_rules import RuleKind
from corpus.types import Document, Facet, Tag, TagEvidence
from corpus.vocabulary import Vocabulary
from web.addresses import document_address, filtered
from web.contexts import TextLink
from web.document_contexts import EvidenceLine, TagLine
from web.format import without_controls
from web.rendering import marked
from web.views.asked import AskedFor

FACET_ORDER = (Facet.GROUP, Facet.COUNTRY, Facet.SECTOR, Facet.TOPIC, Facet.REGION)
_ABOUT_MOST = {Facet.GROUP: 3, Facet.COUNTRY: 3, Facet.TOPIC: 3}
"""Labels of each facet in the line below the title; a phone shows it in two or three lines."""
SHARED_MAX = 4
"""Concepts that are named as the reason why a document is like another one."""


def tag_lines(
    document: Document, *, vocabulary: Vocabulary, asked: AskedFor, about: bool, lang: str
) -> tuple[TagLine, ...]:
    """Return the tags that the document is about, or those that it only mentions, by facet, most weight first."""
    return tuple(
        _tag_line(document, tag, vocabulary.label(facet, tag.concept, lang), asked=asked, lang=lang)
        for facet in FACET_ORDER
        for tag in document.tags_of(facet)
        if tag.about is about and _is_said(tag)
    )


def about_links(document: Document, *, vocabulary: Vocabulary, lang: str) -> tuple[TextLink, ...]:
    """Return in a few words what a document is about, each leading to all documents on it: groups, countries, topics."""
    return tuple(
        TextLink(vocabulary.label(facet, tag.concept, lang), filtered(**{str(facet): tag.concept}))
        for facet, most in _ABOUT_MOST.items()
        for tag in [each for each in document.tags_of(facet) if each.about][:most]
    )


def shared_labels(document: Document, other: Document, *, vocabulary: Vocabulary, lang: str) -> tuple[str, ...]:
    """Return what both documents are about, at most SHARED_MAX labels."""
    about = {(tag.facet, tag.concept) for tag in other.tags if tag.about}
    return tuple(
        vocabulary.label(facet, tag.concept, lang)
        for facet in FACET_ORDER
        for tag in document.tags_of(facet)
        if tag.about and (facet, tag.concept) in about and not _is_broad(tag)
    )[:SHARED_MAX]


def _is_broad(tag: Tag) -> bool:
    """Say whether a tag only repeats another one in the words of statisticians: regions, and sections of ISIC."""
    return tag.facet is Facet.REGION or tag.concept.startswith("isic:")


def _tag_line(document: Document, tag: Tag, label: str, *, asked: AskedFor, lang: str) -> TagLine:
    return TagLine(
        kind=facet_title(tag.facet, lang=lang),
        label=label,
        search=filtered(**{str(tag.facet): tag.concept}),
        count=tag.count,
        is_primary=tag.primary,
        evidence=tuple(_evidence(document, each, label=label, asked=asked, lang=lang) for each in tag.evidence),
        tag=f"{tag.facet}:{tag.concept}",
    )


def _is_said(tag: Tag) -> bool:
    """Regions that only follow from a country of the document say nothing that its countries do not."""
    return tag.facet is not Facet.REGION or bool(tag.evidence)


def _evidence(document: Document, evidence: TagEvidence, *, label: str, asked: AskedFor, lang: str) -> EvidenceLine:
    zone = evidence.rule.zone
    is_said = evidence.rule.kind in (RuleKind.ADDED, RuleKind.ACCEPTED)
    where = zone_in_words(zone, lang=lang).capitalize() if zone else ""
    where = where or ("" if evidence.page or is_said else gettext("Record", lang=lang))
    href = document_address(document.id, page=evidence.page, text=asked.text) if evidence.page else ""
    return EvidenceLine(
        page=evidence.page,
        where=where,
        href=href,
        sentence=_with_words_marked(evidence.sentence, evidence.words),
        rule=without_controls(tag_reason_in_words(evidence, label=label, lang=lang)),
        is_said=is_said,
    )


def _with_words_marked(sentence: str, words: str) -> Markup:
    sentence = without_controls(sentence)
    found = re.search(re.escape(without_controls(words)), sentence, re.IGNORECASE) if words else None
    if found is None:
        return escape(sentence)
    return marked(((sentence[: found.start()], False), (found.group(), True), (sentence[found.end() :], False)))
