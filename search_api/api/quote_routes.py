"""The route that checks the quotes of a text."""

from __future__ import annotations

from fastapi import APIRouter, Request

from search_api.api.problems import refusals
from search_api.api.quote_bodies import QuotesBody, QuotesRequest
from search_api.api.same_site import refuse_other_sites
from search_api.api.state import AppState


def quote_router(state: AppState) -> APIRouter:
    """Return the route."""
    router = APIRouter(tags=["quotes"])

    @router.post("/quotes", responses=refusals(403, 413, 422, 429, 503), summary="Check the quotes of a text")
    def post_quotes(given: QuotesRequest, request: Request) -> QuotesBody:
        """Look up each quotation and citation of a text: found, different or unknown. Nothing of the text is kept or logged."""
        refuse_other_sites(request, public_url=state.settings.public_url)
        checked = state.drafts().check(given.text)
        coverage = state.coverage.at(state.moment())
        return QuotesBody.of(checked, coverage=coverage, host=state.settings.public_url)

    return router
