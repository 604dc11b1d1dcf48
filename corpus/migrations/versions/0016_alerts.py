"""Alerts: subscribers, what they follow, what matched, the outbox with every try, and links in messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    _make_subscriptions()
    _make_outbox()
    _make_ledger()
    _make_links()
    op.execute(
        "INSERT INTO counters (name, value) SELECT 'alerts', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM counters WHERE name = 'alerts')"
    )
    # What is here already is new for nobody.
    op.execute(
        "INSERT INTO matched_documents (document_id, is_read, sequence, at)"
        " SELECT id, page_count > 0, first_sequence, first_seen FROM documents"
    )


def _time(name: str, *, required: bool = False, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required, comment=comment)


def _make_subscriptions() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "address_key",
            sa.String(64),
            nullable=False,
            comment="SHA-256 of channel and address as they are compared.",
        ),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        _time("created_at", required=True),
        _time("confirmed_at"),
        _time("stopped_at"),
        sa.Column("stopped_why", sa.String(16)),
        sa.Column("network", sa.String(32), nullable=False, comment="Keyed hash of the network that subscribed first."),
        sa.Column("secrets", sa.JSON(), nullable=False, comment="Of a webhook, newest first."),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.UniqueConstraint("address_key", name="uq_subscribers_address_key"),
        sqlite_autoincrement=True,
        comment="Addresses that are told of new documents; deleted with all that hangs on them when their owner asks.",
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("subscriber_id", sa.Integer(), sa.ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False, comment="[[parameter, value], ...] of the search."),
        sa.Column("query_key", sa.String(64), nullable=False, comment="SHA-256 of them."),
        sa.Column("frequency", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False, comment="Documents of later changes are new for it."),
        _time("created_at", required=True),
        _time("confirmed_at"),
        _time("gathered_at", comment="When its matches were last put into a message."),
        _time("swept_at", comment="When its matches were last compared with a fresh search."),
        sa.Column("trouble", sa.Text(), nullable=False, comment="Why it can no longer be read; empty: it can."),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="Of the list of searches when this one last changed."
        ),
        sa.UniqueConstraint("subscriber_id", "query_key", name="uq_subscriptions_search"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_revision", "subscriptions", ["revision"])


def _make_outbox() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), sa.ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        _time("created_at", required=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, comment="Tries that count for when it is given up."),
        _time("tried_at"),
        sa.Column("wait_seconds", sa.Integer(), nullable=False, comment="After tried_at, until it may be tried again."),
        sa.Column("worker", sa.String(64), nullable=False),
        _time("sent_at"),
        sa.UniqueConstraint("public_id", name="uq_messages_public_id"),
        sqlite_autoincrement=True,
        comment="The outbox: every message, from the moment at which it is certain that it has to be sent.",
    )
    op.create_index("ix_messages_state", "messages", ["state", "id"])
    op.create_index("ix_messages_subscriber_id", "messages", ["subscriber_id", "created_at"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(64), nullable=False),
        _time("began_at", required=True),
        _time("ended_at"),
        sa.Column("outcome", sa.String(16)),
        sa.Column("answer", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
        comment="Every try to send a message, noted before it begins.",
    )
    op.create_index("ix_attempts_message_id", "attempts", ["message_id"])


def _make_ledger() -> None:
    op.create_table(
        "matched_documents",
        sa.Column("document_id", sa.String(32), primary_key=True),
        sa.Column(
            "is_read",
            sa.Boolean(),
            nullable=False,
            comment="False: it had no text yet, and is matched once more when it has.",
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _time("at", required=True),
        comment="Documents that were compared with the searches that are followed; kept when they are removed.",
    )
    op.create_table(
        "matches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "subscription_id", sa.Integer(), sa.ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("because_of", sa.String(32), nullable=False),
        sa.Column("found_by", sa.String(16), nullable=False),
        _time("at", required=True),
        sa.Column(
            "message_id",
            sa.Integer(),
            sa.ForeignKey("messages.id"),
            comment="None: it is in none yet, or never will be.",
        ),
        sa.UniqueConstraint("subscription_id", "document_id", name="uq_matches_document"),
        sqlite_autoincrement=True,
        comment="The ledger: which document answered which search, why, and in which message it is.",
    )
    op.create_index("ix_matches_document_id", "matches", ["document_id"])
    op.create_index("ix_matches_message_id", "matches", ["message_id", "outcome", "subscription_id"])


def _make_links() -> None:
    op.create_table(
        "alert_links",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), sa.ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("subscription_id", sa.Integer(), sa.ForeignKey("subscriptions.id", ondelete="CASCADE")),
        _time("made_at", required=True),
        _time("ends_at"),
        _time("used_at"),
        comment="Links in messages; the link itself is signed with the key of the site.",
    )
    op.create_index("ix_alert_links_subscriber_id", "alert_links", ["subscriber_id", "purpose"])
    op.create_table(
        "refused_addresses",
        sa.Column(
            "address_key",
            sa.String(64),
            primary_key=True,
            comment="As of subscribers: the address itself is not kept.",
        ),
        _time("at", required=True),
        sa.Column("why", sa.String(16), nullable=False),
        comment="Addresses that asked never to be written to, or complained; kept when the subscriber is deleted.",
    )
