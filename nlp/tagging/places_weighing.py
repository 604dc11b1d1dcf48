"""Weigh what was found: which countries a document is about, which one most of all, and which it only mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.types import Facet, Tag, TagEvidence
from corpus.vocabulary.places import PlaceKind
from nlp.tagging.zones import Zone

_MOST_EVIDENCE = 5

_KIND_WEIGHTS: Mapping[PlaceKind, float] = {
    PlaceKind.NAME: 1.0,
    PlaceKind.DEMONYM: 0.7,
    PlaceKind.CITY: 0.6,
    PlaceKind.SUBDIVISION: 0.5,
    PlaceKind.SURVEY: 0.8,
    PlaceKind.INSTITUTION: 0.6,
    PlaceKind.CURRENCY: 0.2,
    PlaceKind.REGION: 1.0,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a document that speaks for a country or region."""

    facet: Facet
    concept: str
    kind: PlaceKind
    zone: Zone
    page: int
    """1-based; 0 for title, abstract, keywords."""
    position: int
    """Characters of counted text before it, 0-based; 0 in title, abstract and keywords."""
    sentence: str
    words: str
    rule: str


def tags_of(spots: Sequence[Spot], *, length: int) -> tuple[Tag, ...]:
    """Return one tag for each country and region, most weight first within a facet; `length` is the text's in characters."""
    return (
        *_tags([spot for spot in spots if spot.facet is Facet.COUNTRY], length=length),
        *_tags([spot for spot in spots if spot.facet is Facet.REGION], length=length),
    )


def _tags(spots: Sequence[Spot], *, length: int) -> Iterable[Tag]:
    if not spots:
        return ()
    by_concept: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        by_concept[spot.concept].append(spot)
    scores = {concept: score(found, length=length) for concept, found in by_concept.items()}
    ranked = sorted(by_concept, key=lambda concept: (-scores[concept], by_concept[concept][0].position, concept))
    top = scores[ranked[0]]
    total = sum(scores.values())
    tags = []
    for rank, concept in enumerate(ranked):
        found = by_concept[concept]
        about = _is_about(found, share=scores[concept] / top)
        tags.append(
            Tag(
                facet=found[0].facet,
                concept=concept,
                weight=round(scores[concept] / total, 4),
                about=about,
                primary=about and rank == 0,
                count=len(found),
                evidence=_best_evidence(found),
            )
        )
    return tags


def score(spots: Sequence[Spot], *, length: int) -> float:
    """Return how much a document speaks of one country; only comparable within the document."""
    total = 0.0
    for spot in spots:
        zone = spot.zone.weight
        early = 1.0 + 2.0 * max(0.0, 1.0 - spot.position / 1500) if spot.page else 1.0
        total += zone * _KIND_WEIGHTS[spot.kind] * early
    return total


def _is_about(spots: Sequence[Spot], *, share: float) -> bool:
    named_first = any(spot.zone in (Zone.TITLE, Zone.KEYWORDS) for spot in spots)
    return named_first or share >= 0.25


def _best_evidence(spots: Sequence[Spot]) -> tuple[TagEvidence, ...]:
    best = sorted(spots, key=lambda spot: (-spot.zone.weight * _KIND_WEIGHTS[spot.kind], spot.page, spot.position))
    kept: dict[tuple[int, str], TagEvidence] = {}
    for spot in best:
        kept.setdefault((spot.page, spot.sentence), TagEvidence(spot.page, spot.sentence, spot.words, spot.rule))
        if len(kept) == _MOST_EVIDENCE:
            break
    return tuple(kept.values())
