"""Kinds of publication, read from what publishers, series and titles call them, in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

_KINDS: tuple[tuple[str, str], ...] = (  # the first that matches counts: a policy research working paper is a paper
    (
        "thesis",
        r"thes[ie]s|dissertation|tesis|th[eè]se|m[eé]moire de master|disserta[cç][aã]o|tese|trabalho de conclus[aã]o",
    ),
    (
        "working_paper",
        r"(?:working|discussion|occasional|research) ?paper|documentos? de (?:trabajo|discusi[oó]n)|"
        r"documents? de (?:travail|recherche)|textos? para discuss[aã]o|documentos? de trabalho|preprint|cuadernos? de trabajo",
    ),
    (
        "policy_brief",
        r"(?:policy|organi[sz]ing|technical|issue|research|information|statistical|urban policies)[ _-]?briefs?(?:ing)?|"
        r"fact ?sheets?|notas? (?:de pol[ií]tica|t[eé]cnicas?|informativas?)|notes? (?:de politique|d.orientation|d.information)|"
        r"resumen de pol[ií]ticas?|policy note",
    ),
    (
        "statistics",
        r"statistic(?:s|al)\b|labou?r force survey|survey report|datasets?|estad[ií]stic[ao]s?|statistiques?|"
        r"estat[ií]sticas?|encuesta|enqu[eê]te|pesquisa nacional|bolet[ií]n estad[ií]stico|census|censo|recensement",
    ),
    (
        "law",
        r"^(?:resoluci[oó]n|resolution concerning|resolu[cç][aã]o|acuerdo|arr[eê]t[eé]|portaria)\b|"
        r"legislation|\blaw no|\bact no|(?:by-?law|ordinance|decree|statute)s?\b|\bley n|\bd[eé]cret\b|\bdecreto\b|\bloi n|\blei n|"
        r"ordenanza|recommendation no\. 204|convention no\.",
    ),
    (
        "article",
        r"(?:scholarly|journal|news|research|tech)? ?article|blog ?post(?:ing)?|journal|art[ií]culo|artigo|revista|news",
    ),
    ("book", r"\bbooks?\b|book ?chapter|chapter|monograph|handbook|libro|livres?\b|livro|cap[ií]tulo|chapitre|ouvrage"),
    (
        "report",
        r"reports?\b|executive summary|resumen ejecutivo|sum[aá]rio executivo|resumo executivo|r[ée]sum[ée] ex[ée]cutif|"
        r"informes?\b|rapports?\b|relat[oó]rios?|diagn[oó]stic[oa]?s?\b|diagnostic|study|"
        r"findings on|estudio|[eé]tude|estudo|assessment|evaluation|review",
    ),
    ("web_page", r"web ?(?:page|site)|item ?page|about ?page|p[aá]gina web|page web"),
)
_GUIDE = re.compile(
    r"(?<![^\W_])(?:manual|handbook|guidelines?|guide|gu[ií]as?|toolkit|questionnaire|cuestionario|question[aá]rio|"
    r"formul[aá]rio|instructions|instructivo|explanatory notes|metadata|"
    r"nomenclature|nomenclatura|classification|clasificaci[oó]n|classifica[cç][aã]o"
    r"|methodolog(?:y|ical)|metodolog[ií]a|m[eé]thodologie|est[aá]ndar)(?![^\W_])",
    re.IGNORECASE,
)
"""Titles of what explains statistics, laws or reports, and is none."""
_COMPILED = tuple((kind, re.compile(rf"(?<![^\W_])(?:{pattern})", re.IGNORECASE)) for kind, pattern in _KINDS)
KINDS = frozenset(kind for kind, _pattern in _KINDS)
"""All kinds but `document`, which a publication is when nothing tells."""


def type_of(named: Iterable[str], *, series: Iterable[str], title: str, content_type: str) -> str:
    """Return the kind of a publication: what it is called, else what its series, else what its title is called.

    `document` when nothing tells; an HTML page of which nothing tells is a `web_page`.
    """
    for value in (_apart(each) for each in named):
        plain = value.strip().lower().replace(" ", "_")
        if plain in KINDS:
            return plain
        if kind := _first(value):
            return kind
    for value in series:
        if kind := _first(value):
            return kind
    if _GUIDE.search(title) and _first(title) != "law":
        return "document"
    # A title says what a thing is less surely than what it is about: only these kinds name themselves in it.
    if (kind := _first(title)) in ("thesis", "working_paper", "policy_brief", "statistics", "report", "law"):
        return kind
    return "web_page" if content_type in ("text/html", "application/xhtml+xml") else "document"


def _apart(value: str) -> str:
    """Return a name of a vocabulary with its words apart (`info:eu-repo/semantics/doctoralThesis`)."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", value.rpartition("semantics/")[2])


def _first(value: str) -> str:
    return next((kind for kind, expression in _COMPILED if expression.search(value)), "")
