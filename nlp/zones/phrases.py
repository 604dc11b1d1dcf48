"""What words say of a paragraph: lists of references and contents, imprint, what an organisation says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.tag_rules import Zone
from corpus.vocabulary.spelling import plain

_NAMES_OF_REFERENCES = (

        "References", "Reference list", "List of references", "Bibliography", "Works cited", "Literature cited", "Endnotes",
        "Selected bibliography", "Referencias", "Referencias bibliográficas", "Bibliografía", "Notas", "Références",
        "Références bibliographiques", "Bibliographie", "Referências", "Referências bibliográficas", "Bibliografia",
        "Sources and references", "Fuentes",
)  # fmt: skip
_NAMES_OF_CONTENTS = (

        "Contents", "Table of contents", "List of tables", "List of figures", "Índice", "Índice general", "Contenido",
        "Tabla de contenido", "Tabla de contenidos", "Sommaire", "Table des matières", "Liste des tableaux", "Sumário",
        "Índice de cuadros", "Lista de tabelas", "Conteúdo",
)  # fmt: skip
REFERENCES = frozenset(map(plain, _NAMES_OF_REFERENCES))
CONTENTS = frozenset(map(plain, _NAMES_OF_CONTENTS))
ANNOUNCED = REFERENCES | CONTENTS
"""Folded headings that announce a list."""
LONGEST_ANNOUNCEMENT = 60
_LAST_WORDS = frozenset(
    word
    for name in (*_NAMES_OF_REFERENCES, *_NAMES_OF_CONTENTS)
    for word in (name.lower().split()[-1], plain(name).split()[-1])
)
"""Of those headings, in small letters."""
_NUMBERING = re.compile(r"^[\dIVX.\s]+(?=\s|$)|[:.]$")
_ANNEX = re.compile(r"(?:(?:statistical|technical|methodological|data) )?(?:annex|appendi|anexo|apendice|lampiran)")
_AFTER_REFERENCES = re.compile(rf"{_ANNEX.pattern}|glossar|about the author")
_IMPRINT = re.compile(
    r"\bISBN\b|\bISSN\b|©|\(c\) ?(19|20)\d\d|\bcopyright\b|all rights reserved|rights and permissions|"
    r"(suggested|recommended) citation|please cite|how to cite|cite as|para citar|cómo citar|pour citer|como citar|"
    r"cataloguing.in.publication|first published|printed (in|by|on)|published by|publicado por|publié par|"
    r"derechos reservados|droits réservés|direitos reservados|depósito legal|dépôt légal|impreso en|imprimé|impresso|"
    r"creative commons|\bP\.? ?O\.? Box\b|\bTel[:.]|\bFax[:.]|e-?mail ?:|correo electrónico ?:|"
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w|\bwww\.|https?://|design and layout|photo credit|cover photo|"
    r"^(Geneva|Genève|Ginebra|Genebra|Washington,? D\.?C\.?|Manchester|New York|Paris|London|Santiago|Nairobi|"
    r"Brasília|Rome|Roma|Lima|New Delhi)\b[^.]{0,30}:? ?(ILO|OIT|BIT|World Bank|WIEGO|United Nations|OECD|CEPAL)?\.?$",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_IMPRINT = 1_200
_SHORT_IMPRINT = 300
"""Characters of a paragraph; a longer one has two signs of the imprint."""
_HINTS_OF_IMPRINT = (
    "isbn", "issn", "©", "(c)", "copyright", "rights", "cit", "cataloguing", "publi", "print", "derechos", "droits",
    "direitos", "legal", "légal", "impr", "commons", "box", "tel", "fax", "mail", "correo", "@", "www", "http", "design",
    "photo", "geneva", "genève", "ginebra", "genebra", "washington", "manchester", "york", "paris", "london", "santiago",
    "nairobi", "brasília", "rome", "roma", "lima", "delhi",
)  # fmt: skip
"""In small letters: where none of them stands, the expression, which is slow, finds nothing."""
_AFFILIATION = re.compile(
    r"^[\d*†,\s]*(department|faculty|school|institute|university|centre|center|universidad|université|universidade|"
    r"facultad|instituto|institut|departamento|ministry|ministerio|ministère|ministério)\b[^.]{0,120}$|"
    r"\b(university|université|universidad|universidade)\b[^.]{0,60}$",
    re.IGNORECASE,
)
_SELF_PORTRAIT = re.compile(
    r"^(about (wiego|the (author|ilo|series|project)|us|streetnet|homenet)|acerca de|sobre (wiego|la serie|el autor|o autor)|"
    r"à propos)|\bis a global (network|research|action)\b|es una red (mundial|global)|est un réseau (mondial|global)|"
    r"é uma rede (mundial|global)|\bcore programmes? (is|are)|members of (the )?(network|board)|\bWIEGO (believes|cree|estime)\b|"
    r"is the United Nations agency|is a specialized agency|the opinions? expressed|views expressed|"
    r"^(acknowledge?ments?|agradecimientos?|remerciements|agradecimentos?)\b|"
    r"\b(authors?|we|wiego|team) (would like to |wish(es)? to |gratefully |also )*(thank|acknowledge)s? |"
    r"(queremos|quieren?|desea\w{0,12}|gostaríamos de|gostaria de) agradecer|(tiens|tient|tenons|tiennent) à remercier",
    re.IGNORECASE,
)
_HINTS_OF_SELF_PORTRAIT = (
    "about", "acerca", "sobre", "propos", "global", "mundial", "mondial", "core program", "members of", "wiego",
    "united nations agency", "specialized agency", "the opinion", "views expressed", "acknowledg", "agradec", "remerci", "thank",
)  # fmt: skip
_STAMP = re.compile(
    r"\W*(?:public disclosure authori[sz]ed|official use only|for official use only|confidential|restricted|draft"
    r"|not for (?:citation|quotation|distribution))\W*",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|\s…+\s?\d+$")
_ENTRY = re.compile(
    r"\((?:19|20)\d\d[a-z]?\)|\b(?:19|20)\d\d[a-z]?[.:,]|https?://|doi|\bpp?\. ?\d|\bVol\b|\bpp\.|[“\"«].{1,600}?[”\"»]"
)
_CITED = re.compile(r"^(?:\[?\d{1,3}[\].)]? |[•*] )?[A-ZÀ-Þ][\w’'\-]+(?:,| [A-Z]\.| and | y | et | e )")
_HEADING_END = re.compile(r"[.;,:!?]$")
_HEADING_END_OF_LARGE = re.compile(r"[.;,]$")
_LABEL = (
    r"(?:tableaux?|tables?|figures?|fig\.|box|chart|map|graph|photo|diagram|exhibit|cuadro|gráfico|gráfica|tabla|figura|tabela|mapa|"
    r"recuadro|graphique|carte|encadré|quadro|ilustración|tabel|gambar|schéma|esquema)"
)
LABEL = re.compile(
    _LABEL + r"s?(?![^\W\d])\s{0,3}(?:n[°ºo.]{1,2}\s{0,3})?(?:annex\s{1,3})?(?-i:[A-Z]{0,2})[-.]?\d{0,3}"
    r"(?:[-.–]\d{1,3}|[A-Za-z]\b){0,4}\s{0,3}(?P<after>[.:—–|•·-]|\(|$|\s{0,3}(?=[A-ZÀ-Þ¿\d\"“«]))",
    re.IGNORECASE,
)
"""With which a caption begins: Table 3.1; `after` is the sign or space behind it."""
SOURCE = re.compile(
    r"(?:sources?|notes?|fuentes?|notas?|fonte|n\.b\.|elaboración|remarques?|lecture|sumber|catatan|elaboração|elaborado por)"
    r"\s{0,3}(?:for [\w ]{3,40})?\s{0,3}\d?\s{0,3}[.:]",
    re.IGNORECASE,
)
"""With which the source or the notes of a table or figure begin."""
_ENOUGH_LETTERS = 0.6


def name_of(heading: str) -> str:
    """Return a heading without its number, folded."""
    return plain(_NUMBERING.sub("", heading))


def announces(line: str) -> bool:
    """Say whether a line is nothing but the heading of a list of references or of contents."""
    if len(line) >= LONGEST_ANNOUNCEMENT or line.rstrip(":. ").rpartition(" ")[2].lower() not in _LAST_WORDS:
        return False
    return name_of(line) in ANNOUNCED


def is_stamp(line: str) -> bool:
    """Say whether a line is only a mark of how a document may be used: public disclosure authorized."""
    return bool(_STAMP.fullmatch(line))


def begins_annex(name: str) -> bool:
    """Say whether a folded heading is that of an annex."""
    return bool(_ANNEX.match(name))


def ends_references(name: str) -> bool:
    """Say whether a folded heading is one of those that are behind a list of references."""
    return bool(_AFTER_REFERENCES.match(name))


def entries_in(text: str) -> int:
    """Return how many years, addresses, volumes and page numbers a list of references names."""
    return len(_ENTRY.findall(text))


def zone_by_words(block: str, *, edge: bool, first: bool) -> Zone | None:
    """Tell the zone of a paragraph from its words; None: they say nothing.

    Args:
        block: lines, white space folded within them.
        edge: whether it is where the imprint may be.
        first: whether it is on the first page.
    """
    lines = block.split("\n")
    if first and all(map(is_stamp, lines)):
        return Zone.BOILERPLATE
    has_leaders = "..." in block or ". . ." in block or "…" in block
    if has_leaders and len(_LEADERS.findall(block)) >= max(1, len(lines) // 3):
        return Zone.CONTENTS
    if edge and _is_imprint(block):
        return Zone.IMPRINT
    if first and len(lines) <= 3 and _AFFILIATION.search(block):
        return Zone.IMPRINT
    if _has(_HINTS_OF_SELF_PORTRAIT, block[:300]) and _SELF_PORTRAIT.search(block[:300]):
        return Zone.BOILERPLATE
    if len(lines) >= 4 and _is_list_of_references(lines):
        return Zone.REFERENCES
    return None


def _is_imprint(block: str) -> bool:
    """Say whether a paragraph has signs of the imprint: an address in running text does not make it one."""
    if len(block) >= _LONGEST_IMPRINT or not _has(_HINTS_OF_IMPRINT, block):
        return False
    return sum(1 for _ in _IMPRINT.finditer(block)) >= (1 if len(block) < _SHORT_IMPRINT else 2)


def _has(hints: Sequence[str], block: str) -> bool:
    small = block.lower()
    return any(hint in small for hint in hints)


def may_be_heading(block: str, *, stands_out: bool = False) -> bool:
    """Say whether a paragraph is worded as headings are: short, with letters, without an end of a sentence.

    Args:
        stands_out: whether it is set larger or bolder than text; then it may be a question, or end with a colon.
    """
    end = _HEADING_END_OF_LARGE if stands_out else _HEADING_END
    return (
        block.count("\n") <= 2
        and 4 <= len(block) <= 120
        and len(block.split()) <= 16
        and not end.search(block)
        and not block[0].islower()
        and sum(map(str.isalpha, block)) > _ENOUGH_LETTERS * len(block)
    )


def _is_list_of_references(lines: Sequence[str]) -> bool:
    entries = sum(1 for line in lines if _CITED.match(line) and _ENTRY.search(line))
    return entries >= 0.3 * len(lines) and sum(1 for line in lines if _ENTRY.search(line)) >= 0.5 * len(lines)
