"""Sources whose documents were removed, so that no schedule brings them back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("sources", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
