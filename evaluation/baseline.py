"""Plain BM25, to compare with: what someone has after an afternoon with tantivy.

Title and text in one field, the analyzer `en_stem` that comes with tantivy (an English stemmer, whatever the language),
k1 1.2 and b 0.75, and every word of a query optional.
"""

from __future__ import annotations

from pathlib import Path

import tantivy
from tantivy import Filter, Occur, Query, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from corpus.types import Document
from evaluation.metrics import DEPTH

_WORD_CHARACTERS_MAX = 40
"""Of `en_stem`: longer words are left out."""
_HEAP_BYTES = 64_000_000


class PlainBM25:
    """An index of its own in one folder. Documents are added, then it is committed once, then asked."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        builder = SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._writer = self._index.writer(_HEAP_BYTES, 1)
        self._analyzer = _en_stem()

    def add(self, document: Document) -> None:
        """Take a document; it is found after `commit`."""
        row = tantivy.Document()
        row.add_text("id", document.id)
        row.add_text("text", "\n".join((document.title, *(page.text for page in document.pages))))
        self._writer.add_document(row)

    def commit(self) -> None:
        """Make what was added searchable, permanently."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()

    def search(self, text: str) -> list[str]:
        """Return the ids of the documents with any word of a text, best first, at most DEPTH."""
        words = [
            (Occur.Should, Query.term_query(self._schema, "text", word, "freq"))
            for word in self._analyzer.analyze(text)
        ]
        if not words:
            return []
        searcher = self._index.searcher()
        hits = searcher.search(Query.boolean_query(words), DEPTH, count=False).hits
        return [str(searcher.doc(address)["id"][0]) for _score, address in hits]


def _en_stem() -> TextAnalyzer:
    """Return tantivy's `en_stem` for words of queries; by its name it can only be had within an index."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_WORD_CHARACTERS_MAX))
    return builder.filter(Filter.lowercase()).filter(Filter.stemmer("english")).build()
