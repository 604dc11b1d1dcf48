"""Names of authors in parts, as citations need them: an organisation is one whole, a person has a family name and given names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.metadata.organisations import is_organisation

_PARTICLES = frozenset(
    (
        "de",
        "del",
        "la",
        "las",
        "los",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "des",
        "van",
        "von",
        "der",
        "den",
        "di",
        "ter",
        "ten",
    )
) | {"el", "al", "bin", "ibn", "ben", "le", "d'", "d’"}
_SUFFIXES = frozenset(("jr", "sr", "jnr", "snr", "ii", "iii", "iv"))
_OF_FAMILY = frozenset(("júnior", "filho", "neto", "sobrinho"))
"""In Portuguese these belong to the family name (ABNT NBR 6023: `Silva Filho, José`)."""
_SECOND_GIVEN = """
maria jose luis carlos antonio manuel alberto eduardo enrique fernando francisco guadalupe isabel javier jesus juan lucia
luz mercedes miguel pablo patricia pilar rosa teresa alejandro alejandra andres angel angela beatriz carmen cristina david
elena esther gabriel gabriela guillermo ignacio julia laura leonor marta martin monica pedro rafael ramon raul ricardo
roberto rocio santiago sofia victoria
"""
"""Second given names that are common in Spanish, without accents: `Ana María Torres` has one family name."""
_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an author."""

    literal: str = ""
    """The whole name of an organisation, or of a person of one word; empty for other people."""
    family: str = ""
    """With its particles: `van der Berg`."""
    given: str = ""
    suffix: str = ""
    """`Jr.`, `III`."""

    @property
    def inverted(self) -> str:
        """Return `Torres, Ana`; of an organisation its name."""
        return self.literal or ", ".join(part for part in (self.family, self.given, self.suffix) if part)


def name_of(text: str, *, lang: str = "", publisher: str = "") -> Name:
    """Return the parts of a name as it was given.

    Args:
        text: `Ana Torres`, `Torres, Ana` or `Ministère du Travail`, on one line.
        lang: ISO 639-1 of the document: people of Spanish documents with three names and more have two family names.
        publisher: of the document. What is called after it is a part of it: `Pushcart Samples, Climate Desk`.
    """
    if is_organisation(text) or len(text.split()) < 2 or _is_part_of(publisher, text):
        return Name(literal=text)
    if "," in text:
        return _inverted(text)
    return _in_order(text, lang=lang)


def _is_part_of(publisher: str, text: str) -> bool:
    """Say whether a name is that of a publisher, or begins with all of it before a comma; one word could be a family name."""
    name, _, rest = text.casefold().partition(",")
    given = publisher.casefold().strip()
    return bool(given) and (text.casefold() == given or (name.strip() == given and " " in given and bool(rest.strip())))


def _inverted(text: str) -> Name:
    family, *others = (part.strip() for part in text.split(","))
    others = [each for each in others if each]
    if not family or not others:
        return Name(literal=text.strip(" ,"))
    suffix = next((each for each in others[1:] if _bare(each) in _SUFFIXES), "")
    return Name(family=family, given=", ".join(each for each in others if each != suffix), suffix=suffix)


def _in_order(text: str, *, lang: str) -> Name:
    words = text.split()
    suffix = words.pop() if _bare(words[-1]) in _SUFFIXES | _OF_FAMILY else ""
    if len(words) < 2:
        return Name(literal=text)
    if _CJK.match(words[0]):  # the family is first
        return Name(family=words[0], given=" ".join(words[1:]))
    at = _family_begins(words, lang=lang)
    family, given = " ".join(words[at:]), " ".join(words[:at])
    if _bare(suffix) in _OF_FAMILY:
        return Name(family=f"{family} {suffix}", given=given)
    return Name(family=family, given=given, suffix=suffix)


def _bare(word: str) -> str:
    return word.casefold().rstrip(".")


def _family_begins(words: list[str], *, lang: str) -> int:
    """Return the place of the first word of the family name; at least 1."""
    last = len(words) - 1
    if lang == "es" and len(words) > 2 and not any("." in word or len(word) < 2 for word in words):
        last = _first_of_two(words)
    while last > 1 and words[last - 1].casefold() in _PARTICLES:
        last -= 1
    return last


def _first_of_two(words: list[str]) -> int:
    """Return where the first of two Spanish family names stands; the only one where the word before is a given name."""
    at = len(words) - 2
    while at > 1 and words[at].casefold() in _PARTICLES:  # García de la Torre
        at -= 1
    is_given = words[at].casefold().translate(_ACCENTS) in _SECOND_GIVEN.split()
    return len(words) - 1 if is_given or at < 1 else at
