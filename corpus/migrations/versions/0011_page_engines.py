"""Which reader read which page of a file, and which pages have letters that nobody could read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for name in ("page_engines", "unreadable_pages"):
        op.add_column("readings", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))
