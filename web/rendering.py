"""Templates to HTML: the Jinja2 environment, its filters, and the one function that turns a page's values into a response."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, ClassVar, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from corpus.languages import own_name
from corpus.messages import gettext, ngettext
from corpus.messages.dates import written_moment
from corpus.messages.formats import grouped
from corpus.shown import without_signs
from corpus.types import LANGUAGES
from curation.sign_ins import Visitor
from search_api.answers.snippets import Snippet
from search_api.api.etags import holds
from search_api.api.marked_text import html_of
from web.addresses import evidence_address, with_parameters
from web.assets import Assets
from web.contexts import Frame, TextLink
from web.format import day_in_words
from web.language import LANGUAGE_PARAMETER, REMEMBER, VARY, keep_language

_DRAWINGS = {
    "cart": (
        '<svg viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" '
        'stroke-linecap="round" stroke-linejoin="round"><path fill="currentColor" d="M6 4h18l2 6a2.5 2.5 0 0 1-5 0 '
        '2.5 2.5 0 0 1-4.5 0 2.5 2.5 0 0 1-4.5 0 2.5 2.5 0 0 1-4.5 0 2.5 2.5 0 0 1-4.5 0z"/>'
        '<path d="M7 12v6M23 12v6M5 18h20v5H5zM25 18l5-3"/><circle cx="15" cy="26" r="3.3"/></svg>'
    ),
    "cart-tipped": (
        '<svg viewBox="0 0 40 34" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" '
        'stroke-linecap="round" stroke-linejoin="round"><g transform="rotate(-14 18 24)"><path d="M7 4h18l2 6a2.5 2.5 '
        '0 0 1-5 0 2.5 2.5 0 0 1-4.5 0 2.5 2.5 0 0 1-4.5 0 2.5 2.5 0 0 1-4.5 0 2.5 2.5 0 0 1-4.5 0z"/>'
        '<path d="M8 12v6M24 12v6M6 18h20v5H6zM26 18l5-3"/></g><circle cx="21" cy="28.5" r="3.2"/>'
        '<circle cx="33" cy="31" r="1.6"/><path d="M2 32.6h36"/></svg>'
    ),
    "feed": (
        '<svg class="feed-icon" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" '
        'stroke-width="2.2" stroke-linecap="round"><circle cx="3.2" cy="12.8" r="1" fill="currentColor"/>'
        '<path d="M2.2 7.4a6.4 6.4 0 0 1 6.4 6.4M2.2 2.4a11.4 11.4 0 0 1 11.4 11.4"/></svg>'
    ),
}


class PageValues(Protocol):
    """A frozen dataclass of web.contexts."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class Pages:
    """Renders the pages. One for the whole application; threads may share it."""

    def __init__(self, assets: Assets, *, visitor_of: Callable[[Request], Visitor | None]) -> None:
        """Read the templates.

        Args:
            assets: the static files.
            visitor_of: says who is signed in with a request.
        """
        self._environment = make_environment(assets)
        self._visitor_of = visitor_of

    def render(self, template: str, page: PageValues, *, frame: Frame) -> str:
        """Return the HTML of a page.

        Raises jinja2.UndefinedError: the template names a value that the page does not declare (a bug).
        """
        return self._environment.get_template(template).render(page=page, frame=frame)

    def respond(
        self, request: Request, template: str, page: PageValues, *, frame: Frame, status: int = 200, etag: str = ""
    ) -> Response:
        """Answer with a page; with 304 and no body where the browser already holds exactly this one.

        Pages of someone who is signed in are kept nowhere. Pages of errors show no one as signed in: records may be away.

        Args:
            etag: names this version of the page; empty: made from its text.
        """
        visitor = self._visitor_of(request) if status == 200 else None
        html = self.render(
            template,
            page,
            frame=replace(frame, visitor=visitor, languages=languages_of(request, is_found=status == 200)),
        )
        response = self._response(request, html, status=status, etag=etag, is_kept=status == 200 and visitor is None)
        response.headers["Vary"] = VARY
        keep_language(response, request=request)
        return response

    @staticmethod
    def _response(request: Request, html: str, *, status: int, etag: str, is_kept: bool) -> Response:
        if not is_kept:
            return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
        # Weak, because compression may change the bytes on the way.
        etag = etag or f'W/"{hashlib.sha256(html.encode()).hexdigest()[:20]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if holds(request, etag):
            return Response(status_code=304, headers=headers)
        return HTMLResponse(html, headers=headers)


def languages_of(request: Request, *, is_found: bool) -> tuple[TextLink, ...]:
    """Return links to this page in each of our languages; to the home page where there is none.

    Args:
        is_found: False: a refusal; its address is not repeated, which may hold a token or a secret name.
    """
    is_read = is_found and request.method in ("GET", "HEAD")
    kept = (
        [
            each
            for each in request.query_params.multi_items()
            if each[0] not in (LANGUAGE_PARAMETER, REMEMBER) and is_found
        ]
        if is_read
        else []
    )
    path = request.url.path if is_read else "/"
    links = (with_parameters(path, [*kept, (LANGUAGE_PARAMETER, each), (REMEMBER, "1")]) for each in LANGUAGES)
    return tuple(TextLink(own_name(each).capitalize(), href, each) for each, href in zip(LANGUAGES, links, strict=True))


def make_environment(assets: Assets) -> Environment:
    """Return the Jinja2 environment: everything is escaped, and an undeclared value is an error."""
    environment = Environment(
        loader=PackageLoader("web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_fit_to_be_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Not jinja2.ext.i18n: its `%(name)s` would be a second way to write placeholders, and its language one for all readers.
    environment.globals |= {"_": _gettext, "ngettext": _ngettext}
    environment.globals["asset"] = assets.address
    environment.globals["drawing"] = lambda name: Markup(_DRAWINGS[name])  # constants of ours  # noqa: S704
    environment.globals["evidence_address"] = pass_context(_evidence_address)
    environment.filters["grouped"] = pass_context(lambda context, number: grouped(number, lang=_lang(context)))
    environment.filters["day"] = pass_context(lambda context, when: day_in_words(when, lang=_lang(context)))
    environment.filters["moment"] = pass_context(lambda context, when: written_moment(when, lang=_lang(context)))
    environment.filters["with_code"] = _with_code
    environment.filters["machine_time"] = _machine_time
    return environment


def _lang(context: Context) -> str:
    return str(context["frame"].lang)


@pass_context
def _gettext(context: Context, message: str, /, **data: object) -> str:
    """Say a message of a template in the page's language. What comes out is escaped like any other text."""
    return gettext(message, lang=_lang(context), **data)


@pass_context
def _ngettext(context: Context, one: str, many: str, count: int, /, **data: object) -> str:
    return ngettext(one, many, count, lang=_lang(context), **data)


def _evidence_address(context: Context, tag: str) -> str:
    """Return where the evidence on `group:street_vendors` is, in the page's language; empty where there is no such page."""
    facet, _, concept = tag.partition(":")
    return evidence_address(facet, concept, lang=_lang(context))


def _fit_to_be_shown(value: Any) -> Any:
    """Return what a template prints: strangers' texts without signs that would turn the rest of a line around."""
    if not isinstance(value, str):
        return value
    plain = without_signs(value)
    return Markup(plain) if isinstance(value, Markup) else plain  # escaped before  # noqa: S704


def _machine_time(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _with_code(message: str) -> Markup:
    """Return a message of ours escaped, with what is in backticks as code; our errors name commands so."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(message))))  # noqa: S704 escaped first


def marked(snippet: Snippet) -> Markup:
    """Return a text of a search escaped, with the words that were found in <mark>."""
    return Markup(html_of(snippet))  # noqa: S704 html_of escapes


def declared_names(page: type[PageValues]) -> frozenset[str]:
    """Return the names that a page declares, for the test that holds templates and contexts together."""
    return frozenset(each.name for each in fields(page))
