"""Why a document answers a search: words as they are in it, the page with most of them, and its tags that were requested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from alerts.matching.batch import BATCH_MAX, RecordBatch
from alerts.matching.searches import TextKey, text_key, tree_of
from corpus.types import Document, Page
from corpus.zones import APART, without
from search_api.answers.marks import Marker
from search_api.engines.records import records_of
from search_api.query.concepts import concepts_of
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Field, InYears, concept_token
from search_api.query.planning import filter_field
from search_api.query.tree import Concepts, Leaf, Node, Values, Years, leaves, text_only

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

WORDS_MAX = 8
"""Words of a reason."""
_TEXTS_MAX = 8
"""Texts whose markers are held: each remembers the words of the documents, up to some megabytes."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document answers a search. All is empty for a search of everything."""

    words: tuple[str, ...] = ()
    """As they are in the document, at most WORDS_MAX; one of each part of the search first."""
    page: int | None = None
    """1-based: the page with most parts of the search on it. None: no page has any, as when title or tags answer."""
    concepts: tuple[str, ...] = ()
    """Concepts that the words of the search name and the document is tagged with: `group:street_vendors`."""
    tags: tuple[str, ...] = ()
    """Values of its filters that the document has: `country:PER`, `year:2019`."""

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads; what is empty is left out."""
        whole = {"words": [*self.words], "page": self.page, "concepts": [*self.concepts], "tags": [*self.tags]}
        return {name: value for name, value in whole.items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reason:
        """Undo `to_json`."""
        words, concepts, tags = (tuple(stored.get(name, ())) for name in ("words", "concepts", "tags"))
        return cls(words=words, page=stored.get("page"), concepts=concepts, tags=tags)


@dataclass(frozen=True, slots=True)
class _Sought:
    """What a text asks for."""

    tree: Node
    pages: Marker
    """Of what is looked for in pages and abstract."""
    fields: Mapping[str, Marker]
    """Of what is looked for in title, authors and publisher."""


def _leaves_in(tree: Node, field: str) -> Iterator[Leaf]:
    return (leaf for leaf in leaves(tree) if getattr(leaf, "field", "") == field and not isinstance(leaf, Values))


class DocumentReasons:
    """Gives the reasons of the documents of one batch; equal texts are looked for once in each document.

    It is quickest when the reasons of one text are requested one after the other.
    """

    def __init__(self, documents: Sequence[Document], batch: RecordBatch, *, vocabulary: Vocabulary) -> None:
        """Take documents.

        Args:
            documents: with pages.
            batch: of their records, in the same order.
            vocabulary: with which the searches are read.
        """
        self._documents = documents
        self._batch = batch
        self._vocabulary = vocabulary
        self._sought = lru_cache(maxsize=_TEXTS_MAX)(self._read)
        self._telling: dict[int, tuple[tuple[int, str], ...]] = {}
        self._found: dict[tuple[TextKey, int], Reason] = {}

    def reason(self, query: SearchQuery, number: int) -> Reason:
        """Return why a document answers a search.

        Args:
            query: the search.
            number: of the document in the batch, 0-based.
        """
        key = text_key(query)
        if (key, number) not in self._found:
            self._found[key, number] = self._of_text(self._sought(key), number, about=query.about)
        found = self._found[key, number]
        chosen = [
            *(
                f"{parameter}:{value}"
                for parameter, values in query.filter_values().items()
                for value in self._present(parameter, values, number, about=query.about)
            ),
            *(self._year(number) if query.years is not None else ()),
        ]
        tags = tuple(dict.fromkeys((*chosen, *found.tags)))
        return Reason(found.words, found.page, found.concepts, tags)

    def _read(self, key: TextKey) -> _Sought:
        text, off, strict, about = key
        tree = tree_of(SearchQuery(text=text, off=off, strict=strict, about=about), vocabulary=self._vocabulary)
        finder = concepts_of(self._vocabulary)
        anywhere = text_only(tree)
        found = tuple(leaves(anywhere)) if anywhere is not None else ()
        fields = {
            name: Marker(leaves=(*(found if name == "title" else ()), *_leaves_in(tree, name)), finder=finder)
            for name in ("title", "author", "publisher")
        }
        return _Sought(tree, Marker(leaves=found, finder=finder), fields)

    def _of_text(self, sought: _Sought, number: int, *, about: bool) -> Reason:
        document = self._documents[number]
        words = _Words()
        for name, text in (("title", document.title), ("author", ", ".join(document.authors))):
            words.add(text, sought.fields[name], lang=document.lang)
        words.add(document.publisher, sought.fields["publisher"], lang=document.lang)
        words.add(document.abstract, sought.pages, lang=document.lang)
        page = self._best_page(sought, number, words=words)
        concepts: dict[str, None] = {}
        tags: dict[str, None] = {}
        for leaf in leaves(sought.tree):
            match leaf:
                case Concepts(concepts=named):
                    tokens = [concept_token(facet, concept) for facet, concept in named]
                    held = self._batch.tokens(Field.CONCEPT)
                    concepts |= dict.fromkeys(token for token in tokens if held.get(token, 0) >> number & 1)
                case Values(name, values):
                    present = self._present(name, values, number, about=about)
                    tags |= dict.fromkeys(f"{name}:{value}" for value in present)
                case Years(years) if self._batch.mask(InYears(years)) >> number & 1:
                    tags |= dict.fromkeys(self._year(number))
                case _:
                    pass
        return Reason(words.best(), page, tuple(concepts), tuple(tags))

    def _best_page(self, sought: _Sought, number: int, *, words: _Words) -> int | None:
        """Return the page with most parts of the text on it, then with most of its words; back matter comes last.

        As in the index of pages, running heads, lists of references and the like count only where no page says it otherwise.
        """
        document = self._documents[number]
        if not sought.pages.leaves:
            return None
        for texts in (self._telling_of(number), ((page.number, page.text) for page in document.pages)):
            ranked: list[tuple[bool, int, int, int]] = []
            for page_number, text in texts:
                parts = words.add(text, sought.pages, lang=document.lang)
                if parts:
                    is_aside = page_number in document.back_matter
                    ranked.append((is_aside, -len(parts), -parts.total(), page_number))
            if ranked:
                return min(ranked)[-1]
        return None

    def _telling_of(self, number: int) -> tuple[tuple[int, str], ...]:
        if number not in self._telling:
            self._telling[number] = tuple((page.number, _telling(page)) for page in self._documents[number].pages)
        return self._telling[number]

    def _present(self, parameter: str, values: Sequence[str], number: int, *, about: bool) -> list[str]:
        held = self._batch.values(filter_field(parameter, about=about))
        return [value for value in values if held.get(value, 0) >> number & 1]

    def _year(self, number: int) -> list[str]:
        year = self._documents[number].year
        return [] if year is None else [f"year:{year}"]


def _telling(page: Page) -> str:
    return without(page.text, page.zones or (), APART)


class _Words:
    """Gathers words of a search as they are in a document."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Node, str]] = Counter()
        self._written: dict[str, str] = {}

    def add(self, text: str, marker: Marker, *, lang: str) -> Counter[Node]:
        """Look through a text, and return how often each part of the search is in it."""
        parts: Counter[Node] = Counter()
        if not text or not marker.leaves:
            return parts
        for span in marker.spans(text, lang):
            written = " ".join(text[span.start : span.end].split())
            leaf = marker.leaves[span.leaf]
            parts[leaf] += 1
            self._counts[leaf, self._written.setdefault(written.casefold(), written)] += 1
        return parts

    def best(self) -> tuple[str, ...]:
        """Return the most frequent words: one of each part, then others."""
        ranked = [pair for pair, _ in self._counts.most_common()]
        first = dict(reversed(ranked))
        return tuple(dict.fromkeys((*(first[leaf] for leaf, _ in ranked), *(word for _, word in ranked))))[:WORDS_MAX]


def reasons_of(
    store: Store, *, vocabulary: Vocabulary
) -> Callable[[SearchQuery, Sequence[str]], Mapping[str, Mapping[str, Any]]]:
    """Return what gives the reasons of documents of a store that answer a search, by id, as matches keep them."""

    def reasons(query: SearchQuery, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for start in range(0, len(ids), BATCH_MAX):
            documents = tuple(store.documents.get_many(ids[start : start + BATCH_MAX], with_pages=True).values())
            records = [records_of(each, sequence=0, vocabulary=vocabulary)[0] for each in documents]
            finder = DocumentReasons(documents, RecordBatch(records), vocabulary=vocabulary)
            found |= {each.id: finder.reason(query, number).to_json() for number, each in enumerate(documents)}
        return found

    return reasons
