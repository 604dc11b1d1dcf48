"""What two documents are to each other: a function of the two alone, and the same whichever comes first.

The numbers at the top were chosen on the work half of tests/judged/works; `pushcart evaluate works` measures them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.fuzzy import likeness
from corpus.metadata.agreement import are_one_organisation
from corpus.works import Relation, RelationEvidence, RelationEvidenceKind, RelationKind, pair_of
from nlp.works.comparing import NumberLikeness, TextLikeness, number_likeness, text_likeness
from nlp.works.profiles import Profile

_TEXT_WORDS_MIN = 60
"""A text of fewer words says nothing by itself: the cover of a scan, a notice."""
_SHORT_WORDS = 250
"""A text of fewer words may be a form or a template: more of it has to be the same."""

_SAME_SHARE = 0.75
_SAME_SHARE_SHORT = 0.9
_SAME_WITH_WORDS = ((0.3, 0.72), (0.15, 0.8), (0.08, 0.9))
"""(shingles, words): shares from which a text is the same though its paragraphs come in another order."""
_IDENTICAL_SHARE = 0.97

_NUMBERS_MIN = 5
"""Numbers from which they speak against two texts being one."""
_NUMBERS_OF_COPY = 0.6
_NUMBERS_OF_IDENTICAL = 0.85

_CONTAINED_SHARE = 0.6
_CONTAINED_COUNT_MIN = 12
_EXTRACT_SIZE = 0.75
"""An extract has at most so much of the words of the whole."""

_TRANSLATION_NUMBERS_MIN = 8
_TRANSLATION_SHARE = 0.5
_TRANSLATION_SHARE_UNPLACED = 0.7
_LENGTHS = 1.6

_EDITION_SHARE = 0.12
_EDITION_WORDS = 0.55
_TITLE_LIKE = 0.9

Kind = RelationEvidenceKind


@dataclass(frozen=True, slots=True)
class _Pair:
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
        first, second = self.first.marks.lang, self.second.marks.lang
        # Of a text that is the same in both, the language was guessed wrong once.
        return first == second or "und" in (first, second) or self.text.jaccard >= _EDITION_SHARE

    @property
    def have_text(self) -> bool:
        return self.words[0] >= _TEXT_WORDS_MIN


def judge(document: Profile, others: Sequence[Profile]) -> list[Relation]:
    """Return the relations of a document with others."""
    return [relation for other in others if (relation := relation_of(document, other)) is not None]


def relation_of(one: Profile, other: Profile) -> Relation | None:
    """Return what two documents are to each other; None: nothing, as far as can be told."""
    first, second = sorted((one, other), key=lambda each: each.document_id)
    if first.sha256 == second.sha256:
        return _related(first, second, RelationKind.COPY, [RelationEvidence.of(Kind.SAME_BYTES)], 1.0)
    if first.marks.are_of_other_places(second.marks):
        return None
    pair = _Pair(
        first, second, text_likeness(first.printed, second.printed), number_likeness(first.printed, second.printed)
    )
    if not pair.are_in_one_language:
        return _translation(pair) or _part(pair)
    return _copy_or_edition(pair) or _extract(pair) or _without_text(pair) or _edition_by_title(pair) or _part(pair)


def _related(
    first: Profile, second: Profile, kind: RelationKind, evidence: Sequence[RelationEvidence], confidence: float
) -> Relation:
    ids = first.document_id, second.document_id
    if kind is not RelationKind.EXTRACT:
        ids = pair_of(*ids)
    return Relation(*ids, kind, tuple(evidence), round(min(max(confidence, 0.0), 1.0), 2))


# ------------------------------------------------------------------ one language


def _copy_or_edition(pair: _Pair) -> Relation | None:
    """Judge two texts of one language that are largely the same."""
    if not pair.have_text or not _is_same_text(pair):
        return None
    evidence = [_same_text(pair), *_supports(pair)]
    differences = pair.first.marks.differences(pair.second.marks)
    if differences and not _is_identical(pair):
        return _related(pair.first, pair.second, RelationKind.EDITION, [*differences, *evidence], 0.9)
    if pair.numbers.smaller >= _NUMBERS_MIN and pair.numbers.share < _NUMBERS_OF_COPY:
        other = RelationEvidence.of(Kind.OTHER_NUMBERS, share=round(pair.numbers.share, 2))
        return _related(pair.first, pair.second, RelationKind.EDITION, [other, *evidence], 0.7)
    if _are_about_other_places(pair):
        return None
    confidence = 0.75 + 0.25 * max(pair.text.jaccard, pair.text.vocabulary)
    return _related(pair.first, pair.second, RelationKind.COPY, evidence, confidence)


def _is_same_text(pair: _Pair) -> bool:
    text = pair.text
    if pair.words[0] < _SHORT_WORDS:
        return text.jaccard >= _SAME_SHARE_SHORT
    return text.jaccard >= _SAME_SHARE or any(
        text.jaccard >= shingles and text.vocabulary >= words for shingles, words in _SAME_WITH_WORDS
    )


def _is_identical(pair: _Pair) -> bool:
    """Say whether hardly a word is another: then catalogues differ about the year, not the texts."""
    numbers = pair.numbers
    return pair.text.jaccard >= _IDENTICAL_SHARE and (not numbers.smaller or numbers.share >= _NUMBERS_OF_IDENTICAL)


def _are_about_other_places(pair: _Pair) -> bool:
    first, second = pair.first.about, pair.second.about
    return bool(first and second) and first != second and pair.text.jaccard < _IDENTICAL_SHARE


def _extract(pair: _Pair) -> Relation | None:
    """Judge whether the shorter text stands within the longer one."""
    first, second = sorted((pair.first, pair.second), key=lambda each: (-each.printed.words, each.document_id))
    inside = pair.text.in_second if second is pair.second else pair.text.in_first
    if not pair.have_text or pair.words[0] > _EXTRACT_SIZE * pair.words[1]:
        return None
    if inside < _CONTAINED_SHARE or pair.text.count < _CONTAINED_COUNT_MIN:
        return None
    contained = RelationEvidence.of(Kind.CONTAINED, share=round(inside, 2))
    differences = pair.first.marks.differences(pair.second.marks)
    if any(each.kind is not Kind.OTHER_ISSUE for each in differences) and inside < _SAME_SHARE_SHORT:
        return _related(pair.first, pair.second, RelationKind.EDITION, [*differences, contained], 0.6)
    return _related(first, second, RelationKind.EXTRACT, [contained, *_supports(pair)], 0.4 + 0.6 * inside)


def _without_text(pair: _Pair) -> Relation | None:
    """Judge documents of which one has no text that could be read, as a scan: by what catalogues say."""
    if pair.have_text or pair.first.marks.differences(pair.second.marks):
        return None
    named = _same_identifiers(pair)
    supports = _supports(pair)
    kinds = {each.kind for each in supports}
    is_titled = Kind.SAME_TITLE in kinds and Kind.SAME_YEAR in kinds and Kind.SAME_PUBLISHER in kinds
    if not (named and Kind.SAME_TITLE in kinds) and not (is_titled and Kind.SAME_LENGTH in kinds):
        return None
    return _related(pair.first, pair.second, RelationKind.COPY, supports, 0.85 if named else 0.7)


def _edition_by_title(pair: _Pair) -> Relation | None:
    """Judge two texts of one title and publisher that are of another year or issue."""
    differences = pair.first.marks.differences(pair.second.marks)
    if not differences or pair.first.marks.places != pair.second.marks.places:
        return None
    supports = _supports(pair)
    kinds = {each.kind for each in supports}
    is_titled = bool(kinds & {Kind.SAME_TITLE, Kind.SIMILAR_TITLE}) and Kind.SAME_PUBLISHER in kinds
    is_alike = pair.have_text and (
        pair.text.jaccard >= _EDITION_SHARE
        and pair.text.vocabulary >= _EDITION_WORDS
        and bool(kinds & {Kind.SAME_TITLE})
    )
    if not is_titled and not is_alike:
        return None
    return _related(pair.first, pair.second, RelationKind.EDITION, [*differences, *supports], 0.7 if is_titled else 0.6)


# ------------------------------------------------------------------ two languages


def _translation(pair: _Pair) -> Relation | None:
    if pair.first.marks.differences(pair.second.marks):
        return None
    numbers = pair.numbers
    other = RelationEvidence.of(Kind.OTHER_LANGUAGE, first=pair.first.marks.lang, second=pair.second.marks.lang)
    supports = [each for each in _supports(pair) if each.kind is not Kind.SAME_NUMBERS]
    kinds = {each.kind for each in supports}
    count, share = (numbers.placed_count, numbers.placed_share) if numbers.is_placed else (numbers.count, numbers.share)
    wanted = _TRANSLATION_SHARE if numbers.is_placed else _TRANSLATION_SHARE_UNPLACED
    is_one_publication = bool(kinds & {Kind.SAME_IDENTIFIER, Kind.SAME_LANDING_PAGE}) and Kind.SAME_LENGTH in kinds
    if count >= _TRANSLATION_NUMBERS_MIN and share >= wanted:
        same = RelationEvidence.of(Kind.SAME_NUMBERS, count=count, share=round(share, 2))
        confidence = 0.5 + 0.45 * share + (0.05 if is_one_publication else 0)
        return _related(pair.first, pair.second, RelationKind.TRANSLATION, [same, other, *supports], confidence)
    contradicts = numbers.smaller >= _TRANSLATION_NUMBERS_MIN and numbers.share < _TRANSLATION_SHARE / 2
    if is_one_publication and not contradicts:
        return _related(pair.first, pair.second, RelationKind.TRANSLATION, [*supports, other], 0.75)
    return None


def _part(pair: _Pair) -> Relation | None:
    """Relate what one landing page offers and what is nothing else to each other."""
    if not pair.first.landing or pair.first.landing != pair.second.landing:
        return None
    evidence = [RelationEvidence.of(Kind.SAME_LANDING_PAGE)]
    return _related(pair.first, pair.second, RelationKind.PART, evidence, 0.5)


# ------------------------------------------------------------------ evidence


def _same_text(pair: _Pair) -> RelationEvidence:
    return RelationEvidence.of(Kind.SAME_TEXT, share=round(max(pair.text.jaccard, pair.text.vocabulary), 2))


def _same_identifiers(pair: _Pair) -> list[RelationEvidence]:
    shared = set(pair.first.identifiers) & set(pair.second.identifiers)
    return [RelationEvidence.of(Kind.SAME_IDENTIFIER, name=name, value=value) for name, value in sorted(shared)]


def _supports(pair: _Pair) -> list[RelationEvidence]:
    """Return what else speaks for two documents being one publication, the strongest first."""
    first, second = pair.first, pair.second
    found = _same_identifiers(pair)
    if pair.numbers.count >= _NUMBERS_MIN and pair.numbers.share >= _NUMBERS_OF_COPY:
        share = round(pair.numbers.share, 2)
        found.append(RelationEvidence.of(Kind.SAME_NUMBERS, count=pair.numbers.count, share=share))
    if not (first.is_stub or second.is_stub):
        alike = likeness(" ".join(first.title), " ".join(second.title))
        if first.title == second.title:
            found.append(RelationEvidence.of(Kind.SAME_TITLE))
        elif alike >= _TITLE_LIKE:
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
