"""Relations between documents, what people decided on them, and what they are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for name in ("fold", "copies"):
        op.add_column("documents", sa.Column(name, sa.String(32), nullable=False, server_default=""))
        op.create_index(f"ix_documents_{name}", "documents", [name])
    op.create_table(
        "relations",
        sa.Column("first", sa.String(32), primary_key=True),
        sa.Column("second", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
    )
    op.create_index("ix_relations_second", "relations", ["second"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("first", sa.String(32), nullable=False),
        sa.Column("second", sa.String(32), nullable=False),
        sa.Column("relation", sa.String(16), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
        comment="What people said of two documents; kept when the documents are gone, for when they come back.",
    )
    op.create_index("ix_decisions_first", "decisions", ["first"])
    op.create_index("ix_decisions_second", "decisions", ["second"])
    _create_profiles()


def _create_profiles() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        comment="What the text of a file is compared by; see nlp/works/fingerprints.py.",
    )
    op.create_table(
        "work_profiles",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("weak_keys", sa.Integer(), nullable=False, comment="How many of its keys are even."),
        sa.Column("data", sa.JSON(), nullable=False),
        comment="What else of a document is compared; documents without a row of this version are yet to be related.",
    )
    op.create_index("ix_work_profiles_document_id", "work_profiles", ["document_id"], unique=True)
    op.create_table(
        "work_keys",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("profile", sa.Integer(), primary_key=True, autoincrement=False),
        comment="Documents that share an odd key, or enough of their even ones, are compared.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_work_keys_profile", "work_keys", ["profile"])
    op.create_table(
        "common_keys",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        comment="Keys of so many documents that they tell nothing.",
    )
