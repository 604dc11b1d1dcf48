"""Check the quotes of a text: /quotes shows the form, and takes a pasted text or a file by POST. Nothing of it is kept."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import BadInput
from corpus.messages import gettext
from nlp.reading.drafts import FILE_BYTES_MAX, draft_text
from search_api.api.same_site import refuse_other_sites
from search_api.quotes.drafts import TEXT_CHARACTERS_MAX
from web.addresses import with_parameters
from web.contexts import Frame
from web.forms import UploadedForm, uploaded_form
from web.language import LANGUAGE_PARAMETER, page_language
from web.quotes_contexts import QuotesPage, QuotesResult
from web.security import BODY_BYTES_OF_PATH
from web.state import Site
from web.views.quotes import quotes_result


def quotes_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    def respond(
        request: Request, *, text: str = "", result: QuotesResult | None = None, error: str = "", status: int = 200
    ) -> Response:
        lang = page_language(request)
        kept = [(LANGUAGE_PARAMETER, lang)] if LANGUAGE_PARAMETER in request.query_params else []
        page = QuotesPage(
            action=with_parameters("/quotes", kept),
            text=text,
            characters_max=TEXT_CHARACTERS_MAX,
            megabytes_max=FILE_BYTES_MAX // 1_000_000,
            result=result,
            error=error,
        )
        title = gettext("Check quotes", lang=lang)
        frame = Frame(title=title, may_be_indexed=result is None and not error, lang=lang)
        return site.pages.respond(request, "quotes.html", page, frame=frame, status=status)

    def check(form: UploadedForm, *, lang: str) -> QuotesResult:
        text = (
            draft_text(form.file, settings=site.app.settings, lang=lang) if form.file else form.fields.get("text", "")
        )
        draft = site.app.drafts().check(text)
        return quotes_result(draft, coverage=site.app.coverage.at(site.app.moment()), lang=lang)

    @router.get("/quotes")
    def form(request: Request) -> Response:
        return respond(request)

    @router.post("/quotes")
    async def checked(request: Request) -> Response:
        lang = page_language(request)
        refuse_other_sites(request, public_url=site.app.settings.public_url, lang=lang)
        given = await uploaded_form(request, bytes_max=BODY_BYTES_OF_PATH["/quotes"])
        text = "" if given.file else given.fields.get("text", "")
        try:
            result = await run_in_threadpool(check, given, lang=lang)
        except BadInput as error:
            return respond(request, text=text[:TEXT_CHARACTERS_MAX], error=error.in_language(lang), status=422)
        response = respond(request, text=text, result=result)
        response.headers["Cache-Control"] = "no-store"
        return response

    return router
