"""Whether two texts of one language that are not the same are two editions or issues of one publication."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from corpus.fuzzy import likeness
from corpus.works import Relation, RelationEvidence, RelationEvidenceKind, RelationKind
from nlp.works.pairs import TITLE_LIKE, ComparedPair, related, supports_of
from nlp.works.titles import STUB_WORDS

EDITION_SHINGLES = 0.6
"""Share of shingles from which two versions are editions whatever they are called."""
SHORT_WORDS = 300
"""A text of fewer words may be a form or a template."""
_ISSUE_SHINGLES = 0.05
"""Share of shingles from which two issues of one title have the same words beside another date by no chance."""
_TITLE_LETTERS = 4
"""Of a word of a title that tells a subject."""

Kind = RelationEvidenceKind


def may_be_editions(pair: ComparedPair, *, is_another_issue: bool, is_of_country: bool) -> bool:
    """Say whether two texts that are largely the same are editions, as far as titles and size tell.

    Reports of one series share half of their text and are called by other names in each catalogue, so do guides of two
    branches: something has to say which is the later, or they have the same title.

    Args:
        is_another_issue: they say another time, version or number of themselves.
        is_of_country: both are about the same country.
    """
    is_much = pair.text.jaccard >= EDITION_SHINGLES
    is_long = pair.words[0] >= SHORT_WORDS
    first, second = pair.first, pair.second
    if are_titles_of_siblings(first.title, second.title):
        return False
    if is_much and is_long:
        return True
    if first.is_stub and second.is_stub:
        return is_much
    if first.title == second.title or (is_another_issue and is_long):
        return True
    return (are_called_alike(pair) or is_of_country) and (is_another_issue or is_much)


def edition_by_title(pair: ComparedPair, *, is_another_issue: bool) -> Relation | None:
    """Judge two texts of one title that are of another year or issue.

    Args:
        is_another_issue: they say another time or version beside the same words.
    """
    first, second = pair.first.marks, pair.second.marks
    if first.places != second.places or pair.are_of_two_countries:
        return None
    if are_titles_of_siblings(pair.first.title, pair.second.title):
        return None
    differences, supports = first.differences(second), supports_of(pair)
    kinds = {each.kind for each in supports}
    said = [RelationEvidence.of(Kind.OTHER_MARKERS)] if is_another_issue and _is_one_series(pair, kinds) else []
    # A country, and a year or issue in each title, tell as much as the publisher.
    are_dated = bool(first.places and (first.years or first.issue) and (second.years or second.issue))
    is_titled = bool(kinds & {Kind.SAME_TITLE, Kind.SIMILAR_TITLE}) and (Kind.SAME_PUBLISHER in kinds or are_dated)
    if not said and not (is_titled and (differences or are_numbered_apart(pair))):
        return None
    return related(pair.first, pair.second, RelationKind.EDITION, [*differences, *said, *supports], 0.6)


def _is_one_series(pair: ComparedPair, kinds: Collection[RelationEvidenceKind]) -> bool:
    """Say whether titles and a few words that both have tell one series, if these words are beside other dates."""
    title, other = pair.first.title, pair.second.title
    if pair.text.jaccard < _ISSUE_SHINGLES:
        return False
    if title == other:
        return any(word not in STUB_WORDS and len(word) > 1 for word in title) or Kind.SAME_PUBLISHER in kinds
    return Kind.SAME_LENGTH in kinds and not (pair.first.is_stub or pair.second.is_stub) and _are_alike(title, other)


def are_numbered_apart(pair: ComparedPair) -> bool:
    """Say whether titles are alike but for a number that each has for one of the other: `Report 33`, `272ª reunião`."""
    first, second = pair.first, pair.second
    if first.is_stub or second.is_stub:
        return False
    numbers = [{word for word in title if word[0].isdigit()} for title in (first.title, second.title)]
    if not numbers[0] - numbers[1] or not numbers[1] - numbers[0]:
        return False
    return _are_alike(
        *(tuple(word for word in title if not word[0].isdigit()) for title in (first.title, second.title))
    )


def are_called_alike(pair: ComparedPair) -> bool:
    """Say whether titles do not speak against two editions: alike, one within the other, or not telling."""
    first, second = pair.first, pair.second
    if first.is_stub or second.is_stub:
        return True
    return not are_titles_of_siblings(first.title, second.title) and _are_alike(first.title, second.title)


def _are_alike(first: Sequence[str], second: Sequence[str]) -> bool:
    short, long = sorted((" ".join(first), " ".join(second)), key=len)
    return short in long or likeness(short, long) >= TITLE_LIKE


def are_titles_of_siblings(first: Sequence[str], second: Sequence[str]) -> bool:
    """Say whether each of two titles has a word for one of the other, the others being the same: `hotels` and `hospitals`."""
    one, other = (
        [word for word in words if word not in set(others) and _is_telling(word)]
        for words, others in ((first, second), (second, first))
    )
    shared = {word for word in first if len(word) >= _TITLE_LETTERS} & set(second)
    if not one or not other or len(shared) <= max(len(one), len(other)):
        return False
    return all(likeness(word, its) < TITLE_LIKE for word in one for its in other)


def _is_telling(word: str) -> bool:
    return len(word) >= _TITLE_LETTERS and word not in STUB_WORDS and not word[0].isdigit()
