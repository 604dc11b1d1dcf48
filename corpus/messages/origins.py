"""Where a value came from, in words: `the publisher’s page (citation_title)`."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.catalogue import Message, gettext, message
from corpus.origins import Origin, OriginPlace

_PLACES: Mapping[OriginPlace, Message] = {
    OriginPlace.PERSON: message("corrected by a person"),
    OriginPlace.SIDECAR: message("the list that was added with it"),
    OriginPlace.RECORD: message("a catalogue’s record"),
    OriginPlace.LANDING: message("the publisher’s page"),
    OriginPlace.LISTING: message("the publisher’s list"),
    OriginPlace.FEED: message("the publisher’s feed"),
    OriginPlace.SITEMAP: message("the publisher’s sitemap"),
    OriginPlace.FILE: message("the file itself"),
    OriginPlace.LINK: message("the text of the link to it"),
    OriginPlace.NAME: message("the name of the file"),
}
_PARTS: Mapping[Origin, Message] = {
    Origin(OriginPlace.FILE, "info"): message("document information"),
    Origin(OriginPlace.FILE, "text"): message("first pages"),
    Origin(OriginPlace.LANDING, "h1"): message("heading"),
    Origin(OriginPlace.LANDING, "title"): message("window title"),
}
_NAMES: Mapping[Origin, str] = {
    Origin(OriginPlace.FILE, "xmp"): "XMP",
    Origin(OriginPlace.FILE, "html"): "HTML",
    Origin(OriginPlace.LANDING, "json-ld"): "JSON-LD",
    Origin(OriginPlace.LANDING, "og"): "Open Graph",
    Origin(OriginPlace.RECORD, "oai_dc"): "Dublin Core",
}
"""What is called so in every language."""


def origin_in_words(origin: Origin, *, lang: str = "en") -> str:
    """Return the place, and the part of it in brackets. A part that has no words is given as it is: it may be anyone's."""
    if origin.place is OriginPlace.OTHER:
        return origin.part
    place = gettext(_PLACES[origin.place], lang=lang)
    part = gettext(_PARTS[origin], lang=lang) if origin in _PARTS else _NAMES.get(origin, origin.part)
    return f"{place} ({part})" if part else place
