"""Citations of a document: plain text, BibTeX, RIS, and what Zotero finds in a page (Highwire tags, COinS). Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlencode

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat

from corpus.types import Document
from corpus.urls import is_web_address
from web.format import without_controls

_BIBTEX_TYPES: Mapping[str, str] = {
    "working_paper": "techreport",
    "policy_brief": "techreport",
    "report": "techreport",
    "statistics": "techreport",
    "article": "article",
    "thesis": "phdthesis",
    "book": "book",
}
_RIS_TYPES: Mapping[str, str] = {
    "working_paper": "RPRT",
    "policy_brief": "RPRT",
    "report": "RPRT",
    "statistics": "RPRT",
    "article": "JOUR",
    "thesis": "THES",
    "book": "BOOK",
    "law": "LEGAL",
    "web_page": "ELEC",
}
_COINS_GENRES: Mapping[str, str] = {"article": "article", "book": "book"}

# The ten characters that TeX reads as commands; bibtexparser writes values as they are given.
_TEX = {
    "\\": r"\textbackslash{}",
    # Not \{ and \}: BibTeX counts braces even behind a backslash, and one without its partner would break the file.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
# Words by which a body's name is told from a person's, which BibTeX would otherwise turn around.
_BODY = re.compile(
    r"\b(organi[sz]a|ministr|institu|univers|bank|banco|banque|network|red|réseau|alliance|alian|federa|fédéra|confedera|"
    r"associa|asocia|office|oficina|bureau|cent(er|re|ro)|council|consej|conselho|commission|comisi|committee|agenc|"
    r"department|departamento|government|gobierno|governo|nations|naciones|fund|fond|group|grupo|groupe|"
    r"program|union|sindicato|syndicat|statisti|estad[ií]sti)",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"^\d+\.\n", re.MULTILINE)


def plain_citation(document: Document) -> str:
    """Return a citation for a footnote: authors (year). Title. Publisher. Address."""
    year = _published(document)[:4] or "n.d."
    who = "; ".join(document.authors) or document.publisher
    parts = [f"{who} ({year})" if who else f"({year})", document.title]
    if document.authors and document.publisher:
        parts.append(document.publisher)
    if series := document.identifiers.get("series"):
        parts.append(series)
    text = "".join(f"{part.rstrip('.')}. " for part in parts) + _address(document)
    return _one_line(text)


def _published(document: Document) -> str:
    """Return when a document was published; empty where only the clock of its file is known, which nobody should cite."""
    return "" if document.is_dated_by_file else document.published


def bibtex(document: Document) -> str:
    """Return a BibTeX entry, TeX's special characters escaped, capitals of the title kept."""
    kind = _BIBTEX_TYPES.get(document.type, "misc")
    publisher_field = {"techreport": "institution", "phdthesis": "school", "article": "journal"}.get(kind, "publisher")
    values = {
        "title": f"{{{_tex(document.title)}}}",
        "author": " and ".join(_bibtex_author(author) for author in document.authors),
        publisher_field: _tex(document.publisher),
        "year": _published(document)[:4],
        "month": _published(document)[5:7].lstrip("0"),
        "series" if kind == "book" else "number": _tex(document.identifiers.get("series", "")),
        "doi": _bare(_one_line(document.identifiers.get("doi", ""))),
        "isbn": _tex(document.identifiers.get("isbn", "")),
        "issn": _tex(document.identifiers.get("issn", "")),
        "url": _bare(_address(document)),
        "language": "" if document.lang == "und" else document.lang,
    }
    fields = [Field(name, value) for name, value in values.items() if value]
    layout = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent = "  "
    layout.value_column = "auto"
    library = Library([Entry(kind, citation_key(document), fields)])
    return str(write_string(library, bibtex_format=layout)).strip() + "\n"


def citation_key(document: Document) -> str:
    """Return a key such as `quispe2019comercio`; the document's id where there is neither author nor word."""
    who = document.authors[0] if document.authors else document.publisher
    family = who.split(",")[0] if "," in who else (who.split() or [""])[-1]
    words = [word for word in re.findall(r"\w+", document.title) if len(word) > 3]
    key = f"{_ascii(family)}{_published(document)[:4]}{_ascii(words[0]) if words else ''}"
    return key if re.match(r"[a-z]", key) else document.id


def ris(document: Document) -> str:
    """Return a RIS record."""
    entry = {
        "type_of_reference": _RIS_TYPES.get(document.type, "GEN"),
        "title": _one_line(document.title),
        "authors": [_one_line(author) for author in document.authors],
        "publisher": _one_line(document.publisher),
        "year": _published(document)[:4],
        "date": _published(document).replace("-", "/"),
        "abstract": _one_line(document.abstract),
        "doi": _one_line(document.identifiers.get("doi", "")),
        "issn": _one_line(document.identifiers.get("isbn", "") or document.identifiers.get("issn", "")),
        "language": "" if document.lang == "und" else document.lang,
        "urls": [_address(document)] if _address(document) else [],
    }
    record = rispy.dumps([{name: value for name, value in entry.items() if value}])
    return _COUNTER.sub("", str(record)).strip() + " \n"  # the last line is `ER  - `, with its space


def highwire_tags(document: Document, *, address: str, original: str) -> tuple[tuple[str, str], ...]:
    """Return the names and contents of the `<meta>` tags that reference managers look for.

    Args:
        address: absolute address of the document's page here.
        original: absolute address of the PDF; empty when there is none to name.
    """
    tags = [("citation_title", document.title)]
    tags += [("citation_author", author) for author in document.authors]
    if published := _published(document):
        tags.append(("citation_publication_date", published.replace("-", "/")))
    if document.publisher:
        name = "citation_technical_report_institution" if _is_report(document) else "citation_publisher"
        tags.append((name, document.publisher))
    tags += [
        (f"citation_{name}", document.identifiers[name])
        for name in ("doi", "isbn", "issn")
        if document.identifiers.get(name)
    ]
    if document.lang != "und":
        tags.append(("citation_language", document.lang))
    tags.append(("citation_abstract_html_url", address))
    if original and document.content_type == "application/pdf":
        tags.append(("citation_pdf_url", original))
    return tuple((name, _one_line(value)) for name, value in tags)


def coins(document: Document) -> str:
    """Return the ContextObject in a Span (OpenURL 1.0) of a document."""
    genre = _COINS_GENRES.get(document.type, "report" if _is_report(document) else "document")
    is_article = genre == "article"
    values = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'journal' if is_article else 'book'}"),
        ("rft.genre", genre),
        ("rft.atitle" if is_article else "rft.btitle", document.title),
        *(("rft.au", author) for author in document.authors),
        ("rft.pub", document.publisher),
        ("rft.date", _published(document)),
        ("rft.isbn", document.identifiers.get("isbn", "")),
        ("rft.language", "" if document.lang == "und" else document.lang),
    ]
    if doi := document.identifiers.get("doi"):
        values.append(("rft_id", f"info:doi/{doi}"))
    return urlencode([(name, value) for name, value in values if value])


def _is_report(document: Document) -> bool:
    return _BIBTEX_TYPES.get(document.type) == "techreport"


def _address(document: Document) -> str:
    """Return the address to cite: the DOI, else the publisher's page, else the file; a person's own file has none."""
    if doi := document.identifiers.get("doi"):
        return f"https://doi.org/{_one_line(doi)}"
    wanted = (document.landing_url, document.url)
    return next((_one_line(url) for url in wanted if is_web_address(url)), "")


def _bibtex_author(author: str) -> str:
    name = _tex(author)
    return f"{{{name}}}" if _BODY.search(author) or " " not in author.strip() or " and " in author else name


def _tex(text: str) -> str:
    return "".join(_TEX.get(each, each) for each in _one_line(text))


def _bare(url: str) -> str:
    """Return an address for BibTeX's url field, where only braces and the backslash can do harm."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def _one_line(text: str) -> str:
    """Fold white space: a line break in a value would end a RIS field and begin another."""
    return " ".join(without_controls(text).split())


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain)
