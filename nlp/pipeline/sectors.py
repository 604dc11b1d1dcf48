"""Sectors that follow from what was found: the sector in which a group works, and the section of ISIC of each sector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.types import Facet, Tag
from corpus.vocabulary import Vocabulary
from nlp.pipeline.weigh_concepts import ordered

_THROUGH_GROUP = 0.8
"""A sector that is known through its workers weighs so much of what they weigh."""
_FEW = 3
"""A group that works in more sectors than these names none of them where it is only mentioned."""


def with_sectors(tags: Iterable[Tag], vocabulary: Vocabulary) -> tuple[Tag, ...]:
    """Return the tags, with the sector in which each group works, and the ISIC section of each sector.

    A sector is a main matter where its group is one, and a mention where its group is mentioned.
    """
    found = {(tag.facet, tag.concept): tag for tag in tags}
    for tag in [tag for tag in found.values() if tag.facet is Facet.GROUP]:
        for sector in _sectors_of(tag, vocabulary):
            _keep_heavier(found, _as(tag, sector, weight=_THROUGH_GROUP * tag.weight))
    for tag in [tag for tag in found.values() if tag.facet is Facet.SECTOR]:
        for section in vocabulary.concept(Facet.SECTOR, tag.concept).broader[:1]:
            _keep_heavier(found, _as(tag, section, weight=tag.weight))
    return ordered(found.values())


def _sectors_of(tag: Tag, vocabulary: Vocabulary) -> Sequence[str]:
    """Return the first sector of a group, where that sector names the group as one of its own.

    Day labourers are met wherever there is work and name no sector; platform workers and home-based workers work in half a
    dozen, and in passing name none.
    """
    sectors = vocabulary.concept(Facet.GROUP, tag.concept).related.get(Facet.SECTOR, ())
    if not tag.about and len(sectors) > _FEW:
        return ()
    return [
        sector
        for sector in sectors[:1]
        if tag.concept in vocabulary.concept(Facet.SECTOR, sector).related.get(Facet.GROUP, ())
    ]


def _as(tag: Tag, sector: str, *, weight: float) -> Tag:
    # The places name the group or the sector itself, not this one: a search for it finds the tag, not the words.
    return Tag(Facet.SECTOR, sector, round(weight, 4), tag.about, count=tag.count, evidence=tag.evidence)


def _keep_heavier(found: dict[tuple[Facet, str], Tag], tag: Tag) -> None:
    before = found.get((tag.facet, tag.concept))
    if before is None or (before.about, before.weight) < (tag.about, tag.weight):
        found[tag.facet, tag.concept] = tag
