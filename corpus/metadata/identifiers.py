"""DOI, ISBN and ISSN in one spelling."""

from __future__ import annotations

import re
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^`]+")
_SICI = re.compile(r"10\.\d{4,9}/\(sici\)[^\s\"]{10,100}?;\d-[0-9a-z](?![0-9a-z])", re.IGNORECASE)
"""Older DOIs of journals have angle brackets (ANSI/NISO Z39.56)."""
_CLOSING = ".,;:'\u201d\u2019"
_BRACKETS = {")": "(", "]": "["}
_ISSN = re.compile(r"(\d{4})[\s\u2010-\u2015-]?(\d{3}[\dXx])")


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
