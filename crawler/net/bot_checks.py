"""Pages that sites send to programs in place of what was asked for: checks that only a browser with scripts gets past.

Such a page comes with status 200, 202, 403 or 503, and is long enough to be taken for a text. It is an answer: it is not
worked around, and not kept. Marks: Anubis (github.com/TecharoHQ/anubis, web/index.templ), Cloudflare
(developers.cloudflare.com/cloudflare-challenges: `cf-mitigated: challenge`), AWS WAF (docs.aws.amazon.com/waf:
`x-amzn-waf-action`), and the title of Cloudflare's page where a proxy has dropped the header.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

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
