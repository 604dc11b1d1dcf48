"""What the text of one search may ask for, counted while it is read and before any engine is asked; the same for every engine.

Plain words are cheap, and a text with too many of them is cut, with a note: a pasted abstract shall work. What has to be
looked up in the whole dictionary of the index (a word with a star, a near spelling) or compared place by place (phrases) is dear,
and dozens are never needed: such a search is refused, with advice. benchmarks/budget.py measures each kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import reduce

from corpus.errors import BadQuery
from corpus.messages import Sentence, plural_sentence, sentence
from search_api.analysis import exact
from search_api.query.tree import Concepts, Fuzzy, Leaf, Node, Phrase, Prefix, Words, leaves

WORDS_MAX = 300
"""Words of one text that are searched for, each as often as it is said. An abstract has 150 to 250."""
DEAR_MAX = 100
"""What all dear parts of one text may weigh together."""
VALUES_MAX = 100
"""Values of named filters such as `country:per,col`, in one text."""
NOTES_MAX = 20
"""Remarks on one text; what else could be said of it is left out."""
LOOSE_WORDS_MAX = 10
"""Different words of a phrase with `~`. An engine tries all ways in which they may be moved."""
EXPANSIONS_MAX = 1024
"""Words that the last word of a phrase with a star may begin; Elasticsearch's own limit of clauses, or a little less than it."""
NEAR_NAMES_MAX = 5
"""Unknown names for which near ones are looked up: each is compared with every name of the vocabulary."""


LOOKUPS_MAX = 12_000
"""Words times hits whose best pages are looked up: 20 hits of the longest text, 100 hits of one of 120 words."""


class Dear(StrEnum):
    """What costs many times a word."""

    BEGINNING = "beginning"
    """A word with a star."""
    NEAR = "near"
    """A near spelling."""
    PHRASE = "phrase"
    LOOSE = "loose"
    """A phrase with `~`."""
    OPEN = "open"
    """A phrase with a star."""


WEIGHTS: Mapping[Dear, int] = {Dear.PHRASE: 1, Dear.BEGINNING: 5, Dear.NEAR: 16, Dear.LOOSE: 10, Dear.OPEN: 20}
"""Milliseconds of processor time, about, that one costs in a search with 100 hits among 3,000 documents, rounded up"""


class Budget:
    """Counts what is taken from one text."""

    def __init__(self) -> None:
        self._words_left = WORDS_MAX
        self._values_left = VALUES_MAX
        self._near_names_left = NEAR_NAMES_MAX
        self._dear: Counter[Dear] = Counter()

    def take_words(self, count: int) -> int:
        """Return how many of so many more words are searched for; fewer than asked for when the text is too long."""
        taken = min(count, self._words_left)
        self._words_left -= taken
        return taken

    def take(self, kind: Dear) -> None:
        """Count one more dear part. Raises BadQuery: all of them together are too dear."""
        self._dear[kind] += 1
        if sum(WEIGHTS[each] * count for each, count in self._dear.items()) > DEAR_MAX:
            raise _too_dear(self._dear)

    def take_values(self, count: int) -> None:
        """Count values of a named filter. Raises BadQuery: they are too many."""
        self._values_left -= count
        if self._values_left < 0:
            raise BadQuery(
                sentence(
                    "The search names more than {count} values of filters such as country: or year:.", count=VALUES_MAX
                ),
                try_next=sentence("Leave some out, or write years as a range (2010..2020)."),
            )

    def take_near_names(self) -> bool:
        """Say whether near names are looked up for one more name that is not known."""
        self._near_names_left -= 1
        return self._near_names_left >= 0


def hits_with_pages(tree: Node) -> int:
    """Return for how many hits of a search the best pages are looked up, 20 or more; the others are shown with their abstracts."""
    weight = sum(_weight(leaf) for leaf in leaves(tree))
    return LOOKUPS_MAX // max(1, weight)


def _weight(leaf: Leaf) -> int:
    match leaf:
        case Prefix():
            return WEIGHTS[Dear.BEGINNING]
        case Fuzzy():
            return WEIGHTS[Dear.NEAR]
        case Phrase(text) | Words(text) | Concepts(text):
            return len(set(exact(text)))
        case _:
            return 0


def too_many_endings(beginning: str = "") -> BadQuery:
    """Return the error of a phrase with a star whose last word begins more words than an engine follows.

    Args:
        beginning: empty: the engine does not say which.
    """
    return BadQuery(
        sentence(
            "Too many words begin with {words} for a phrase that ends with a star.",
            words=beginning[:40] or sentence("the last word"),
        ),
        try_next=sentence("Write more letters of the last word, or take the star away."),
    )


def check_loose_phrase(words: int) -> None:
    """Raise BadQuery: a phrase with `~` has too many different words."""
    if words > LOOSE_WORDS_MAX:
        raise BadQuery(
            sentence(
                "A phrase with ~ may have {most} different words, and one of this search has {words}.",
                most=LOOSE_WORDS_MAX,
                words=words,
            ),
            try_next=sentence("Shorten it, or take ~ and its number away to search for exactly this phrase."),
        )


def _too_dear(taken: Counter[Dear]) -> BadQuery:
    most = [_counted(kind, DEAR_MAX // WEIGHTS[kind]) for kind in taken]
    if len(taken) == 1:
        return BadQuery(
            sentence("The search asks for too much at once: more than {most}.", most=most[0]),
            try_next=sentence("Remove some of them. Plain words can stay."),
        )
    found = [_counted(kind, count) for kind, count in taken.items()]
    return BadQuery(
        sentence(
            "The search asks for too much at once: at least {found}.",
            found=reduce(lambda some, more: sentence("{some} and {more}", some=some, more=more), found),
        ),
        try_next=sentence(
            "Remove some of them: at most {most} are possible, each alone. Plain words can stay.",
            most=reduce(lambda some, more: sentence("{some} or {more}", some=some, more=more), most),
        ),
    )


def _counted(kind: Dear, count: int) -> Sentence:
    match kind:
        case Dear.BEGINNING:
            return plural_sentence("{count} word with a star", "{count} words with a star", count=count)
        case Dear.NEAR:
            return plural_sentence("{count} near spelling (~)", "{count} near spellings (~)", count=count)
        case Dear.PHRASE:
            return plural_sentence(
                "{count} phrase in quotation marks", "{count} phrases in quotation marks", count=count
            )
        case Dear.LOOSE:
            return plural_sentence("{count} phrase with ~", "{count} phrases with ~", count=count)
        case Dear.OPEN:
            return plural_sentence("{count} phrase with a star", "{count} phrases with a star", count=count)
