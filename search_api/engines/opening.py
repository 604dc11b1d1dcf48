"""Which engine answers: the one that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import BadSettings
from corpus.messages import sentence
from corpus.secret_key import secret_key_of
from corpus.settings import Settings
from search_api.engines.base import SearchEngine
from search_api.engines.cursor import Cursors

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


def open_engine(settings: Settings, *, vocabulary: Vocabulary | None = None) -> SearchEngine:
    """Return the engine that the settings name. A missing index is an empty one.

    Args:
        settings: `elasticsearch_url` decides.
        vocabulary: None: the built-in one.

    Raises BadSettings: the client of the engine is not installed, or a setting of it cannot be used.
    """
    from corpus.vocabulary import load_vocabulary

    words = vocabulary or load_vocabulary()
    cursors = Cursors(secret_key_of(settings))
    if settings.elasticsearch_url:
        try:
            from search_api.engines.elasticsearch import open_elasticsearch
        except ImportError as error:
            raise BadSettings(
                sentence("PUSHCART_ELASTICSEARCH_URL is set, and the Elasticsearch client is not installed."),
                try_next=sentence("Run `make setup-server` or `pip install 'elasticsearch>=8.19.3,<9'`, or unset it."),
            ) from error
        return open_elasticsearch(settings, vocabulary=words, cursors=cursors)
    from search_api.engines.tantivy import TantivyEngine

    return TantivyEngine(settings.index_dir, vocabulary=words, cursors=cursors)


def delete_indexes(settings: Settings) -> None:
    """Delete every index in Elasticsearch whose name begins with the prefix of these settings.

    Touches nothing when the settings name no cluster: an embedded index is a folder.

    Raises EngineUnavailable: the cluster does not answer.
    """
    if not settings.elasticsearch_url:
        return
    from search_api.engines.elasticsearch.connection import connect, plain_address
    from search_api.engines.elasticsearch.errors import elasticsearch_errors

    with elasticsearch_errors(plain_address(settings.elasticsearch_url)), connect(settings) as client:
        if names := list(client.indices.get(index=f"{settings.elasticsearch_prefix}-*")):
            client.indices.delete(index=names)
