"""Checks for robots that sites send in place of a page: told apart from pages, never kept, and said."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from corpus.messages.reasons import reason_in_words
from crawler.middlewares import BotCheckMiddleware, bot_check_of
from crawler.net.failures import AnswerRefused

ANUBIS = b'<html><title>Making sure you&#39;re not a bot!</title><script id="anubis_challenge">{}</script></html>'
CLOUDFLARE = b"<html><head><title>Just a moment...</title></head><body>Enable JavaScript</body></html>"


def response(body: bytes = b"", *, status: int = 200, **headers: str) -> HtmlResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HtmlResponse("https://site.example/a", status=status, body=body, headers=named, encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (response(ANUBIS), "Anubis"),
        (response(CLOUDFLARE, status=403), "Cloudflare"),
        (response(b"<html>", status=403, cf_mitigated="challenge"), "Cloudflare"),
        (response(status=202, x_amzn_waf_action="challenge"), "AWS WAF"),
        (response(b"<html>", status=405, x_amzn_waf_action="CAPTCHA"), "AWS WAF"),
    ],
    ids=["Anubis", "Cloudflare by title", "Cloudflare by header", "AWS challenge", "AWS captcha"],
)
def test_a_check_is_known_by_its_maker_s_mark(given: HtmlResponse, name: str):
    assert bot_check_of(given) == name
    with pytest.raises(AnswerRefused) as caught:
        BotCheckMiddleware().process_response(Request(given.url), given)
    assert reason_in_words(caught.value.failure) == (
        f"The site sent a check for robots ({name}) instead: programs are not let in here."
    )


@pytest.mark.parametrize(
    "body",
    [
        b"<html><title>Bots, anubis and Cloudflare: a policy brief</title>Making sure you are not a bot</html>",
        b'<html><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><main>Text</main></html>',
        b"%PDF-1.4 Just a moment...",
        b"",
    ],
    ids=["a text on them", "Cloudflare's script on a page", "a PDF", "nothing"],
)
def test_pages_that_speak_of_checks_or_carry_scripts_are_pages(body: bytes):
    given = response(body)
    assert BotCheckMiddleware().process_response(Request(given.url), given) is given
