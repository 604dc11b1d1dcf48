"""Whether a name is that of an organisation or of a person, as far as it tells, in four languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.metadata.agreement import words_of

_WORDS = frozenset(
    (
        *(
            "organization",
            "organisation",
            "organizacion",
            "organizacao",
            "institute",
            "institut",
            "instituto",
            "institution",
        ),
        *("university", "universidad", "universite", "universidade", "college", "school", "escuela", "ecole", "escola"),
        *(
            "ministry",
            "ministerio",
            "ministere",
            "secretaria",
            "secretariat",
            "department",
            "departamento",
            "departement",
        ),
        *(
            "bank",
            "banco",
            "banque",
            "agency",
            "agencia",
            "agence",
            "office",
            "oficina",
            "bureau",
            "authority",
            "service",
        ),
        *(
            "network",
            "alliance",
            "alianza",
            "alianca",
            "association",
            "asociacion",
            "associacao",
            "federation",
            "federacion",
        ),
        *("federacao", "confederation", "confederacion", "commission", "comision", "comissao", "committee", "comite"),
        *(
            "council",
            "consejo",
            "conseil",
            "conselho",
            "centre",
            "center",
            "centro",
            "foundation",
            "fundacion",
            "fundacao",
        ),
        *(
            "fondation",
            "fund",
            "fondo",
            "fonds",
            "fundo",
            "programme",
            "nations",
            "naciones",
            "nacoes",
            "group",
            "grupo",
        ),
        *(
            "groupe",
            "government",
            "gobierno",
            "gouvernement",
            "governo",
            "statistics",
            "movement",
            "movimiento",
            "movimento",
        ),
        *(
            "international",
            "internacional",
            "internationale",
            "cooperative",
            "cooperativa",
            "union",
            "sindicato",
            "syndicat",
        ),
        *(
            "society",
            "sociedad",
            "societe",
            "sociedade",
            "team",
            "equipo",
            "unit",
            "unidad",
            "observatory",
            "observatorio",
        ),
    )
)
"""Words of names of organisations, in small letters without accents. Words that are common surnames are left out."""


_PREPOSITIONS = frozenset(("of", "de", "du", "des", "del", "do", "da", "dos", "das", "d", "for", "para", "pour"))
_ARTICLES = ("the", "el", "la", "le", "los", "les", "a", "o")
_NAMES = re.compile(
    r"(?:the )?(?:united nations|naciones unidas|nations unies|nacoes unidas)(?: .{0,80})?|(?:the )?world bank(?: group)?"
    r"|(?:grupo|groupe)(?: de la| del| do)? (?:banco mundial|banque mondiale)|haut commissariat au plan"
    r"|european (?:commission|union|parliament)|international labou?r (?:office|organi[sz]ation)"
    r"|(?:organizacion|organisation|organizacao) (?:internacional|internationale) (?:del trabajo|du travail|do trabalho)"
)
"""Whole names, in small letters without accents, that the words of `offices.toml` do not tell."""


@dataclass(frozen=True, slots=True)
class _OfficeWords:
    """The words of `offices.toml`, by what they do in a name."""

    first: frozenset[str]
    last: frozenset[str]
    of: frozenset[str]
    never: frozenset[str]
    states: frozenset[str]
    small: frozenset[str]
    """Written without a capital in names."""
    whole: frozenset[str]
    places: frozenset[str]
    between: frozenset[str]
    unions: frozenset[str]
    """In capitals."""


@cache
def _office_words() -> _OfficeWords:
    table = tomllib.loads((Path(__file__).parent / "offices.toml").read_text(encoding="utf-8"))
    first, last, of, never, states = (
        frozenset(table[name].split()) for name in ("first", "last", "of", "never", "states")
    )
    small = of | {"and", "y", "et", "e", "la", "le", "les", "el", "las", "l", "los", "o", "os", "as"}
    whole, places, between, unions = (
        frozenset(table[name].split()) for name in ("whole", "places", "between", "unions")
    )
    return _OfficeWords(first, last, of, never, states, small, whole, places, between, unions)


_OFFICE_WORDS_MAX = 16
_ABBREVIATION_LETTERS_MAX = 10
_SMALL_WORD_LETTERS_MIN = 4


def is_office(text: str) -> bool:
    """Say whether a text is, as a whole, the name of an office, a ministry, a university, a state or the like.

    Stricter than `is_organisation`: a title that has such a word in it (`The reform of the Labour Office`) is no office.
    """
    if any(map(str.isdigit, text)):
        return False
    plain = text.partition("(")[0].strip() or text
    words = words_of(plain)
    if not words or len(words) > _OFFICE_WORDS_MAX:
        return False
    if _NAMES.fullmatch(" ".join(words)):
        return True
    if _is_abbreviation(plain) and len(plain) <= _ABBREVIATION_LETTERS_MAX:
        # In brackets stands what it is short for, else it is the head of a column: FIJO (TERCER TRIMESTRE).
        inner = text.partition("(")[2].rstrip(") ")
        return not inner or is_office(inner)
    table = _office_words()
    if not _is_capitalised(plain) or not table.never.isdisjoint(words):
        return False
    own = words[1:] if words[0] in _ARTICLES else words
    if len(own) > 1 and own[0] in table.first and (own[1] in table.of or len(own) <= 5):
        return True
    if (
        len(own) > 1
        and own[-1] in table.last
        and not own[0].endswith("ing")
        and len(own) <= 8
        and _PREPOSITIONS.isdisjoint(own)
    ):
        return True
    # Pakistan Bureau of Statistics
    heads = (place for place, word in enumerate(own[:-2]) if word in table.first and own[place + 1] in ("of", "for"))
    place = next(heads, None)
    return place is not None and place <= 4 and (_PREPOSITIONS | {"and", "the"}).isdisjoint(own[:place])


def _is_capitalised(text: str) -> bool:
    """Say whether all words but the small ones begin with a capital."""
    return all(word[0].isupper() or word.lower() in _office_words().small for word in re.findall(r"[^\W\d_]+", text))


def is_state(text: str) -> bool:
    """Say whether the name of an office is that of a state or its government, under which the office that published stands."""
    words = words_of(text)
    return len(words) <= 8 and bool(_office_words().states.intersection(words[:3]))


def is_abbreviation(name: str) -> bool:
    """Say whether a name is capitals alone (`WIEGO`, `UNU-WIDER`)."""
    return _is_abbreviation(name)


def is_organisation(name: str) -> bool:
    """Say whether a name is that of an organisation: it has a word of such names, or is an abbreviation (`WIEGO`)."""
    family, comma, given = name.partition(",")
    if comma and len(family.split()) == 1 and not _is_abbreviation(family):
        # Bank, André; but: Kenya, Ministry of Labour
        return _begins_as_office(words_of(given))
    if _is_abbreviation(name.strip()):
        return True
    words = words_of(name)
    return len(name.split()) > 1 and (
        not (_WORDS | _office_words().whole).isdisjoint(words)
        or bool(_NAMES.fullmatch(" ".join(words)))
        or _begins_as_office(words)
        or _is_joined(name)
    )


def _begins_as_office(words: Sequence[str]) -> bool:
    """Say whether words begin with an office or a place and what it is of: `Ministry of`, `Ville de`."""
    table = _office_words()
    own = words[1:] if words and words[0] in _ARTICLES else words
    return len(own) > 2 and own[0] in table.first | table.places and own[1] in table.of


def _is_joined(name: str) -> bool:
    """Say whether a name begins with a union of states, or has small words that no name of a person has."""
    table, given = _office_words(), name.split()
    # Short ones are names when they have a capital: In Soo Kim, Nguyen The Anh.
    small = (word.lower() if len(word) >= _SMALL_WORD_LETTERS_MIN else word for word in given[1:])
    return given[0] in table.unions or not table.between.isdisjoint(small)


def _is_abbreviation(name: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]{3,}(?:[-/][^\W\d_]{2,})*", name)) and name.isupper()
