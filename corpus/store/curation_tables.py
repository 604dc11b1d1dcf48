"""The tables of those who correct what is held: people, their tokens and sessions, and the log of what they did."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from corpus.store.tables import JSON, Text, UtcTime, metadata

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False, comment="The name without capitals."),
    Column("added", UtcTime, nullable=False),
    UniqueConstraint("folded", name="uq_people_folded"),
    comment="People who may change records.",
)

tokens = Table(
    "tokens",
    metadata,
    Column("key", String(16), primary_key=True, comment="The public part of the token."),
    Column("person_id", Integer, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the token; the token itself is not stored."),
    Column("made", UtcTime, nullable=False),
    Column("ends", UtcTime),
    Column("last_used", UtcTime),
    Index("ix_tokens_person_id", "person_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True, comment="SHA-256 of the cookie value."),
    Column("token", String(16), ForeignKey("tokens.key", ondelete="CASCADE"), nullable=False),
    Column("began", UtcTime, nullable=False),
    Index("ix_sessions_token", "token"),
    comment="Who is signed in on the pages; a session ends with its token.",
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "document_id", String(32), nullable=False, comment="It may be gone: corrections apply again when it is back."
    ),
    Column("kind", String(16), nullable=False),
    Column("facet", String(16), nullable=False, comment="Of a tag; empty: a field is corrected."),
    Column("concept", Text, nullable=False),
    Column("about", Boolean, nullable=False),
    Column("value", JSON, nullable=False, comment="Of a field: a list of texts."),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_corrections_document_id", "document_id"),
    sqlite_autoincrement=True,
    comment="Corrections of tags and fields of documents; an undone one is deleted, but stays in the audit log.",
)

uncorrected = Table(
    "uncorrected",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("fields", JSON, nullable=False, comment="title, authors, published and evidence as they were made."),
    Column("tags", JSON, nullable=False, comment="All of them as they were made."),
    comment="What corrected documents would be without their corrections.",
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("person", Text, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("action", String(32), nullable=False),
    Column("document", String(32), nullable=False),
    Column("other", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("undoes", Integer),
    UniqueConstraint("undoes", name="uq_audit_undoes"),
    Index("ix_audit_document", "document"),
    Index("ix_audit_other", "other"),
    Index("ix_audit_subject", "subject"),
    sqlite_autoincrement=True,
    comment="Who changed what, and why. Rows are only added; triggers refuse everything else (migration 0013).",
)
