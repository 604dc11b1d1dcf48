"""What two documents are to each other: a function of the two alone, and the same whichever comes first.

The numbers at the top hold on both halves of tests/judged/works, which were both read, each as strict as it can be without losing
copies: an edition that is taken for a copy is hidden, a copy that is not found is only seen twice. `benchmarks/works_judged.py`
measures them.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.works import Relation, RelationEvidence, RelationEvidenceKind, RelationKind
from nlp.works.comparing import Side, number_likeness, text_likeness
from nlp.works.editions import (
    EDITION_SHINGLES,
    SHORT_WORDS,
    are_called_alike,
    are_numbered_apart,
    edition_by_title,
    may_be_editions,
)
from nlp.works.issues import MarkerLikeness, marker_likeness
from nlp.works.pairs import (
    ALIKE_SHINGLES,
    ComparedPair,
    related,
    same_identifiers,
    same_text,
    supports_of,
)
from nlp.works.profiles import Profile
from nlp.works.text_differences import are_two_versions
from nlp.works.translations import translation_of

_SHARED_MIN = 0.08
"""Share of the shingles of the smaller sketch that two texts of one language have in common, if they are related by their text."""

_ALIKE_WORDS = 0.8
"""Share of words in whatever order, from which two texts are looked at as versions of one, as from ALIKE_SHINGLES."""
_ALIKE_SHINGLES_MIN = 0.08

_ALIKE_WORDS_READ, _DIGITS_MIN = 0.5, 30
"""The same of texts whose letters are read in two ways, and numbers of any length that have to be the same then."""

_OTHER_WORDS = 0.006
"""Share of words that only one has, up to which the texts are the same, in whatever order columns were read."""
_ADDED_WORDS, _ADDED_MIN = 0.002, 3
"""Share and number of the words inside that were added to a text: an article of a law, a sentence of a statement."""
_OTHER_DIGITS = 0.003
"""Share of numbers that each has for others: figures that were brought up to date or corrected."""
_DIRTY = 0.15
"""Share of shingles that the other has not, from which a sixteenth of a text counts as changed."""
_BROKEN_RUNS = 10
_DIRTY_INSIDE_MAX = 1
_DIRTY_AROUND_MAX = 4
"""Sixteenths that may be others at the beginning and the end together: another cover, imprint, foreword, annex."""
_READ_WORDS_MIN, _READ_WORDS_MAX = 0.01, 0.2
"""Share of words that recognition makes others."""
_READ_DIGITS = 1.5
"""Times as often as words numbers may be misread: they are few, so that chance counts."""
_READ_NEW_WORDS = 0.95
"""Share of the words of one side alone that the other has nowhere, from which they are misread ones."""

_CONTAINED_APART = 0.3
"""Share of the shorter text that may be missing in the longer one of which it is an extract."""
_CONTAINED_COUNT_MIN = 12
_EXTRACT_SIZE = 0.8
"""An extract has at most so much of the words of the whole, and of its runs of words."""
_MIXED_MAX = 0.3
"""Share of sixteenths of the whole that may be neither inside nor outside of the extract."""


_NAMES_OF_VERSIONS = frozenset(("doi", "handle"))
"""Identifiers that are given again to a new edition."""

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
    if not _may_be_related(first, second):
        return None
    are_apart = len({first.marks.lang, second.marks.lang} - {"und"}) > 1
    text = text_likeness(first.printed, second.printed, with_words=are_apart)
    pair = ComparedPair(first, second, text, number_likeness(first.printed, second.printed))
    if not pair.are_in_one_language:
        return translation_of(pair) or _part(pair)
    if _are_alike(pair):
        return _copy_or_edition(pair) or _part(pair)
    return _extract(pair) or _by_numbers(pair) or _without_text(pair) or _another_issue(pair) or _part(pair)


def _may_be_related(first: Profile, second: Profile) -> bool:
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
    extract = _extract(pair)
    if extract and _is_nothing_else(pair):
        return extract
    markers = _marker_likeness(pair)
    if _are_about_other_places(pair, markers):
        return extract
    evidence = [same_text(pair), *supports_of(pair)]
    differences = pair.first.marks.differences(pair.second.marks)
    is_another_issue = markers.is_another_issue(is_read=_is_read_from_pictures(pair)) or are_numbered_apart(pair)
    is_same = not is_another_issue and _is_same_text(pair)
    is_one = is_same and not _not_of_catalogues(pair, differences)
    is_revised = is_one and _is_revised(pair)
    if is_one and not is_revised:
        confidence = 0.7 + 0.3 * max(text.jaccard, text.words)
        return related(pair.first, pair.second, RelationKind.COPY, evidence, confidence)
    if extract:
        return extract
    is_of_country = markers.country[0] == markers.country[1] != ""
    if not may_be_editions(pair, is_another_issue=is_another_issue or bool(differences), is_of_country=is_of_country):
        return None
    if is_another_issue:
        evidence.insert(0, RelationEvidence.of(Kind.OTHER_MARKERS))
    if not _are_digits_the_same(pair, at_most=_OTHER_DIGITS):
        share = round(1 - max(text.first.digits, text.second.digits), 2)
        evidence.insert(0, RelationEvidence.of(Kind.OTHER_NUMBERS, share=share))
    elif is_revised or not is_same:
        evidence.insert(0, RelationEvidence.of(Kind.OTHER_WORDS, share=max(round(1 - text.words, 2), 0.01)))
    return related(
        pair.first, pair.second, RelationKind.EDITION, [*differences, *evidence], 0.9 if differences else 0.7
    )


def _are_alike(pair: ComparedPair) -> bool:
    """Say whether two texts are largely the same."""
    text = pair.text
    if not pair.have_text or text.jaccard < _ALIKE_SHINGLES_MIN:
        return False
    return text.jaccard >= ALIKE_SHINGLES or text.words >= _ALIKE_WORDS or _is_read_from_pictures(pair)


def _marker_likeness(pair: ComparedPair) -> MarkerLikeness:
    first, second = pair.first.printed, pair.second.printed
    insides = _inside(pair.text.first, words=first.words), _inside(pair.text.second, words=second.words)
    return marker_likeness(first, second, insides=insides)


def _is_same_text(pair: ComparedPair) -> bool:
    """Say whether nothing differs but what reading, a cover or a foreword make different."""
    text = pair.text
    if not _are_digits_the_same(pair, at_most=_OTHER_DIGITS):
        return _is_read_from_pictures(pair)
    sides = ((text.first, pair.first.printed.words), (text.second, pair.second.printed.words))
    if any(_is_added_to(side, words=words) for side, words in sides):
        return _is_read_from_pictures(pair)
    if max(text.first.words, text.second.words) <= _OTHER_WORDS:
        return True
    if pair.words[0] < SHORT_WORDS and min(text.first.words, text.second.words) > _OTHER_WORDS:
        return False
    return all(_is_changed_around_only(side, words=words) for side, words in sides) or _is_read_from_pictures(pair)


def _is_revised(pair: ComparedPair) -> bool:
    """Say whether two texts that look the same differ in a passage, number or date, by all of their words."""
    first, second = pair.first.wording(), pair.second.wording()
    return first is not None and second is not None and are_two_versions(first, second)


def _are_digits_the_same(pair: ComparedPair, *, at_most: float) -> bool:
    """Say whether few numbers stand for others. What only one of them has, as page numbers, does not count."""
    first, second = pair.text.first, pair.text.second
    return min(first.digit_count, second.digit_count) <= 1 or min(first.digits, second.digits) <= at_most


def _is_added_to(side: Side, *, words: int) -> bool:
    """Say whether a text of this many words is the other from beginning to end, but for what was added inside: an amended law.

    Misread, broken and joined words stand nowhere else; most words of a new passage stand elsewhere in the other text too.
    """
    if len(_inside(side, words=words)) < len(side.segments):
        return False
    added = side.added_count if 2 * side.added_known >= side.added_count else side.added_known
    return added >= max(_ADDED_MIN, _ADDED_WORDS * side.word_total)


def _is_changed_around_only(side: Side, *, words: int) -> bool:
    """Say whether a text of this many words differs from another one at its beginning and end only."""
    inside, dirty = _inside(side, words=words), _dirty(side, words=words)
    inside_count = sum(dirty[at] for at in inside)
    return len(inside) > 0 and inside_count <= _DIRTY_INSIDE_MAX and sum(dirty) - inside_count <= _DIRTY_AROUND_MAX


def _inside(side: Side, *, words: int) -> range:
    """Return the sixteenths of a text from the first to the last that are the same in the other; empty: there are none."""
    clean = [at for at, is_dirty in enumerate(_dirty(side, words=words)) if not is_dirty]
    return range(clean[0], clean[-1] + 1) if clean else range(0)


def _dirty(side: Side, *, words: int) -> list[bool]:
    """Say of each sixteenth of a text whether it is another in the other text."""
    # Two ends of pages, with a running head or not, break eight runs of words, which are many of a short text.
    dirty_from = max(_DIRTY, _BROKEN_RUNS * len(side.segments) / words)
    return [share > dirty_from for share in side.segments]


def _is_read_from_pictures(pair: ComparedPair) -> bool:
    """Say whether two texts differ as one differs from its recognition.

    Misread words stand nowhere else, where those of a new edition stand elsewhere in the old one too; about as many are missing on
    the receiving server; and numbers are misread about as often as words, where a new edition has others.
    """
    first, second = pair.text.first, pair.text.second
    least, most = sorted((first.words, second.words))
    if pair.words[0] < SHORT_WORDS or not _READ_WORDS_MIN <= most <= _READ_WORDS_MAX or least < most / 3:
        return False
    are_misread = max(first.new_words, second.new_words) >= _READ_NEW_WORDS
    return are_misread and _are_digits_the_same(pair, at_most=_READ_DIGITS * most)


def _is_identical(pair: ComparedPair) -> bool:
    """Say whether hardly a word or number is another: then it is catalogues that differ about the year, not the texts."""
    text = pair.text
    are_words = max(text.first.words, text.second.words) <= _OTHER_WORDS and text.jaccard >= EDITION_SHINGLES
    return are_words and _are_digits_the_same(pair, at_most=10 * _OTHER_DIGITS)


def _not_of_catalogues(pair: ComparedPair, differences: Sequence[RelationEvidence]) -> list[RelationEvidence]:
    """Return the differences but for years that only catalogues say: the texts themselves say whether they are two issues."""
    if pair.first.marks.years and pair.second.marks.years:
        return list(differences)
    return [each for each in differences if each.kind is not Kind.OTHER_YEAR]


def _are_about_other_places(pair: ComparedPair, markers: MarkerLikeness) -> bool:
    """Say whether two texts are about two countries: by titles, tags, or what they name beside the same words."""
    first, second = pair.first.about, pair.second.about
    is_tagged = bool(first and second) and first != second
    return (is_tagged or markers.is_another_country(is_read=_is_read_from_pictures(pair))) and not _is_identical(pair)


def _is_nothing_else(pair: ComparedPair) -> bool:
    """Say whether the shorter text has nothing that the longer one has not: a chapter, not the text behind another cover."""
    sides = sorted((pair.text.first.words, pair.text.second.words))
    return sides[0] <= _OTHER_WORDS


def _extract(pair: ComparedPair) -> Relation | None:
    """Judge whether the shorter text is within the longer one."""
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
    # A new edition that leaves out a sentence here and there is within the old one too.
    mixed = sum(_DIRTY < share < 1 - _DIRTY for share in around.segments)
    if pair.text.jaccard >= ALIKE_SHINGLES and mixed > _MIXED_MAX * len(around.segments):
        return None
    contained = RelationEvidence.of(Kind.CONTAINED, share=round(1 - inside.shingles, 2))
    return related(
        whole, part, RelationKind.EXTRACT, [contained, *supports_of(pair)], 0.4 + 0.6 * (1 - inside.shingles)
    )


def _by_numbers(pair: ComparedPair) -> Relation | None:
    """Judge two texts whose letters are read in two ways, as Arabic ones are: one title and year, and every number the same."""
    text, supports = pair.text, supports_of(pair)
    kinds = {each.kind for each in supports}
    if not {Kind.SAME_TITLE, Kind.SAME_YEAR, Kind.SAME_LENGTH} <= kinds or text.words < _ALIKE_WORDS_READ:
        return None
    are_digits = max(text.first.digits, text.second.digits) <= _OTHER_DIGITS
    are_many = min(text.first.digit_total, text.second.digit_total) >= _DIGITS_MIN
    if not are_digits or not are_many or pair.first.marks.differences(pair.second.marks):
        return None
    return related(pair.first, pair.second, RelationKind.COPY, [same_text(pair), *supports], 0.7)


def _without_text(pair: ComparedPair) -> Relation | None:
    """Judge documents of which one has no text that could be read, as a scan: by what catalogues say."""
    if pair.have_text:
        return None
    supports = supports_of(pair)
    # No text says whether it is another issue: a year of catalogues counts, unless the identifier is that of one version.
    is_one_version = any(each.detail["name"] in _NAMES_OF_VERSIONS for each in same_identifiers(pair))
    differences = pair.first.marks.differences(pair.second.marks)
    if _not_of_catalogues(pair, differences) if is_one_version else differences:
        return None
    kinds = {each.kind for each in supports}
    is_titled = Kind.SAME_TITLE in kinds and bool(
        kinds & {Kind.SAME_YEAR, Kind.SAME_PUBLISHER} or pair.first.marks.years == pair.second.marks.years != ()
    )
    is_named = Kind.SAME_IDENTIFIER in kinds and are_called_alike(pair)
    if not is_titled and not is_named:
        return None
    confidence = 0.6 + 0.1 * is_titled + 0.15 * is_named
    if Kind.SAME_LENGTH in kinds:
        return related(pair.first, pair.second, RelationKind.COPY, supports, confidence)
    # The first pages of a book that someone scanned, or the file of a landing page.
    whole, part = sorted(
        (pair.first, pair.second), key=lambda each: (-each.printed.words, -each.printed.pages, each.document_id)
    )
    return related(whole, part, RelationKind.EXTRACT, supports, confidence - 0.1)


def _another_issue(pair: ComparedPair) -> Relation | None:
    """Judge two texts that are largely others as issues of one series."""
    if not pair.have_text:
        return None
    markers = _marker_likeness(pair)
    is_apart = not _are_about_other_places(pair, markers) and markers.is_another_issue(is_read=False)
    return edition_by_title(pair, is_another_issue=is_apart)


def _part(pair: ComparedPair) -> Relation | None:
    """Relate what one landing page offers and what is nothing else to each other."""
    if not pair.first.landing or pair.first.landing != pair.second.landing:
        return None
    evidence = [RelationEvidence.of(Kind.SAME_LANDING_PAGE)]
    return related(pair.first, pair.second, RelationKind.PART, evidence, 0.5)
