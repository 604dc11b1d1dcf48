"""The ASGI application: pages for people at /, the API at /api/v1, one set of open resources for both."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from alerts.api.application import alert_routers
from alerts.channels.email.reports import BounceKind
from alerts.checking.explaining import RecordsExplain
from alerts.checking.why import why
from alerts.sending.bounces import note_bounce
from alerts.subscribing.state import AlertsState
from corpus.alerts import Subscription
from corpus.errors import PushcartError
from corpus.files import open_files
from corpus.logs import set_up_logs
from corpus.messages.catalogue import TRANSLATED, catalogue
from corpus.private import UMASK
from corpus.rights import policy_of
from corpus.secret_key import secret_key_of
from corpus.settings import Settings, read_settings
from corpus.store import open_store
from corpus.vocabulary import load_vocabulary
from crawler.sources.declared_now import Declarations
from curation.api.actors import ActorOfRequest
from curation.api.audit_routes import audit_router
from curation.api.correction_routes import correction_router
from curation.api.decision_routes import decision_router
from curation.authorising import Authoriser
from curation.sign_ins import SignIns
from search_api.answers.service import search
from search_api.answers.suggestions import suggestions_for
from search_api.api.application import make_api
from search_api.api.health_routes import health_router
from search_api.api.problems import problem_of
from search_api.api.state import AppState
from search_api.engines.opening import open_engine
from search_api.metrics import SearchMetrics
from search_api.query.parameters import SearchQuery
from web.admission import Admission
from web.assets import load_assets
from web.errors import answer_errors, answer_of
from web.language import page_language
from web.pictures import PagePictures
from web.rate_limits import (
    failed_token_limit,
    freezing_limits_of,
    quotes_limits_of,
    rate_limits_of,
    subscribing_limits_of,
)
from web.rendering import Pages
from web.routes.alerts import alerts_router
from web.routes.audit import audit_pages_router
from web.routes.compare import compare_router
from web.routes.corrections import corrections_router
from web.routes.decisions import decisions_router
from web.routes.documents import document_router
from web.routes.doors import doors_router
from web.routes.evidence import evidence_router
from web.routes.feeds import feed_router
from web.routes.frozen import frozen_pages_router
from web.routes.managed_alerts import managed_alerts_router
from web.routes.oai import oai_router
from web.routes.pictures import picture_router
from web.routes.quotes import quotes_router
from web.routes.reports import reports_router
from web.routes.results import results_router
from web.routes.selection import selection_router
from web.routes.signing_in import signing_in_router
from web.routes.sitemap import sitemap_router
from web.routes.sources import sources_router
from web.routes.start import start_router
from web.routes.suggestions import suggestions_router
from web.security import BodyLimit, Compression, SecurityHeaders
from web.signed_in import SignedIn
from web.state import Site
from web.watching import RequestMetrics, Watched, served_metrics, watch


def make_app(settings: Settings) -> FastAPI:
    """Return the application over the data folder that the settings name; it is closed when the server ends.

    What another process harvests, processes and indexes meanwhile is shown without a restart.

    Raises StoreUnavailable: the database cannot be opened. BadSettings: the engine is not there.
    """
    registry = CollectorRegistry()
    site = open_site(settings, registry=registry)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with served_metrics(settings, registry):
            warm_up(site.app)
            yield
        site.pictures.close()
        site.app.engine.close()
        site.app.store.close()

    def refuse(request: Request, error: PushcartError) -> Response:
        return answer_of(request, problem_of(error, lang=page_language(request)), pages=site.pages)

    app = FastAPI(title="Pushcart", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(
        Admission,
        at_once=settings.searches_at_once_count,
        wait_seconds_max=settings.search_wait_seconds_max,
        rates=rate_limits_of(settings),
        freezing=freezing_limits_of(settings),
        subscribing=subscribing_limits_of(settings),
        checking=quotes_limits_of(settings),
        refuse=refuse,
    )
    app.add_middleware(BodyLimit, refuse=refuse)
    app.add_middleware(Compression)
    # Outermost but for the headers: everything within sees the address of the reader, and not of the proxy.
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)
    around = _around(settings, registry)
    # Around everything, also around what answers when a request meets a bug.
    inner = app.build_middleware_stack
    app.build_middleware_stack = lambda: around(inner())  # type: ignore[method-assign]
    answer_errors(app, pages=site.pages)
    app.mount("/api/v1", make_api(site.app, others=_routes_of_others(site)))
    routers = (
        start_router,
        results_router,
        selection_router,
        reports_router,
        quotes_router,
        frozen_pages_router,
        suggestions_router,
        picture_router,
        compare_router,
        document_router,
        evidence_router,
        sources_router,
        feed_router,
        signing_in_router,
        audit_pages_router,
        decisions_router,
        corrections_router,
        alerts_router,
        managed_alerts_router,
        oai_router,
        doors_router,
        sitemap_router,
    )
    for router in routers:
        app.include_router(_answering_head(router(site)))
    app.include_router(_answering_head(health_router(site.app)))
    return app


def _around(settings: Settings, registry: CollectorRegistry) -> Callable[[ASGIApp], ASGIApp]:
    """Return what goes around the whole application."""
    if not (settings.metrics_address or settings.log_requests):
        return SecurityHeaders
    metrics = RequestMetrics(registry) if settings.metrics_address else None
    return lambda app: Watched(SecurityHeaders(app), metrics=metrics, logs=settings.log_requests)


_WARM_UP_TEXTS = (
    "workers economy",
    "trabajadores economía",
    "travailleurs économie",
    "trabalhadores economia",
    "vendrs",
)
"""What most documents have in each language, and a word that none has: for it others are looked for."""
_WARM_UP_HITS = 50


def warm_up(state: AppState) -> None:
    """Load what the first searches would wait for, and keep it out of every later search for garbage.

    A few searches in each language meet the words that most pages have (search_api.answers.known_words). What is in their
    way, such as an index that is not there, is said to those who search.

    The names of the vocabulary are some hundred thousand objects that live as long as the process; each full collection
    would go through all of them in the middle of an answer.
    """
    with suppress(PushcartError):
        for text in _WARM_UP_TEXTS:
            query = SearchQuery(text=text, limit=_WARM_UP_HITS)
            results = search(query, engine=state.engine, store=state.store, vocabulary=state.vocabulary)
            suggestions_for(results, engine=state.engine, store=state.store, vocabulary=state.vocabulary)
    for lang in TRANSLATED:
        catalogue(lang)
    gc.collect()
    gc.freeze()


def _routes_of_others(site: Site) -> tuple[APIRouter, ...]:
    """Return the routes of the API of packages above it: for people with a token, and of alerts."""
    actor = ActorOfRequest(site.authoriser)
    return (
        audit_router(site.app.store, actor=actor),
        decision_router(site.app, actor=actor),
        correction_router(site.app, actor=actor),
        *alert_routers(site.alerts, actor=actor),
    )


def _answering_head(router: APIRouter) -> APIRouter:
    """Let every route that answers GET answer HEAD: feed readers and link checkers ask so."""
    for route in router.routes:
        if isinstance(route, APIRoute) and route.methods and "GET" in route.methods:
            route.methods.add("HEAD")
    return router


def open_site(settings: Settings, *, registry: CollectorRegistry | None = None) -> Site:
    """Open store, index, vocabulary and file store, and let metrics be counted where the settings say so."""
    vocabulary = load_vocabulary()
    engine = open_engine(settings, vocabulary=vocabulary)
    if registry and settings.metrics_address:
        name = "elasticsearch" if settings.elasticsearch_url else "tantivy"
        engine = SearchMetrics(registry, engine=name).measured(engine)
    declarations = Declarations(settings)
    state = AppState(
        settings=settings,
        store=open_store(settings),
        engine=engine,
        vocabulary=vocabulary,
        rights=policy_of(settings, declared=declarations.rights),
        with_declared=declarations.beside,
    )
    if registry and settings.metrics_address:
        watch(registry, state)
    assets = load_assets()
    sign_ins = SignIns(state.store, secret_key_of(settings))
    signed_in = SignedIn(sign_ins, settings=settings)
    files = open_files(settings)
    return Site(
        app=state,
        files=files,
        pages=Pages(assets, visitor_of=signed_in.visitor),
        assets=assets,
        declarations=declarations,
        signed_in=signed_in,
        authoriser=Authoriser(state.store, sign_ins=sign_ins, failures=failed_token_limit(settings)),
        alerts=alerts_of(state),
        pictures=PagePictures(settings.data_dir, files),
    )


def alerts_of(state: AppState) -> AlertsState:
    """Return what following searches needs, with what other parts of alerts do for it."""

    def why_not(subscription: Subscription, document: str, *, lang: str) -> tuple[str, ...]:
        explains = RecordsExplain(state.store, vocabulary=state.vocabulary)
        return why(
            subscription.id, document, store=state.store, explains=explains, now=datetime.now(UTC), lang=lang
        ).words

    def bounced(address: str, *, kind: BounceKind, detail: str, at: datetime) -> bool:
        return note_bounce(state.store, address, kind=kind, at=at, text=detail) is not None

    settings = state.settings
    return AlertsState(
        state,
        why=why_not,
        note_bounce=bounced,
        sends_email=bool(settings.smtp_host),
        allows_private=settings.webhooks_allow_private,
    )


def app_from_environment() -> FastAPI:
    """Return the application that the environment's settings describe; what `pushcart serve` and any ASGI server start."""
    os.umask(UMASK)
    settings = read_settings()
    set_up_logs(settings)
    return make_app(settings)
