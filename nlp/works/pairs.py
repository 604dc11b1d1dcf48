"""Two documents beside each other, and what indicates their being one publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.fuzzy import likeness
from corpus.metadata.agreement import are_one_organisation
from corpus.works import Relation, RelationEvidence, RelationEvidenceKind, RelationKind, pair_of
from nlp.works.comparing import NumberLikeness, TextLikeness
from nlp.works.markers import country_of
from nlp.works.profiles import Profile

TEXT_WORDS_MIN = 60
"""A text of fewer words says nothing on its own: the cover of a scan, a notice."""
ALIKE_SHINGLES = 0.25
"""Share of shingles from which two texts are looked at as versions of one."""
TITLE_LIKE = 0.9
"""Likeness of two titles (corpus.fuzzy, 0 to 1) from which they are similar."""
_NUMBERS_MIN = 5
_NUMBERS_OF_COPY = 0.6
"""Numbers of three and more digits, and their share, that indicate one publication."""
_LENGTHS = 1.6
"""Times as many pages as the shorter one that the longer may have, if they are about as long."""

Kind = RelationEvidenceKind


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """Two profiles, the smaller id first, and what is computed of them once."""

    first: Profile
    second: Profile
    text: TextLikeness
    numbers: NumberLikeness

    @property
    def words(self) -> tuple[int, int]:
        """Return the words of the shorter and the longer text."""
        one, other = sorted((self.first.printed.words, self.second.printed.words))
        return one, other

    @property
    def are_in_one_language(self) -> bool:
        """Say whether both are in one language, as far as it is known."""
        first, second = self.first.marks.lang, self.second.marks.lang
        # Of a text that is the same in both, the language was guessed wrong once.
        return first == second or "und" in (first, second) or self.text.jaccard >= ALIKE_SHINGLES

    @property
    def are_of_two_countries(self) -> bool:
        """Say whether each text is about a country, and they are two."""
        first, second = country_of(self.first.printed.markers), country_of(self.second.printed.markers)
        return bool(first and second) and first != second

    @property
    def have_text(self) -> bool:
        """Say whether both have enough text to be compared by it."""
        return self.words[0] >= TEXT_WORDS_MIN


def related(
    first: Profile, second: Profile, kind: RelationKind, evidence: Sequence[RelationEvidence], confidence: float
) -> Relation:
    """Return a relation with its ids in order (of an extract, the whole comes first) and a confidence of 0 to 1."""
    ids = first.document_id, second.document_id
    if kind is not RelationKind.EXTRACT:
        ids = pair_of(*ids)
    return Relation(*ids, kind, tuple(evidence), round(min(max(confidence, 0.0), 1.0), 2))


def same_text(pair: ComparedPair) -> RelationEvidence:
    """Return how much of the text both have."""
    return RelationEvidence.of(Kind.SAME_TEXT, share=round(max(pair.text.jaccard, pair.text.words), 2))


def same_identifiers(pair: ComparedPair) -> list[RelationEvidence]:
    """Return the identifiers that both have."""
    shared = set(pair.first.identifiers) & set(pair.second.identifiers)
    return [RelationEvidence.of(Kind.SAME_IDENTIFIER, name=name, value=value) for name, value in sorted(shared)]


def supports_of(pair: ComparedPair) -> list[RelationEvidence]:
    """Return what else indicates two documents being one publication, the strongest first."""
    first, second = pair.first, pair.second
    found = same_identifiers(pair)
    if pair.numbers.count >= _NUMBERS_MIN and pair.numbers.share >= _NUMBERS_OF_COPY:
        share = round(pair.numbers.share, 2)
        found.append(RelationEvidence.of(Kind.SAME_NUMBERS, count=pair.numbers.count, share=share))
    if not (first.is_stub or second.is_stub):
        alike = likeness(" ".join(first.title), " ".join(second.title))
        if first.title == second.title:
            found.append(RelationEvidence.of(Kind.SAME_TITLE))
        elif alike >= TITLE_LIKE:
            found.append(RelationEvidence.of(Kind.SIMILAR_TITLE, share=round(alike, 2)))
    if first.marks.published and first.marks.published == second.marks.published:
        found.append(RelationEvidence.of(Kind.SAME_YEAR, year=first.marks.published))
    if first.publisher and second.publisher and are_one_organisation(first.publisher, second.publisher):
        found.append(RelationEvidence.of(Kind.SAME_PUBLISHER))
    if first.landing and first.landing == second.landing:
        found.append(RelationEvidence.of(Kind.SAME_LANDING_PAGE))
    pages = sorted((first.printed.pages, second.printed.pages))
    if pages[0] > 1 and pages[1] <= _LENGTHS * pages[0]:
        found.append(RelationEvidence.of(Kind.SAME_LENGTH, pages=pages[0]))
    return found
