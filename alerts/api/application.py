"""All routes of the API of alerts, to be mounted with those of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter

from alerts.api.manage_routes import manage_router, message_router
from alerts.api.subscribing_routes import bounce_router, subscribing_router
from alerts.subscribing.state import AlertsState


def alert_routers(state: AlertsState, *, actor: Callable[..., Any]) -> tuple[APIRouter, ...]:
    """Return the routers.

    Args:
        state: what is open.
        actor: dependency that lets only people with a token in.
    """
    return (subscribing_router(state), manage_router(state), message_router(state), bounce_router(state, actor=actor))
