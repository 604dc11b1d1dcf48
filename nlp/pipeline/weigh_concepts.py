"""From hits to tags: how much of the document is about a concept, and whether it is about it or only mentions it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from corpus.tag_rules import Zone
from corpus.types import Facet, Tag, TagEvidence
from nlp.pipeline.hits import ConceptMatch
from nlp.pipeline.zone_weights import WEIGHTS

MOST_EVIDENCE = 5
_ABOUT_AT_LEAST = 2.0
"""Sentences that must mention what a document is about, however short it is; one that the title names needs no other."""
_ABOUT_IN_1000_WORDS: Mapping[Facet, float] = {Facet.GROUP: 2.5, Facet.SECTOR: 3.0, Facet.TOPIC: 3.0}
"""Sentences in 1,000 words that make a document about a concept; with the square root of the length, as a book says its matter
more often than a brief, and not in each paragraph. Chosen on 127 labelled documents of 100 to 1,500 words, as what follows: what
one half of them chose was the best or nearly so on the other."""
_BEGINNING = 300
"""Characters of running text in which a document says its matter: the group, sector and topic that it names first there count one
sentence more."""
_SHARE_OF_BEST = 0.4
"""A document is not about what fewer sentences mention than this share of those for the facet's first concept."""
_NAMES_MATTER = frozenset({Zone.TITLE, Zone.ABSTRACT, Zone.KEYWORDS})
"""What is there counts as two sentences."""
_FIELDS = {Zone.TITLE: 1, Zone.ABSTRACT: 2, Zone.KEYWORDS: 1, Zone.HEADING: 3}
"""Zones that decide, and how many hits in each count: the tenth heading says no more than the third."""
_STEEPNESS = 9.0
_DENSE = 1.5
"""Sentences in 1,000 words that make a document wholly about a concept."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How long a document is."""

    pages: int
    words: int
    """Of running text: references and imprint left out."""


def concept_tags(hits: Iterable[ConceptMatch], *, extent: Extent) -> tuple[Tag, ...]:
    """Return the tags of one document, most weight first within a facet.

    A concept in fewer sentences than `least_sentences` and none in title, abstract, keywords or headings is left out.
    """
    by_concept: dict[tuple[Facet, str], list[ConceptMatch]] = {}
    for hit in hits:
        by_concept.setdefault((hit.facet, hit.concept), []).append(hit)
    weights = {
        key: weight_of(found, extent=extent)
        for key, found in by_concept.items()
        if sentences(found) >= least_sentences(extent.words) or any(hit.passage.zone in _FIELDS for hit in found)
    }
    openings = _openings(by_concept[key] for key in weights)
    said = {key: _said(by_concept[key]) + (key in openings) for key in weights}
    enough: dict[Facet, float] = {}
    for (facet, _), much in said.items():
        enough[facet] = max(enough.get(facet, sentences_about(extent.words, facet=facet)), _SHARE_OF_BEST * much)
    return ordered(
        _tag(by_concept[key], weight=weight, about=said[key] >= enough[key[0]]) for key, weight in weights.items()
    )


def sentences_about(words: int, *, facet: Facet = Facet.SECTOR) -> float:
    """Return how many sentences make a document of so many words about a concept: 2 in a passage, 3 in 1,000, 19 in 40,000."""
    return max(_ABOUT_AT_LEAST, _ABOUT_IN_1000_WORDS[facet] * sqrt(words / 1000))


def _said(hits: Sequence[ConceptMatch]) -> float:
    """Return how many sentences mention a concept, with what its place in the document adds."""
    hits = _without_copies_of_title(hits)
    return weighed_sentences(hits) + _in_names(hits)


def _without_copies_of_title(hits: Sequence[ConceptMatch]) -> Sequence[ConceptMatch]:
    """Return hits without those of headings that repeat the title: it is one sentence."""
    titles = {_letters(hit) for hit in hits if hit.zone is Zone.TITLE}
    return [hit for hit in hits if hit.zone is not Zone.HEADING or _letters(hit) not in titles] if titles else hits


def _letters(hit: ConceptMatch) -> str:
    return "".join(filter(str.isalnum, hit.passage.text.lower()))


def _openings(found: Iterable[Sequence[ConceptMatch]]) -> Collection[tuple[Facet, str]]:
    """Return the group, the sector and the topic that running text names first, where that is in its beginning."""
    first: dict[Facet, tuple[int, str]] = {}
    for hits in found:
        places = [hit.position for hit in hits if hit.page and hit.zone is Zone.BODY]
        facet, concept = hits[0].facet, hits[0].concept
        if places and min(places) < _BEGINNING:
            first[facet] = min(first.get(facet, (_BEGINNING, "")), (min(places), concept))
    return {(facet, concept) for facet, (_, concept) in first.items()}


def _in_names(hits: Iterable[ConceptMatch]) -> int:
    return len({id(hit.passage) for hit in hits if hit.passage.zone in _NAMES_MATTER})


def _tag(hits: Sequence[ConceptMatch], *, weight: float, about: bool) -> Tag:
    return Tag(
        hits[0].facet,
        hits[0].concept,
        round(weight, 4),
        about=about,
        count=len(hits),
        evidence=_evidence(hits),
        places=tuple(sorted(Counter(hit.passage.page for hit in hits).items())),
    )


def weight_of(hits: Sequence[ConceptMatch], *, extent: Extent) -> float:
    """Return a weight from 0 to 1 by place, density and spread.

    Title 6, abstract and keywords 4, headings 3 as FIELD section 1 has them; the body adds up to 6 by density and up to 4
    by the share of pages. 9 points weigh 0.63: a title and a dense body, or an abstract and headings and some body.
    """
    points = sum(
        WEIGHTS[zone] * min(most, sum(1 for hit in hits if hit.passage.zone is zone)) for zone, most in _FIELDS.items()
    )
    density = 1000 * weighed_sentences(hits) / max(600, extent.words)
    spread = len({hit.passage.page for hit in hits if hit.passage.page}) / max(3, extent.pages)
    points += 6 * min(1.0, density / _DENSE) + 4 * min(1.0, spread)
    return 1.0 - exp(-points / _STEEPNESS)


def sentences(hits: Iterable[ConceptMatch]) -> int:
    """Return in how many sentences the hits stand: a list of what vendors sell is one place."""
    return len({(id(hit.passage), hit.passage.sentence_bounds(hit.start, hit.end)[0]) for hit in hits})


def weighed_sentences(hits: Iterable[ConceptMatch]) -> float:
    """Return the same, where what is in a table, a caption or a note counts less than running text."""
    places = {(id(hit.passage), hit.passage.sentence_bounds(hit.start, hit.end)[0]): hit.passage for hit in hits}
    return sum(min(1.0, passage.weight) for passage in places.values())


def least_sentences(words: int) -> int:
    """Return how many sentences of the body make a mention: one in a brief, more in a book."""
    return 1 if words < 25_000 else 2 if words < 60_000 else 3


def ordered(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return tags by facet, most weight first, and mark as primary the first of each facet that the document is about."""
    order = list(Facet)
    found = sorted(tags, key=lambda tag: (order.index(tag.facet), -tag.weight, -tag.count, tag.concept))
    seen: set[Facet] = set()
    result: list[Tag] = []
    for tag in found:
        primary = tag.about and tag.facet not in seen
        seen |= {tag.facet} if primary else set()
        result.append(_as_primary(tag, primary=primary))
    return tuple(result)


def _as_primary(tag: Tag, *, primary: bool) -> Tag:
    return Tag(tag.facet, tag.concept, tag.weight, tag.about, primary, tag.count, tag.evidence, tag.places)


def _evidence(hits: Sequence[ConceptMatch]) -> tuple[TagEvidence, ...]:
    """Return the best few places: title and abstract first, then other words on other pages."""
    chosen: list[ConceptMatch] = []
    seen: set[object] = set()
    by_zone = sorted(hits, key=lambda hit: -hit.passage.weight)
    for novelty in (_words_and_page, _page, _place):
        for hit in by_zone:
            if len(chosen) < MOST_EVIDENCE and novelty(hit) not in seen and hit not in chosen:
                chosen.append(hit)
                seen |= {_words_and_page(hit), _page(hit), _place(hit)}
    chosen.sort(key=lambda hit: (-hit.passage.weight, hit.passage.page, hit.start))
    return tuple(_as_evidence(hit) for hit in chosen)


def _words_and_page(hit: ConceptMatch) -> object:
    return hit.rule


def _page(hit: ConceptMatch) -> object:
    return hit.passage.page


def _place(hit: ConceptMatch) -> object:
    return id(hit.passage), hit.start


def _as_evidence(hit: ConceptMatch) -> TagEvidence:
    return TagEvidence(
        page=hit.passage.page,
        sentence=hit.passage.sentence(hit.start, hit.end),
        words=hit.passage.words(hit.start, hit.end),
        rule=hit.evidence_rule,
    )
