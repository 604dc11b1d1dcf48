"""Corrections by people, and what the corrected documents are without them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "document_id",
            sa.String(32),
            nullable=False,
            comment="It may be gone: what was corrected counts when it is back.",
        ),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("facet", sa.String(16), nullable=False, comment="Of a tag; empty: a field is corrected."),
        sa.Column("concept", sa.Text(), nullable=False),
        sa.Column("about", sa.Boolean(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False, comment="Of a field: a list of texts."),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
        comment="What people said of tags and fields of documents; one that is undone is deleted, and stays in the audit log.",
    )
    op.create_index("ix_corrections_document_id", "corrections", ["document_id"])
    op.create_table(
        "uncorrected",
        sa.Column("document_id", sa.String(32), primary_key=True),
        sa.Column(
            "fields", sa.JSON(), nullable=False, comment="title, authors, published and evidence as they were made."
        ),
        sa.Column("tags", sa.JSON(), nullable=False, comment="All of them as they were made."),
        comment="What corrected documents would be without their corrections.",
    )
