"""Who asks the API: the person whose token is in the header."""

from __future__ import annotations

from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from corpus.audit import Actor, AuditChannel
from curation.authorising import Authoriser

BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="Token of a person, as `pushcart people add NAME` shows it once.",
)

Shown = Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]


class ActorOfRequest:
    """A dependency: gives who asks, or raises NotAuthorised or AsksTooOften."""

    def __init__(self, authoriser: Authoriser) -> None:
        self._authoriser = authoriser

    def __call__(self, request: Request, response: Response, shown: Shown) -> Actor:
        """Return who asks; what they are told is kept by no cache."""
        response.headers["Cache-Control"] = "no-store"
        address = request.client.host if request.client else ""
        token = shown.credentials if shown is not None else ""
        person = self._authoriser.person(token, address=address, asked=request.url.query)
        return Actor(person.name, AuditChannel.API)
