"""What Alembic runs: migrations on the connection that `upgrade` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from corpus.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
