"""Texts as they are changed on their way: misread, renumbered, revised, filled in anew, with covers and releases around them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from random import Random

_MISREAD = {
    "l": "1",
    "1": "l",
    "O": "0",
    "0": "O",
    "e": "c",
    "c": "e",
    "i": "í",
    "S": "5",
    "5": "S",
    "B": "8",
    "g": "q",
    "u": "n",
    "n": "u",
    "h": "b",
    "rn": "m",
    "m": "rn",
    "t": "f",
    "é": "e",
    "ã": "a",
    "ç": "c",
    "ó": "o",
    "í": "i",
}
_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:[.,  ]\d{3})*(?:[.,]\d+)?(?!\w)|\d{4,}")
_YEAR = re.compile(r"\b(19[89]\d|20[0-4]\d)\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÀÇ])")
_REWORDED = (
    ("However, ", "Nevertheless, "),
    (" in order to ", " to "),
    (" approximately ", " about "),
    (" such as ", " for example "),
    (" must ", " should "),
    (" sin embargo", " no obstante"),
    (" también ", " asimismo "),
    (" cependant", " toutefois"),
    (" ainsi que ", " et "),
    (" também ", " igualmente "),
)
_COVERS = {
    "repository": (
        "Open Knowledge Commons",
        "University Library | Institutional Repository",
        "{title}",
        "This document is discoverable and free to researchers across the globe thanks to the work of the library.",
        "Follow this and additional works at: https://commons.library.example.edu/reports/{number}",
        "Suggested citation: {title}. Retrieved from the institutional repository.",
        "This article is brought to you by the Key Workplace Documents collection. It has been accepted for inclusion in "
        "Federal Publications by an authorized administrator. For more information, please contact the repository.",
    ),
    "aggregator": (
        "Make Your Publications Visible.",
        "A Service of the Leibniz Information Centre for Economics",
        "Research Report  {title}",
        "Suggested Citation: (n.d.): {title}, Report No. {number}",
        "This Version is available at: https://hdl.handle.example.org/10419/{number}",
        "Terms of use: Documents in this repository may be saved and copied for your personal and scholarly purposes. You "
        "are not to copy documents for public or commercial purposes, to exhibit the documents publicly, to make them "
        "publicly available on the internet, or to distribute or otherwise use the documents in public.",
    ),
    "press": (
        "{title}",
        "Downloaded from the document library. Document number {number}.",
        "Disclosed to the public. The views in this document are those of its authors.",
        "Please consider the environment before you print this document.",
    ),
}
_FRONT = (
    "{title}\n\n{place}\n\nPublished by the {publisher}\n",
    "Copyright © {publisher}\nFirst published by the {publisher}, by arrangement with the authors\nISBN {isbn}\nPrinted in "
    "{place}\nAll rights reserved. The designations employed in this publication do not imply the expression of any opinion "
    "on the part of the {publisher}.\n",
    "Foreword\n\nThe {publisher} is pleased to make this study available to a wider public. It appears at a time when "
    "governments, employers and workers look for answers, and we thank the authors for their patience. We hope that it will "
    "be read in ministries and trade unions as much as in universities.\n\nThe Director\n{place}\n",
)
_PUBLISHERS = (
    "Institute for Labour Studies",
    "Centre for Social Policy",
    "Regional Development Agency",
    "Workers' College",
)
_TOWNS = ("Geneva", "Nairobi", "Lima", "Dakar", "New Delhi", "Lisboa")
_RELEASE = (
    "FOR IMMEDIATE RELEASE",
    "New report released today: {title}",
    "The report was presented this morning to journalists, government officials and civil society. It was made with the "
    "support of partners in the region.",
    "“We are proud of this work,” said the director at the launch. “Now is the time to act on what it says.”",
    "Media contact: press office, telephone {number}. Notes to editors: the full report can be downloaded from our website. "
    "Photographs and interviews are available on request.",
)


def misread(text: str, *, rate: float, random: Random) -> str:
    """Return a text with that share of its letters misread, lost spaces and words broken at line ends."""
    found: list[str] = []
    for letter in text:
        roll = random.random()
        if roll < rate:
            found.append(
                _MISREAD.get(letter, letter if letter.isspace() else random.choice(["", letter, letter.lower()]))
            )
        elif letter == " " and roll < rate * 2:
            continue
        elif letter.isalpha() and roll > 1 - rate / 4:
            found.append(f"{letter}-\n")
        else:
            found.append(letter)
    return "".join(found)


def renumbered(text: str, *, rate: float, years: int, random: Random) -> str:
    """Return a text with that share of its numbers changed by up to a fifth, and all its years moved."""

    def changed(found: re.Match[str]) -> str:
        number = found[0]
        if _YEAR.fullmatch(number) or len(re.sub(r"\D", "", number)) < 2 or random.random() >= rate:
            return number
        digits = re.sub(r"\D", "", number)
        other = str(max(10, round(int(digits) * random.uniform(0.82, 1.18)) + 1)).zfill(len(digits))[-len(digits) :]
        fresh = iter(other)
        return "".join(next(fresh) if each.isdigit() else each for each in number)

    text = _NUMBER.sub(changed, text)
    return _YEAR.sub(lambda found: str(int(found[0]) + years), text) if years else text


def revised(text: str, *, rate: float, random: Random) -> str:
    """Return a text with that share of its sentences left out or moved, and some turns of phrase replaced."""
    sentences = _SENTENCE.split(text)
    kept = [sentence for sentence in sentences if random.random() >= rate or len(sentence) < 40]
    joined = " ".join(kept) if len(kept) < len(sentences) else text
    for old, new in _REWORDED:
        if random.random() < 0.5:
            joined = joined.replace(old, new)
    return joined


def with_words(text: str, words: Mapping[str, str]) -> str:
    """Return a text with names replaced, whole words, also in capitals."""
    for old, new in words.items():
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)
        text = re.sub(rf"\b{re.escape(old.upper())}\b", new.upper(), text)
    return text


def wrapped(text: str, width: int) -> str:
    """Return a paragraph in lines of at most so many characters."""
    return "\n".join(textwrap.wrap(text, width)) if text else ""


def cover_lines(style: str, *, title: str, random: Random) -> list[str]:
    """Return the lines of a cover page."""
    number = random.randrange(1000, 99999)
    return [part.format(title=title, number=number) for line in _COVERS[style] for part in (line, "")]


def front_matter(*, title: str, random: Random) -> list[str]:
    """Return title page, imprint and foreword of another publisher."""
    publisher, place = random.choice(_PUBLISHERS), random.choice(_TOWNS)
    isbn = f"978-92-{random.randrange(1000, 9999)}-{random.randrange(100, 999)}-0"
    return [page.format(title=title, publisher=publisher, place=place, isbn=isbn) for page in _FRONT]


def press_release(pages: Sequence[str], *, title: str, sentences: int, random: Random) -> str:
    """Return a press release that quotes so many sentences of a report."""
    found = [
        " ".join(sentence.split())
        for page in pages[1:] or pages
        for sentence in _SENTENCE.split(page)
        if 60 < len(sentence) < 300
    ]
    quoted = random.sample(found, min(sentences, len(found)))
    number = random.randrange(100000, 999999)
    head, about, launch, voice, foot = (line.format(title=title, number=number) for line in _RELEASE)
    return "\n\n".join([head, about, launch, *(f"{each}" for each in quoted), voice, foot])
