"""What Elasticsearch refuses, in this product's words: the one place that knows its client's errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import elasticsearch

from corpus.errors import EngineUnavailable

_AGAIN = "Try again in a minute; nothing that you saved is lost."


@contextmanager
def elasticsearch_errors(where: str) -> Iterator[None]:
    """Translate the client's errors while the block runs.

    Args:
        where: address of the server, without a password.
    """
    try:
        yield
    except elasticsearch.SSLError as error:
        raise EngineUnavailable(
            f"The certificate of Elasticsearch at {where} cannot be trusted: {_cause(error)}.",
            try_next="Set PUSHCART_ELASTICSEARCH_CA_FILE to the certificate of the authority that signed it.",
        ) from error
    except elasticsearch.ConnectionTimeout as error:
        raise EngineUnavailable(f"Elasticsearch at {where} did not answer in time.", try_next=_AGAIN) from error
    except elasticsearch.TransportError as error:
        raise EngineUnavailable(
            f"Elasticsearch at {where} does not answer.",
            try_next=f"See that it runs and that PUSHCART_ELASTICSEARCH_URL is right. {_AGAIN}",
        ) from error
    except elasticsearch.UnsupportedProductError as error:
        raise EngineUnavailable(
            f"What answers at {where} is no Elasticsearch.", try_next="Check PUSHCART_ELASTICSEARCH_URL."
        ) from error
    except elasticsearch.ApiError as error:
        raise _of_answer(error, where=where) from error


def _of_answer(error: elasticsearch.ApiError, *, where: str) -> EngineUnavailable:
    kind, reason = kind_and_reason(error.body)
    if error.status_code == 401:
        return EngineUnavailable(
            f"Elasticsearch at {where} does not know this user or key.",
            try_next="Set PUSHCART_ELASTICSEARCH_API_KEY, or PUSHCART_ELASTICSEARCH_USER and _PASSWORD.",
        )
    if error.status_code == 403 and kind == "cluster_block_exception":
        return EngineUnavailable(
            f"Elasticsearch at {where} takes no changes now: {reason}.",
            try_next="Usually its disk is full: make room on it. Searching goes on, and what was saved is indexed afterwards.",
        )
    if error.status_code == 403:
        return EngineUnavailable(
            f"The user of Elasticsearch at {where} may not do this: {reason}.",
            try_next="docs/elasticsearch.md lists the privileges that suffice.",
        )
    if error.status_code == 404:
        return EngineUnavailable(
            f"Elasticsearch at {where} misses an index: {reason}.", try_next="Run `pushcart index`, which makes it."
        )
    if error.status_code in (429, 503):
        return EngineUnavailable(f"Elasticsearch at {where} is too busy: {reason}.", try_next=_AGAIN)
    return EngineUnavailable(
        f"Elasticsearch at {where} refused ({error.status_code}): {reason or kind}.",
        try_next="If the index is damaged, `pushcart index --rebuild` makes it anew.",
    )


def kind_and_reason(body: object) -> tuple[str, str]:
    """Return the kind and the innermost reason of an error body; empty texts where it gives none."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", str(error or "")
    causes = error.get("root_cause") or [error]
    cause = causes[0] if isinstance(causes[0], dict) else error
    return str(cause.get("type", "")), str(cause.get("reason", ""))


def _cause(error: elasticsearch.SSLError) -> str:
    return str(error.errors[0] if error.errors else error).split("(_ssl")[0].strip()


def of_another_version(where: str) -> EngineUnavailable:
    """Return the error that says that the index was made by another version of Pushcart."""
    return EngineUnavailable(
        f"The search index in Elasticsearch at {where} was made by another version of Pushcart.",
        try_next="Run `pushcart index`, which builds it anew; nothing is lost.",
    )


def refuse_partial(answer: Mapping[str, Any], *, where: str) -> None:
    """A part of an answer is a wrong answer: documents would be missing without a word.

    Raises EngineUnavailable: a shard did not answer, or the search took too long.
    """
    if "error" in answer:
        kind = answer["error"].get("type", "") if isinstance(answer["error"], dict) else str(answer["error"])
        raise EngineUnavailable(
            f"Elasticsearch at {where} cannot answer this search ({kind}).", try_next="Try again in a minute."
        )
    if answer.get("timed_out") or answer["_shards"]["failed"]:
        raise EngineUnavailable(
            f"A part of the search index at {where} does not answer.", try_next="Try again in a minute."
        )
