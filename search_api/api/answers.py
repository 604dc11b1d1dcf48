"""How the API answers: JSON that is fit for strangers, and HEAD as GET without its body."""

from __future__ import annotations

import re
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json, to_jsonable_python
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.shown import for_strangers, without_signs

_SUSPECT = re.compile(r'\\[bfru]|"[Ff][Ii][Ll][Ee]:/')
"""In JSON: an escaped control, or a text that begins as a folder of this machine."""


class SafeJSONResponse(JSONResponse):
    """JSON without controls and bidirectional signs in its texts, and without folders of this machine."""

    def render(self, content: Any) -> bytes:
        """Return the bytes of a body.

        Args:
            content: a value of JSON, in which times may be datetimes, or a model.
        """
        written = _written(content)
        # Most bodies have nothing to be taken out of: one look at the whole costs less than one at each of its texts.
        if written and without_signs(written) == written and not _SUSPECT.search(written):
            return written.encode()
        values = content.model_dump(mode="json") if isinstance(content, BaseModel) else to_jsonable_python(content)
        return super().render(for_strangers(values))


def _written(content: Any) -> str:
    """Return JSON; empty when a text has half characters."""
    try:
        return content.model_dump_json() if isinstance(content, BaseModel) else to_json(content).decode()
    except PydanticSerializationError:
        return ""


IS_HEAD = "pushcart.is_head"
"""In the scope of a request that is answered as GET and sent without its body."""


def is_head(request: Request) -> bool:
    """Say whether only the headers of an answer are wanted."""
    return request.method == "HEAD" or IS_HEAD in request.scope


class HeadAsGet:
    """Answers HEAD as GET, without the body (RFC 9110, section 9.3.2): link checkers and caches ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", IS_HEAD: True}, receive, send_without_body)
