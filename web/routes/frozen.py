"""Frozen searches: /frozen takes a search by POST, /frozen/LINK shows it forever after."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import BadQuery
from corpus.messages import gettext
from corpus.store import FrozenSearch
from search_api.answers.freezing import checked_name
from search_api.answers.frozen import FrozenList, FrozenNow, find_frozen, find_own, query_of
from search_api.answers.report_text import sections
from search_api.api.frozen_routes import asker_of, unreadable_report, visit
from search_api.api.report_bodies import kept_report
from search_api.api.report_routes import report_answer, report_format
from search_api.api.same_site import refuse_other_sites
from search_api.query.parameters import SearchQuery
from web.addresses import frozen_address, with_parameters
from web.contexts import Frame
from web.forms import form_values
from web.frozen_contexts import ReportPage
from web.language import page_language
from web.routes.reports import report_frame
from web.state import Site
from web.views.frozen import frozen_page, shown_on


def frozen_pages_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    store, settings = site.app.store, site.app.settings

    def own(link: str) -> FrozenSearch:
        return find_own(link, store=store, now=datetime.now(UTC))

    @router.post("/frozen")
    def freeze(request: Request) -> Response:
        lang = page_language(request)
        refuse_other_sites(request, public_url=settings.public_url, lang=lang)
        query = site.query_of(request.query_params.multi_items())
        secret = site.app.freeze(query, address=asker_of(request), lang=lang)
        return RedirectResponse(frozen_address(secret), status_code=303)

    @router.get("/frozen/{link}")
    def frozen(request: Request, link: str) -> Response:
        now, lang = site.app.frozen(link), page_language(request)
        which, number = _wanted(request)
        page = frozen_page(
            now,
            query=_query(now, site),
            which=which,
            number=number,
            documents=store.documents.in_brief(shown_on(now, which=which, number=number)),
            names=site.names(lang=lang),
            link=link,
            public_url=settings.public_url,
            days=settings.frozen_days,
            may_follow=site.alerts.takes_new,
        )
        title = now.search.name or gettext("Frozen search", lang=lang)
        frame = Frame(title=title, may_be_indexed=False, lang=lang)
        response = site.pages.respond(request, "frozen.html", page, frame=frame)
        response.background = visit(now.search, state=site.app)
        return response

    @router.get("/frozen/{link}/report")
    def report(request: Request, link: str) -> Response:
        search, _ = find_frozen(link, store=store, now=datetime.now(UTC))
        kept, lang = kept_report(search.report), page_language(request)
        if kept is None:
            raise unreadable_report()
        if wanted := request.query_params.get("format", ""):
            return report_answer(kept, report_format(wanted), lang=lang)
        page = ReportPage(
            sections=sections(kept, lang=lang),
            back=frozen_address(link),
            is_kept=True,
            markdown=frozen_address(link, part="report", format="markdown"),
            json=frozen_address(link, part="report", format="json"),
        )
        return site.pages.respond(request, "report.html", page, frame=report_frame(kept, lang=lang))

    # Who knows an owner's link may do this from wherever they are: no page of another site knows it.
    @router.post("/frozen/{link}/name")
    async def rename(request: Request, link: str) -> Response:
        name = checked_name((await form_values(request)).get("name", ""))
        await run_in_threadpool(lambda: store.frozen.rename(own(link).key, name))
        return RedirectResponse(frozen_address(link), status_code=303)

    @router.post("/frozen/{link}/delete")
    def delete(request: Request, link: str) -> Response:
        search = own(link)
        query = with_parameters("/search", search.query)
        store.frozen.remove(search.key)
        return RedirectResponse(query, status_code=303)

    return router


def _wanted(request: Request) -> tuple[FrozenList, int]:
    """Return which list is shown and which page of it; what cannot be read is the beginning."""
    show, page = request.query_params.get("show", ""), request.query_params.get("page", "")
    which = FrozenList(show) if show in tuple(FrozenList) else FrozenList.ALL
    is_number = page.isascii() and page.isdigit() and len(page) < 7
    return which, max(1, int(page)) if is_number else 1


def _query(now: FrozenNow, site: Site) -> SearchQuery | None:
    try:
        return query_of(now.search, vocabulary=site.app.vocabulary, settings=site.app.settings)
    except BadQuery:
        return None
