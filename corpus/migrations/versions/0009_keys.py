"""Files have a key that is not their link; see corpus/urls.py.

What was one column, `url`, was compared and shown, and it joined addresses that are two. The old key stays in `former_key`
until a harvest has seen the publisher's own link (corpus/store/former_keys.py). No document gets another id.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from corpus.urls import canonical_url, is_web_address

revision = "0009"
down_revision = "0008"

_BATCH = 5000

_files = sa.table(
    "fetched_files", *map(sa.column, ("id", "source", "url", "landing_url", "key", "landing_key", "former_key"))
)
_versions = sa.table("file_versions", *map(sa.column, ("source", "url", "key")))


def upgrade() -> None:
    with op.batch_alter_table("fetched_files") as files:
        files.add_column(sa.Column("key", sa.Text(), nullable=False, server_default=""))
        files.add_column(sa.Column("landing_key", sa.Text(), nullable=False, server_default=""))
        files.add_column(sa.Column("former_key", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("file_versions") as versions:
        versions.add_column(sa.Column("key", sa.Text(), nullable=False, server_default=""))
    _fill(op.get_bind())  # while the old index of addresses is there
    with op.batch_alter_table("fetched_files") as files:
        files.drop_index("ix_fetched_files_source_landing_url")
        files.drop_constraint("uq_fetched_files_source_url", type_="unique")
        files.alter_column("key", existing_type=sa.Text(), existing_nullable=False, server_default=None)
        files.create_unique_constraint("uq_fetched_files_source_key", ["source", "key"])
        files.create_index("ix_fetched_files_source_former_key", ["source", "former_key"])
        files.create_index("ix_fetched_files_source_landing_key", ["source", "landing_key"])
    with op.batch_alter_table("file_versions") as versions:
        versions.alter_column("key", existing_type=sa.Text(), existing_nullable=False, server_default=None)
        versions.drop_index("ix_file_versions_source_url")
        versions.create_index("ix_file_versions_source_key", ["source", "key"])


def _fill(connection: sa.Connection) -> None:
    keyed = list(_keyed(connection))
    update = sa.update(_files).where(_files.c.id == sa.bindparam("its_id"))
    for start in range(0, len(keyed), _BATCH):
        connection.execute(
            update.values({name: sa.bindparam(f"its_{name}") for name in ("key", "landing_key", "former_key")}),
            keyed[start : start + _BATCH],
        )
    key_of_file = (
        sa.select(_files.c.key)
        .where(_files.c.source == _versions.c.source, _files.c.url == _versions.c.url)
        .scalar_subquery()
    )
    # Versions of a document that a person removed have no file; their history goes on when it is harvested again.
    connection.execute(sa.update(_versions).values(key=sa.func.coalesce(key_of_file, _versions.c.url)))


def _keyed(connection: sa.Connection) -> Iterator[dict[str, object]]:
    """Yield the new columns of each file. Of two files whose addresses are now one, the second keeps its link as its key.

    It is in no normal form, so no link will ever have that key. Servers send the same bytes at both, which are one document then.
    """
    asked = sa.select(_files.c.id, _files.c.source, _files.c.url, _files.c.landing_url).order_by(_files.c.id)
    found = [(row, str(canonical_url(row.url))) for row in connection.execute(asked)]
    taken = {(row.source, key) for row, key in found if key == row.url}
    for row, key in found:
        if key != row.url and (row.source, key) in taken:
            key = row.url
        taken.add((row.source, key))
        yield {
            "its_id": row.id,
            "its_key": key,
            "its_landing_key": canonical_url(row.landing_url),
            "its_former_key": row.url if is_web_address(row.url) else "",
        }
