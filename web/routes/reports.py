"""The search report of any search: /report with the parameters of the search."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from corpus.messages import gettext
from search_api.answers.report import ReportedSearch
from search_api.answers.report_text import sections
from search_api.api.report_routes import report_answer, report_format
from web.addresses import freeze_address, report_address, search_address
from web.contexts import Frame
from web.frozen_contexts import ReportPage
from web.language import page_language
from web.state import Site


def reports_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/report")
    def report(request: Request) -> Response:
        query, lang = site.query_of(request.query_params.multi_items()), page_language(request)
        wanted = request.query_params.get("format", "")
        made = site.app.report(query, lang=lang)
        if wanted:
            return report_answer(made, report_format(wanted), lang=lang)
        settings = site.app.settings
        may_freeze = settings.frozen_searches_max > 0 and made.total <= settings.frozen_hits_max
        page = ReportPage(
            sections=sections(made, lang=lang),
            back=search_address(query),
            is_kept=False,
            markdown=report_address(query, wanted="markdown"),
            json=report_address(query, wanted="json"),
            freeze=freeze_address(query) if may_freeze else "",
        )
        return site.pages.respond(request, "report.html", page, frame=report_frame(made, lang=lang))

    return router


def report_frame(report: ReportedSearch, *, lang: str) -> Frame:
    """Return what stands around the page of a report."""
    title = gettext("Search report", lang=lang)
    return Frame(title=f"{title}: {report.text[:80]}" if report.text else title, may_be_indexed=False, lang=lang)
