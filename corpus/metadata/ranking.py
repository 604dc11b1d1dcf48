"""Which place is believed before which, and which values are no values at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence
from corpus.urls import is_web_address

_RANKS: tuple[tuple[OriginPlace, str, int], ...] = (  # the first place whose part begins so
    (OriginPlace.PERSON, "", -1),
    (OriginPlace.SIDECAR, "", 0),
    (OriginPlace.RECORD, "", 1),
    (OriginPlace.LANDING, "citation_", 2),
    (OriginPlace.LANDING, "json-ld", 3),
    (OriginPlace.LANDING, "dc", 4),
    (OriginPlace.LANDING, "itemprop", 4),
    (OriginPlace.LANDING, "eprints", 4),
    (OriginPlace.LANDING, "prism", 4),
    (OriginPlace.LANDING, "og", 5),
    (OriginPlace.LANDING, "h1", 6),
    (OriginPlace.LANDING, "rel-license", 6),
    (OriginPlace.LANDING, "time", 6),
    (OriginPlace.LANDING, "meta", 7),
    (OriginPlace.LISTING, "", 8),
    (OriginPlace.FEED, "", 8),
    (OriginPlace.LANDING, "title", 9),
    (OriginPlace.FILE, "html", 10),
    (OriginPlace.FILE, "xmp", 11),
    (OriginPlace.FILE, "info", 12),
    (OriginPlace.FILE, "text", 13),
    (OriginPlace.LANDING, "html-lang", 14),
    (OriginPlace.LANDING, "site-name", 14),
    (OriginPlace.LANDING, "", 9),
    (OriginPlace.LINK, "", 15),
    (OriginPlace.NAME, "", 16),
)
_UNKNOWN_RANK = 9

_GENERIC = re.compile(
    r"untitled(?:[\s_-]*\d*)?|sans titre(?:[\s-]*\d*)?|sin t[ií]tulo(?:[\s-]*\d*)?|sem t[ií]tulo(?:[\s-]*\d*)?|no title|none|null"
    r"|title|t[ií]tulo|titre|document\d*|documento\d*|word document|(?:the )?world bank document|powerpoint presentation"
    r"|presentation\d*|pr[eé]sentation powerpoint|presentaci[oó]n de powerpoint|apresenta[cç][aã]o do powerpoint"
    r"|layout\s*\d*|print|slide \d+|page \d+|cover|cubierta|portada|couverture|capa|home|inicio|accueil|in[ií]cio|pdf|download"
    r"|(?:download|descargar|t[eé]l[eé]charger|baixar)\s*+(?:the\s++)?+(?:pdf|file|document|report)?+(?:\s*+\(.*\))?"
    r"|full text|texto completo"
    r"|read more|view|open|english|espa[nñ]ol|fran[cç]ais|portugu[eê]s|new document.*|doc\d*|draft.*final.*|\W*",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"^(?:microsoft\s+(?:word|powerpoint|excel|office)|adobe\s+(?:indesign|pagemaker)|quarkxpress|corel\w*|openoffice|libreoffice)\b",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r"[^\n]*\.(?:docx?|pdf|indd|pptx?|xlsx?|qxp|qxd|rtf|odt|tex|dvi|ps|pub|cdr|p65|pmd|wpd|txt|html?|md)", re.IGNORECASE
)
_CODE = re.compile(r"(?=\D*\d)[\w.\-]+|(?=[^_]*_)[\w\-]+")

_NOBODY = re.compile(
    r"(?:user|usuario|utilisateur|usu[aá]rio|admin(?:istrator|istrador|istrateur)?|owner|author|autor|auteur|unknown|anonymous"
    r"|guest|test|default|microsoft(?: office user| corporation)?|windows user|hp|dell|acer|toshiba|lenovo|asus|apple|mac|pc"
    r"|adobe\b.*|wb\d+|python-docx|acrobat\b.*|scanner?|xerox\b.*|canon\b.*"
    r"|preferred customer|reportlab\b.*|\(?anonymous\)?|n/?a|(?:various|several) authors|(?:varios|vários) autores"
    r"|(?:divers|plusieurs) auteurs|an[oó]nimo|an[oô]nimo|anonyme|no author|sin autor|sans auteur|sem autor)\W*\d*",
    re.IGNORECASE,
)


def rank(offer: Evidence) -> int:
    """Return how far down a place stands; less is believed before more."""
    return _rank(offer.origin)


@lru_cache(maxsize=1024)
def _rank(origin: Origin) -> int:
    fitting = (number for place, part, number in _RANKS if origin.place is place and origin.part.startswith(part))
    return next(fitting, _UNKNOWN_RANK)


def ranked(offers: Iterable[Evidence]) -> list[Evidence]:
    """Return offers by place, best first; within a place as they came, each value once a place."""
    return sorted(dict.fromkeys(offers), key=rank)


def is_junk_title(title: str) -> bool:
    """Say whether a title is none: a program's name, a file's name, `untitled`, a code."""
    text = " ".join(title.split())
    return (
        len(text) < 3
        or bool(_GENERIC.fullmatch(text))
        or bool(_PROGRAM.match(text))
        or bool(_FILE_NAME.fullmatch(text))
        or (" " not in text and bool(_CODE.fullmatch(text)))
        or "\ufffd" in text
    )


def is_junk_author(name: str) -> bool:
    """Say whether a name is that of a program, a machine or nobody."""
    text = " ".join(name.split())
    is_login = " " not in text and (text.islower() or any(map(str.isdigit, text)))
    is_address = (
        is_web_address(text) or text.startswith("www.") or "@" in text
    )  # article:author is often a page of a social network
    is_dated = bool(re.search(r"\b(?:19|20)\d\d\b", text))
    return (
        is_address
        or is_dated
        or len(text) < 2
        or bool(_NOBODY.fullmatch(text))
        or is_login
        or not any(map(str.isalpha, text))
    )


def title_of_file_name(url: str) -> str:
    """Return a title made of a file's name, as a last resort; never empty."""
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    words = re.sub(r"\.\w{1,5}$", "", name)
    words = re.sub(r"[_+]+|-{2,}", " ", words)
    if " " not in words:
        words = words.replace("-", " ")
    return " ".join(words.split()) or name or url


def is_said_on(title: str, pages: Sequence[str]) -> bool:
    """Say whether most words of a title are on the first pages, as a true title's do."""
    words = [word for word in re.findall(r"[^\W\d_]+", title.lower()) if len(word) > 3]
    start = " ".join(pages).lower()
    return bool(words) and sum(word in start for word in words) >= 0.6 * len(words)
