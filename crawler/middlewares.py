"""Downloader middlewares that look at an answer before spiders do: checks for robots in its place, and its encoding.

Such checks come with status 200, 202, 403 or 503, and are long enough to be taken for a text. They are not worked around, and
not kept. Marks: Anubis (github.com/TecharoHQ/anubis, web/index.templ), Cloudflare
(developers.cloudflare.com/cloudflare-challenges: `cf-mitigated: challenge`), AWS WAF (docs.aws.amazon.com/waf:
`x-amzn-waf-action`), and the title of the page of Cloudflare where a proxy has dropped the header.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response, TextResponse

from corpus.decoding import declared_in_markup, encoding_of
from corpus.reasons import Failure, FailureKind
from crawler.net.failures import AnswerRefused

_HEADERS = (
    ("Cloudflare", b"cf-mitigated", (b"challenge",)),
    ("AWS WAF", b"x-amzn-waf-action", (b"challenge", b"captcha")),
)
_MARKS = (
    ("Anubis", (b'id="anubis_challenge"', b"/.within.website/x/cmd/anubis/")),
    ("Cloudflare", (b"<title>Just a moment...</title>",)),
)
_HEAD_BYTES = 64 * 1024


def bot_check_of(response: Response) -> str:
    """Return the maker of the check that an answer is; empty when it is none."""
    for name, header, values in _HEADERS:
        if (response.headers.get(header) or b"").strip().lower() in values:
            return name
    head = response.body[:_HEAD_BYTES]
    return next((name for name, marks in _MARKS if any(mark in head for mark in marks)), "")


class BotCheckMiddleware:
    """Takes no such page for what was asked for; a check in place of robots.txt is robots.txt's own affair."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Refuse an answer that is a check for robots. Raises AnswerRefused."""
        if name := bot_check_of(response):
            raise AnswerRefused(Failure.of(FailureKind.BOT_CHECK, name=name))
        return response


class EncodingMiddleware:
    """Gives every HTML page and other text the encoding by which it makes sense, before spiders read it."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Return a text in its encoding; all else as it came."""
        return in_its_encoding(response) if isinstance(response, TextResponse) else response


def in_its_encoding(response: TextResponse) -> TextResponse:
    """Return a page in the encoding that its bytes bear out: the same object when it is in that already.

    Scrapy guesses by statistics where nothing is declared, and takes short Spanish or French pages for Polish ones; what is
    declared and wrong it reads with U+FFFD in place of letters.
    """
    content_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    declared = declared_in_markup(response.body, content_type=content_type)
    if response.body.isascii() and not declared:
        return response
    encoding = encoding_of(response.body, declared=declared)
    if encoding.startswith("utf-16") or encoding == "utf-8-sig":  # Scrapy knows byte order marks
        return response
    return response if encoding == response.encoding else response.replace(encoding=encoding)
