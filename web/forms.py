"""Small forms that a page sends by POST."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

BYTES_MAX = 8_000
"""Of a whole form; ours have one or two short fields."""


async def form_values(request: Request) -> dict[str, str]:
    """Return the fields of a form by name, the last of several; a body in another form has none.

    Raises HTTPException: 413, it has more than BYTES_MAX. Nothing beyond them is read.
    """
    return dict(await form_fields(request))


async def form_fields(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form in their order, also those that are given twice; otherwise as `form_values`."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BYTES_MAX:
            raise HTTPException(413)
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:  # more fields, or bytes that are no text
        return []
