"""Where documents are looked up: the Protocol that each search engine fulfils."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.types import Change
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Field, Plan
from search_api.query.tree import Node

WALK_BATCH = 1000
"""Hits that a walk asks for at once."""


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A document that was found."""

    id: str
    score: float
    """0 or more; 0 when hits are not ranked by words."""
    others: tuple[str, ...] = ()
    """Ids of the documents that it stands for: copies and translations of it that match too, best first."""


@dataclass(frozen=True, slots=True)
class Nearly:
    """Documents that are looked for beside the answers."""

    plan: Plan
    """Finds them; no answer is among them."""
    parts: tuple[Plan, ...]
    """Of each it is said whether a document matches it; at most some dozen."""
    limit: int
    """1 or more."""


@dataclass(frozen=True, slots=True)
class NearFound:
    """A document that was found beside the answers."""

    hit: EngineHit
    has: tuple[bool, ...]
    """Whether it matches each of the parts."""


@dataclass(frozen=True, slots=True)
class EngineResults:
    """What was found."""

    total: int
    """Works that match, exact: documents, those of one fold counted once."""
    hits: tuple[EngineHit, ...]
    """At most `query.limit`, in the order asked for, ties by id."""
    counts: Mapping[str, Mapping[str, int]]
    """By facet, works by value that match everything but the own filter of the facet. Empty if not asked for."""
    next: str = ""
    """Cursor; empty when these are the last hits."""
    near: tuple[NearFound, ...] = ()
    """Best first, ties by id, with scores that compare with those of the hits; none is of a work that has an answer. Empty
    if not asked for."""
    folded: int = 0
    """Documents that match and are no hits, because another one of their fold stands for them."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many documents have tokens; removed ones never count."""

    documents: int
    """All that are held."""
    held: Mapping[tuple[Field, str], int]
    """Documents with each token that was requested; 0 when none has it."""


@dataclass(frozen=True, slots=True)
class PageMatch:
    """A page that was found."""

    number: int
    """1-based."""
    score: float


@dataclass(frozen=True, slots=True)
class PageMatches:
    """The pages of one document that were found."""

    best: tuple[PageMatch, ...]
    """Pages that match the whole text, then others, then those of Document.back_matter; each by score, then by number."""
    whole: int
    """How many pages match the whole text on their own, with a word of it on them that counts; back matter left out."""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that was found among the pages of all documents."""

    document: str
    """Id."""
    number: int
    """1-based."""
    score: float


@dataclass(frozen=True, slots=True)
class EngineStatistics:
    """How large an index is."""

    engine: str
    """Name and version."""
    documents: int
    pages: int
    """Pages with text."""
    bytes: int
    """On disk."""
    applied_sequence: int
    outdated: bool
    """True: it was made by another version of Pushcart and is rebuilt by the next indexing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an index says of itself: which records it shows, and whether this version of Pushcart made it."""

    applied_sequence: int = 0
    """Of the newest change that is wholly in it; 0: none."""
    marks: tuple[str, ...] = ()
    """Of that change, and of the one up to which an interrupted writing may have come; see Change.mark. Empty text: an
    older version wrote it, or it has no mark."""
    is_there: bool = False
    """False: there is no index yet, and one is made by the first indexing."""
    is_damaged: bool = False
    """True: what says which index counts cannot be read."""
    is_of_another_version: bool = False
    """True: text or values were prepared in another way. It is rebuilt by the next indexing."""
    is_readable: bool = True
    """False: its files or fields are another version's, and no search can be answered from it."""
    is_being_rebuilt: bool = False
    """True: a process fills another one beside it now."""
    rebuilt_sequence: int = 0
    """How far a rebuild beside it has come, also one that was interrupted; 0: there is none."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that an engine would not take, wholly or one of its pages; the others are in the index."""

    document: str
    sequence: int
    """Of the change at which it was refused."""
    reason: str


OnRefused = Callable[[Refused], None]


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """What an index has of a document."""

    version: str
    """Of DocumentRecord."""
    pages: int


class BuiltIndex(Protocol):
    """An index that was filled and does not count yet."""

    applied_sequence: int

    def counts(self) -> tuple[int, int]:
        """Return how many documents and pages it has."""

    def held(self, documents: Sequence[str]) -> Mapping[str, HeldDocument]:
        """Return what it has of documents, by id; those that it does not have are absent."""


class Records(Protocol):
    """What a rebuild asks of the store."""

    def changes_after(self, sequence: int) -> Iterable[Change]:
        """Return every change after `sequence`, also those that are written while they are drawn."""

    def fault_of(self, built: BuiltIndex) -> str:
        """Compare an index with the store and say what is wrong with it in words; empty: nothing."""

    def are_shown_by(self, marks: Sequence[str]) -> bool:
        """Say whether all these marks are of changes of the store: what was begun from others cannot be continued with."""


class SearchEngine(Protocol):
    """Where documents are looked up. Any method may raise EngineUnavailable. Searching is safe from many threads."""

    def search(
        self, query: SearchQuery, *, tree: Node, counted: bool = True, nearly: Nearly | None = None
    ) -> EngineResults:
        """Return the documents that match.

        Args:
            query: gives filters, order, limit and cursor.
            tree: what its text means.
            counted: whether facets are counted.
            nearly: what is looked for beside them.

        Raises BadQuery: the cursor is of another search.
        """

    def walk(self, query: SearchQuery, *, tree: Node, batch: int = WALK_BATCH) -> Generator[EngineHit, None, None]:
        """Yield every document that matches, in the order asked for, over one view of the index, however many there are.

        The view is taken when the first hit is drawn. What is written meanwhile changes nothing in it, nor does a rebuild:
        no hit is doubled or left out. Draw it to its end or close it, so that the engine releases the view.

        Args:
            query: gives filters and order; its limit and cursor are not counted.
            tree: what its text means.
            batch: hits that are requested at once.

        Raises EngineUnavailable: the view is gone, because nothing was drawn for minutes or a part of the cluster was lost.
        """

    def best(self, plan: Plan, *, limit: int) -> tuple[EngineHit, ...]:
        """Return the documents with the highest scores of a plan, ties by id; at most `limit`."""

    def frequencies(self, tokens: Sequence[tuple[Field, str]]) -> Frequencies:
        """Count the documents that have each token.

        Args:
            tokens: at most some hundred; repeated ones count once.
        """

    def pages(self, tree: Node, *, documents: Sequence[str], limit: int) -> Mapping[str, PageMatches]:
        """Return the best pages of documents by document id; a document without any is absent.

        Args:
            tree: what the text of the search means; filters in it are passed over.
            documents: ids of hits.
            limit: most pages of each.
        """

    def find_pages(self, plan: Plan, *, limit: int) -> tuple[FoundPage, ...]:
        """Return the pages with the highest scores of a plan, of any document; ties by document id and number.

        Args:
            plan: names fields of pages (WORD, STEM, CONCEPT, EXACT, `document`) only.
            limit: at most some dozen.
        """

    def page_scores(self, tree: Node, *, documents: Sequence[str]) -> Mapping[str, float]:
        """Return the score of the best page of each document, back matter left out; a document without such a page is absent.

        Args:
            tree: what the text of the search means; filters in it are passed over.
            documents: ids, at most some hundred.
        """

    def indexed_pages(self, documents: Sequence[str]) -> Mapping[str, int]:
        """Return how many pages of each document can be found by their words, by document id.

        A document that the index does not have is absent; 0: it is found by its title or its values only. A page without
        a single word is in no index.

        Args:
            documents: ids, any number of them.
        """

    def apply(
        self,
        changes: Iterable[Change],
        *,
        on_commit: Callable[[int], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> int:
        """Make the index show changes, in their order, and return the applied sequence.

        Applying a change twice is harmless. What was applied when the process dies is kept up to the last commit;
        continuing from `applied_sequence()` repairs the rest.

        Args:
            changes: drawn from one by one; documents with tags and pages.
            on_commit: told the applied sequence after each commit.
            on_refused: told each document that the engine would not take.
        """

    def rebuild(
        self, records: Records, *, on_commit: Callable[[int], None] | None = None, on_refused: OnRefused | None = None
    ) -> int:
        """Build a new index beside the old one, compare it with the store, put it in the old one's place.

        The old one answers and takes changes until then. A rebuild that was interrupted is continued with; one of another
        format, or of other records, is cleared away.

        Raises EngineUnavailable: another process rebuilds, or the new index is not what the store says; the old one stays.
        """

    def applied_sequence(self) -> int:
        """Return the sequence number up to which the index shows the store; 0 when it is empty or has to be rebuilt."""

    def shown(self) -> Shown:
        """Return what the index says of itself; cheap, and it answers also where searches do not."""

    def fault_of_files(self) -> str:
        """Read every file of the index that counts, and say what is damaged; empty: nothing, or the engine looks on its own."""

    def statistics(self) -> EngineStatistics:
        """Measure the index."""

    def close(self) -> None:
        """Let go of files and connections."""
