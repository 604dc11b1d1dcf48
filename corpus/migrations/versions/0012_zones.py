"""Which stretches of a page are what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    kind = sa.JSON(none_as_null=True)
    op.add_column(
        "pages", sa.Column("zones", kind, nullable=True, comment="[[zone, start, end], ...]; NULL: nobody looked.")
    )
