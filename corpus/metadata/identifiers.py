"""DOI, ISBN, ISSN and licences in one spelling."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^`]+")
_SICI = re.compile(r"10\.\d{4,9}/\(sici\)[^\s\"]{10,100}?;\d-[0-9a-z](?![0-9a-z])", re.IGNORECASE)
"""Older DOIs of journals have angle brackets (ANSI/NISO Z39.56)."""
_CLOSING = ".,;:'\u201d\u2019"
_BRACKETS = {")": "(", "]": "["}
_ISSN = re.compile(r"(\d{4})[\s\u2010-\u2015-]?(\d{3}[\dXx])")
_CREATIVE_COMMONS = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(?P<kind>licenses|publicdomain)/(?P<name>[a-z-]+)(?:/(?P<version>\d\.\d))?(?P<place>/igo)?",
    re.IGNORECASE,
)
_SHORT_NAME = re.compile(
    r"\bcc[\s_-]+(?P<name>by(?:[\s_-]+(?:nc|nd|sa))*)(?:[\s_-]+(?P<version>\d\.\d))?(?P<place>[\s_-]+igo)?\b",
    re.IGNORECASE,
)
_FULL_NAMES = (
    ("by", r"attribution|atribucion|paternite|atribuicao|reconocimiento"),
    ("nc", r"non-? ?commercial|no-? ?comercial|nao-? ?comercial|pas d.utilisation commerciale"),
    ("nd", r"no-? ?deriv|sin-? ?(?:obra)?-?deriv|sem-? ?deriv|pas de modification|nao a obras derivadas"),
    ("sa", r"share-? ?alike|compartir-? ?igual|partage|compartilha-?igual"),
)
"""Parts of the full names, in the order of the short ones. Small letters without accents."""
_ACCESS = re.compile(
    r"info:eu-repo/semantics/\w*access|(?:open|closed|embargoed|restricted|metadata only|free) ?access|acceso abierto"
    r"|acc[eè]s (?:libre|ouvert)|acesso aberto|https?://purl\.org/coar/access_right/\w+",
    re.IGNORECASE,
)
_LICENCE_CHARACTERS_MAX = 300


def plain_doi(text: str) -> str:
    """Return a DOI as `10.1234/abc`, in small letters; empty when there is none.

    A bracket at its end is its own when it was opened in it (`10.1234/abc-5(2)`), else that of the sentence around it.
    """
    found = _SICI.search(text) or _DOI.search(unquote(text) if "%" in text else text)
    if found is None:
        return ""
    doi = found[0]
    while doi[-1] in _CLOSING or (doi[-1] in _BRACKETS and doi.count(doi[-1]) > doi.count(_BRACKETS[doi[-1]])):
        doi = doi[:-1]
    return doi.lower()


def valid_isbn(text: str) -> str:
    """Return an ISBN as its 10 or 13 digits; empty when there is none or its check digit is wrong (ISO 2108)."""
    digits = re.sub(r"[^\dX]", "", re.sub(r"(?i)isbn(?:[-\s]*1[03]\b)?", "", text).upper())
    if len(digits) == 13 and digits.isdigit():
        return digits if sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(digits)) % 10 == 0 else ""
    if len(digits) == 10 and digits[:9].isdigit():
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return digits if sum(value * (10 - at) for at, value in enumerate(values)) % 11 == 0 else ""
    return ""


def valid_issn(text: str) -> str:
    """Return an ISSN as `1234-5679`; empty when there is none or its check digit is wrong (ISO 3297)."""
    found = _ISSN.search(text)
    if found is None:
        return ""
    digits = (found[1] + found[2]).upper()
    values = [10 if digit == "X" else int(digit) for digit in digits]
    right = sum(value * (8 - at) for at, value in enumerate(values)) % 11 == 0
    return f"{digits[:4]}-{digits[4:]}" if right else ""


def licence_of(text: str) -> str:
    """Return a licence in its usual short form (`CC BY 4.0`), or as it was given; empty when it only says who may read."""
    plain = " ".join(text.split())[:_LICENCE_CHARACTERS_MAX]
    if _ACCESS.fullmatch(plain):
        return ""
    return open_licence_of(plain) or plain


def open_licence_of(text: str) -> str:
    """Return a Creative Commons licence in its usual short form (`CC BY-NC 3.0 IGO`); empty when there is none.

    It is read from its address, from its short name (`cc-by-4.0`) and from its full name in English, Spanish, French and
    Portuguese.
    """
    if found := _CREATIVE_COMMONS.search(text):
        kind, name, version = found["kind"].lower(), found["name"].lower(), found["version"] or ""
        if kind == "publicdomain":
            return f"CC0 {version}".strip() if name == "zero" else "Public domain"
        return _short_form(name, version, is_igo=bool(found["place"]))
    if re.search(r"\bcc[ -]?(?:0|zero)\b", text, re.IGNORECASE):
        return "CC0 1.0"
    if found := _SHORT_NAME.search(text):
        name = re.sub(r"[\s_-]+", "-", found["name"].strip()).lower()
        return _short_form(name, found["version"] or "", is_igo=bool(found["place"]))
    return _of_full_name(text)


def _of_full_name(text: str) -> str:
    plain = _bare(text)
    begins = re.search(r"creative ?commons", plain)
    parts = [short for short, words in _FULL_NAMES if re.search(words, plain)]
    if not begins or "by" not in parts:
        return ""
    version = re.search(r"\b([1-4]\.[05])\b", plain)
    return _short_form("-".join(parts), version[1] if version else "", is_igo=bool(re.search(r"\bigo\b", plain)))


def _short_form(name: str, version: str, *, is_igo: bool) -> str:
    return " ".join(filter(None, ("CC", name.upper(), version, "IGO" if is_igo else "")))


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
