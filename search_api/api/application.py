"""The API as one application, to be mounted at /api/v1."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI

from search_api.api.answers import HeadAsGet, SafeJSONResponse
from search_api.api.around_routes import around_router
from search_api.api.evidence_routes import evidence_router
from search_api.api.export_routes import export_router
from search_api.api.frozen_routes import frozen_router
from search_api.api.health_routes import health_router
from search_api.api.problems import PROBLEM_JSON, answer_with_problems
from search_api.api.quote_routes import quote_router
from search_api.api.report_routes import report_router
from search_api.api.routes import document_router, search_router, status_router, vocabulary_router
from search_api.api.source_routes import source_router
from search_api.api.state import AppState

_DESCRIPTION = """
The literature of the informal economy, page by page. Everything that the pages show can be had here as JSON.
Refusals are problem JSON (RFC 9457) with what to do next. Times are UTC. Reading needs no key; what persons change, and the log
of it, needs their token. Every search is also a feed of what is new, with the same parameters, beside this API: `/feed.atom` (Atom)
and `/feed.json` (JSON Feed 1.1), page by page to the first document.
"""


def make_api(state: AppState, *, others: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the application; the creator of the state closes it.

    Args:
        state: what is open.
        others: routes of packages that are above this one.

    The interactive description pages of FastAPI are off: they load scripts from other hosts.
    """
    app = FastAPI(
        title="Pushcart",
        version=version("pushcart"),
        description=_DESCRIPTION.strip(),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        default_response_class=SafeJSONResponse,
    )
    app.add_middleware(HeadAsGet)
    answer_with_problems(app)
    routers = (
        search_router,
        export_router,
        report_router,
        frozen_router,
        quote_router,
        document_router,
        vocabulary_router,
        evidence_router,
        source_router,
        around_router,
        status_router,
        health_router,
    )
    for router in routers:
        app.include_router(router(state))
    for each in others:
        app.include_router(each)
    describe = app.openapi
    app.openapi = lambda: _with_problems(describe())  # type: ignore[method-assign]
    return app


def _with_problems(described: dict[str, Any]) -> dict[str, Any]:
    """Let the description say of refusals what is true: FastAPI takes every model for plain JSON."""
    problem = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in described["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status.startswith(("4", "5")):
                    response["content"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        described["components"]["schemas"].pop(unused, None)
    return described
