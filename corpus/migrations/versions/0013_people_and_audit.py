"""Persons with tokens, sessions of the pages, and an audit log that only grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_REFUSED = "The audit log only grows: its rows are neither changed nor removed."
_ON_SQLITE = "CREATE TRIGGER audit_no_{verb} BEFORE {event} ON audit BEGIN SELECT RAISE(ABORT, '{refused}'); END"
_ON_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '{refused}'; END $$",
    "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION audit_only_grows()",
)


def upgrade() -> None:
    _make_people()
    _make_audit()
    if op.get_bind().dialect.name == "postgresql":
        for statement in _ON_POSTGRESQL:
            op.execute(statement.format(refused=_REFUSED))
    else:
        for event in ("UPDATE", "DELETE"):
            op.execute(_ON_SQLITE.format(verb=event.lower(), event=event, refused=_REFUSED))


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False, comment="The name without capitals."),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("folded", name="uq_people_folded"),
        comment="Persons who may change what everybody reads.",
    )
    op.create_table(
        "tokens",
        sa.Column("key", sa.String(16), primary_key=True, comment="The public part of the token."),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.Column(
            "digest", sa.String(64), nullable=False, comment="SHA-256 of the token, which itself is kept nowhere."
        ),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True)),
        sa.Column("last_used", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_tokens_person_id", "tokens", ["person_id"])
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True, comment="SHA-256 of what the browser holds."),
        sa.Column("token", sa.String(16), sa.ForeignKey("tokens.key", ondelete="CASCADE"), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        comment="Who is signed in on the pages; a session ends with its token.",
    )
    op.create_index("ix_sessions_token", "sessions", ["token"])


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("other", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer()),
        sa.UniqueConstraint("undoes", name="uq_audit_undoes"),
        sqlite_autoincrement=True,
        comment="Who changed what, and why. Rows are only added; triggers refuse everything else (migration 0013).",
    )
    for name in ("document", "other", "subject"):
        op.create_index(f"ix_audit_{name}", "audit", [name])
