"""Documents that could not be tagged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "untagged",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("tagger_version", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
        comment="Documents that this version of the tagger could not tag, and why; they may be kept without tags.",
    )
