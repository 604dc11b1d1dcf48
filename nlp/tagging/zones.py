"""Which part of a page is body, heading, list of references, imprint, boilerplate or table of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from corpus.tag_rules import Zone
from corpus.types import Page
from corpus.vocabulary.spelling import plain

WEIGHTS: Mapping[Zone, float] = {
    Zone.TITLE: 6.0,
    Zone.ABSTRACT: 4.0,
    Zone.KEYWORDS: 4.0,
    Zone.HEADING: 3.0,
    Zone.BODY: 1.0,
    Zone.CONTENTS: 0.0,
    Zone.REFERENCES: 0.0,
    Zone.IMPRINT: 0.0,
    Zone.BOILERPLATE: 0.0,
}
"""What a word counts in each part of a document (FIELD section 1)."""

_REFERENCES = frozenset(
    plain(heading)
    for heading in (
        "References", "Reference list", "List of references", "Bibliography", "Works cited", "Literature cited", "Endnotes",
        "Selected bibliography", "Referencias", "Referencias bibliográficas", "Bibliografía", "Notas", "Références",
        "Références bibliographiques", "Bibliographie", "Referências", "Referências bibliográficas", "Bibliografia",
        "Sources and references", "Fuentes",
    )
)  # fmt: skip
_CONTENTS = frozenset(
    plain(heading)
    for heading in (
        "Contents", "Table of contents", "List of tables", "List of figures", "Índice", "Índice general", "Contenido",
        "Tabla de contenido", "Tabla de contenidos", "Sommaire", "Table des matières", "Liste des tableaux", "Sumário",
        "Índice de cuadros", "Lista de tabelas", "Conteúdo",
    )
)  # fmt: skip
_ANNOUNCED = _REFERENCES | _CONTENTS
_LONGEST_ANNOUNCEMENT = 60
_NUMBERING = re.compile(r"^[\dIVX.\s]+(?=\s|$)|[:.]$")
_AFTER_REFERENCES = re.compile(
    r"^(annex|appendi|anexo|annexe|apéndice|apêndice|glossar|about the author)", re.IGNORECASE
)
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
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|\s…+\s?\d+$")
_ENTRY = re.compile(
    r"\((?:19|20)\d\d[a-z]?\)|\b(?:19|20)\d\d[a-z]?[.:,]|https?://|doi|\bpp?\. ?\d|\bVol\b|\bpp\.|[“\"«].{1,600}?[”\"»]"
)
_CITED = re.compile(r"^(?:\[?\d{1,3}[\].)]? |[•*] )?[A-ZÀ-Þ][\w’'\-]+(?:,| [A-Z]\.| and | y | et | e )")
_HEADING_END = re.compile(r"[.;,:!?]$")
_IMPRINT_PAGES = 4
"""The imprint is on the first four pages or the last two."""
_LONGEST_RUNNING_HEAD = 120
_RUNNING_HEAD_PAGES = 3
"""A first or last line that stands on so many pages is a running head."""
_BACK_MATTER_SHARE = 0.6
"""Of a page's letters and digits, in zones that count for nothing: from here on the page is back matter."""
_LETTERS_OF_AN_ENTRY = 220
"""Letters and digits to each year, address or page number of a list of references. References themselves have 40 to 140; what goes
on behind a list whose end was not seen (an annex without a heading of its own) has 250 and more."""


def zoned(pages: Sequence[Page]) -> Iterator[tuple[int, list[tuple[Zone, str]]]]:
    """Yield page number and stretches of text with their zone, in reading order.

    A list of references goes on over pages until an annex begins.
    """
    running = _running_heads(pages)
    in_references = False
    for page in pages:
        edge = page.number <= _IMPRINT_PAGES or page.number > len(pages) - 2
        stretches: list[tuple[Zone, str]] = []
        in_contents = False
        for block in _blocks(page.text):
            zone = _zone(block, edge=edge, first=page.number == 1, running=running)
            name = _name(block) if len(block) < _LONGEST_ANNOUNCEMENT else ""
            if name:
                if name in _REFERENCES and page.number > len(pages) // 3:
                    in_references = True
                elif in_references and _AFTER_REFERENCES.match(name):
                    in_references = False
                in_contents = in_contents or name in _CONTENTS
            if in_references:
                zone = Zone.REFERENCES
            elif in_contents and zone in (Zone.HEADING, Zone.BODY):
                zone = Zone.CONTENTS if len(block) < 1500 and not block.rstrip().endswith(".") else zone
            if stretches and stretches[-1][0] is zone and zone is not Zone.HEADING:
                stretches[-1] = (zone, f"{stretches[-1][1]}\n\n{block}")
            else:
                stretches.append((zone, block))
        yield page.number, stretches


def back_matter(pages: Sequence[Page]) -> tuple[int, ...]:
    """Return the numbers of pages with hardly anything but references, contents, imprint or boilerplate, ascending.

    A document without any other page has none: nothing else in it could be read instead.
    """
    if len(pages) < 2:
        return ()
    found, written = [], 0
    for number, stretches in zoned(pages):
        whole = sum(_letters(words) for _, words in stretches)
        written += whole > 0
        if whole and _letters_of_back_matter(stretches) >= _BACK_MATTER_SHARE * whole:
            found.append(number)
    return tuple(found) if len(found) < written else ()


def _letters_of_back_matter(stretches: Sequence[tuple[Zone, str]]) -> int:
    cited = "\n".join(words for zone, words in stretches if zone is Zone.REFERENCES)
    others = sum(_letters(words) for zone, words in stretches if WEIGHTS[zone] == 0 and zone is not Zone.REFERENCES)
    is_cited = _letters(cited) <= _LETTERS_OF_AN_ENTRY * len(_ENTRY.findall(cited))
    return others + (_letters(cited) if is_cited else 0)


def _letters(words: str) -> int:
    return sum(map(str.isalnum, words))


def _blocks(text: str) -> Iterator[str]:
    """Yield paragraphs, white space folded within their lines. A line that announces a list stands alone."""
    lines: list[str] = []
    for line in text.split("\n"):
        line = " ".join(line.split())
        announces = len(line) < _LONGEST_ANNOUNCEMENT and _name(line) in _ANNOUNCED
        if lines and (announces or not line):
            yield "\n".join(lines)
            lines = []
        if announces:
            yield line
        elif line:
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def _name(heading: str) -> str:
    return plain(_NUMBERING.sub("", heading))


def _zone(block: str, *, edge: bool, first: bool, running: frozenset[str]) -> Zone:
    """Tell the zone of one paragraph from itself and from the page on which it stands."""
    lines = block.split("\n")
    if len(lines) <= 2 and _folded(block) in running:
        return Zone.BOILERPLATE
    if len(_LEADERS.findall(block)) >= max(1, len(lines) // 3):
        return Zone.CONTENTS
    if edge and len(block) < 1200 and _IMPRINT.search(block):
        return Zone.IMPRINT
    if first and len(lines) <= 3 and _AFFILIATION.search(block):
        return Zone.IMPRINT
    if _SELF_PORTRAIT.search(block[:300]):
        return Zone.BOILERPLATE
    if len(lines) >= 4 and _is_list_of_references(lines):
        return Zone.REFERENCES
    return Zone.HEADING if _is_heading(block, lines) else Zone.BODY


def _is_heading(block: str, lines: Sequence[str]) -> bool:
    return (
        len(lines) <= 2
        and 4 <= len(block) <= 120
        and len(block.split()) <= 16
        and not _HEADING_END.search(block)
        and not block[0].islower()
        and sum(character.isalpha() for character in block) > 0.6 * len(block)
    )


def _is_list_of_references(lines: Sequence[str]) -> bool:
    entries = sum(1 for line in lines if _CITED.match(line) and _ENTRY.search(line))
    return entries >= 0.3 * len(lines) and sum(1 for line in lines if _ENTRY.search(line)) >= 0.5 * len(lines)


def _running_heads(pages: Sequence[Page]) -> frozenset[str]:
    seen: Counter[str] = Counter()
    for page in pages:
        lines = [line for line in page.text.split("\n") if line.strip()]
        edges = [line for line in lines[:2] + lines[-2:] if len(line) <= _LONGEST_RUNNING_HEAD]
        seen.update({_folded(line) for line in edges} - {""})
    least = max(_RUNNING_HEAD_PAGES, len(pages) // 10)
    return frozenset(line for line, count in seen.items() if count >= least)


def _folded(line: str) -> str:
    return plain(re.sub(r"[\d|]+", "", line))
