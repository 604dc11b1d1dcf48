"""The reader's selection, and exports of it and of whole results, for people."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from corpus.errors import BadInput
from corpus.messages import gettext, ngettext, sentence
from search_api.answers.selection import selected_ids
from search_api.api.exporting import format_of, search_export, selection_export
from web.contexts import Frame
from web.language import page_language
from web.selection import joined, keep_selection, selection_of, with_marks
from web.state import Site
from web.views.selection import selection_page

_BODY_MAX = 64_000
"""Bytes of a form: 300 marked documents are 9,000."""
_OWN_PAGES = ("/search", "/selection")
"""Where the reader goes back to after marking."""


def selection_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/selection")
    def selection(request: Request) -> Response:
        lang, own = page_language(request), selection_of(request)
        given = request.query_params.get("ids", "")
        ids = selected_ids(given) if given else own
        page = selection_page(
            ids,
            held=site.app.store.documents.in_brief(ids),
            is_own=not given or set(ids) == set(own),
            public_url=site.app.settings.public_url,
            lang=lang,
        )
        frame = Frame(title=gettext("Selection", lang=lang), may_be_indexed=False, lang=lang)
        return site.pages.respond(request, "selection.html", page, frame=frame)

    @router.post("/selection")
    async def change_selection(request: Request) -> Response:
        _check_origin(request)
        fields = parse_qsl(await _body(request), keep_blank_values=True)
        ids = _changed(selection_of(request), fields)
        response: Response
        if request.headers.get("accept") == "text/plain":
            response = PlainTextResponse(_count_in_words(len(ids), lang=page_language(request)))
        else:
            response = RedirectResponse(_back(_value(fields, "back")), status_code=303)
        keep_selection(response, ids, request=request)
        return response

    @router.get("/selection/export")
    def export_selection(request: Request) -> Response:
        given = request.query_params
        ids = selected_ids(given["ids"]) if given.get("ids") else selection_of(request)
        kind = format_of(given.get("format", ""))
        return selection_export(ids, kind, state=site.app, lang=page_language(request))

    @router.get("/search/export")
    def export_search(request: Request) -> Response:
        given = request.query_params
        kind, query = format_of(given.get("format", "")), site.query_of(given.multi_items())
        return search_export(request, query, kind, state=site.app, lang=page_language(request))

    return router


def _changed(selected: tuple[str, ...], fields: list[tuple[str, str]]) -> tuple[str, ...]:
    """Return the selection after a form was sent."""
    ticked = selected_ids(".".join(value for name, value in fields if name == "id"))
    match _value(fields, "do"):
        case "clear":
            return ()
        case "remove":
            return tuple(each for each in selected if each not in ticked)
        case "add":
            return joined(selected, selected_ids(_value(fields, "ids")))
        case _:
            return with_marks(selected, shown=selected_ids(_value(fields, "shown")), ticked=ticked)


def _value(fields: list[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in fields if name == wanted), "")


def _count_in_words(count: int, *, lang: str) -> str:
    return ngettext("{count} document in your selection", "{count} documents in your selection", count, lang=lang)


def _back(address: str) -> str:
    """Return where the reader continues; a page of ours, whatever the form says."""
    is_own = address.partition("?")[0] in _OWN_PAGES and address.isprintable() and "\\" not in address
    return address if is_own else "/selection"


def _check_origin(request: Request) -> None:
    """Raise BadInput: a page of someone else sent the form."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise BadInput(
            sentence("Another site tried to change your selection."),
            try_next=sentence("Nothing was changed. Select documents in the search results here."),
        )


async def _body(request: Request) -> str:
    """Return the form that was sent. Raises BadInput: it is too long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _BODY_MAX:
            raise BadInput(
                sentence("The form is too long."),
                try_next=sentence("Select documents in the search results here."),
            )
    return body.decode(errors="replace")
