"""Searches that found nothing, counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "failed_searches",
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("filters", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("words", "filters"),
        comment="Searches that found nothing: no address, no time of day, nothing that tells who asked.",
    )
