"""Searches that were frozen: ids and versions of what they answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    key = "SHA-256 of the name in its link: a copy of the table opens no link."
    network = "Keyed hash of the network that made it; empty: this machine."
    op.create_table(
        "frozen_searches",
        sa.Column("key", sa.String(64), primary_key=True, comment=key),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.JSON, nullable=False, comment="[[parameter, value], ...] of the search."),
        sa.Column("sequence", sa.Integer, nullable=False, comment="The newest change that the index showed."),
        sa.Column("vocabulary", sa.String(16), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("network", sa.String(32), nullable=False, comment=network),
        sa.Column("hits", sa.Integer, nullable=False),
        sa.Column("documents", sa.LargeBinary, nullable=False, comment="Ids and versions; see corpus/store/frozen.py."),
        sa.Column("report", sa.LargeBinary, nullable=False, comment="Compressed JSON: the search report of that day."),
    )
    op.create_index("ix_frozen_searches_expires_at", "frozen_searches", ["expires_at"])
    op.create_index("ix_frozen_searches_network", "frozen_searches", ["network"])
