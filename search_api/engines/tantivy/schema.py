"""The fields of the two indexes, and records as tantivy's documents."""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from pathlib import Path

import tantivy
from tantivy import Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from search_api.analysis import ANALYSIS_VERSION
from search_api.engines.folding import FOLD_NUMBER
from search_api.engines.records import FILTERS, PAGE_FIELDS, RECORDS_VERSION, DocumentRecord, PageRecord
from search_api.query.plan import Field

SCHEMA_VERSION = 7
"""To be raised with any change of the fields."""

TANTIVY_VERSION = tantivy.__version__.removeprefix("tantivy v").split(",")[0]  # type: ignore[attr-defined]
FORMAT = f"tantivy {TANTIVY_VERSION}, schema {SCHEMA_VERSION}, records {RECORDS_VERSION}, analysis {ANALYSIS_VERSION}"
"""An index of another format is rebuilt: tantivy's files are tied to its release."""

_FORMAT_PARTS = re.compile(r"(tantivy [^,]+, schema [^,]+), records [^,]+, analysis [^,]+")
_SPACES = "spaces"
_POSITIONS = {
    Field.TITLE: "freq",  # forms are never searched side by side, and positions are half of an index
    Field.WORD: "freq",
    Field.STEM: "freq",
    Field.CONCEPT: "freq",
    Field.TITLE_EXACT: "position",
    Field.EXACT: "position",
    Field.AUTHOR: "position",
    Field.PUBLISHER: "position",
}
SORT_KEYS = ("newest", "oldest", "first_seen")


def is_readable(made_in: str) -> bool:
    """Say whether an index of a format can be searched by this version: its files and fields are the same.

    Where only records and analysis differ, words whose tokens changed are not found, and all others are.
    """
    parts, ours = _FORMAT_PARTS.fullmatch(made_in), _FORMAT_PARTS.fullmatch(FORMAT)
    return parts is not None and ours is not None and parts[1] == ours[1]


@cache
def documents_schema() -> Schema:
    """Return the fields of the index of documents."""
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("version", stored=True, tokenizer_name="raw", index_option="basic")
    for field, option in _POSITIONS.items():
        builder.add_text_field(field, tokenizer_name=_SPACES, index_option=option)
    for name in FILTERS:
        builder.add_text_field(name, fast=name != "doi", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("year", indexed=True, fast=True)
    builder.add_integer_field(FOLD_NUMBER, fast=True)
    builder.add_integer_field("seen", fast=True)
    for name in SORT_KEYS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


@cache
def pages_schema() -> Schema:
    """Return the fields of the index of pages."""
    builder = SchemaBuilder()
    builder.add_text_field("document", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("document_key", fast=True)
    builder.add_text_field("version", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("number", fast=True)
    builder.add_text_field("lang", tokenizer_name="raw", index_option="basic")
    builder.add_boolean_field("is_back_matter", indexed=True)
    for field in PAGE_FIELDS:
        builder.add_text_field(field, tokenizer_name=_SPACES, index_option=_POSITIONS[field])
    return builder.build()


def document_key(document: str) -> int:
    """Return the number that stands for a document's id in its pages: only numbers can be read for many hits at once."""
    return int.from_bytes(blake2b(document.encode(), digest_size=8).digest(), "big", signed=True)


def make_index(folder: Path, schema: Schema) -> Index:
    """Open the index in a folder, made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    index = Index(schema, path=str(folder))
    # An index does not remember its analyzers.
    index.register_tokenizer(_SPACES, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    index.config_reader("manual")
    return index


def document_row(record: DocumentRecord) -> tantivy.Document:
    """Return a record as tantivy takes it."""
    row = tantivy.Document()
    row.add_text("id", record.id)
    row.add_text("version", record.version)
    for field, tokens in record.tokens.items():
        row.add_text(field, tokens)
    for name, values in record.filters.items():
        for value in values:
            row.add_text(name, value)
    if record.year is not None:
        row.add_integer("year", record.year)
    if record.fold is not None:
        row.add_integer(FOLD_NUMBER, record.fold)
    row.add_integer("seen", record.seen)
    row.add_text("newest", record.newest)
    row.add_text("oldest", record.oldest)
    row.add_text("first_seen", record.first_seen)
    return row


def page_row(record: PageRecord) -> tantivy.Document:
    """Return a record as tantivy takes it."""
    row = tantivy.Document()
    row.add_text("document", record.document)
    row.add_integer("document_key", document_key(record.document))
    row.add_text("version", record.version)
    row.add_integer("number", record.number)
    row.add_text("lang", record.lang)
    row.add_boolean("is_back_matter", record.is_back_matter)
    for field, tokens in record.tokens.items():
        row.add_text(field, tokens)
    return row
