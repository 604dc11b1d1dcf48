"""The language in which a page speaks: English, unless its address says otherwise."""

from __future__ import annotations

from starlette.requests import Request

from corpus.types import LANGUAGES

LANGUAGE_PARAMETER = "locale"
"""Not `lang`, which filters documents by their language."""


def page_language(request: Request) -> str:
    """Return en, es, fr or pt, as `locale` in the address says; English where it says nothing, or something else."""
    wanted = request.query_params.get(LANGUAGE_PARAMETER, "")
    return wanted if wanted in LANGUAGES else "en"
