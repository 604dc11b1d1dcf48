"""The tables of the record store. Portable SQL: SQLite by default, PostgreSQL by PUSHCART_DATABASE_URL.

A change here needs a migration in corpus/migrations/versions; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from corpus.text import clean, clean_json


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite itself would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse times without a zone, and store the others in UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a stored time must be aware, got {value!r}")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


class Text(TypeDecorator[str]):
    """Text that is cleaned before it is stored: no database takes a lone surrogate, PostgreSQL no NUL."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean what a value of corpus/types.py did not."""
        return clean(value) if value is not None else None


class JSON(TypeDecorator[Any]):
    """Lists and objects with every text in them cleaned."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Clean what a value of corpus/types.py did not."""
        return clean_json(value)


BATCH = 500
"""Ids in one statement; SQLite allows 32,766 and PostgreSQL 65,535 parameters."""
NullableJSON = JSON(none_as_null=True)
"""For columns in which nothing is SQL's NULL, and not JSON's."""

metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("homepage", Text, nullable=False),
    Column("protocol", String(32), nullable=False),
    Column("country", String(3)),
    Column("languages", JSON, nullable=False),
    Column("licence", Text, nullable=False),
    Column("is_sample", Boolean, nullable=False),
    Column("removed_at", UtcTime),
)

fetched_files = Table(
    "fetched_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("key", Text, nullable=False, comment="The normalised `url`; see corpus/urls.py."),
    Column("url", Text, nullable=False, comment="The publisher's own link, as it is fetched and shown."),
    Column("document_id", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    Column("landing_url", Text, nullable=False),
    Column("landing_key", Text, nullable=False, server_default=""),
    Column("referrer", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("record", Text, nullable=False, server_default=""),
    Column("gone_at", UtcTime),
    Column("gone_failure", NullableJSON),
    Column(
        "former_key",
        Text,
        nullable=False,
        server_default="",
        comment="The key before migration 0009, until a harvest has seen the publisher's own link; then empty.",
    ),
    UniqueConstraint("source", "key", name="uq_fetched_files_source_key"),
    Index("ix_fetched_files_source_former_key", "source", "former_key"),
    Index("ix_fetched_files_source_record", "source", "record"),
    Index("ix_fetched_files_source_landing_key", "source", "landing_key"),
    Index("ix_fetched_files_sha256", "sha256"),
    Index("ix_fetched_files_document_id", "document_id"),
    comment="One row for each address of a source: what it holds now.",
)

file_versions = Table(
    "file_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("key", Text, nullable=False, comment="As in `fetched_files`."),
    Column("url", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Index("ix_file_versions_source_key", "source", "key"),
    comment="Every version of every file that was ever fetched; rows are only added.",
)

readings = Table(
    "readings",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("outcome", String(32), nullable=False),
    Column("failure", NullableJSON),
    Column("page_count", Integer, nullable=False),
    Column("page_total", Integer, nullable=False),
    Column("engine", String(64), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("reader_version", String(32), nullable=False),
    Column(
        "page_engines", NullableJSON, comment="Reader -> first and last pages that it read; null when one read all."
    ),
    Column("unreadable_pages", NullableJSON, comment="First and last pages with letters that could not be read."),
    Index("ix_readings_outcome", "outcome"),
)

pages = Table(
    "pages",
    metadata,
    Column("sha256", String(64), ForeignKey("readings.sha256", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("zones", NullableJSON, comment="[[zone, start, end], ...]; NULL: not determined."),
    comment="Text belongs to bytes: re-tagging never touches it, and a new version of a file has pages of its own.",
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("work", String(32), nullable=False),
    Column("source", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("landing_url", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("published", String(10), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("abstract", Text, nullable=False),
    Column("type", String(32), nullable=False),
    Column("content_type", Text, nullable=False),
    Column("identifiers", JSON, nullable=False),
    Column("licence", Text, nullable=False),
    Column("page_count", Integer, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("is_sample", Boolean, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("first_sequence", Integer, nullable=False),
    Column("tagger_version", String(32), nullable=False),
    Column("back_matter", JSON, nullable=True),
    Column("fold", String(32), nullable=False, server_default=""),
    Column("copies", String(32), nullable=False, server_default=""),
    Index("ix_documents_work", "work"),
    Index("ix_documents_fold", "fold"),
    Index("ix_documents_copies", "copies"),
    Index("ix_documents_source", "source"),
    Index("ix_documents_sha256", "sha256"),
    Index("ix_documents_first_sequence", "first_sequence"),
)

tags = Table(
    "tags",
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("facet", String(16), primary_key=True),
    Column("concept", String(64), primary_key=True),
    Column("weight", Float, nullable=False),
    Column("about", Boolean, nullable=False),
    Column("is_primary", Boolean, nullable=False),
    Column("count", Integer, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("places", JSON, nullable=True),
    Index("ix_tags_facet_concept", "facet", "concept"),
)

relations = Table(
    "relations",
    metadata,
    Column("first", String(32), primary_key=True),
    Column("second", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("confidence", Float, nullable=False),
    Index("ix_relations_second", "second"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("first", String(32), nullable=False),
    Column("second", String(32), nullable=False),
    Column("relation", String(16), nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_decisions_first", "first"),
    Index("ix_decisions_second", "second"),
    sqlite_autoincrement=True,  # the audit log names decisions by their ids, also those that were undone
    comment="Decisions about two documents; kept when the documents are gone, for when they come back.",
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("words", Integer, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("numbers", LargeBinary, nullable=False),
    comment="Fingerprints by which the text of a file is compared; see nlp/works/fingerprints.py.",
)

work_profiles = Table(
    "work_profiles",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("document_id", String(32), nullable=False),
    Column("version", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("weak_keys", Integer, nullable=False, comment="How many of its keys are even."),
    Column("data", JSON, nullable=False),
    Index("ix_work_profiles_document_id", "document_id", unique=True),
    comment="Other values by which documents are compared; documents without a row of this version are not "
    "related yet.",
)

work_keys = Table(
    "work_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("profile", Integer, primary_key=True, autoincrement=False),
    Index("ix_work_keys_profile", "profile"),
    comment="Documents that share an odd key, or enough even ones, are compared.",
    sqlite_with_rowid=False,
)

common_keys = Table(
    "common_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    comment="Keys shared by too many documents to be useful.",
)

waiting = Table(
    "waiting",
    metadata,
    Column("document_id", String(32), primary_key=True),
    comment="Documents whose files, readings or metadata changed since they were tagged.",
)

changes = Table(
    "changes",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("document_id", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_changes_document_id", "document_id"),
)

identity = Table(
    "identity",
    metadata,
    Column("id", String(32), primary_key=True),
    comment="One row: a random value made with the database, so that every database has a different one.",
)

unindexed = Table(
    "unindexed",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    comment="Documents that the search index refused, with the change at which it did.",
)

untagged = Table(
    "untagged",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("tagger_version", String(32), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("failure", NullableJSON),
    Column("at", UtcTime, nullable=False),
    comment="Documents that this version of the tagger could not tag, and why; they may be stored without tags.",
)

failed_searches = Table(
    "failed_searches",
    metadata,
    Column("words", String(120), primary_key=True),
    Column("filters", String(120), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_day", Date, nullable=False),
    comment="Searches that found nothing, without address, time of day or anything else that identifies the reader.",
)

frozen_searches = Table(
    "frozen_searches",
    metadata,
    Column(
        "key",
        String(64),
        primary_key=True,
        comment="SHA-256 of the name in its link: a copy of the table opens no link.",
    ),
    Column("name", Text, nullable=False),
    Column("query", JSON, nullable=False, comment="[[parameter, value], ...] of the search."),
    Column("sequence", Integer, nullable=False, comment="The newest change that the index showed."),
    Column("vocabulary", String(16), nullable=False),
    Column("frozen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column(
        "network", String(32), nullable=False, comment="Keyed hash of the network that made it; empty: this machine."
    ),
    Column("hits", Integer, nullable=False),
    Column("documents", sa.LargeBinary, nullable=False, comment="Ids and versions; see corpus/store/frozen.py."),
    Column("report", sa.LargeBinary, nullable=False, comment="Compressed JSON: the search report of that day."),
    Index("ix_frozen_searches_expires_at", "expires_at"),
    Index("ix_frozen_searches_network", "network"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Integer, nullable=False),
    # A database's own sequence returns numbers before the commit, so that a reader could see 8 before 7 exists and
    # never look for 7 again. Counting in a row holds its lock until the commit: numbers appear in order on any database.
    comment="The last number handed out, by name.",
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("report", JSON, nullable=False),
    UniqueConstraint("source", "started", name="uq_runs_source_started"),
)
