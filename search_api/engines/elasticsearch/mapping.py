"""The fields of the two indexes, and records as Elasticsearch takes them."""

from __future__ import annotations

import re
from typing import Any

from search_api.analysis import ANALYSIS_VERSION
from search_api.engines.folding import FOLD_NUMBER
from search_api.engines.records import FILTERS, PAGE_FIELDS, RECORDS_VERSION, DocumentRecord, PageRecord
from search_api.query.plan import Field

MAPPING_VERSION = 6
"""To be raised with any change of the fields."""
FORMAT = f"elasticsearch, mapping {MAPPING_VERSION}, records {RECORDS_VERSION}, analysis {ANALYSIS_VERSION}"
"""An index of another format is rebuilt."""
_FORMAT_PARTS = re.compile(r"(elasticsearch, mapping [^,]+), records [^,]+, analysis [^,]+")
SORT_KEYS = ("newest", "oldest", "first_seen")
_POSITIONS = {
    Field.TITLE: "freqs",  # forms are never searched side by side, and positions are half of an index
    Field.WORD: "freqs",
    Field.STEM: "freqs",
    Field.CONCEPT: "freqs",
    Field.TITLE_EXACT: "positions",
    Field.EXACT: "positions",
    Field.AUTHOR: "positions",
    Field.PUBLISHER: "positions",
}
# The tokens were made in Python, the same for both engines; here they are only taken apart at the spaces.
_ANALYSIS = {
    "analyzer": {"spaces": {"type": "custom", "tokenizer": "spaces"}},
    "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 1000}},
}


def is_readable(made_in: str) -> bool:
    """Say whether an index of a format can be searched by this version: its fields are the same.

    Where only records and analysis differ, words whose tokens changed are not found, and all others are.
    """
    parts, ours = _FORMAT_PARTS.fullmatch(made_in), _FORMAT_PARTS.fullmatch(FORMAT)
    return parts is not None and ours is not None and parts[1] == ours[1]


def settings_body(*, shards: int) -> dict[str, Any]:
    """Return the settings of an index while it is filled: nothing is refreshed, and replicas come when it is full."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        "analysis": _ANALYSIS,
        "refresh_interval": "-1",
        "max_result_window": 10_000,
        # How long a removed document is remembered: a slow writer's older state of it cannot bring it back.
        "gc_deletes": "1h",
    }


def serving_settings(*, replicas: int) -> dict[str, Any]:
    """Return what is changed when an index is full and before it answers."""
    return {"number_of_replicas": replicas, "refresh_interval": "30s"}


def documents_mapping() -> dict[str, Any]:
    """Return the fields of the index of documents. The text itself is in the record store: nothing of it is kept here."""
    return _mapping(
        {
            "id": _KEYWORD,
            **{field.value: _text(option) for field, option in _POSITIONS.items()},
            **dict.fromkeys(FILTERS, _KEYWORD),
            "year": {"type": "short"},
            "seen": {"type": "long"},
            FOLD_NUMBER: {"type": "long"},
            **dict.fromkeys(SORT_KEYS, _KEYWORD),
        },
        kept=["version"],
    )


def pages_mapping() -> dict[str, Any]:
    """Return the fields of the index of pages."""
    return _mapping(
        {
            "document": _KEYWORD,
            "sequence": {"type": "long"},
            "number": {"type": "integer"},
            "lang": _KEYWORD,
            "is_back_matter": {"type": "boolean"},
            **{field.value: _text(_POSITIONS[field]) for field in PAGE_FIELDS},
        },
        kept=["version"],
    )


_KEYWORD = {"type": "keyword"}


def _text(option: str) -> dict[str, Any]:
    return {"type": "text", "analyzer": "spaces", "index_options": option}


def _mapping(fields: dict[str, Any], *, kept: list[str]) -> dict[str, Any]:
    return {"dynamic": "strict", "_source": {"includes": kept}, "properties": {"version": _KEYWORD, **fields}}


def document_row(record: DocumentRecord) -> dict[str, Any]:
    """Return a record as Elasticsearch takes it."""
    row: dict[str, Any] = {"id": record.id, "version": record.version}
    row |= {field.value: tokens for field, tokens in record.tokens.items()}
    row |= {name: list(values) for name, values in record.filters.items()}
    if record.year is not None:
        row["year"] = record.year
    if record.fold is not None:
        row[FOLD_NUMBER] = record.fold
    return row | {
        "seen": record.seen,
        "newest": record.newest,
        "oldest": record.oldest,
        "first_seen": record.first_seen,
    }


def page_row(record: PageRecord, *, sequence: int) -> dict[str, Any]:
    """Return a record as Elasticsearch takes it."""
    row: dict[str, Any] = {"document": record.document, "version": record.version, "number": record.number}
    row |= {"sequence": sequence, "is_back_matter": record.is_back_matter}
    return row | {"lang": record.lang} | {field.value: tokens for field, tokens in record.tokens.items()}
