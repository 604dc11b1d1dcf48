"""DOI, ISBN, ISSN and licences in one spelling."""

from __future__ import annotations

import re

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^`]+")
_ISSN = re.compile(r"(\d{4})[\s\u2010-\u2015-]?(\d{3}[\dXx])")
_CREATIVE_COMMONS = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(?P<kind>licenses|publicdomain)/(?P<name>[a-z-]+)(?:/(?P<version>\d\.\d))?(?P<place>/igo)?",
    re.IGNORECASE,
)
_LICENCE_CHARACTERS_MAX = 300


def plain_doi(text: str) -> str:
    """Return a DOI as `10.1234/abc`, in small letters; empty when there is none."""
    found = _DOI.search(text)
    return found[0].rstrip(".,;:)]'\u201d\u2019").lower() if found else ""


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
    """Return a licence in its usual short form (`CC BY 4.0`), or as it was given."""
    plain = " ".join(text.split())[:_LICENCE_CHARACTERS_MAX]
    found = _CREATIVE_COMMONS.search(plain)
    if found is None:
        return plain
    version = f" {found['version']}" if found["version"] else ""
    if found["kind"].lower() == "publicdomain":
        return f"CC0{version}" if found["name"].lower() == "zero" else "Public domain"
    return f"CC {found['name'].upper()}{version}{' IGO' if found['place'] else ''}"
