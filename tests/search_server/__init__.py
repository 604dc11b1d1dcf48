"""A real Elasticsearch for the tests: named, from Docker, or unpacked from Maven's repository."""

from tests.search_server.finding import elasticsearch_server

__all__ = ["elasticsearch_server"]
