"""The two databases, for tests of what is kept in them."""

from tests.corpus.conftest import on_either, postgresql_url

__all__ = ["on_either", "postgresql_url"]
