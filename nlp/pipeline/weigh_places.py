"""What places weigh: which countries a document is about, which one most of all, and which it only mentions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.tag_rules import RuleKind, Zone
from corpus.types import Facet, Tag, TagEvidence
from nlp.pipeline.hits import ConceptMatch
from nlp.pipeline.zone_weights import WEIGHTS

_MOST_EVIDENCE = 5

_KIND_WEIGHTS: Mapping[RuleKind, float] = {
    RuleKind.RECORD: 1.0,
    RuleKind.NAME: 1.0,
    RuleKind.DEMONYM: 0.8,
    RuleKind.CITY: 0.7,
    RuleKind.SUBDIVISION: 0.6,
    RuleKind.SURVEY: 0.8,
    RuleKind.INSTITUTION: 0.6,
    RuleKind.CURRENCY: 0.2,
    RuleKind.REGION: 1.0,
}


# Calibrated on the half of the UNDP texts whose errors were read (see benchmarks/tagging_countries.py). The primary country
# hardly depends on any of these weights: from half to twice each value it moves by at most 4 of 1,696 texts.
_HEAD = 1500
"""Characters at the beginning of a text in which a place counts more: there a text says where it plays."""
_HEAD_START = 2.0
"""How much more at the very beginning; falls to nothing at the end of the head."""
_SHARE_OF_TOP = 0.4
"""A second country is what a text is about from this share of the first one's score."""
_LEAST_OF_A_SECOND = 2
"""Places that must indicate a second country."""
_MANY, _LEAST_SHARE_OF_MANY = 6, 0.2
"""A text on so many countries is about those that have at least this share."""
_LEAST_OF_A_REGION, _LEAST_SHARE_OF_A_REGION = 3, 0.25
_CHARACTERS_FOR_ONE = 50_000
"""One place in this many characters (about 20 pages) is a mention, whatever the rest says ..."""
_CHARACTERS_FOR_ONE_LATE = 4_000
"""A place that the beginning does not name is a mention unless more than one in this many characters indicate it: global
reports name a country in passing ("the first to ratify was Uruguay")."""
_PASSING = 3
"""... but more places than these are none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place is among the others of its facet in a document."""

    rank: int
    """0 for the first."""
    share_of_top: float
    """Its score as a share of the first one's."""
    weight: float
    """Its share of the whole, 0 to 1."""
    rivals: int
    """Places of the facet, itself included."""
    length: int
    """Of the text, in characters."""


def place_tags(spots: Sequence[ConceptMatch], *, length: int) -> tuple[Tag, ...]:
    """Return one tag for each country and region, most weight first within a facet; `length` is the text's in characters.

    The weight of a country is its share of all that is said of countries; the weight of a region its share of all that is
    said of countries and regions.
    """
    by_concept: dict[Facet, dict[str, list[ConceptMatch]]] = {
        Facet.COUNTRY: defaultdict(list),
        Facet.REGION: defaultdict(list),
    }
    for spot in spots:
        by_concept[spot.facet][spot.concept].append(spot)
    countries, regions = _scores(by_concept[Facet.COUNTRY]), _scores(by_concept[Facet.REGION])
    of_countries = sum(countries.values())
    return (
        *_tags(by_concept[Facet.COUNTRY], scores=countries, total=of_countries, length=length),
        *_tags(by_concept[Facet.REGION], scores=regions, total=of_countries + sum(regions.values()), length=length),
    )


def _scores(by_concept: Mapping[str, Sequence[ConceptMatch]]) -> Mapping[str, float]:
    return {concept: score(found) for concept, found in by_concept.items()}


def score(spots: Iterable[ConceptMatch]) -> float:
    """Return how much a document mentions one place; only comparable within the document."""
    return sum(
        WEIGHTS[spot.zone] * _KIND_WEIGHTS[spot.kind] * (1.0 + _HEAD_START * max(0.0, 1.0 - spot.position / _HEAD))
        for spot in spots
    )


def _tags(
    by_concept: Mapping[str, Sequence[ConceptMatch]], *, scores: Mapping[str, float], total: float, length: int
) -> Iterator[Tag]:
    ranked = sorted(by_concept, key=lambda concept: (-scores[concept], by_concept[concept][0].position, concept))
    for rank, concept in enumerate(ranked):
        found = by_concept[concept]
        standing = Standing(
            rank=rank,
            share_of_top=scores[concept] / scores[ranked[0]],
            weight=scores[concept] / total,
            rivals=len(ranked),
            length=length,
        )
        about = is_about(found, standing)
        yield Tag(
            facet=found[0].facet,
            concept=concept,
            weight=round(standing.weight, 4),
            about=about,
            primary=about and rank == 0,
            count=len(found),
            evidence=_best_evidence(found),
            places=tuple(sorted(Counter(spot.page for spot in found).items())),
        )


def is_about(spots: Sequence[ConceptMatch], standing: Standing) -> bool:
    """Say whether a document is about a place: named in title or keywords, or much of what is said is said of it."""
    if any(spot.zone in (Zone.TITLE, Zone.KEYWORDS) for spot in spots):
        return True
    if len(spots) <= min(_PASSING, standing.length // _CHARACTERS_FOR_ONE):
        return False
    is_alone = standing.rivals == 1 and len(spots) >= _LEAST_OF_A_SECOND
    is_late = all(spot.position > _HEAD for spot in spots)
    if is_late and not is_alone and len(spots) <= standing.length // _CHARACTERS_FOR_ONE_LATE:
        return False
    if spots[0].facet is Facet.REGION:
        return len(spots) >= _LEAST_OF_A_REGION and standing.weight >= _LEAST_SHARE_OF_A_REGION
    if standing.rivals >= _MANY and standing.weight < _LEAST_SHARE_OF_MANY:
        return False
    return standing.rank == 0 or (standing.share_of_top >= _SHARE_OF_TOP and len(spots) >= _LEAST_OF_A_SECOND)


def _best_evidence(spots: Sequence[ConceptMatch]) -> tuple[TagEvidence, ...]:
    best = sorted(spots, key=lambda spot: (-WEIGHTS[spot.zone] * _KIND_WEIGHTS[spot.kind], spot.page, spot.position))
    kept: dict[tuple[int, str], TagEvidence] = {}
    for spot in best:
        kept.setdefault(
            (spot.page, spot.sentence), TagEvidence(spot.page, spot.sentence, spot.words, spot.evidence_rule)
        )
        if len(kept) == _MOST_EVIDENCE:
            break
    return tuple(kept.values())
