"""Which pages of a document are references, contents or imprint."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("documents", sa.Column("back_matter", sa.JSON(), nullable=True, comment="Numbers of pages."))
