"""On which pages a tag's places stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("tags", sa.Column("places", sa.JSON(), nullable=True, comment="[page, places on it] for each page."))
