"""The metadata formats in which records are read: Dublin Core, MODS, MARC 21 and DSpace's XOAI.

Which element gives which field is in `crawler/pages/fields.toml`; what needs more than that is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from corpus.languages import two_letters
from corpus.reasons import Skip, SkipKind
from corpus.urls import is_web_address
from crawler.pages.links import file_kind, language_in, language_of_name, name_of_file
from crawler.pages.structured_data import fields_of
from crawler.spiders.oai.record_metadata import (
    IdentifierKind,
    MetadataCollector,
    RecordMetadata,
    named,
)
from crawler.spiders.xml import Element, local, text_of

FALLBACK = "oai_dc"
"""The format that every repository must give (OAI-PMH 2.0, 3.4)."""


def describe(roots: Sequence[Element], *, base: str, languages: tuple[str, ...]) -> RecordMetadata | None:
    """Return what the metadata of a record say; None when they are in no format that is read here."""
    name, reader = _READERS.get(local(roots[0]), ("", None))
    if reader is None:
        return None
    describing = MetadataCollector(name, base=base, languages=languages)
    for root in roots:
        # Of a collection, the first record counts.
        inner = next(_at(root, "mods"), None) or next(_at(root, "record"), None)
        reader(inner if inner is not None and local(root).casefold().endswith("collection") else root, describing)
    return describing.done()


def choose_prefix(wanted: str, offered: Sequence[tuple[str, str]]) -> str:
    """Return the prefix by which a repository knows a format: its usual one, else one with its namespace, else oai_dc.

    Args:
        wanted: as `format` in a source file.
        offered: prefix and namespace of what the repository has; empty: it did not say, and is asked for what is wanted.
    """
    prefixes = [prefix for prefix, _ in offered]
    if not offered or wanted in prefixes:
        return wanted
    namespaces = _NAMESPACES.get(wanted, ())
    return next((prefix for prefix, namespace in offered if namespace.rstrip("/") in namespaces), FALLBACK)


def _at(element: Element, path: str) -> Iterator[Element]:
    """Yield what lies at a path of names below an element, in its order; `*` is any name."""
    name, _, rest = path.partition("/")
    for child in element:
        if local(child) == name or (name == "*" and local(child)):
            yield from _at(child, rest) if rest else (child,)


def _lang(element: Element) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("lang") or ""


# Dublin Core, plain (`oai_dc`) and qualified (`qdc`, `dcterms`)

_DATES = ("issued", "date", "created", "available", "dateSubmitted", "dateAccepted", "modified")
"""Elements for dates, surest first; `date` of plain Dublin Core can be any of them."""
_OWN = ("identifier", "hasFormat", "hasVersion")
_RELATED = ("relation", "source", "isPartOf", "isFormatOf", "isVersionOf", "references", "requires")
_VOCABULARY = re.compile(
    r"(?:info:eu-repo/semantics/|doc-type:|https?://purl\.org/[\w/.-]+/|info:ofi/[\w/:]+:)", re.IGNORECASE
)
_ACCESS = re.compile(r"info:eu-repo/semantics/\w*access$|(?:open|closed|embargoed|restricted) ?access$", re.IGNORECASE)
_PUBLICATION_DATE = re.compile(r"info:eu-repo/date/(?:publication|issued)/(.+)", re.IGNORECASE)
_ISSUE = re.compile(r"^(.{3,200}?)[;,]\s*(?:vol|v|bd|tom[oe]|núm|num|no|n[°º]|issue|jg|ano|año)\b", re.IGNORECASE)
_CLASS = re.compile(r"(?:info:eu-repo/classification/)?ddc[:/]\s?\d", re.IGNORECASE)
"""A class of Dewey, which German repositories put among the subjects; it says nothing to a reader."""
_EPHEMERAL = re.compile(r"\d\s*+(?:p|pp|pages|páginas|páginas?|p\.)\W*$|\d bytes$|^\d+$", re.IGNORECASE)


def describe_dublin_core(root: Element, describing: MetadataCollector) -> None:
    """Take what Dublin Core says. Elements of any prefix count."""
    _describe_elements(((local(each), "".join(each.itertext()).strip(), _lang(each)) for each in root), describing)


def _describe_elements(elements: Iterable[tuple[str, str, str]], describing: MetadataCollector) -> None:
    """Take elements of Dublin Core, each as name, value and language."""
    given = [each for each in elements if each[0] and each[1]]
    has_creators = any(name == "creator" for name, *_ in given)
    for name, value, lang in given:
        if name == "contributor" and not has_creators:
            # Institutions name editors and authors as contributors; beside creators they are reviewers and sponsors.
            describing.say("author", value)
        elif name in fields_of("oai_dc"):
            describing.say(fields_of("oai_dc")[name], value, lang=lang)
        elif name not in (*_DATES, "description"):
            _describe_other(name, value, lang=lang, describing=describing)
    for date in _dates_in_order([(name, value) for name, value, _ in given if name in _DATES]):
        describing.say("date", date)
    abstracts = [(value, lang) for name, value, lang in given if name == "description"]
    for value, lang in sorted(abstracts, key=lambda each: bool(_EPHEMERAL.search(each[0])) or len(each[0]) < 40):
        describing.say("abstract", value, lang=lang)


def _describe_other(name: str, value: str, *, lang: str, describing: MetadataCollector) -> None:
    if name == "subject":
        for keyword in value.split(";"):
            if not _CLASS.match(keyword.strip()):
                describing.say("keyword", keyword, lang=lang)
    elif name == "type":
        describing.say("type", _VOCABULARY.sub("", value))
    elif name in ("rights", "accessRights"):
        if not _ACCESS.match(value):
            describing.say("licence", value, lang=lang)
    elif name == "coverage":
        if not re.search(r"\d", value):  # years, and coordinates
            describing.say("country", value, lang=lang)
    elif name in _OWN:
        describing.identify(value)
    elif name in _RELATED and not _PUBLICATION_DATE.match(value):
        _relate(name, value, describing)


def _relate(name: str, value: str, describing: MetadataCollector) -> None:
    """Take a related thing: a file or page of the same site, a number of the series, or its name."""
    last = describing.identify(value, is_own=False)
    if last is None or last.kind is not IdentifierKind.TEXT or value.casefold().startswith(("info:", "urn:", "oai:")):
        return
    if name in ("relation", "isPartOf") and len(value) < 300:
        describing.say("series", value)
    elif name == "source" and (issue := _ISSUE.match(" ".join(value.split()))):
        describing.say("series", issue[1])


def _dates_in_order(dates: list[tuple[str, str]]) -> list[str]:
    """Return dates, the likeliest day of publication first.

    DSpace writes when a record was entered and made available, to the second, before when it was published.
    """
    plain = []
    for name, value in dates:
        found = _PUBLICATION_DATE.match(value)
        if found or not value.casefold().startswith("info:"):
            plain.append((_DATES.index(name), "T" in value and ":" in value, found[1] if found else value))
    return [value for *_, value in sorted(plain, key=lambda each: each[:2])]


# MARC 21 in XML (`marcxml`), as far as a publication needs it

_MARC_DATES = (("269", "a"), ("264", "c"), ("260", "c"))


def describe_marc(root: Element, describing: MetadataCollector) -> None:
    """Take what a MARC record says. 008 has the language at fixed places, 020 ISBN, 022 ISSN, 024 others, 856 addresses."""
    fields: dict[str, list[Element]] = {}
    for child in root:
        if local(child) in ("datafield", "controlfield"):
            fields.setdefault(child.get("tag") or "", []).append(child)

    def values(tag: str, codes: str) -> Iterator[str]:
        return (value for each in fields.get(tag, ()) for value in _subfields(each, codes))

    for tag, (name, codes) in fields_of("marcxml").items():
        for each in fields.get(tag, ()):
            # Catalogues part subfields by punctuation.
            describing.say(name, " ".join(_subfields(each, codes)).strip(" /:;,=").strip())
    for tag, code in _MARC_DATES:
        for value in values(tag, code):
            describing.say("date", value.strip(" .,;:[]©c"))
    fixed = [] if fields.get("041") else ["".join(each.itertext())[35:38] for each in fields.get("008", ())]
    for code in fixed:
        describing.say("lang", code if len(code) == 3 and code.isalpha() else "")
    for tag, prefix in (("020", "isbn "), ("022", "issn ")):
        for value in values(tag, "a"):
            describing.identify(prefix + value.split("(")[0].strip())
    _describe_locations_of_marc(fields, describing)


def _describe_locations_of_marc(fields: Mapping[str, list[Element]], describing: MetadataCollector) -> None:
    """Take DOIs and handles, and electronic locations: `u` is an address, `y`, `z` and `3` say what lies there."""
    for each in fields.get("024", ()):
        for value in _subfields(each, "a"):
            if next(_subfields(each, "2"), "").casefold() in ("doi", "hdl", ""):
                describing.identify(value)
    for field, url in [(place, url) for place in fields.get("856", ()) for url in _subfields(place, "u")]:
        words = " ".join(_subfields(field, "yz3"))
        if field.get("ind2") == "2":  # a related resource, such as the table of contents on another site
            describing.leave(Skip(SkipKind.FILE_OF_RELATED))
        elif file_kind(url) == "pdf":
            # The United Nations end the names of files with it: `A_RES_70_1-EN.pdf`.
            lang = language_in(words) or language_of_name(name_of_file(url))
            describing.offer_file(url, kinds=("pdf",), lang=lang, words=words)
        else:
            describing.identify(url)


def _subfields(field: Element, codes: str) -> Iterator[str]:
    return (text for each in _at(field, "subfield") if (each.get("code") or "") in codes and (text := text_of(each)))


# MODS 3

_AUTHORS = frozenset({"aut", "author", "cre", "creator", "edt", "editor", "corp", "comp", "compiler", ""})
"""Roles that make a name an author; no role does, too. Supervisors, reviewers, sponsors are none."""
_PUBLISHERS = frozenset({"pbl", "publisher", "isb", "issuing body"})


def describe_mods(root: Element, describing: MetadataCollector) -> None:
    """Take what a MODS record says: titles, names with roles, where and when it was published, where it lies."""
    for title in _at(root, "titleInfo"):
        describing.say("title", _title(title), lang=_lang(title))
    for name in _at(root, "name"):
        roles = {text_of(role).casefold() for role in _at(name, "role/*")} or {""}
        if roles & (_AUTHORS | _PUBLISHERS):
            describing.say("author" if roles & _AUTHORS else "publisher", _name(name))
    for path, field in fields_of("mods").items():
        for part in (each for each in _at(root, path) if each.get("point") != "end"):
            text = text_of(part).rpartition("/")[2] if path == "genre" else text_of(part)
            for value in text.split(";") if field == "keyword" else (text,):
                describing.say(field, value, lang=_lang(part) or _lang(part.getparent()))
    for condition in _at(root, "accessCondition"):
        href = condition.get("{http://www.w3.org/1999/xlink}href") or ""
        licence = href if is_web_address(href) else text_of(condition)
        describing.say("licence", licence, lang=_lang(condition))
    _describe_related(root, describing)
    for identifier in _at(root, "identifier"):
        kind, value = (identifier.get("type") or "").casefold(), text_of(identifier)
        number = kind.lstrip("ep") if kind in ("eissn", "pissn", "eisbn") else kind
        is_bare = number in ("isbn", "issn") and number not in value.casefold()
        prefix = f"{number} " if is_bare else "hdl:" if kind in ("hdl", "handle") and value[:1] not in "hH" else ""
        if kind not in ("citation", "local", "oclc") and identifier.get("invalid") != "yes":
            describing.identify(prefix + value)
    _describe_locations(_at(root, "location/url"), describing, is_own=True)


def _describe_related(root: Element, describing: MetadataCollector) -> None:
    """Take what it is part of, and its other forms."""
    # The journal, book or series that it is part of: its DOI and addresses are not those of the publication.
    for item in _at(root, "relatedItem"):
        if item.get("type") in ("host", "series"):
            for title in _at(item, "titleInfo"):
                describing.say("series", _title(title), lang=_lang(title))
            for number in _at(item, "identifier"):
                if (number.get("type") or "").casefold().endswith("issn"):
                    describing.identify(f"issn {text_of(number)}", is_own=False)
        elif item.get("type") in ("otherFormat", "otherVersion"):
            _describe_locations(_at(item, "location/url"), describing, is_own=False)


def _title(info: Element) -> str:
    """Return a title with its article and subtitle; empty for the short form that catalogues sort by."""
    if info.get("type") in ("abbreviated", "uniform"):
        return ""
    parts = {local(part): text_of(part) for part in info}
    main = f"{parts.get('nonSort', '')} {parts.get('title', '')}".strip()
    sub = parts.get("subTitle", "")
    whole = f"{main.rstrip(' :')}: {sub}" if main and sub else main or sub
    return ". ".join(filter(None, (whole, parts.get("partNumber", ""), parts.get("partName", ""))))


def _name(name: Element) -> str:
    """Return a name as `Family, Given`, as far as its parts are told apart; else as it stands."""
    parts: dict[str, list[str]] = {}
    for part in _at(name, "namePart"):
        parts.setdefault(part.get("type") or "", []).append(text_of(part))
    told_apart = (" ".join(parts.get("family", ())), " ".join(parts.get("given", ())))
    whole = ", ".join(parts.get("", ())) or ", ".join(filter(None, told_apart))
    return whole or next((text_of(form) for form in _at(name, "displayForm")), "")


def _describe_locations(urls: Iterable[Element], describing: MetadataCollector, *, is_own: bool) -> None:
    """Take the addresses under which it lies: `raw object` is the file, `object in context` and primary display the page."""
    for url in urls:
        value, access = text_of(url), (url.get("access") or "").casefold()
        label = f"{url.get('displayLabel') or ''} {url.get('note') or ''}".strip()
        if access in ("preview", "thumbnail"):
            describing.leave(Skip(SkipKind.NOT_PUBLICATION))
        elif access == "raw object" and file_kind(value) in ("", "pdf"):
            for each in named(value):
                describing.offer_file(each.value, kinds=each.kinds, lang=two_letters(_lang(url)), words=label)
        else:
            describing.identify(value, is_own=is_own)


# XOAI, in which DSpace gives everything it knows of an item: its metadata, and its files (bitstreams)


def describe_xoai(root: Element, describing: MetadataCollector) -> None:
    """Take what DSpace says. The root is `metadata`, or one of its elements where the wrapper was left out."""
    names, elements = fields_of("xoai"), []
    for section in [root] if local(root) == "element" else root:
        if section.get("name") in ("dc", "dcterms"):
            elements += [(names.get(name, ""), value, lang) for name, lang, value in _values(section)]
        for bundle in section if section.get("name") == "bundles" else ():
            _describe_bundle(bundle, describing)
    _describe_elements(elements, describing)


def _values(section: Element) -> Iterator[tuple[str, str, str]]:
    """Yield (element.qualifier, language, value). XOAI nests schema, element, perhaps a qualifier, and the language."""
    for element in section:
        for below in _at(element, "element"):
            names = list(_at(below, "element"))
            for holder in names or [below]:
                lang = holder.get("name") or ""
                for value in _fields(holder, "value"):
                    qualifier = f".{below.get('name') or ''}" if names else ""
                    yield f"{element.get('name') or ''}{qualifier}", "" if lang == "none" else lang, value


def _describe_bundle(bundle: Element, describing: MetadataCollector) -> None:
    """Take the bitstreams of the bundle ORIGINAL; others hold extracted text, licences and previews."""
    bundle_name = next(_fields(bundle, "name"), "").upper()
    for bitstream in (each for part in bundle if part.get("name") == "bitstreams" for each in part):
        url = next(_fields(bitstream, "url"), "").strip()
        if bundle_name != "ORIGINAL":
            describing.leave(Skip(SkipKind.BUNDLE, bundle_name) if bundle_name else Skip(SkipKind.BUNDLE_WITHOUT_NAME))
        elif url:
            _describe_bitstream(bitstream, url, describing)


def _describe_bitstream(bitstream: Element, url: str, describing: MetadataCollector) -> None:
    name = next(_fields(bitstream, "originalName"), "") or next(_fields(bitstream, "name"), "")
    words = next(_fields(bitstream, "description"), "")
    declared = next(_fields(bitstream, "format"), "").split(";")[0].strip().casefold()
    kind = file_kind(name or url, declared=declared) or file_kind(url)
    is_page = declared in ("text/html", "application/xhtml+xml")
    if next(_fields(bitstream, "size"), "") == "0":
        describing.leave(Skip(SkipKind.EMPTY_FILE))
    elif kind == "pdf" or is_page:
        lang = language_in(words) or language_of_name(name)
        describing.offer_file(url, kinds=() if is_page else ("pdf",), lang=lang, words=f"{name} {words}")
    else:
        what = kind or declared
        describing.leave(Skip(SkipKind.IGNORED_KIND, what) if what else Skip(SkipKind.UNKNOWN_KIND))


def _fields(element: Element, name: str) -> Iterator[str]:
    return (text_of(child) for child in _at(element, "field") if child.get("name") == name)


Reader = Callable[[Element, MetadataCollector], None]
_READERS: Mapping[str, tuple[str, Reader]] = {
    "dc": ("oai_dc", describe_dublin_core),
    **dict.fromkeys(("qualifieddc", "dcterms", "oai_dcterms", "dcds"), ("qdc", describe_dublin_core)),
    **dict.fromkeys(("mods", "modsCollection"), ("mods", describe_mods)),
    **dict.fromkeys(("metadata", "element"), ("xoai", describe_xoai)),
    **dict.fromkeys(("record", "collection"), ("marcxml", describe_marc)),
}
"""By name of the metadata's first element: the format as origins name it, and who reads it. Prefixes are any."""
_QDC = ("http://dspace.org/qualifieddc", "http://purl.org/dc/terms", "http://dublincore.org/documents/dcmi-terms")
_NAMESPACES: Mapping[str, tuple[str, ...]] = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc",),
    "qdc": _QDC,
    "mods": ("http://www.loc.gov/mods/v3", "http://www.loc.gov/mods"),
    "xoai": ("http://www.lyncode.com/xoai",),
    "marcxml": ("http://www.loc.gov/MARC21/slim",),
}
