"""Health checks: is the process running, and can it answer."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from search_api.api.problems import Problem, problem_response
from search_api.api.readiness import Readiness, not_ready
from search_api.api.state import AppState


class HealthBody(BaseModel):
    """All is well."""

    status: Literal["ok"] = "ok"


class ReadyBody(HealthBody):
    """Records and index answer."""

    index: str = Field(default="", description="why the index must be rebuilt, in words; absent: it is up to date")


def health_router(state: AppState) -> APIRouter:
    """Return the routes. They run beside the requests of readers, who may all be waiting for a part that hangs."""
    router = APIRouter(tags=["status"])
    readiness = Readiness(state)

    @router.get("/healthz", summary="Whether the process is running")
    async def get_health() -> HealthBody:
        """Answer independently of records and index: a process that answers here need not be restarted."""
        return HealthBody()

    @router.get(
        "/readyz",
        response_model=ReadyBody,
        response_model_exclude_unset=True,
        responses={
            503: {
                "description": "`parts` names which of records, schema and index are not ready, `detail` says it in words",
                "model": Problem,
            }
        },
        summary="Whether records and index answer",
    )
    async def get_readiness() -> ReadyBody | Response:
        """Answer within seconds: 200 when a search can be made, 503 when requests are better sent to another process."""
        faults = await readiness.faults()
        if faults:
            return problem_response(not_ready(faults))
        return ReadyBody(status="ok", index=readiness.misfit) if readiness.misfit else ReadyBody(status="ok")

    return router
