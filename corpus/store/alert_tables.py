"""The tables of alerts: subscribers, subscriptions, matches and messages, and links in messages."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from corpus.store.tables import JSON, Text, UtcTime, metadata

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("address_key", String(64), nullable=False, comment="SHA-256 of the normalised channel and address."),
    Column("lang", String(8), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime),
    Column("stopped_at", UtcTime),
    Column("stopped_why", String(16)),
    Column("network", String(32), nullable=False, comment="Keyed hash of the network that subscribed first."),
    Column("secrets", JSON, nullable=False, comment="Of a webhook, newest first."),
    Column("contact", Text, nullable=False),
    UniqueConstraint("address_key", name="uq_subscribers_address_key"),
    sqlite_autoincrement=True,
    comment="Addresses that are notified of new documents; deleted with all dependent rows when their owner asks.",
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", Integer, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", JSON, nullable=False, comment="[[parameter, value], ...] of the search."),
    Column("query_key", String(64), nullable=False, comment="SHA-256 of them."),
    Column("frequency", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("since", Integer, nullable=False, comment="Documents of later changes are new for it."),
    Column("created_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime),
    Column("gathered_at", UtcTime, comment="When its matches were last put into a message."),
    Column("swept_at", UtcTime, comment="When its matches were last compared with a fresh search."),
    Column("trouble", Text, nullable=False, comment="Why it can no longer be read; empty: it can."),
    Column("revision", Integer, nullable=False, comment="Of the list of searches when this one last changed."),
    UniqueConstraint("subscriber_id", "query_key", name="uq_subscriptions_search"),
    Index("ix_subscriptions_revision", "revision"),
    sqlite_autoincrement=True,
)

matched_documents = Table(
    "matched_documents",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column(
        "is_read", Boolean, nullable=False, comment="False: it had no text yet, and is matched once more when it has."
    ),
    Column("sequence", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    comment="Documents that were compared with the followed searches; kept when the documents are removed.",
)

matches = Table(
    "matches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", Integer, ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("document_id", String(32), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("reason", JSON, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("because_of", String(32), nullable=False),
    Column("found_by", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("message_id", Integer, ForeignKey("messages.id"), comment="None: it is in none yet, or never will be."),
    UniqueConstraint("subscription_id", "document_id", name="uq_matches_document"),
    Index("ix_matches_document_id", "document_id"),
    Index("ix_matches_message_id", "message_id", "outcome", "subscription_id"),
    sqlite_autoincrement=True,
    comment="The ledger: which document matched which search, why, and in which message it is.",
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False),
    Column("subscriber_id", Integer, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("details", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failures", Integer, nullable=False, comment="Attempts that count towards the limit."),
    Column("tried_at", UtcTime),
    Column("wait_seconds", Integer, nullable=False, comment="After tried_at, until it may be tried again."),
    Column("worker", String(64), nullable=False),
    Column("sent_at", UtcTime),
    UniqueConstraint("public_id", name="uq_messages_public_id"),
    Index("ix_messages_state", "state", "id"),
    Index("ix_messages_subscriber_id", "subscriber_id", "created_at"),
    sqlite_autoincrement=True,
    comment="The outbox: every message that has to be sent.",
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", Integer, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("worker", String(64), nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", String(16)),
    Column("answer", Text, nullable=False),
    Index("ix_attempts_message_id", "message_id"),
    sqlite_autoincrement=True,
    comment="Every attempt to send a message, recorded before it starts.",
)

alert_links = Table(
    "alert_links",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("subscriber_id", Integer, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("subscription_id", Integer, ForeignKey("subscriptions.id", ondelete="CASCADE")),
    Column("made_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime),
    Column("used_at", UtcTime),
    Index("ix_alert_links_subscriber_id", "subscriber_id", "purpose"),
    comment="Links in messages; the link itself is signed with the key of the site.",
)

refused_addresses = Table(
    "refused_addresses",
    metadata,
    Column("address_key", String(64), primary_key=True, comment="As of subscribers: the address itself is not kept."),
    Column("at", UtcTime, nullable=False),
    Column("why", String(16), nullable=False),
    comment="Addresses that asked never to be contacted, or complained; kept when the subscriber is deleted.",
)
