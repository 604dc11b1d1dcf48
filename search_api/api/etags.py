"""ETags: which version of an answer the asker holds."""

from __future__ import annotations

from starlette.requests import Request


def holds(request: Request, etag: str) -> bool:
    """Say whether the asker holds the version that the ETag names (weak comparison, RFC 9110 section 13.1.2)."""
    given = request.headers.get("if-none-match", "")
    bare = etag.removeprefix("W/")
    return given.strip() == "*" or any(each.strip().removeprefix("W/") == bare for each in given.split(","))
