"""Pages in the encoding that their bytes bear out, not only in the one that their server declares."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response, TextResponse

from corpus.decoding import declared_in_markup, encoding_of


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
