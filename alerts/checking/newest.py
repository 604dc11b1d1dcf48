"""The newest documents as everyone finds them: where an audit begins."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from corpus.errors import BadInput, EngineUnavailable
from corpus.messages import sentence
from corpus.urls import is_web_address
from search_api.answers.walk import every_document
from search_api.engines.base import SearchEngine
from search_api.query.parameters import LIMIT_MAX, SearchQuery, Sort
from search_api.query.tree import Everything

SECONDS_MAX = 30.0
"""How long one page of answers may take over HTTP."""
_BYTES_MAX = 20_000_000


def newest_from_engine(engine: SearchEngine, *, limit: int) -> tuple[str, ...]:
    """Return the ids of the documents that a search shows as the newest, copies and translations with them.

    Raises EngineUnavailable: the index does not answer.
    """

    def drawn() -> Iterator[str]:
        query = SearchQuery(sort=Sort.FIRST_SEEN, limit=LIMIT_MAX, near=0)
        while True:
            results = engine.search(query, tree=Everything(), counted=False)
            yield from every_document(results.hits)
            if not results.next:
                return
            query = SearchQuery(sort=Sort.FIRST_SEEN, limit=LIMIT_MAX, near=0, cursor=results.next)

    return tuple(islice(drawn(), limit))


def newest_from_site(address: str, *, limit: int) -> tuple[str, ...]:
    """Return the ids of the documents that a running site shows as the newest, asked for over its public API.

    Args:
        address: of the site, such as `https://pushcart.example`.
        limit: most documents.

    Raises BadInput: it is not a web address. EngineUnavailable: the site does not answer as its API does.
    """
    if not is_web_address(address):
        raise BadInput(
            sentence("{address} is not a web address.", address=address),
            try_next=sentence("Give the address of the site, such as https://pushcart.example."),
        )

    def drawn() -> Iterator[str]:
        cursor = ""
        while True:
            asked = {"sort": Sort.FIRST_SEEN.value, "limit": str(LIMIT_MAX), "near": "0"}
            answer = _answer(address, asked | ({"cursor": cursor} if cursor else {}))
            yield from _ids(answer)
            cursor = str(answer.get("next") or "")
            if not cursor:
                return

    return tuple(dict.fromkeys(islice(drawn(), limit)))


def _ids(answer: dict[str, Any]) -> Sequence[str]:
    found: list[str] = []
    for hit in answer["hits"]:
        found.append(str(hit["id"]))
        found += [str(other["id"]) for other in hit.get("same_work", ()) if "id" in other]
    return found


def _answer(address: str, parameters: dict[str, str]) -> dict[str, Any]:
    url = f"{address.rstrip('/')}/api/v1/search?{urlencode(parameters)}"
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "pushcart-audit"})  # noqa: S310  checked
    try:
        with urlopen(request, timeout=SECONDS_MAX) as answer:  # noqa: S310  checked above: http or https
            body = json.loads(answer.read(_BYTES_MAX))
        if not isinstance(body, dict) or not isinstance(body.get("hits"), list):
            raise ValueError("no hits")
    except (URLError, OSError, ValueError) as error:
        raise EngineUnavailable(
            sentence("{url} does not answer like the API of a Pushcart: {why}.", url=url, why=str(error)[:200]),
            try_next=sentence("Open the address in a browser and check the log of the site."),
        ) from error
    return body
