"""What facets and their values are called: one home for pages, API, feed and command."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.languages import own_name
from corpus.messages.catalogue import Message, gettext, message

_FACETS: Mapping[str, Message] = {
    "group": message("Worker group"),
    "region": message("Region"),
    "country": message("Country"),
    "sector": message("Sector"),
    "topic": message("Topic"),
    "lang": message("Language"),
    "source": message("Source"),
    "type": message("Type"),
    "publisher": message("Publisher"),
    "year": message("Year"),
    "q": message("Words"),
    "words": message("Translations"),
}
_TYPES: Mapping[str, Message] = {
    "working_paper": message("Working paper"),
    "policy_brief": message("Policy brief"),
    "report": message("Report"),
    "statistics": message("Statistics"),
    "article": message("Article"),
    "thesis": message("Thesis"),
    "book": message("Book"),
    "law": message("Law"),
    "web_page": message("Web page"),
    "document": message("Document"),
}


def facet_title(facet: str, *, lang: str = "en") -> str:
    """Return what a facet or parameter is called: `Worker group`. Raises KeyError: there is none of that name."""
    return gettext(_FACETS[facet], lang=lang)


def facet_in_sentence(facet: str, *, lang: str = "en") -> str:
    """Return what a facet is called within a sentence: `worker group`. Raises KeyError: there is none of that name."""
    title = facet_title(facet, lang=lang)
    return f"{title[:1].lower()}{title[1:]}"


def type_name(kind: str, *, lang: str = "en") -> str:
    """Return what a type of document is called: `Working paper`; of one that is none of ours, its own words."""
    known = _TYPES.get(kind)
    return gettext(known, lang=lang) if known else kind.replace("_", " ").capitalize()


def document_language(code: str, *, lang: str = "en") -> str:
    """Return the language of a document in itself, with a capital: `Español`; for `und`, that it is not known."""
    if code == "und":
        return gettext("Language not known", lang=lang)
    name = own_name(code)
    return f"{name[:1].upper()}{name[1:]}" if len(name) > 2 else name
