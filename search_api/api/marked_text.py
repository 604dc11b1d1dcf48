"""Snippets as HTML: the one place that escapes them."""

from __future__ import annotations

from html import escape

from search_api.answers.snippets import Snippet


def html_of(snippet: Snippet) -> str:
    """Return a snippet as escaped HTML, words of the search in <mark>."""
    return "".join(f"<mark>{escape(text)}</mark>" if is_match else escape(text) for text, is_match in snippet)
