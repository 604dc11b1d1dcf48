"""Pages of evidence: /evidence/group/street_vendors."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from corpus.messages import gettext
from search_api.answers.evidence import evidence_on, find_concept
from search_api.api.etags import holds
from search_api.api.routes import search_etag
from search_api.query.parameters import SearchQuery
from web.addresses import evidence_address, feed_address, json_feed_address
from web.contexts import Frame
from web.language import page_language
from web.state import Site
from web.views.evidence import evidence_page


def evidence_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/evidence/{facet}/{concept_id}")
    def evidence(request: Request, facet: str, concept_id: str) -> Response:
        state, lang = site.app, page_language(request)
        concept = find_concept(facet, concept_id, vocabulary=state.vocabulary, lang=lang)
        query = SearchQuery().with_value(facet, concept_id)
        moment = state.moment()
        looks = f"evidence {site.assets.address('pushcart.css')} {lang} {site.signed_in.variant(request)}"
        coverage = state.coverage.at(moment)
        etag = search_etag(query, state=state, moment=moment, coverage=coverage, variant=looks)
        if holds(request, etag):
            return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
        found = evidence_on(
            concept,
            engine=state.engine,
            store=state.store,
            vocabulary=state.vocabulary,
            lang=lang,
            rights=state.rights,
        )
        page = evidence_page(found, vocabulary=state.vocabulary, may_follow=site.alerts.takes_new, lang=lang)
        title = gettext("Evidence: {name}", name=found.label, lang=lang)
        frame = Frame(
            title=title,
            here="browse",
            feed=feed_address(query),
            json_feed=json_feed_address(query),
            canonical=f"{state.settings.public_url}{evidence_address(facet, concept_id, lang=lang)}",
            may_be_indexed=found.about.count > 0,
            description=page.note or title,
            lang=lang,
        )
        return site.pages.respond(request, "evidence.html", page, frame=frame, etag=etag)

    return router
