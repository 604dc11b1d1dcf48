"""The results page."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from search_api.answers.suggestions import suggestions_for
from search_api.api.etags import holds
from search_api.api.failing import count_failed
from search_api.api.routes import search_etag
from web.addresses import Parameters, feed_address, json_feed_address, search_address, with_parameters
from web.contexts import Frame
from web.language import page_language
from web.selection import selection_of
from web.state import Site
from web.views.coverage import coverage_in_words
from web.views.results import results_page, title_of


def results_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/search")
    def results(request: Request) -> Response:
        given = tuple(request.query_params.multi_items())
        tidy = one_address(given)
        if tidy != given:
            return RedirectResponse(with_parameters("/search", tidy), status_code=303)
        query, lang, marked = site.query_of(given), page_language(request), selection_of(request)
        # The style sheet's name changes with the pages' looks; an old page must not be taken for right.
        moment = site.app.moment()
        coverage = site.app.coverage.at(moment)
        looks = f"{site.assets.address('pushcart.css')} {lang} {marked} {site.signed_in.variant(request)}"
        etag = search_etag(query, state=site.app, moment=moment, coverage=coverage, variant=looks)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if holds(request, etag):
            return Response(status_code=304, headers=headers)
        found, names = site.search(query, lang=lang), site.names(lang=lang)
        page = results_page(
            found,
            names=names,
            vocabulary=site.app.vocabulary,
            searched=site.everything(lang=lang).documents,
            may_freeze=site.app.settings.frozen_searches_max > 0
            and found.documents <= site.app.settings.frozen_hits_max,
            may_follow=site.alerts.takes_new,
            by_email=site.alerts.sends_email,
            ways=suggestions_for(
                found, engine=site.app.engine, store=site.app.store, vocabulary=site.app.vocabulary, lang=lang
            ),
            coverage=coverage_in_words(coverage, lang=lang),
            marked=marked,
        )
        frame = Frame(
            title=title_of(found, names=names),
            here="search",
            text=query.text,
            feed=feed_address(query),
            json_feed=json_feed_address(query),
            canonical=f"{site.app.settings.public_url}{search_address(query)}",
            unapi=f"{site.app.settings.public_url}/unapi",
            may_be_indexed=False,
            lang=lang,
        )
        response = site.pages.respond(request, "results.html", page, frame=frame, etag=etag)
        response.background = count_failed(found, state=site.app)
        return response

    return router


def one_address(given: Parameters) -> Parameters:
    """Return the parameters as a bookmark should hold them: nothing empty, `from` and `to` as one `year`.

    The form of a browser without JavaScript sends every field, also the empty ones.
    """
    first = _year_in(given, "from")
    last = _year_in(given, "to")
    kept = [each for each in given if each[1].strip() and each[0] not in ("from", "to")]
    if any(name in ("from", "to") for name, _ in given):
        kept = [each for each in kept if each[0] != "year"]
    if first or last:
        if first and last and first > last:  # written the other way round: it is clear what is meant
            first, last = last, first
        kept.append(("year", first if first == last else f"{first}..{last}"))
    return tuple(kept)


def _year_in(given: Parameters, name: str) -> str:
    """Return the value of a year field; other values are passed on, so that the search can report them."""
    value = next((value.strip() for each, value in given if each == name), "")
    return value if re.fullmatch(r"[0-9]{4}", value) else value[:10]
