"""The OAI-PMH address for harvesters: GET and POST."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from corpus.secret_key import secret_key_of
from search_api.oai.provider import OaiProvider
from search_api.oai.tokens import OaiTokens
from web.forms import form_fields
from web.state import Site


def oai_router(site: Site) -> APIRouter:
    """Return the routes."""
    router, state = APIRouter(include_in_schema=False), site.app
    provider = OaiProvider(
        settings=state.settings,
        store=state.store,
        vocabulary=state.vocabulary,
        rights=state.rights,
        tokens=OaiTokens(secret_key_of(state.settings)),
    )

    def answer(given: Sequence[tuple[str, str]]) -> Response:
        body = provider.answer(given, now=datetime.now(UTC))
        return Response(body, media_type="text/xml", headers={"Cache-Control": "no-cache"})

    @router.get("/oai")
    def asked(request: Request) -> Response:
        return answer(request.query_params.multi_items())

    @router.post("/oai")
    async def posted(request: Request) -> Response:
        fields = await form_fields(request)
        return await run_in_threadpool(answer, fields)

    return router
