"""Phrases whose words may be moved, looked for in a few texts by the engine's own rule, which counts moves in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

_HEAP_BYTES = 15_000_000
"""The least that tantivy takes for a thread that writes."""


class LoosePhrases:
    """Texts in memory."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take texts as tokens with a space between, as records have them."""
        builder = SchemaBuilder()
        builder.add_integer_field("number", fast=True)
        builder.add_text_field("tokens", tokenizer_name="spaces", index_option="position")
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        index.register_tokenizer("spaces", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        self._count = 0
        for number, text in enumerate(texts):
            row = tantivy.Document()
            row.add_integer("number", number)
            row.add_text("tokens", text)
            writer.add_document(row)
            self._count = number + 1
        writer.commit()
        index.reload()
        self._searcher = index.searcher()

    def having(self, tokens: Sequence[str], *, slop: int) -> frozenset[int]:
        """Return which texts have a phrase, by their 0-based numbers.

        Args:
            tokens: two or more, different ones.
            slop: how many places they may be moved.
        """
        query = Query.phrase_query(self._schema, "tokens", list(tokens), slop)
        hits = self._searcher.search(query, max(1, self._count), count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return frozenset(int(number or 0) for number in numbers)
