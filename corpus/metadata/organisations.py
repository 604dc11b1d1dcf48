"""Whether a name is that of an organisation or of a person, as far as it tells, in four languages."""

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


_FIRST = frozenset(
    "ministry ministries ministerio ministere ministre department departamento departement secretaria secretariat institute instituto institut"
    " university universidad universite universidade bank banco banque bureau office oficina direction direccion direcao directorate"
    " organization organisation organizacion organizacao commission comision comissao centre center centro foundation fundacion"
    " fondation fundacao agency agencia agence council consejo conseil conselho association asociacion associacao federation"
    " federacion federacao service servicio government gobierno gouvernement governo republic republica republique royaume kingdom"
    " presidencia presidence observatory observatorio observatoire board committee comite commissariat college colegio academia"
    " facultad faculty faculte school escuela ecole escola confederation confederacion union fund fondo fonds fundo"
    " camara chambre assembly asamblea assemblee conference parliament embajada embassy division unit unidad unite".split()
)
"""Words that names of offices begin with, before what they are of."""
_LAST = frozenset(
    "organization organisation institute institution university bank group department ministry agency office council commission"
    " foundation fund bureau authority centre center association federation network alliance society college school secretariat"
    " observatory division unit board committee programme nations assembly union parliament directorate corporation company press"
    " secretariado".split()
)
"""Words that names of offices end with, in English."""
_PREPOSITIONS = frozenset(("of", "de", "du", "des", "del", "do", "da", "dos", "das", "d", "for", "para", "pour"))
_OF = frozenset(
    "of de du des del do da dos das d for para pour the national nacional nationale general generale central centrale".split()
)
_NOT_IN_OFFICES = frozenset(
    "in on en dans sur sobre how why towards through em from a an un une uma hacia vers entre between with con avec com".split()
)
_SMALL = _OF | frozenset("and y et e la le les el los las l o os as".split())
_NAMES = re.compile(
    r"(?:the )?(?:united nations|naciones unidas|nations unies|nacoes unidas)(?: .{0,80})?|(?:the )?world bank(?: group)?"
    r"|(?:grupo|groupe)(?: de la| del| do)? (?:banco mundial|banque mondiale)|haut commissariat au plan|european (?:commission|union|parliament)"
    r"|(?:organizacion|organisation|organizacao|international) (?:internacional|internationale|labour|labor) (?:del trabajo|du travail|do trabalho|office|organi[sz]ation)"
)
_STATES = frozenset(
    (
        "republic",
        "republica",
        "republique",
        "royaume",
        "reino",
        "kingdom",
        "state",
        "government",
        "gobierno",
        "gouvernement",
    )
) | {"governo", "premier", "federation"}
_OFFICE_WORDS_MAX = 16
_ABBREVIATION_LETTERS_MAX = 10


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
    if _NAMES.fullmatch(" ".join(words)) or (_is_abbreviation(plain) and len(plain) <= _ABBREVIATION_LETTERS_MAX):
        return True
    if not _is_capitalised(plain) or not _NOT_IN_OFFICES.isdisjoint(words):
        return False
    own = words[1:] if words[0] in ("the", "el", "la", "le", "los", "les", "a", "o") else words
    if len(own) > 1 and own[0] in _FIRST and (own[1] in _OF or len(own) <= 5):
        return True
    if (
        len(own) > 1
        and own[-1] in _LAST
        and not own[0].endswith("ing")
        and len(own) <= 8
        and _PREPOSITIONS.isdisjoint(own)
    ):
        return True
    # Pakistan Bureau of Statistics
    heads = (place for place, word in enumerate(own[:-2]) if word in _FIRST and own[place + 1] in ("of", "for"))
    place = next(heads, None)
    return place is not None and place <= 4 and _PREPOSITIONS.isdisjoint(own[:place])


def _is_capitalised(text: str) -> bool:
    """Say whether all words but the small ones begin with a capital."""
    return all(word[0].isupper() or word.lower() in _SMALL for word in re.findall(r"[^\W\d_]+", text))


def is_state(text: str) -> bool:
    """Say whether the name of an office is that of a state or its government, under which the office that published stands."""
    words = words_of(text)
    return len(words) <= 8 and bool(_STATES.intersection(words[:3]))


def is_abbreviation(name: str) -> bool:
    """Say whether a name is capitals alone (`WIEGO`, `UNU-WIDER`)."""
    return _is_abbreviation(name)


def is_organisation(name: str) -> bool:
    """Say whether a name is that of an organisation: it has a word of such names, or is an abbreviation (`WIEGO`)."""
    family, comma, _given = name.partition(",")
    if comma and len(family.split()) == 1 and not _is_abbreviation(family):
        return False  # Bank, André
    return _is_abbreviation(name.strip()) or (len(name.split()) > 1 and not _WORDS.isdisjoint(words_of(name)))


def _is_abbreviation(name: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]{3,}(?:[-/][^\W\d_]{2,})*", name)) and name.isupper()
