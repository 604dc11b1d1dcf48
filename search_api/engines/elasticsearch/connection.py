"""The connection to the cluster: address, who we are, which certificate is trusted."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from elasticsearch import Elasticsearch

from corpus.errors import BadSettings
from corpus.messages import sentence
from corpus.settings import Settings
from corpus.urls import is_web_address
from search_api.engines.cursor import Cursors
from search_api.engines.elasticsearch.answering import ANSWER_SECONDS_MAX
from search_api.engines.elasticsearch.engine import ElasticsearchEngine

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


def open_elasticsearch(
    settings: Settings, *, vocabulary: Vocabulary, cursors: Cursors | None = None
) -> ElasticsearchEngine:
    """Return the engine on the cluster that the settings name; nothing is asked of it yet.

    Raises BadSettings: as connect.
    """
    return ElasticsearchEngine(
        connect(settings),
        vocabulary=vocabulary,
        cursors=cursors,
        where=", ".join(plain_address(url) for url in settings.elasticsearch_url.split(",")),
        prefix=settings.elasticsearch_prefix,
        shards=settings.elasticsearch_shards,
        replicas=settings.elasticsearch_replicas,
        answer_seconds_max=min(ANSWER_SECONDS_MAX, settings.elasticsearch_seconds_max),
    )


def connect(settings: Settings) -> Elasticsearch:
    """Return a client; asks nothing of the server yet.

    Raises BadSettings: address, user, key or file of certificates cannot be used, or not together.
    """
    urls = [_checked_address(url.strip()) for url in settings.elasticsearch_url.split(",") if url.strip()]
    # They log every attempt, with a traceback; what they give up on is said in our words.
    for name in ("elastic_transport", "urllib3.connection"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return Elasticsearch(
        urls,
        request_timeout=settings.elasticsearch_seconds_max,
        retry_on_timeout=False,
        max_retries=2,
        **_credentials(settings),
        **_certificates(settings, urls=urls),
    )


def _checked_address(url: str) -> str:
    if not is_web_address(url) or urlsplit(url).port == 0:
        raise BadSettings(
            sentence("PUSHCART_ELASTICSEARCH_URL is {url}, which is not an address.", url=repr(plain_address(url))),
            try_next=sentence("Write it as https://search.example:9200; several nodes with commas between."),
        )
    return url


def _credentials(settings: Settings) -> dict[str, Any]:
    """Return who we say that we are; a key goes before a user."""
    if settings.elasticsearch_api_key:
        return {"api_key": settings.elasticsearch_api_key}
    user, password = settings.elasticsearch_user, settings.elasticsearch_password
    if bool(user) != bool(password):
        given, missing = ("USER", "PASSWORD") if user else ("PASSWORD", "USER")
        raise BadSettings(
            sentence(
                "PUSHCART_ELASTICSEARCH_{given} is set, and PUSHCART_ELASTICSEARCH_{missing} is not.",
                given=given,
                missing=missing,
            ),
            try_next=sentence("Set both, or PUSHCART_ELASTICSEARCH_API_KEY instead of them."),
        )
    return {"basic_auth": (user, password)} if user else {}


def _certificates(settings: Settings, *, urls: Sequence[str]) -> dict[str, Any]:
    path = settings.elasticsearch_ca_file
    if path is None:
        return {}
    if not path.is_file():
        raise BadSettings(
            sentence("PUSHCART_ELASTICSEARCH_CA_FILE is {path}, but there is no such file.", path=str(path)),
            try_next=sentence("Correct it, or unset it."),
        )
    if any(url.startswith("http://") for url in urls):
        raise BadSettings(
            sentence("PUSHCART_ELASTICSEARCH_CA_FILE is set, and PUSHCART_ELASTICSEARCH_URL begins with http://."),
            try_next=sentence("With certificates the address begins with https://; without them, unset the file."),
        )
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # SSLError is one
        raise BadSettings(
            sentence(
                "PUSHCART_ELASTICSEARCH_CA_FILE is {path}, which contains no readable certificate.", path=str(path)
            ),
            try_next=sentence("It is a PEM file, which has a line -----BEGIN CERTIFICATE-----."),
        ) from error
    return {"ca_certs": str(path)}


def plain_address(url: str) -> str:
    """Return an address without user and password."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are never closed
        return "unreadable"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
