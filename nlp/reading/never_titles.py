"""What is in large letters on first pages and is not a title: headings, stamps, mastheads, names of series and of offices."""

from __future__ import annotations

import re

from corpus.metadata.organisations import is_office


def _any_of(lines: str) -> str:
    """Return the lines of a text as one expression that is any of them."""
    return "(?:" + "|".join(line.strip() for line in lines.strip().split("\n")) + ")"


_HEADING = _any_of(r"""
    (?:table of )?contents|(?:list of )?(?:figures|tables|boxes|acronyms|abbreviations|annexes)(?: and (?:figures|tables|boxes))?
    abstract|summary|(?:executive|analytical) summary|overview|introduc\w+|preface|foreword|background|glossary|key ?words
    disclaimer|references|acknowledge?ments|annex(?: \w{1,3})?|appendix(?: \w{1,3})?|(?:tabla de )?contenidos?
    [ií]ndice(?: general| de (?:cuadros|tablas|gr[aá]ficos|figuras|contenidos?))?|pr[oó]logo|prefacio|antecedentes
    lista de (?:siglas|cuadros|tablas|gr[aá]ficos|abreviaturas|figuras)|presentaci[oó]n|resumen(?: ejecutivo)?|glosario
    agradecimientos|bibliograf[ií]a|table des mati[eè]res|sommaire
    liste des (?:tableaux|figures|graphiques|sigles|abr[eé]viations|acronymes)|pr[ée]face|avant-propos
    r[ée]sum[ée](?: ex[ée]cutif| analytique)?|glossaire|remerciements|bibliographie|sum[aá]rio(?: executivo)?
    resumo(?: executivo)?|apresenta[cç][aã]o|agradecimentos
    """)
_STAMP = _any_of(r"""
    (?:public |standard )?disclosure(?: authorized)?|authorized|disclosed|embargoed.{0,60}|(?:certified )?copy|original
    (?:for )?(?:official|internal) use only|(?:strictly )?confidential|restricted(?: distribution)?
    internal(?: document(?: only)?)?
    (?:(?:final|first|second|preliminary|working|revised) )?draft(?: (?:version|report|for \w{4,14}|\d.{0,12}))?
    (?:do not|not for|not to be) (?:cite|quote|circulate|citation|quotation|distribution|circulation|cited|quoted).{0,40}
    distr(?:\.|ibution)? ?:?.{0,20}|original ?: ?.{0,30}|(?:limited|general) distribution|english only|borrador(?: .{0,30})?
    confidencial|uso oficial|versi[oó]n (?:preliminar|final|para comentarios)|documento (?:confidencial|interno|preliminar)
    no citar|version (?:finale|provisoire|pr[eé]liminaire|d[eé]finitive|fran[cç]aise|espa[nñ]ola|originale)
    document (?:confidentiel|interne)|confidentiel|provisoire|brouillon|projet de rapport
    vers[aã]o (?:preliminar|final|para discuss[aã]o)|rascunho|minuta|uso interno
    """)
_KIND = _any_of(r"""
    (?:(?:working|discussion|policy|research|issues?|technical|occasional) )+(?:papers?|briefs?|notes?|bulletin)(?: series)?
    (?:briefing|background|staff|conference|information) (?:papers?|briefs?|notes?|bulletin)(?: series)?
    (?:position|white|organi[sz]ing|statistical|urban policies|economic) (?:papers?|briefs?|briefing|notes?|series|bulletin)
    policy|brief(?:ing)?|fact ?sheet
    (?:(?:annual|final|interim|main|technical|research|country|project|mission|progress|statistical|synthesis|survey) )?report
    newsletter|press release|stud(?:y|ies)|thesis|dissertation|publications?|module|volume|part|chapter|slide|manual|handbook
    guide|bolet[ií]n(?: (?:de prensa|estad[ií]stico|informativo|t[eé]cnico))?|comunicado(?: de prensa)?
    documentos? de (?:trabajo|discusi[oó]n|trabalho)|cuadernos? de (?:trabajo|investigaci[oó]n)
    serie(?: de)? documentos(?: de trabajo)?|notas? (?:t[eé]cnicas?|de pol[ií]tica|informativas?)
    informe(?: (?:final|anual|t[eé]cnico|de (?:investigaci[oó]n|pa[ií]s)))?|estudios?|tesis|publicaciones|m[oó]dulo|volumen
    tomo|parte|cap[ií]tulo|documents? de (?:travail|recherche)|s[eé]rie(?: des)? documents de travail
    notes? (?:de (?:politique|synth[eè]se|recherche)|d['’] ?(?:information|orientation)|technique)
    rapport(?: (?:final|annuel|d['’] ?(?:[eé]tude|enqu[eê]te)|provisoire|principal|de (?:recherche|synth[eè]se)))?|[eé]tudes?
    th[eè]se|tome|partie|chapitre|cahier|textos? para discuss[aã]o|relat[oó]rio(?: (?:final|anual|t[eé]cnico))?|estudos?|tese
    disserta[cç][aã]o|publica[cç](?:[aã]o|[oõ]es)|carta de conjuntura
    """)
_NUMBER = (
    r"(?:[ ,:|•·–—-]{0,3}(?:(?:no|nr|n[º°o]|n[uú]m(?:ero)?|number|vol(?:ume|umen)?|#|s[eé]rie|serie|edition|edici[oó]n)s?\.?"
    r"[ :]{0,2}){0,2}(?:\d[\d/.-]{0,12}|[ivxlc]{1,6}\b)){0,3}"
)
_SERIES = re.compile(rf"(?:[\w&.’'-]{{2,30}} ){{0,4}}?{_KIND}{_NUMBER}[ .]{{0,2}}", re.IGNORECASE)
"""The name of a series or of a kind of publication, with its number: `WIDER Working Paper 2020/167`, `Report No. 12`."""
_SIGN = re.compile(
    _any_of(r"""
    (?:table|figure|fig\.|box|map|chart|cuadro|tabla|gr[aá]fico|figura|tableau|graphique|carte|encadr[eé]|quadro|tabela) ?\d.*
    page \d+|\W{0,5}\d[\d ./,:()-]*
    (?:(?:report|rapport|relat[oó]rio|informe|document) )?(?:no|nº|n°|nr|vol)\.? ?:? ?[\w-]{0,12}\d.{0,60}
    (?:s[eé]rie|series|colecci[oó]n|collection|cole[cç][aã]o)\b.{0,80}|slide \d+|\(?p\d{5,6}\)?|\d{5,6}(?: ?v\d)?
    (?:https?:|www\.).*|\S{1,60}@\S+|isbn.*|issn.*|doi\b.*|[a-z]{1,5}(?:/[\w().-]+){2,}.*|©.*|copyright.*|pp?\. ?\d+.*
    (?:(?:volume|vol\.?|number|no\.?|article|issue|n[uú]mero|n[uú]m\.?) \w{1,6},? ?){2,4}
    (?:[\w&.]{1,20} ){0,3}(?:international )?journal of .{0,80}|(?:agenda )?item \d+.*|.{0,40}\bsession|.{0,30}\bprovisional agenda
    (?:visit|download|available|disponible)\b.*(?:www\.|https?:).*
    """),
    re.IGNORECASE,
)
_SERIES_BEFORE = re.compile(
    rf"(?:[\w&.’'-]{{2,30}} ){{0,4}}?{_KIND}(?:[ ,]{{1,2}}(?:no|nr|n[º°o]|n[uú]m)\.?)? ?\d[\d/.-]{{0,12}} ?[-:–—|]? ?(?=[^\W\d_])",
    re.IGNORECASE,
)
_VERSION_BEHIND = re.compile(
    r"[ _-]{1,3}(?:\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d|(?:19|20)\d{6}|v(?:ersion)?[ .]?\d{1,2}(?:\.\d{1,2})?"
    r"|(?:web|print|final)(?: (?:version|web|print))?|rev\d?)$",
    re.IGNORECASE,
)
_BRACKETS_BEHIND = re.compile(r" \(([^()]{3,30})\)$")
_HEADING_ALONE = re.compile(_HEADING, re.IGNORECASE)
_STAMP_ALONE = re.compile(_STAMP, re.IGNORECASE)


def is_never_title(text: str) -> bool:
    """Say whether a text is, as a whole, what no publication is called. Touches nothing."""
    plain = _plain(text)
    return any(each.fullmatch(plain) for each in (_HEADING_ALONE, _STAMP_ALONE, _SERIES, _SIGN)) or is_office(plain)


def is_kind(text: str) -> bool:
    """Say whether a text names a series or a kind of publication, with or without a number."""
    return bool(_SERIES.fullmatch(_plain(text)))


def is_stamp(text: str) -> bool:
    """Say whether a text says how a copy is to be handled (`Public Disclosure Authorized`, `DRAFT`)."""
    return bool(_STAMP_ALONE.fullmatch(_plain(text)))


def is_part_of_title(text: str) -> bool:
    """Say whether a text that is not a title alone may be the end of one (`Executive summary`, `Final report`)."""
    plain = _plain(text)
    return bool(_HEADING_ALONE.fullmatch(plain)) or (is_kind(plain) and not any(map(str.isdigit, plain)))


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .:;|•*–—-")


def without_series(title: str) -> str:
    """Return a title without the name and number of a series before it, and without a date or a version behind it."""
    plain = " ".join(title.split())
    begun = _SERIES_BEFORE.match(plain)
    if begun and len(plain) - begun.end() > 10:
        plain = plain[begun.end() :]
    plain = _VERSION_BEHIND.sub("", plain)
    behind = _BRACKETS_BEHIND.search(plain)
    if behind and (is_stamp(behind[1]) or is_part_of_title(behind[1])):
        plain = plain[: behind.start()]
    return plain.strip() or title
