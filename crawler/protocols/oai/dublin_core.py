"""Dublin Core, plain (`oai_dc`) and qualified (`qdc`, `dcterms`)."""

from __future__ import annotations

import re

from crawler.protocols.oai.description import Describing
from crawler.protocols.oai.identifiers import NamedKind
from crawler.protocols.oai.markup import Element, local

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_SIMPLE = {
    "title": "title",
    "alternative": "title",
    "creator": "author",
    "publisher": "publisher",
    "language": "lang",
    "abstract": "abstract",
    "license": "licence",
    "spatial": "country",
    "bibliographicCitation": "",
    "tableOfContents": "",
}
_CONTRIBUTORS = "contributor"
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


def describe_dublin_core(root: Element, describing: Describing) -> None:
    """Take what Dublin Core says. Elements of any prefix count, in any depth of one (`dcterms` in a wrapper)."""
    dates: list[tuple[str, str]] = []
    abstracts: list[tuple[str, str]] = []
    contributors: list[str] = []
    for element in root:
        name, value, lang = (
            local(element),
            "".join(element.itertext()).strip(),
            element.get(_LANG) or element.get("lang") or "",
        )
        if not value or not name:
            continue
        if name in _DATES:
            dates.append((name, value))
        elif name == "description":
            abstracts.append((value, lang))
        elif name == _CONTRIBUTORS:
            contributors.append(value)
        elif field := _SIMPLE.get(name, ""):
            describing.say(field, value, lang=lang)
        else:
            _describe_other(name, value, lang=lang, describing=describing)
    for value in _in_order(dates):
        describing.say("date", value)
    for value, lang in sorted(abstracts, key=lambda each: bool(_EPHEMERAL.search(each[0])) or len(each[0]) < 40):
        describing.say("abstract", value, lang=lang)
    if not any(local(element) == "creator" for element in root):
        # A house names its editors and authors as contributors; beside creators they are reviewers and sponsors.
        for value in contributors:
            describing.say("author", value)


def _describe_other(name: str, value: str, *, lang: str, describing: Describing) -> None:
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
    elif name in _RELATED:
        _relate(name, value, describing)


def _relate(name: str, value: str, describing: Describing) -> None:
    """Take a related thing: a file or page of the same site, a number of the series, or its name."""
    if _PUBLICATION_DATE.match(value):
        return
    named = describing.identify(value, is_own=False)
    if named is None or named.kind is not NamedKind.TEXT or value.casefold().startswith(("info:", "urn:", "oai:")):
        return
    if name in ("relation", "isPartOf") and len(value) < 300:
        describing.say("series", value)
    elif name == "source" and (issue := _ISSUE.match(" ".join(value.split()))):
        describing.say("series", issue[1])


def _in_order(dates: list[tuple[str, str]]) -> list[str]:
    """Return dates, the likeliest day of publication first.

    DSpace writes when a record was entered and made available, to the second, before when it was published.
    """

    def place(date: tuple[str, str]) -> tuple[int, bool]:
        name, value = date
        return _DATES.index(name), "T" in value and ":" in value

    plain = []
    for name, value in dates:
        found = _PUBLICATION_DATE.match(value)
        if found or not value.casefold().startswith("info:"):
            plain.append((name, found[1] if found else value))
    return [value for _, value in sorted(plain, key=place)]
