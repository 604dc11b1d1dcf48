"""The names in an offered author: one name, or a list as people write it, in four languages."""

from __future__ import annotations

import re

from corpus.metadata.organisations import is_organisation
from corpus.origins import OriginPlace
from corpus.types import Evidence

_LEAD = re.compile(
    r"(?:(?:written|edited|prepared|compiled|posted|published|authored|elaborado|escrito|preparado|editado|publicado|rédigé|préparé"
    r"|publié|écrit)\s++)?(?:by|por|par)\b[\s:]++(?:the\s++)?"
    r"|(?:(?:lead |co-?|main )?authors?|autor(?:es|as?|ía|ia)?|auteur(?:e|s|es|rice|rices)?|texto?e?|words|redacci[óo]n"
    r"|reda[çc][ãa]o)"
    r"(?:[(/.·•@-]?(?:e?s|e|as?|rice|trice)\)?){0,3}\s*(?::|(?<=\s)[-–—]\s)\s*+",
    re.IGNORECASE,
)
"""Words before the names: `By`, `Por`, `Auteurs :`."""
_OTHERS = re.compile(
    r"(?:,| and| y| e| &)? (?:et al|y otr[oa]s|et autres|e outr[oa]s|and others)\b\.?$",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r",\s*+(?:Ph\.?\s?D\.?|M\.?Sc\.?|B\.?Sc\.?|M\.?A\.?|M\.?D\.?|M\.?P\.?H\.?|M\.?B\.?A\.?|LL\.?[BMD]\.?|Dr\.?|Esq\.?|eds?\.|coords?\.|comps?\.)(?=\s*+(?:,|;|$|&|and\b))"
)
_ROLE = re.compile(
    r"\((?:eds?\.?|editors?|coords?\.?|coordinador[ae]?s?|comps?\.?|orgs?\.?|dir\.?|authors?|autor[ae]?s?)\)(?=\s*(?:[,;]|$|&|(?:and|y|et|e)\b))",
    re.IGNORECASE,
)
_SEMICOLON = re.compile(r"[;|•·]| / | \+ ")
_AND = re.compile(r",? (?:and|AND|und|et|ET|y|Y|e|E|with|con|avec|com) | ?& ?")
_TITLE_OF_PERSON = re.compile(
    r"(?:(?:Prof(?:essor|\.)?|Drs?[.ª]?|Dra\.?|M(?:r|rs|s)\.?|Lic\.?|Ing\.?|Mme|Sr\.|Sra\.)\s+)+(?=[^\W\d_]{2})"
)
_MARKS = re.compile(r"[*†‡§¹²³⁰-⁹]+|(?<=[^\W\d_]) ?\d{1,2}(?=\s*(?:,|;|$|&| and\b))")
"""What leads to a footnote about a name."""
_ADDRESS = re.compile(
    r"(?<![^\s<>()\[\]\"',;:])(?:mailto:)?+[^\s<>()\[\]\",;:@]++(?:@|\s?[(\[](?:at|arroba)[)\]]\s?)"
    r"(?:\[[\d.]++\]|[^\s<>()\[\]\"',;?]++)(?:\?[^\s<>()]*+)?+",
    re.IGNORECASE,
)
_EMPTY_BRACKETS = re.compile(r"[<(\[]\s*[>)\]]")
_NAME_IN_BRACKETS = re.compile(r"(?:^|(?<=[,;]))\s*\(([^()]+)\)\s*(?=[,;]|$)")
_CATALOGUE_PARTS = ("citation_author", "dc", "eprints", "prism")
_HOUSE = re.compile(r"\s\(([^()]+)\)$")
_PARTICLES = frozenset(
    ("de", "del", "la", "las", "los", "da", "do", "dos", "das", "du", "des", "van", "von", "der", "den", "el", "al")
) | {"bin", "ibn", "ben", "y", "e", "di", "le", "ter", "ten", "wa", "af", "av", "zu"}
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,4}")


def authors_of(offer: Evidence) -> list[str]:
    """Return the names in an author that a place offered."""
    place, part = offer.origin.place, offer.origin.part
    is_catalogue = place in (OriginPlace.PERSON, OriginPlace.SIDECAR, OriginPlace.RECORD) or (
        place is OriginPlace.LANDING and part.startswith(_CATALOGUE_PARTS)
    )
    return authors_in(offer.value, of_catalogue=is_catalogue)


def authors_in(value: str, *, of_catalogue: bool = True) -> list[str]:
    """Return the names in an offered author, each as it was given; empty when there is none.

    Semicolons part names always. Commas, `and`, `&`, `y`, `et` and `e` part them where what is on both sides is the whole name
    of a person: `Ndiaye, Awa`, `Ortega y Gasset` and `Ministry of Health and Welfare` stay one.

    Args:
        of_catalogue: what a catalogue says: `García Márquez, Gabriel José` is one name there, and elsewhere two.
    """
    text = _LEAD.sub("", " ".join(without_addresses(value).split()), count=1)
    text = _OTHERS.sub("", _MARKS.sub("", text))
    return [
        name
        for part in _SEMICOLON.split(_ROLE.sub("", text))
        for each in _listed(part, of_catalogue=of_catalogue)
        if (name := _tidy(each))
    ]


def without_addresses(text: str) -> str:
    """Return who is meant by an author with an e-mail address: `office@marche.online (Awa Ndiaye)`, `Awa Ndiaye <a@b.org>`.

    An address alone is nobody, and gives an empty text; a text without an address comes back as it is.
    """
    names = _ADDRESS.sub("", text)
    if names == text:
        return text
    names = _EMPTY_BRACKETS.sub("", names).strip(" ,;:-–—")
    names = _NAME_IN_BRACKETS.sub(r" \1", names).strip()
    if names.startswith("(") and names.endswith(")"):
        names = names[1:-1]
    return names.strip(" ,;:-–—\"'“”")


def _tidy(name: str) -> str:
    plain = _TITLE_OF_PERSON.sub("", name.strip(" ,")).strip(" ,")
    house = _HOUSE.search(plain)
    return (
        plain[: house.start()]
        if house and is_organisation(house[1]) and is_whole_name(plain[: house.start()])
        else plain
    )


def _listed(part: str, *, of_catalogue: bool) -> list[str]:
    """Return the names of a part without semicolons."""
    plain = _DEGREE.sub("", part).strip(" ,")
    if is_organisation(plain) and not _is_list_of_whole_names(_AND.split(plain)):
        return [plain]
    sides = _AND.split(plain)
    if len(sides) > 1 and not all(map(_can_be_side, sides)):
        sides = [plain]
    return [name for side in sides for name in _by_commas(side, is_list=len(sides) > 1 or not of_catalogue)]


def _can_be_side(side: str) -> bool:
    """Say whether what is on one side of `and` is names: whole ones, or a family name, a comma and given names."""
    pieces = [piece.strip() for piece in side.split(",") if piece.strip()]
    return len(pieces) > 1 or (bool(pieces) and is_whole_name(pieces[0]))


def _by_commas(side: str, *, is_list: bool) -> list[str]:
    pieces = [piece.strip() for piece in side.split(",") if piece.strip()]
    if len(pieces) < 2:
        return pieces
    if is_list and is_whole_name(pieces[0]) and all(is_whole_name(each) or is_organisation(each) for each in pieces):
        return pieces
    if all(map(is_whole_name, pieces)) and (len(pieces) > 2 or is_list or _is_initialled(pieces)):
        return pieces
    # Ruiz, A., Bâ, L.: family names and given names in turn
    if len(pieces) > 2 and len(pieces) % 2 == 0 and all(_is_short_of_particles(piece) for piece in pieces):
        pairs = list(zip(pieces[::2], pieces[1::2], strict=True))
        if all(_is_short(given) or _INITIALS.fullmatch(given.replace(" ", "")) for _, given in pairs):
            return [f"{family}, {given}" for family, given in pairs]
    return [side]


def _is_short(given: str) -> bool:
    return len(given.split()) == 1


def _is_short_of_particles(piece: str) -> bool:
    return sum(word.casefold() not in _PARTICLES for word in piece.split()) <= 2


def _is_initialled(pieces: list[str]) -> bool:
    """Say whether each piece is a family name with initials behind it (`Okello J, Musa A`)."""
    return all(_INITIALS.fullmatch(piece.split()[-1]) and piece.split()[-1].isupper() for piece in pieces)


def _is_list_of_whole_names(sides: list[str]) -> bool:
    return len(sides) > 1 and not any(is_organisation(side) for side in sides) and all(map(is_whole_name, sides))


def is_whole_name(text: str) -> bool:
    """Say whether a text is written as the whole name of a person: two to six words, each with a capital, or a particle."""
    words = text.split()
    if not 2 <= len(words) <= 6 or is_organisation(text) or any(map(str.isdigit, text)):
        return False
    is_particle = [word.casefold() in _PARTICLES for word in words]
    is_named = [word[:1].isupper() or word[:2] in ("d'", "d’") for word in words]
    return (
        all(named or particle for named, particle in zip(is_named, is_particle, strict=True))
        and not is_particle[-1]
        and sum(named and not particle for named, particle in zip(is_named, is_particle, strict=True)) >= 2
    )
