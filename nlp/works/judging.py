"""What two documents are to each other: a function of the two alone, and the same whichever comes first.

The numbers at the top were chosen on the work half of tests/judged/works, each as strict as it can be without losing a copy
there: an edition that is taken for a copy is hidden, a copy that is not found is only seen twice. `benchmarks/works_judged.py`
measures them.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.fuzzy import likeness
from corpus.works import Relation, RelationEvidence, RelationEvidenceKind, RelationKind
from nlp.works.comparing import Side, number_likeness, text_likeness
from nlp.works.pairs import (
    ALIKE_SHINGLES,
    TITLE_LIKE,
    ComparedPair,
    related,
    same_identifiers,
    same_text,
    supports_of,
)
from nlp.works.profiles import Profile
from nlp.works.translations import translation_of

_SHARED_MIN = 0.08
"""Share of the shingles of the smaller sketch that two texts of one language have in common, if they are related by their text."""
_SHORT_WORDS = 300
"""A text of fewer words may be a form or a template: hardly a word of it may be another."""

_ALIKE_WORDS = 0.8
"""Share of words in whatever order, from which two texts are looked at as versions of one, as from ALIKE_SHINGLES."""
_ALIKE_SHINGLES_MIN = 0.08

_OTHER_WORDS = 0.004
"""Share of words that only one has, up to which the texts are the same, in whatever order columns were read."""
_OTHER_DIGITS = 0.003
"""Share of numbers that each has for others: figures that were brought up to date or corrected."""
_OTHER_DIGITS_READ, _OTHER_DIGITS_READ_NAMED = 0.03, 0.04
"""The same of a text that was read from pictures; of one of the same title or DOI."""
_DIRTY = 0.15
"""Share of shingles that the other has not, from which a sixteenth of a text counts as changed."""
_BROKEN_RUNS = 10
_DIRTY_INSIDE_MAX = 1
_DIRTY_AROUND_MAX = 4
"""Sixteenths that may be others at the beginning and the end together: another cover, imprint, foreword, annex."""
_READ_WORDS_MIN, _READ_WORDS_MAX = 0.01, 0.2
_READ_WELL_WORDS = 0.03
"""Share of other words up to which the errors are too few to lie everywhere."""
_READ_EVEN = 0.8
"""Of a text that was read from pictures so many sixteenths have about as many errors as the others."""


_CONTAINED_APART = 0.3
"""Share of the shorter text that may be missing in the longer one of which it is an extract."""
_CONTAINED_COUNT_MIN = 12
_EXTRACT_SIZE = 0.8
"""An extract has at most so much of the words of the whole, and of its runs of words."""
_MIXED_MAX = 0.3
"""Share of sixteenths of the whole that may be neither inside nor outside of the extract."""


_EDITION_SHINGLES = 0.6
"""Share of shingles from which two versions are editions whatever they are called."""

_NAMES_OF_VERSIONS = frozenset(("doi", "handle"))
"""Identifiers that are given anew to a new edition."""

Kind = RelationEvidenceKind


def judge(document: Profile, others: Sequence[Profile]) -> list[Relation]:
    """Return the relations of a document with others."""
    return [relation for other in others if (relation := relation_of(document, other)) is not None]


def relation_of(one: Profile, other: Profile) -> Relation | None:
    """Return what two documents are to each other; None: nothing, as far as can be told."""
    first, second = sorted((one, other), key=lambda each: each.document_id)
    if first.sha256 == second.sha256:
        return related(first, second, RelationKind.COPY, [RelationEvidence.of(Kind.SAME_BYTES)], 1.0)
    if first.marks.are_of_other_places(second.marks):
        return None
    if not _may_berelated(first, second):
        return None
    are_apart = len({first.marks.lang, second.marks.lang} - {"und"}) > 1
    text = text_likeness(first.printed, second.printed, with_words=are_apart)
    pair = ComparedPair(first, second, text, number_likeness(first.printed, second.printed))
    if not pair.are_in_one_language:
        return translation_of(pair) or _part(pair)
    return _copy_or_edition(pair) or _extract(pair) or _without_text(pair) or _edition_by_title(pair) or _part(pair)


def _may_berelated(first: Profile, second: Profile) -> bool:
    """Say whether a closer look is worth while; most documents that share a key only quote the same sentence."""
    one, other = first.printed.sketch.keys(), second.printed.sketch.keys()
    shared = len(one & other)
    if shared and shared >= _SHARED_MIN * min(len(one), len(other)):
        return True
    if first.title == second.title or (first.landing and first.landing == second.landing):
        return True
    return first.marks.lang != second.marks.lang or bool(set(first.identifiers) & set(second.identifiers))


# ------------------------------------------------------------------ one language


def _copy_or_edition(pair: ComparedPair) -> Relation | None:
    """Judge two texts of one language that are largely the same."""
    text = pair.text
    if not pair.have_text or text.jaccard < _ALIKE_SHINGLES_MIN:
        return None
    if text.jaccard < ALIKE_SHINGLES and text.words < _ALIKE_WORDS:
        return None
    evidence = [same_text(pair), *supports_of(pair)]
    differences = pair.first.marks.differences(pair.second.marks)
    if (extract := _extract(pair)) and _is_nothing_else(pair):
        return extract
    is_same = _issame_text(pair) and not _are_about_other_places(pair)
    if is_same and not _not_of_catalogues(pair, differences):
        confidence = 0.7 + 0.3 * max(text.jaccard, text.words)
        return related(pair.first, pair.second, RelationKind.COPY, evidence, confidence)
    if extract:
        return extract
    is_much = text.jaccard >= _EDITION_SHINGLES and pair.words[0] >= _SHORT_WORDS
    if not is_much and not _may_be_editions(pair, differences):
        return None
    if not _are_digits_the_same(pair, at_most=_OTHER_DIGITS):
        share = round(1 - max(text.first.digits, text.second.digits), 2)
        evidence.insert(0, RelationEvidence.of(Kind.OTHER_NUMBERS, share=share))
    elif not is_same:
        evidence.insert(0, RelationEvidence.of(Kind.OTHER_WORDS, share=round(1 - text.words, 2)))
    return related(
        pair.first, pair.second, RelationKind.EDITION, [*differences, *evidence], 0.9 if differences else 0.7
    )


def _may_be_editions(pair: ComparedPair, differences: Sequence[RelationEvidence]) -> bool:
    """Say whether titles let two texts be editions of which less than _EDITION_SHINGLES is the same.

    Reports of one series share half of their text and the beginning of their titles: something has to say which is the later, or
    they have the same title.
    """
    has_title = pair.first.title == pair.second.title and not (pair.first.is_stub or pair.second.is_stub)
    return has_title or (_are_called_alike(pair) and (bool(differences) or pair.text.jaccard >= _EDITION_SHINGLES))


def _issame_text(pair: ComparedPair) -> bool:
    """Say whether nothing differs but what reading, a cover or a foreword make different."""
    text = pair.text
    if not _are_digits_the_same(pair, at_most=_OTHER_DIGITS):
        return _is_read_from_pictures(pair)
    if max(text.first.words, text.second.words) <= _OTHER_WORDS:
        return True
    if pair.words[0] < _SHORT_WORDS:
        return False
    sides = ((text.first, pair.first.printed.words), (text.second, pair.second.printed.words))
    return all(_is_changed_around_only(side, words=words) for side, words in sides) or _is_read_from_pictures(pair)


def _are_digits_the_same(pair: ComparedPair, *, at_most: float) -> bool:
    """Say whether few numbers stand for others. What only one of them has, as page numbers, does not count."""
    first, second = pair.text.first, pair.text.second
    return min(first.digit_count, second.digit_count) <= 1 or min(first.digits, second.digits) <= at_most


def _is_changed_around_only(side: Side, *, words: int) -> bool:
    """Say whether a text of so many words differs from another one at its beginning and end only."""
    # Two ends of pages, with a running head or not, break eight runs of words, which are many of a short text.
    dirty_from = max(_DIRTY, _BROKEN_RUNS * len(side.segments) / words)
    dirty = [share > dirty_from for share in side.segments if share >= 0]
    clean = [at for at, is_dirty in enumerate(dirty) if not is_dirty]
    if not clean:
        return False
    inside = sum(dirty[clean[0] : clean[-1]])
    return inside <= _DIRTY_INSIDE_MAX and sum(dirty) - inside <= _DIRTY_AROUND_MAX


def _is_read_from_pictures(pair: ComparedPair) -> bool:
    """Say whether two texts differ as one differs from its recognition: everywhere alike, on both sides, and not in numbers."""
    first, second = pair.text.first, pair.text.second
    least, most = sorted((first.words, second.words))
    if pair.text.jaccard < ALIKE_SHINGLES or most > _READ_WORDS_MAX or least < most / 3 or pair.words[0] < _SHORT_WORDS:
        return False
    if most <= _READ_WELL_WORDS and least >= most / 2 and _are_digits_the_same(pair, at_most=_OTHER_DIGITS):
        return True
    is_named = bool(same_identifiers(pair)) or (pair.first.title == pair.second.title and not pair.first.is_stub)
    digits = _OTHER_DIGITS_READ_NAMED if is_named else _OTHER_DIGITS_READ
    return _are_digits_the_same(pair, at_most=digits) and all(
        sum(share >= side.shingles / 3 for share in side.segments) >= _READ_EVEN * len(side.segments)
        for side in (first, second)
    )


def _is_identical(pair: ComparedPair) -> bool:
    """Say whether hardly a word or number is another: then it is catalogues that differ about the year, not the texts."""
    text = pair.text
    return max(text.first.words, text.second.words) <= _OTHER_WORDS and text.jaccard >= _EDITION_SHINGLES


def _not_of_catalogues(pair: ComparedPair, differences: Sequence[RelationEvidence]) -> list[RelationEvidence]:
    """Return the differences but for years that only catalogues say: of the same text or DOI, or of a scan by one year."""
    first, second = pair.first.marks, pair.second.marks
    if first.years and second.years:
        return list(differences)
    is_near = bool(first.published and second.published) and abs(int(first.published) - int(second.published)) <= 1
    is_near &= _is_read_from_pictures(pair)
    named = {each.detail["name"] for each in same_identifiers(pair)}
    if not (_is_identical(pair) or is_near or named & _NAMES_OF_VERSIONS):
        return list(differences)
    return [each for each in differences if each.kind is not Kind.OTHER_YEAR]


def _are_about_other_places(pair: ComparedPair) -> bool:
    first, second = pair.first.about, pair.second.about
    return bool(first and second) and first != second and not _is_identical(pair)


def _are_called_alike(pair: ComparedPair) -> bool:
    """Say whether titles do not speak against two editions: alike, one within the other, or not telling."""
    first, second = pair.first, pair.second
    if first.is_stub or second.is_stub:
        return True
    short, long = sorted((" ".join(first.title), " ".join(second.title)), key=len)
    return short in long or likeness(short, long) >= TITLE_LIKE


def _is_nothing_else(pair: ComparedPair) -> bool:
    """Say whether the shorter text has nothing that the longer one has not: a chapter, not the text behind another cover."""
    sides = sorted((pair.text.first.words, pair.text.second.words))
    return sides[0] <= _OTHER_WORDS


def _extract(pair: ComparedPair) -> Relation | None:
    """Judge whether the shorter text stands within the longer one."""
    if not pair.have_text or pair.words[0] > _EXTRACT_SIZE * pair.words[1]:
        return None
    (_, _, whole, around), (_, _, part, inside) = sorted(
        (
            (-pair.first.printed.words, pair.first.document_id, pair.first, pair.text.first),
            (-pair.second.printed.words, pair.second.document_id, pair.second, pair.text.second),
        ),
        key=lambda each: each[:2],
    )
    if (
        around.shingles < 1 - _EXTRACT_SIZE
        or inside.shingles > _CONTAINED_APART
        or pair.text.count < _CONTAINED_COUNT_MIN
    ):
        return None
    # A new edition that leaves out a sentence here and there stands within the old one too.
    mixed = sum(_DIRTY < share < 1 - _DIRTY for share in around.segments)
    if pair.text.jaccard >= ALIKE_SHINGLES and mixed > _MIXED_MAX * len(around.segments):
        return None
    contained = RelationEvidence.of(Kind.CONTAINED, share=round(1 - inside.shingles, 2))
    return related(
        whole, part, RelationKind.EXTRACT, [contained, *supports_of(pair)], 0.4 + 0.6 * (1 - inside.shingles)
    )


def _without_text(pair: ComparedPair) -> Relation | None:
    """Judge documents of which one has no text that could be read, as a scan: by what catalogues say."""
    if pair.have_text or _not_of_catalogues(pair, pair.first.marks.differences(pair.second.marks)):
        return None
    supports = supports_of(pair)
    kinds = {each.kind for each in supports}
    is_titled = Kind.SAME_TITLE in kinds and bool(
        kinds & {Kind.SAME_YEAR, Kind.SAME_PUBLISHER} or pair.first.marks.years == pair.second.marks.years != ()
    )
    is_named = Kind.SAME_IDENTIFIER in kinds and _are_called_alike(pair)
    if not is_titled and not is_named:
        return None
    confidence = 0.6 + 0.1 * is_titled + 0.15 * is_named
    if Kind.SAME_LENGTH in kinds:
        return related(pair.first, pair.second, RelationKind.COPY, supports, confidence)
    # The first pages of a book that somebody scanned, or the file of a landing page.
    whole, part = sorted(
        (pair.first, pair.second), key=lambda each: (-each.printed.words, -each.printed.pages, each.document_id)
    )
    return related(whole, part, RelationKind.EXTRACT, supports, confidence - 0.1)


def _edition_by_title(pair: ComparedPair) -> Relation | None:
    """Judge two texts of one title and publisher that are of another year or issue."""
    differences = pair.first.marks.differences(pair.second.marks)
    if not differences or pair.first.marks.places != pair.second.marks.places:
        return None
    supports = supports_of(pair)
    kinds = {each.kind for each in supports}
    is_titled = bool(kinds & {Kind.SAME_TITLE, Kind.SIMILAR_TITLE}) and Kind.SAME_PUBLISHER in kinds
    if not is_titled:
        return None
    return related(pair.first, pair.second, RelationKind.EDITION, [*differences, *supports], 0.6)


def _part(pair: ComparedPair) -> Relation | None:
    """Relate what one landing page offers and what is nothing else to each other."""
    if not pair.first.landing or pair.first.landing != pair.second.landing:
        return None
    evidence = [RelationEvidence.of(Kind.SAME_LANDING_PAGE)]
    return related(pair.first, pair.second, RelationKind.PART, evidence, 0.5)
