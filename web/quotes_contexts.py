"""What the page that checks quotes is given to show; see web.contexts for the rules."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from web.contexts import TextLink


@dataclass(frozen=True, slots=True)
class QuoteChange:
    """A difference in words."""

    name: str
    """Figure, negation or word, in the page's language."""
    quoted: str
    printed: str
    """Either may be a dash where there is nothing."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A quotation that was looked up."""

    verdict: str
    """`found`, `different` or `unknown`: of the style sheet."""
    verdict_words: str
    quoted: Markup
    """What differs is in <mark>."""
    printed: Markup | None
    """What is printed; None: it says the same, or may not be shown."""
    place: TextLink | None
    """Title of the document and link to the page; None: nothing was found."""
    page_words: str
    lang: str
    """Of the document; empty: unknown."""
    direction: str
    changes: tuple[QuoteChange, ...]
    """Changed figures, named apart."""
    others: tuple[TextLink, ...]
    """Other pages on which it stands word by word."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitationLine:
    """A citation that was looked up."""

    verdict: str
    verdict_words: str
    text: str
    documents: tuple[TextLink, ...]
    more: bool
    """True: more than these may be meant."""


@dataclass(frozen=True, slots=True)
class QuotesResult:
    """What came of checking a text."""

    summary: tuple[str, ...]
    quotes: tuple[QuoteLine, ...]
    citations: tuple[CitationLine, ...]
    held: str
    """What `unknown` is about: what is held here."""


@dataclass(frozen=True, slots=True)
class QuotesPage:
    """The form, and what came of the text that was sent by it."""

    action: str
    text: str
    """What was pasted; empty where a file was sent, or nothing yet."""
    characters_max: int
    megabytes_max: int
    result: QuotesResult | None
    error: str = ""
    """Why the text could not be checked; empty: it was, or none was sent."""
