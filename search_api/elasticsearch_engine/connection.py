"""The connection to the cluster: address, who we are, which certificate is trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from elasticsearch import Elasticsearch

from corpus.errors import BadSettings, EngineUnavailable
from corpus.settings import Settings
from search_api.elasticsearch_engine.engine import ElasticsearchEngine
from search_api.elasticsearch_engine.errors import elasticsearch_errors

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

OLDEST_VERSION = (8, 19)
"""Older servers were never tried."""


def open_elasticsearch(settings: Settings, *, vocabulary: Vocabulary) -> ElasticsearchEngine:
    """Return the engine on the cluster that the settings name; nothing is asked of it yet.

    Raises BadSettings: as connect.
    """
    return ElasticsearchEngine(
        connect(settings),
        vocabulary=vocabulary,
        where=", ".join(plain_address(url) for url in settings.elasticsearch_url.split(",")),
        prefix=settings.elasticsearch_prefix,
        shards=settings.elasticsearch_shards,
        replicas=settings.elasticsearch_replicas,
    )


def connect(settings: Settings) -> Elasticsearch:
    """Return a client; asks nothing of the server yet.

    Raises BadSettings: address, user, key or file of certificates cannot be used together.
    """
    urls = [url.strip() for url in settings.elasticsearch_url.split(",") if url.strip()]
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadSettings(
                f"PUSHCART_ELASTICSEARCH_URL is {plain_address(url)!r}, which is no address.",
                try_next="Write it as https://search.example:9200; several nodes with commas between.",
            )
    options: dict[str, Any] = {}
    if settings.elasticsearch_api_key:
        options["api_key"] = settings.elasticsearch_api_key
    elif settings.elasticsearch_user:
        options["basic_auth"] = (settings.elasticsearch_user, settings.elasticsearch_password)
    if settings.elasticsearch_ca_file is not None:
        options["ca_certs"] = str(_existing(settings.elasticsearch_ca_file))
    return Elasticsearch(
        urls,
        request_timeout=settings.elasticsearch_seconds_max,
        retry_on_timeout=False,
        max_retries=2,
        **options,
    )


def check_version(client: Elasticsearch, *, where: str) -> str:
    """Return the version of the server.

    Raises EngineUnavailable: it does not answer, or is older than OLDEST_VERSION.
    """
    with elasticsearch_errors(where):
        number = str(client.info()["version"]["number"])
    if tuple(int(part) for part in number.split("-")[0].split(".")[:2]) < OLDEST_VERSION:
        raise EngineUnavailable(
            f"Elasticsearch at {where} is version {number}.",
            try_next="Pushcart needs {}.{} or newer.".format(*OLDEST_VERSION),
        )
    return number


def plain_address(url: str) -> str:
    """Return an address without user and password."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BadSettings(
            f"PUSHCART_ELASTICSEARCH_CA_FILE is {path}, and there is no such file.", try_next="Correct it, or unset it."
        )
    return path
