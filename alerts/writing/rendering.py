"""Messages through Jinja2 templates: a text part, and an HTML part whose styles are in its elements, as mail programs need."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup

from alerts.writing.content import Content, DigestContent, DigestEntry, NoticeContent, Reader, kind_of
from alerts.writing.selecting import SIZES, ShownDigest, shown_of
from alerts.writing.sentences import (
    copies_in_words,
    facts_of,
    host_of,
    notice_words,
    often_in_words,
    reason_of,
    subject_of,
)
from alerts.writing.texts import harmless, plain_text
from corpus.languages import direction
from corpus.messages import gettext, ngettext
from corpus.messages.dates import local_moment
from corpus.messages.formats import grouped
from corpus.shown import without_signs
from search_api.answers.snippets import Snippet

HTML_MAX = 90_000
"""Bytes of the HTML part. Gmail cuts it at about 102 kB, and with it the links at its end."""
LINE_MAX = 76
"""Characters of a line of the text part; addresses are never broken."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The two parts of an e-mail; they say the same."""

    text: str
    html: str


def parts_of(content: Content) -> Parts:
    """Return the text and HTML of a message; of a long digest as much as HTML_MAX holds.

    Args:
        content: with texts that are fit for a message.
    """
    if not isinstance(content, DigestContent):
        return _rendered(content, shown=None)
    for size in SIZES:
        parts = _rendered(content, shown=shown_of(content, size))
        if len(parts.html.encode()) <= HTML_MAX:
            break
    return parts


def _rendered(content: Content, *, shown: ShownDigest | None) -> Parts:
    environment, kind = _environment(), kind_of(content)
    values = {
        "content": content,
        "lang": content.reader.lang,
        "shown": shown,
        "subject": subject_of(content),
        "notice": notice_words(content) if isinstance(content, NoticeContent) else None,
    }
    html = environment.get_template(f"{kind}.html").render(values)
    return Parts(
        text=environment.get_template(f"{kind}.txt").render(values).strip() + "\n",
        html=_inliner().inline(html),
    )


@cache
def _inliner() -> CSSInliner:
    """Return what writes styles into elements. It opens no address and no file: links to style sheets are left out."""
    style = files("alerts.writing").joinpath("templates", "style.css").read_text(encoding="utf-8")
    # At-rules stay in a style element: dark colours cannot be in an element.
    return CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True, extra_css=style)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts.writing", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=True, default=False),
        undefined=StrictUndefined,
        finalize=_fit_to_be_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"_": _gettext, "ngettext": _ngettext}
    environment.filters |= {
        "grouped": pass_context(lambda context, number: grouped(number, lang=_lang(context))),
        "moment": pass_context(_moment),
        "often": pass_context(lambda context, frequency: often_in_words(frequency, lang=_lang(context))),
        "facts": pass_context(_facts),
        "reason": pass_context(lambda context, entry: reason_of(entry, lang=_lang(context))),
        "copies": pass_context(lambda context, count: copies_in_words(count, lang=_lang(context))),
        "direction": direction,
        "host": host_of,
        "harmless": harmless,
        "starred": starred,
        "plain": plain_text,
        "wrap": _wrapped,
    }
    return environment


def _lang(context: Context) -> str:
    return str(context["lang"])


@pass_context
def _gettext(context: Context, message: str, /, **data: object) -> str:
    return gettext(message, lang=_lang(context), **data)


@pass_context
def _ngettext(context: Context, one: str, many: str, count: int, /, **data: object) -> str:
    return ngettext(one, many, count, lang=_lang(context), **data)


def _moment(context: Context, when: Any) -> str:
    reader: Reader = context["content"].reader
    return local_moment(when, time_zone=reader.time_zone, lang=reader.lang)


def _facts(context: Context, entry: DigestEntry) -> tuple[str, ...]:
    """Return the facts of a document; the day on which it came only in a message that collects a week."""
    content: DigestContent = context["content"]
    zone = content.reader.time_zone if content.frequency == "weekly" else ""
    return facts_of(entry, time_zone=zone, lang=content.reader.lang)


def _fit_to_be_shown(value: Any) -> Any:
    """Return what a template prints: no text turns the rest of a line around."""
    if not isinstance(value, str):
        return value
    plain = without_signs(value)
    return Markup(plain) if isinstance(value, Markup) else plain  # escaped before  # noqa: S704


def starred(snippet: Snippet) -> str:
    """Return a snippet as plain text, with the words of the search between asterisks."""
    return "".join(f"*{text}*" if is_match else text for text, is_match in snippet)


def _wrapped(text: str, indent: int = 0, first: str = "") -> str:
    """Return a paragraph in lines of at most LINE_MAX characters; longer words, as addresses are, stay whole.

    Args:
        text: without line breaks.
        indent: spaces before each line.
        first: what is before the first line in their place.
    """
    margin = " " * indent
    return textwrap.fill(
        text,
        LINE_MAX,
        initial_indent=first or margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
