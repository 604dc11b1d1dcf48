"""What Elasticsearch refuses, in this product's words: the one place that knows its client's errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import elasticsearch

from corpus.errors import EngineUnavailable, PushcartError
from corpus.messages import sentence
from search_api.query.budget import too_many_endings

FOR_READERS = sentence("Search is not available at the moment, because the search index does not answer.")
"""Addresses, users and settings are for those who run the site; they are in its log."""
BUILT_ANEW_FOR_READERS = sentence(
    "Search is not available at the moment: the search index is being rebuilt for a new version of Pushcart."
)
_NO_REASON = sentence("no reason given")
_AGAIN = sentence("Try again in a minute; nothing that you saved is lost.")
_DISK = sentence(
    "Usually its disk is full: free some space, and it accepts changes again by itself. Searching "
    "continues; `pushcart index` adds what was saved in the meantime."
)
_REBUILD = sentence("Run `pushcart index --rebuild`, which rebuilds it from the records; nothing is lost.")
_PRIVILEGES = sentence('See "Users and keys" in docs/elasticsearch.md for the privileges that suffice.')
_OTHER_NAME = ("ostname mismatch", "IP address mismatch", "doesn't match")
"""As OpenSSL and as urllib3 say it."""
_GATEWAY = frozenset({502, 504})
_BUSY = frozenset({429, 503})
READ_ONLY = "cluster_block_exception"
"""Kind of refusal when an index or the cluster accepts no changes."""
_NO_INDEX = "index_not_found_exception"
_PRODUCT = "x-elastic-product"
"""Header of every answer, also of refusals without a body."""
_OTHER_MEDIA_TYPE = "media_type_header_exception"
"""A server older than 8 does not know how the client of 8 asks."""
_TOO_MANY = frozenset({"too_many_clauses", "too_many_nested_clauses"})
"""Kinds of refusal when a phrase with a star continues in too many ways; nothing else of ours has so many parts."""
_NAME_TAKEN = "invalid_alias_name_exception"
_FOREIGN_FIELDS = frozenset(
    {
        "mapper_parsing_exception",
        "document_parsing_exception",
        "strict_dynamic_mapping_exception",
        "query_shard_exception",
    }
)


class PartlyAwayError(EngineUnavailable):
    """A shard does not answer: permanently, or for the second that a cluster takes to see that its node is lost."""


@contextmanager
def elasticsearch_errors(where: str) -> Iterator[None]:
    """Translate the client's errors while the block runs.

    Args:
        where: address of the server, without a password.
    """
    try:
        yield
    except elasticsearch.SSLError as error:
        raise _of_tls(_cause(error), where=where) from error
    except elasticsearch.ConnectionTimeout as error:
        raise unavailable(
            sentence("Elasticsearch at {where} did not answer in time.", where=where),
            sentence("Check its load. PUSHCART_ELASTICSEARCH_SECONDS_MAX sets how long to wait. {again}", again=_AGAIN),
        ) from error
    except (elasticsearch.SerializationError, elasticsearch.UnsupportedProductError) as error:
        raise no_elasticsearch(where) from error
    except elasticsearch.TransportError as error:
        raise unavailable(
            sentence("Elasticsearch at {where} does not answer.", where=where),
            sentence(
                "Check that it is running and that PUSHCART_ELASTICSEARCH_URL is correct{hint}. {again}",
                hint=_https_hint(where),
                again=_AGAIN,
            ),
        ) from error
    except elasticsearch.ApiError as error:
        raise _of_answer(error, where=where) from error


def unavailable(message: str, try_next: str) -> EngineUnavailable:
    """Return an error whose words are for those who run the site."""
    return EngineUnavailable(message, try_next=try_next, for_readers=FOR_READERS)


def no_elasticsearch(where: str) -> EngineUnavailable:
    """Return the error that says that something else answers at the address."""
    return unavailable(
        sentence("The server at {where} is not Elasticsearch.", where=where),
        sentence("Check PUSHCART_ELASTICSEARCH_URL, and any proxy on the way."),
    )


def of_another_version(where: str) -> EngineUnavailable:
    """Return the error that says that the index was made by another version of Pushcart."""
    return EngineUnavailable(
        sentence(
            "The search index in Elasticsearch at {where} was made by another version of Pushcart, and this one cannot"
            " search in it.",
            where=where,
        ),
        try_next=sentence("`pushcart serve` rebuilds it automatically, and so does `pushcart index`; nothing is lost."),
        for_readers=BUILT_ANEW_FOR_READERS,
    )


def index_is_gone(name: str, *, where: str) -> EngineUnavailable:
    """Return the error that says that someone took an index away."""
    return unavailable(
        sentence("The search index {name} no longer exists in Elasticsearch at {where}.", name=name, where=where),
        _REBUILD,
    )


def index_is_foreign(name: str, *, where: str) -> EngineUnavailable:
    """Return the error that says that an index of our name has other fields than ours."""
    return unavailable(
        sentence("Elasticsearch at {where} has an index {name} that Pushcart did not make.", where=where, name=name),
        sentence(
            "Delete it, or set PUSHCART_ELASTICSEARCH_PREFIX to names of its own; then run `pushcart index --rebuild`."
        ),
    )


def refuse_partial(answer: Mapping[str, Any], *, where: str) -> None:
    """A part of an answer is a wrong answer: documents would be missing without a word.

    Raises EngineUnavailable: a shard did not answer, or the search took too long.
    """
    if "error" in answer:
        kind, reason = kind_and_reason(answer)
        raise of_failure(kind, reason, status=int(answer.get("status", 0)), where=where)
    shards = answer["_shards"]
    if answer.get("timed_out") or shards["failed"] or shards["successful"] < shards["total"]:
        raise PartlyAwayError(
            sentence("A part of the search index in Elasticsearch at {where} does not answer.", where=where),
            try_next=sentence(
                "See `GET _cluster/allocation/explain`: a node or a disk is missing. {again}", again=_AGAIN
            ),
            for_readers=FOR_READERS,
        )


def kind_and_reason(body: object) -> tuple[str, str]:
    """Return the kind and the innermost reason of an error body; empty texts where it gives none."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", str(error or "")
    causes = error.get("root_cause") or [error]
    cause = causes[0] if isinstance(causes[0], dict) else error
    return str(cause.get("type") or error.get("type", "")), str(cause.get("reason") or error.get("reason", ""))


def nothing_is_there(error: elasticsearch.NotFoundError) -> bool:
    """Say whether Elasticsearch itself says that a record or its index is not there, and not a proxy that knows no such address."""
    found = error.body.get("found") if isinstance(error.body, dict) else None
    return found is False or kind_and_reason(error.body)[0] == _NO_INDEX


def _of_answer(error: elasticsearch.ApiError, *, where: str) -> PushcartError:
    kind, reason = kind_and_reason(error.body)
    if error.status_code == 401:
        return _of_unknown_user(reason, where=where)
    is_its_own = error.meta.headers.get(_PRODUCT) == "Elasticsearch"
    if not is_its_own and error.status_code in _GATEWAY:
        return unavailable(
            sentence(
                "The proxy at {where} cannot reach Elasticsearch (status {status}).",
                where=where,
                status=error.status_code,
            ),
            sentence("Check that Elasticsearch is running, and the proxy in front of it. {again}", again=_AGAIN),
        )
    # What its security refuses does not carry the header.
    if not is_its_own and error.status_code not in (403, *_BUSY):
        return no_elasticsearch(where)
    if kind == _OTHER_MEDIA_TYPE:
        return unavailable(
            sentence("Elasticsearch at {where} is too old for this client: {reason}.", where=where, reason=reason),
            sentence("Version 8.19 or newer is needed."),
        )
    return of_failure(kind, reason, status=error.status_code, where=where)


def of_failure(kind: str, reason: str, *, status: int, where: str) -> PushcartError:
    """Return what an error of the server means, whether it is the whole answer or a part of one."""
    if kind in _TOO_MANY or "maxClauseCount" in reason:
        return too_many_endings()
    if kind == READ_ONLY:
        return unavailable(
            sentence(
                "Elasticsearch at {where} accepts no changes at the moment: {reason}.", where=where, reason=reason
            ),
            _DISK,
        )
    if status == 403:
        return unavailable(
            sentence(
                "The user of Elasticsearch at {where} may not do this: {reason}.",
                where=where,
                reason=reason or _NO_REASON,
            ),
            _PRIVILEGES,
        )
    if kind == _NO_INDEX:
        return index_is_gone(_between(reason) or sentence("that was asked for"), where=where)
    if kind == _NAME_TAKEN:
        return index_is_foreign(_between(reason) or sentence("of the same name"), where=where)
    if kind in _FOREIGN_FIELDS or "No mapping found" in reason:
        return unavailable(
            sentence(
                "The search index in Elasticsearch at {where} has fields that Pushcart did not create: {reason}.",
                where=where,
                reason=reason,
            ),
            sentence("Check that no index template matches its name. {rebuild}", rebuild=_REBUILD),
        )
    if status == 429:
        return unavailable(
            sentence("Elasticsearch at {where} is too busy: {reason}.", where=where, reason=reason or _NO_REASON),
            _AGAIN,
        )
    if status == 503:
        return PartlyAwayError(
            sentence(
                "A part of Elasticsearch at {where} does not answer: {reason}.",
                where=where,
                reason=reason or kind or _NO_REASON,
            ),
            try_next=sentence(
                "See `GET _cluster/health`: it is starting, or a node or a disk is missing. {again}", again=_AGAIN
            ),
            for_readers=FOR_READERS,
        )
    return unavailable(
        sentence(
            "Elasticsearch at {where} refused ({status}): {reason}.",
            where=where,
            status=status,
            reason=reason or kind or _NO_REASON,
        ),
        _REBUILD,
    )


def _of_unknown_user(reason: str, *, where: str) -> EngineUnavailable:
    if "missing authentication" in reason:
        return unavailable(
            sentence("Elasticsearch at {where} requires authentication, and no user or key is set.", where=where),
            sentence(
                "Set PUSHCART_ELASTICSEARCH_API_KEY, or PUSHCART_ELASTICSEARCH_USER and PUSHCART_ELASTICSEARCH_PASSWORD."
            ),
        )
    if "provided credentials" in reason:
        return unavailable(
            sentence(
                "Elasticsearch at {where} does not accept the key in PUSHCART_ELASTICSEARCH_API_KEY.", where=where
            ),
            sentence(
                "It is the `encoded` value of the answer that created the key; the key may have expired or been revoked."
            ),
        )
    user = _between(reason)
    return unavailable(
        sentence(
            "Elasticsearch at {where} does not accept the user {user}, or the password is wrong.",
            where=where,
            user=user,
        )
        if user
        else sentence("Elasticsearch at {where} does not accept the user, or the password is wrong.", where=where),
        sentence(
            "If it was started a minute ago, wait: it accepts nobody until it has loaded its users. Otherwise check"
            " PUSHCART_ELASTICSEARCH_USER and PUSHCART_ELASTICSEARCH_PASSWORD."
        ),
    )


def _of_tls(cause: str, *, where: str) -> EngineUnavailable:
    if any(words in cause for words in _OTHER_NAME):
        return unavailable(
            sentence("The certificate of Elasticsearch at {where} is issued for another name.", where=where),
            sentence("Set PUSHCART_ELASTICSEARCH_URL to a name that the certificate has."),
        )
    if "certificate verify failed" in cause:
        return unavailable(
            sentence(
                "The certificate of Elasticsearch at {where} is not signed by a trusted authority: {cause}.",
                where=where,
                cause=cause,
            ),
            sentence("Set PUSHCART_ELASTICSEARCH_CA_FILE to the certificate (PEM) of the authority that signed it."),
        )
    return unavailable(
        sentence(
            "A secure connection to Elasticsearch at {where} could not be established: {cause}.",
            where=where,
            cause=cause,
        ),
        sentence("If it speaks plain HTTP, PUSHCART_ELASTICSEARCH_URL begins with http://."),
    )


def _cause(error: elasticsearch.SSLError) -> str:
    text = str(error.errors[0] if error.errors else error.message).split("(_ssl")[0]
    return text.rpartition("] ")[2].strip().rstrip(".") or "no reason given"


def _between(reason: str) -> str:
    """Return what Elasticsearch puts in brackets, which is the name that its reason is about; empty if nothing is."""
    return reason.partition("[")[2].partition("]")[0]


def _https_hint(where: str) -> str:
    return sentence("; an Elasticsearch with TLS wants https://") if where.startswith("http://") else ""
