"""The records know which records they are."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    identity = op.create_table(
        "identity",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="One row: made at random with the database, and so another one in every other database.",
    )
    op.bulk_insert(identity, [{"id": uuid4().hex}])
