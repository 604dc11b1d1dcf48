"""Whether an author is an organisation or a person, as far as a name tells, in four languages."""

from __future__ import annotations

import re

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


def is_organisation(name: str) -> bool:
    """Say whether a name is that of an organisation: it has a word of such names, or is an abbreviation (`WIEGO`)."""
    family, comma, _given = name.partition(",")
    if comma and len(family.split()) == 1 and not _is_abbreviation(family):
        return False  # Bank, André
    return _is_abbreviation(name.strip()) or (len(name.split()) > 1 and not _WORDS.isdisjoint(words_of(name)))


def _is_abbreviation(name: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]{3,}(?:[-/][^\W\d_]{2,})*", name)) and name.isupper()
