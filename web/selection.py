"""A reader's selection: in a cookie of this browser, so that it stays while its owner searches on, turns pages and comes back.

In the address it would have to be carried by every link and form of every page. A link to it has it in the address, for others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import BadQuery
from search_api.answers.selection import selected_ids, selection_text

COOKIE = "pushcart_selection"
_SECONDS = 30 * 24 * 3600
"""How long it is kept after the last change."""


def selection_of(request: Request) -> tuple[str, ...]:
    """Return the ids that the reader has marked; none where the cookie is not one of ours."""
    try:
        return selected_ids(request.cookies.get(COOKIE, ""))
    except BadQuery:
        return ()


def keep_selection(response: Response, ids: Iterable[str], *, request: Request) -> None:
    """Let the browser keep ids; with none of them, forget the cookie."""
    text = selection_text(ids)
    if not text:
        response.delete_cookie(COOKIE, path="/")
        return
    is_secret = request.url.scheme == "https"
    response.set_cookie(COOKIE, text, max_age=_SECONDS, path="/", httponly=True, samesite="lax", secure=is_secret)


def with_marks(selected: Sequence[str], *, shown: Sequence[str], ticked: Sequence[str]) -> tuple[str, ...]:
    """Return a selection after some documents were shown, and some of them ticked.

    Raises BadQuery: there are too many then.
    """
    kept = [each for each in selected if each not in shown or each in ticked]
    return joined(kept, ticked)


def joined(selected: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return a selection with others behind it, each once. Raises BadQuery: they are too many."""
    return selected_ids(".".join((*selected, *others)))
