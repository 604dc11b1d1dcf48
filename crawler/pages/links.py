"""What a link says of what it leads to: kind of file, language, title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from parsel import Selector
from scrapy.http import Response, TextResponse
from scrapy.utils.response import get_base_url

from corpus.languages import names_of, two_letters
from corpus.urls import absolute_url, is_web_address
from crawler.pages.html_parts import fold
from crawler.pages.structured_data import fields_of

_DERIVED_COPY = re.compile(
    r"\.(?:pdf|docx?|odt|rtf|pptx?|xlsx?)\.(?!html?$|s?html$|aspx?$|php\d?$|jspx?$|pdf$)(?:[a-z][a-z0-9]{2,4}|gz)$"
    r"|/\d+\.has\w{1,40}version/[^/]*$|(?:^|/)(?:cc-)?license(?:_(?:rdf|text|url)|\.txt)$",
    re.IGNORECASE,
)
"""What repositories make of a file and keep beside it: DSpace its text, its picture and the licence of the deposit
(`gulu.pdf.txt`, `gulu.pdf.jpg`, `license_rdf`), EPrints pictures and words under `/1.haspreviewThumbnailVersion/`; also check
sums and signatures. Not so `report.pdf.en`, which is a file in English, and `report.pdf.html`, which is a page about one."""
_FILE_NAME = re.compile(r"\S+\.[A-Za-z][A-Za-z0-9]{1,4}|(?:cc-)?license_[a-z]+", re.IGNORECASE)

_CODES = frozenset(
    ["en", "eng", "es", "esp", "spa", "fr", "fra", "fre", "pt", "por", "ar", "ara", "zh", "chi", "ru", "rus"]
)
"""Of the languages in which the publishers of the field write."""


@cache
def _languages() -> Mapping[str, str]:
    """Return names and codes of languages, as links say them, with ISO 639-1."""
    codes = {code: two_letters(code) for code in (*_CODES, "pt-br")}
    return {**names_of(*sorted(set(codes.values()))), **codes}


# Words that say how to get a file, and not what it is.
_GENERIC = re.compile(
    r"(download|view|read|open|full|text|pdf|here|click|file|document|report|publication|version|the|this|as|in|a|"
    r"descarga|versión|versão|em|en|de|el|la|rapport|complet|téléchargement|"
    r"descargar|ver|leer|texto|completo|documento|informe|aquí|télécharger|lire|texte|intégral|le|document|rapport|"
    r"baixar|ler|íntegra|relatório|more|lire la suite|leer más|saiba mais|learn|size|kb|mb|pages?|páginas?|\W|\d|_)+",
    re.IGNORECASE,
)
_SIZE = re.compile(r"[(\[]?\b(pdf[\s,:–-]*)?\d+([.,]\d+)?\s*([kmg]i?b|[kmg]o|bytes)\b[)\]]?", re.IGNORECASE)


AnyResponse = TypeVar("AnyResponse", bound=Response)
_BASE = re.compile(rb"<base\b[^>]{0,4096}>?", re.IGNORECASE)


def with_usable_base(response: AnyResponse) -> AnyResponse:
    """Return a page as it is, or without its `base` element when the address in that is malformed.

    Scrapy asks for the address before it looks for anything else in a page, and raises ValueError over it.
    """
    if not isinstance(response, TextResponse):
        return response
    try:
        get_base_url(response)
    except ValueError:
        mended: AnyResponse = response.replace(body=_BASE.sub(b"", response.body))
        return mended
    return response


def base_of(response: TextResponse) -> str:
    """Return the address from which the links of a page are read: that of its `base` element, or its own."""
    base = str(get_base_url(response))
    return base if is_web_address(base) else response.url


def link_address(response: TextResponse, href: str) -> str:
    """Return the address that a link on a page means, as `absolute_url` does; empty when it means none."""
    return absolute_url(href, base=base_of(response), encoding=response.encoding)


def name_of_file(url: str) -> str:
    """Return the name of a file, as its address has it."""
    return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]


def file_kind(url: str, *, declared: str = "") -> str:
    """Return the kind of file that a link promises (`pdf`, `word`, `picture`, `derived copy` ...); empty for a web page.

    Args:
        url: absolute or relative; its path decides, then a query value such as `?file=report.pdf`.
        declared: the link's `type`, a media type; it decides before the address.
    """
    declared = declared.split(";")[0].strip().casefold()
    if declared.startswith(("image/", "video/", "audio/")):
        return {"image": "picture", "video": "video", "audio": "sound"}[declared.split("/")[0]]
    if declared in fields_of("media-types"):
        return str(fields_of("media-types")[declared])
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    for place in (parts.path, *(value for _, value in parse_qsl(parts.query))):
        plain = unquote(place).partition(";")[0].rstrip("/")
        if _DERIVED_COPY.search(plain):
            return "derived copy"
        ending = plain.rpartition("/")[2].rpartition(".")
        if ending[1] and (kind := fields_of("file-endings").get(ending[2].casefold())):
            return str(kind)
    return ""


def kind_of_link(link: Selector, url: str) -> str:
    """Return the kind of file that a link promises, by its type and its address, else by the name of a file that is its text.

    DSpace 7 sends all files of a record from addresses that say nothing (`/bitstreams/<number>/download`).
    """
    kind = file_kind(url, declared=link.attrib.get("type", ""))
    name = _SIZE.sub("", said_text(link)).strip()
    named = file_kind(f"/{name}") if _FILE_NAME.fullmatch(name) else ""
    # A link to a page may be called after a PDF; whether it downloads one, other signs tell.
    return kind or ("" if named == "pdf" else named)


def language_of_link(link: Selector) -> str:
    """Return the ISO 639-1 code that a link gives of its target; empty when it gives none.

    `hreflang` decides, then a text that names a language (see language_in), then a mark at the end of the file's name (`-es.pdf`).
    """
    declared = link.attrib.get("hreflang", "").strip().casefold().split("-")[0]
    if len(declared) in (2, 3) and declared.isalpha():
        return declared
    if named := language_in(said_text(link)):
        return named
    return language_of_name(unquote(re.split(r"[?#]", link.attrib.get("href", ""))[0]).rpartition("/")[2])


def language_of_name(name: str) -> str:
    """Return the ISO 639-1 code of the language in which the name of a file ends (`report-es.pdf`); empty when it does not."""
    mark = re.search(r"[-_. ]([a-z]{2,3}|english|spanish|french|portuguese)\.[a-z]+$", name.casefold())
    return _languages().get(mark[1], "es" if mark[1] == "sp" else "") if mark else ""


def language_in(text: str) -> str:
    """Return the ISO 639-1 code of the language that the text of a link names; empty when it names none.

    `Download in French (2 MB)` and `Informe completo (español)` name one; `Spanish labour law` speaks of one.
    """
    text, languages = _SIZE.sub(" ", text).casefold(), _languages()
    words = [word for word in re.split(r"[^\w-]+", text) if word]
    telling = [word for word in words if word in languages or not _GENERIC.fullmatch(word)]
    names = [word for word in telling if word in languages]
    # `en` and `es` are words of Spanish too: a code counts alone, or beside nothing but what says how to get the file.
    full = [word for word in names if word not in _CODES]
    if full and len(set(map(languages.__getitem__, full))) == 1 and set(telling) - set(full) <= _CODES:
        return languages[full[0]]
    if len(telling) == 1 and names:
        return languages[names[0]]
    ending = re.search(r"(?:[(\[:,/|–—-]|\b(?:in|en|em|version|versión|versão)\s)\s*([\w-]+)\W*$", text)
    return languages.get(ending[1], "") if ending and ending[1] not in _CODES else ""


def said_text(link: Selector) -> str:
    """Return the text of a link, or what stands for it: aria-label, title, the text for its picture."""
    text = fold(" ".join(link.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()))
    return text or fold(
        link.attrib.get("aria-label") or link.attrib.get("title") or link.xpath("string(.//img/@alt)").get()
    )


def said_title(link: Selector) -> str:
    """Return the text of a link when it can be a title; empty for `Download PDF (2 MB)`, `English`, `Read more`."""
    text = _SIZE.sub(" ", said_text(link))
    if len(text) < 4 or len(text) > 500 or text.casefold() in _languages() or _GENERIC.fullmatch(text):
        return ""
    return fold(text)
