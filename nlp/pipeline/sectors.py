"""Sectors that follow from what was found: the sector in which a group works, and the section of ISIC of each sector."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.types import Facet, Tag
from corpus.vocabulary import Vocabulary
from nlp.pipeline.weigh_concepts import ordered

_THROUGH_GROUP = 0.8
"""A sector that is known through its workers weighs so much of what they weigh."""


def with_sectors(tags: Iterable[Tag], vocabulary: Vocabulary) -> tuple[Tag, ...]:
    """Return the tags, with the first sector of each group the document is about, and the ISIC section of each sector."""
    found = {(tag.facet, tag.concept): tag for tag in tags}
    for tag in list(found.values()):
        if tag.facet is Facet.GROUP and tag.about:
            for sector in vocabulary.concept(Facet.GROUP, tag.concept).related.get(Facet.SECTOR, ())[:1]:
                _keep_heavier(found, _as(tag, sector, weight=_THROUGH_GROUP * tag.weight))
    for tag in [tag for tag in found.values() if tag.facet is Facet.SECTOR]:
        for section in vocabulary.concept(Facet.SECTOR, tag.concept).broader[:1]:
            _keep_heavier(found, _as(tag, section, weight=tag.weight))
    return ordered(found.values())


def _as(tag: Tag, sector: str, *, weight: float) -> Tag:
    # The places name the group or the sector itself, not this one: a search for it finds the tag, not the words.
    return Tag(Facet.SECTOR, sector, round(weight, 4), tag.about, count=tag.count, evidence=tag.evidence)


def _keep_heavier(found: dict[tuple[Facet, str], Tag], tag: Tag) -> None:
    before = found.get((tag.facet, tag.concept))
    if before is None or (before.about, before.weight) < (tag.about, tag.weight):
        found[tag.facet, tag.concept] = tag
