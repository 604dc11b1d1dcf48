"""MODS 3: titles, names with roles, where and when it was published, what it is part of, where it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from corpus.languages import two_letters
from corpus.reasons import Skip, SkipKind
from corpus.urls import is_web_address
from crawler.pages.links import file_kind
from crawler.spiders.oai.identifiers import named
from crawler.spiders.oai.markup import Element, local, text_of
from crawler.spiders.oai.record_metadata import MetadataCollector

_AUTHORS = frozenset({"aut", "author", "cre", "creator", "edt", "editor", "corp", "comp", "compiler", ""})
"""Roles that make a name an author; no role does, too. Supervisors, reviewers, sponsors are none."""
_DATES = ("dateIssued", "copyrightDate", "dateCreated", "dateValid")
_NO_TEXT = frozenset({"preview", "thumbnail"})
"""Values of `access` of an address that leads to a picture."""


def describe_mods(root: Element, describing: MetadataCollector) -> None:
    """Take what a MODS record says; of a collection, its first record."""
    if local(root) == "modsCollection":
        root = next(_children(root, "mods"), root)
    _describe_dates(root, describing)
    for part in root:
        name = local(part)
        if name in _PARTS:
            _PARTS[name](part, describing)
        elif name == "titleInfo":
            describing.say("title", _title(part), lang=_lang(part))
        elif name == "genre":
            describing.say("type", text_of(part).rpartition("/")[2])
        elif name == "abstract":
            describing.say("abstract", text_of(part), lang=_lang(part))
        elif name == "accessCondition":
            describing.say("licence", _href(part) or text_of(part), lang=_lang(part))
    for resource in _children(root, "typeOfResource"):  # after the genre: that it is a text says little
        describing.say("type", text_of(resource))


def _title(info: Element) -> str:
    """Return a title with its article and subtitle; empty for the short form that catalogues sort by."""
    if info.get("type") in ("abbreviated", "uniform"):
        return ""
    parts = {name: text_of(part) for name in ("nonSort", "title", "subTitle", "partNumber", "partName")
             for part in _children(info, name)}  # fmt: skip
    main = f"{parts.get('nonSort', '')} {parts.get('title', '')}".strip()
    sub = parts.get("subTitle", "")
    whole = f"{main.rstrip(' :')}: {sub}" if main and sub else main or sub
    return ". ".join(filter(None, (whole, parts.get("partNumber", ""), parts.get("partName", ""))))


def _describe_name(name: Element, describing: MetadataCollector) -> None:
    roles = {text_of(term).casefold() for role in _children(name, "role") for term in role} or {""}
    if roles & _AUTHORS:
        describing.say("author", _name(name))
    elif roles & {"pbl", "publisher", "isb", "issuing body"}:
        describing.say("publisher", _name(name))


def _name(name: Element) -> str:
    """Return a name as `Family, Given`, as far as its parts are told apart; else as it stands."""
    parts: dict[str, list[str]] = {}
    for part in _children(name, "namePart"):
        parts.setdefault(part.get("type") or "", []).append(text_of(part))
    family, given = " ".join(parts.get("family", ())), " ".join(parts.get("given", ()))
    whole = ", ".join(parts.get("", ())) or ", ".join(filter(None, (family, given)))
    return whole or next((text_of(form) for form in _children(name, "displayForm")), "")


def _describe_origin(origin: Element, describing: MetadataCollector) -> None:
    for publisher in _children(origin, "publisher"):
        describing.say("publisher", text_of(publisher))


def _describe_language(language: Element, describing: MetadataCollector) -> None:
    for term in _children(language, "languageTerm"):
        describing.say("lang", text_of(term))


def _describe_dates(root: Element, describing: MetadataCollector) -> None:
    origins = list(_children(root, "originInfo"))
    for kind in _DATES:
        dates = [date for origin in origins for date in _children(origin, kind) if date.get("point") != "end"]
        # Of one date in two forms, the one for machines is `keyDate` or has an encoding.
        for date in sorted(dates, key=lambda each: not (each.get("keyDate") or each.get("encoding"))):
            describing.say("date", text_of(date))
    for host in _children(root, "relatedItem"):
        if host.get("type") == "host":
            for date in (date for part in _children(host, "part") for date in _children(part, "date")):
                describing.say("date", text_of(date))


def _describe_subject(subject: Element, describing: MetadataCollector) -> None:
    for part in subject:
        if local(part) == "geographic":
            describing.say("country", text_of(part))
        elif local(part) == "hierarchicalGeographic":
            for country in _children(part, "country"):
                describing.say("country", text_of(country))
        elif local(part) in ("topic", "temporal", "genre"):
            for keyword in text_of(part).split(";"):
                describing.say("keyword", keyword, lang=_lang(subject))


def _describe_related(item: Element, describing: MetadataCollector) -> None:
    """Take the journal, book or series that it is part of; its DOI and addresses are not those of the publication."""
    kind = item.get("type") or ""
    if kind in ("host", "series"):
        for info in _children(item, "titleInfo"):
            describing.say("series", _title(info), lang=_lang(info))
        for identifier in _children(item, "identifier"):
            if (identifier.get("type") or "").casefold().endswith("issn"):
                describing.identify(f"issn {text_of(identifier)}", is_own=False)
    elif kind in ("otherFormat", "otherVersion"):
        for location in _children(item, "location"):
            _describe_location(location, describing, is_own=False)


def _describe_identifier(identifier: Element, describing: MetadataCollector) -> None:
    if identifier.get("invalid") == "yes":
        return
    kind, value = (identifier.get("type") or "").casefold(), text_of(identifier)
    number = kind.lstrip("ep") if kind in ("eissn", "pissn", "eisbn") else kind
    is_bare = number in ("isbn", "issn") and number not in value.casefold()
    prefix = (
        f"{number} " if is_bare else "hdl:" if kind in ("hdl", "handle") and not value.startswith(("h", "H")) else ""
    )
    if kind not in ("citation", "local", "oclc"):
        describing.identify(prefix + value)


def _describe_location(location: Element, describing: MetadataCollector, *, is_own: bool = True) -> None:
    """Take the addresses under which it lies: `raw object` is the file, `object in context` and primary display the page."""
    for url in _children(location, "url"):
        value, access = text_of(url), (url.get("access") or "").casefold()
        label = f"{url.get('displayLabel') or ''} {url.get('note') or ''}".strip()
        if access in _NO_TEXT:
            describing.leave(Skip(SkipKind.NOT_PUBLICATION))
        elif access == "raw object" and file_kind(value) in ("", "pdf"):
            for each in named(value):
                describing.offer_file(each.value, kinds=each.kinds, lang=two_letters(_lang(url)), words=label)
        else:
            describing.identify(value, is_own=is_own)


def _lang(element: Element) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("lang") or ""


def _href(element: Element) -> str:
    value = element.get("{http://www.w3.org/1999/xlink}href") or ""
    return value if is_web_address(value) else ""


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local(child) == name)


_PARTS: Mapping[str, Callable[[Element, MetadataCollector], None]] = {
    "name": _describe_name,
    "originInfo": _describe_origin,
    "language": _describe_language,
    "subject": _describe_subject,
    "relatedItem": _describe_related,
    "identifier": _describe_identifier,
    "location": _describe_location,
}
"""Parts that hold more than one value."""
