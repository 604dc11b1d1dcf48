"""Files remember the record that names them, and since when they are gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("fetched_files", sa.Column("record", sa.Text(), server_default="", nullable=False))
    op.add_column("fetched_files", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("fetched_files", sa.Column("gone_reason", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_fetched_files_source_record", "fetched_files", ["source", "record"], unique=False)
    op.create_index("ix_fetched_files_source_landing_url", "fetched_files", ["source", "landing_url"], unique=False)
