"""Whether a text is that of another in another language: by its numbers, which stay, and by what catalogues say."""

from __future__ import annotations

from corpus.works import Relation, RelationEvidence, RelationEvidenceKind, RelationKind
from nlp.works.pairs import ComparedPair, related, supports_of

_TRANSLATION_NUMBERS_MIN = 8
_TRANSLATION_SHARE = 0.5
"""Numbers of three and more digits on the same pages, and their share of those of the text that has fewer, that are enough."""
_TRANSLATION_SHARE_UNPLACED = 0.7
"""Their share where pages cannot be compared, as with a text of one page."""
_TRANSLATION_DIGITS_MIN = 60
_TRANSLATION_DIGITS_APART = 0.05
_LENGTHS_OF_DIGITS = 1.2
"""Where a text has few long numbers all of them count, and nearly all have to be the same."""
_SHORT_DIGITS_MIN, _SHORT_NUMBERS_MIN, _SHORT_DIGITS_APART = 20, 4, 0.1
"""Of a text of any length: numbers, and different ones of three and more digits among them, every one of which is in the other."""

Kind = RelationEvidenceKind


def translation_of(pair: ComparedPair) -> Relation | None:
    """Return the relation of two texts of different languages; None: nothing says that one is the other's translation."""
    if pair.are_of_two_countries or pair.first.marks.differences(pair.second.marks):
        return None
    numbers = pair.numbers
    other = RelationEvidence.of(Kind.OTHER_LANGUAGE, first=pair.first.marks.lang, second=pair.second.marks.lang)
    supports = [each for each in supports_of(pair) if each.kind is not Kind.SAME_NUMBERS]
    kinds = {each.kind for each in supports}
    count, share = (numbers.placed_count, numbers.placed_share) if numbers.is_placed else (numbers.count, numbers.share)
    wanted = _TRANSLATION_SHARE if numbers.is_placed else _TRANSLATION_SHARE_UNPLACED
    is_one_publication = bool(kinds & {Kind.SAME_IDENTIFIER, Kind.SAME_LANDING_PAGE}) and Kind.SAME_LENGTH in kinds
    if count >= _TRANSLATION_NUMBERS_MIN and share >= wanted:
        same = RelationEvidence.of(Kind.SAME_NUMBERS, count=count, share=round(share, 2))
        confidence = 0.5 + 0.45 * share + (0.05 if is_one_publication else 0)
        return related(pair.first, pair.second, RelationKind.TRANSLATION, [same, other, *supports], confidence)
    if _are_digits_those_of_a_translation(pair):
        share = 1 - max(pair.text.first.digits, pair.text.second.digits)
        same = RelationEvidence.of(
            Kind.SAME_NUMBERS,
            count=min(pair.text.first.digit_total, pair.text.second.digit_total),
            share=round(share, 2),
        )
        return related(pair.first, pair.second, RelationKind.TRANSLATION, [same, other, *supports], 0.7)
    contradicts = numbers.smaller >= _TRANSLATION_NUMBERS_MIN and numbers.share < _TRANSLATION_SHARE / 2
    if is_one_publication and not contradicts:
        return related(pair.first, pair.second, RelationKind.TRANSLATION, [*supports, other], 0.75)
    return None


def _are_digits_those_of_a_translation(pair: ComparedPair) -> bool:
    """Say whether all numbers, small ones and years too, are the same and as often.

    They have to be many, in as many pages; or every long one of some has to be in both.
    """
    first, second = pair.text.first, pair.text.second
    apart = (first.digit_count + second.digit_count) / max(first.digit_total + second.digit_total, 1)
    least = min(first.digit_total, second.digit_total)
    if pair.numbers.count >= _SHORT_NUMBERS_MIN and pair.numbers.share == 1 and least >= _SHORT_DIGITS_MIN:
        return apart <= _SHORT_DIGITS_APART
    pages = sorted((pair.first.printed.pages, pair.second.printed.pages))
    is_as_long = pages[0] >= 3 and pages[1] <= _LENGTHS_OF_DIGITS * pages[0]
    return is_as_long and least >= _TRANSLATION_DIGITS_MIN and apart <= _TRANSLATION_DIGITS_APART
