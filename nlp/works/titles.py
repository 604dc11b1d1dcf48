"""What a title says of year, edition, issue and country, and what is left of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.metadata.agreement import words_of
from corpus.types import Facet
from corpus.vocabulary import load_vocabulary

_ORDINALS = {
    "first": "1", "1st": "1", "primera": "1", "premiere": "1", "primeira": "1", "1a": "1", "1ere": "1",
    "second": "2", "2nd": "2", "segunda": "2", "deuxieme": "2", "seconde": "2", "2a": "2", "2e": "2", "2eme": "2",
    "third": "3", "3rd": "3", "tercera": "3", "troisieme": "3", "terceira": "3", "3a": "3", "3e": "3", "3eme": "3",
    "fourth": "4", "4th": "4", "cuarta": "4", "quatrieme": "4", "quarta": "4", "4a": "4", "4e": "4", "4eme": "4",
    "fifth": "5", "5th": "5", "quinta": "5", "cinquieme": "5", "5a": "5", "5e": "5", "5eme": "5",
    "sixth": "6", "6th": "6", "sexta": "6", "sixieme": "6", "6a": "6", "6e": "6", "6eme": "6",
}  # fmt: skip
_EDITION = frozenset(("edition", "edicion", "edicao", "ed", "version"))
_REVISED = frozenset(
    (
        "revised",
        "updated",
        "update",
        "revisada",
        "actualizada",
        "actualizado",
        "ampliada",
        "revisee",
        "augmentee",
        "actualisee",
    )
) | {"revista", "atualizada", "rev", "corrected", "corrigendum", "erratum", "corregida", "corrigee", "corrigida"}
_ISSUE_LETTERS = {
    "v": ("volume", "vol", "volumen", "tome", "tomo"),
    "n": ("no", "nr", "num", "number", "numero", "issue", "nº", "n"),
    "p": ("part", "parte", "partie", "chapter", "chapitre", "capitulo", "module", "modulo", "annex", "anexo", "annexe"),
    "q": ("quarter", "trimestre", "q"),
    "s": ("semester", "semestre"),
    "w": ("week", "semana", "semaine"),
}
ISSUE_WORDS = {word: letter for letter, words in _ISSUE_LETTERS.items() for word in words}
"""What numbers an issue, by its letter in `Marks.issue`."""
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_MONTHS = (
    ("january", "enero", "janvier", "janeiro", "jan"), ("february", "febrero", "fevrier", "fevereiro", "feb"),
    ("march", "marzo", "mars", "marco"), ("april", "abril", "avril", "apr"), ("may", "mayo", "mai", "maio"),
    ("june", "junio", "juin", "junho", "jun"), ("july", "julio", "juillet", "julho", "jul"),
    ("august", "agosto", "aout", "aug"), ("september", "septiembre", "septembre", "setembro", "sept", "sep"),
    ("october", "octubre", "octobre", "outubro", "oct"), ("november", "noviembre", "novembre", "nov"),
    ("december", "diciembre", "decembre", "dezembro", "dec"),
)  # fmt: skip
MONTH_NUMBERS = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words}
SEASON_NUMBERS = {word: number for number, word in enumerate(("first", "second", "third", "fourth"), start=1)} | {
    word: number
    for number, words in enumerate(
        (
            ("primer", "premier", "primeiro"),
            ("segundo", "deuxieme"),
            ("tercer", "troisieme", "terceiro"),
            ("cuarto", "quatrieme", "quarto"),
        ),
        start=1,
    )
    for word in words
}
_SEASON_LETTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_COUNTED = ("q", "s")
"""Letters of what is counted before: `second quarter`."""
_SHORT_ISSUE = re.compile(r"[qt]([1-4])|([1-4])[qt]|h([12])|([12])h|v(\d\d?)")
_ORDINAL = re.compile(r"([1-4])(?:st|nd|rd|th|er|ro|do|to|ere|eme|[aeoºª])")
_MONTH_OF_YEAR = re.compile(
    r"(?<!\d)(0?[1-9]|1[0-2])[/.]((?:19|20)\d\d)(?!\d)|(?<!\d)((?:19|20)\d\d)[/.-](0[1-9]|1[0-2])(?!\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPAN = re.compile(r"((?:19|20)\d\d)\s?[-/–—]\s?(\d\d)(?!\d)")
_NAME_WORDS_MAX = 5
MEETINGS = frozenset(("reunion", "reuniao"))
"""Last words of the names of an island, without accents, that nearly always mean a meeting."""
STUB_WORDS = frozenset(re.findall(r"\w+", """
    report reports annual bulletin statistics statistical chapter introduction untitled document documents brief policy
    summary executive overview paper working note notes newsletter annex appendix index contents cover main final draft
    presentation publication study research full text version data table tables yearbook monthly quarterly country profile
    informe anual boletin estadistico estadisticas estadistica capitulo introduccion documento resumen ejecutivo nota notas
    anexo presentacion estudio trabajo memoria anuario mensual trimestral cuaderno rapport annuel statistique statistiques
    chapitre resume note synthese etude travail annuaire mensuel trimestriel relatorio boletim estatistico estatisticas
    introducao sumario executivo estudo trabalho anuario sin titulo sans titre sem slide microsoft word pdf file
    the of and for on in to a an de del la las los el y e en du des le les et pour da do das dos em no na survey results
    labour labor force encuesta enquete fact sheet
    skip content home menu website click here download
    """))  # fmt: skip
"""Words that make no title on their own: too many publications are called so."""
_STUB_BEGINNINGS = (
    ("letter", "dated"), ("letters", "dated"), ("identical", "letters"), ("note", "verbale"), ("note", "by"), ("letter", "from"),
    ("carta", "de", "fecha"), ("cartas", "identicas"), ("nota", "verbal"), ("lettre", "datee"), ("lettres", "identiques"),
    ("press", "release"), ("nota", "de", "prensa"), ("communique", "de", "presse"),
)  # fmt: skip
"""Of letters and notices: who writes to whom is the title of hundreds of them."""
_TELLING_MIN = 2


@dataclass(frozen=True, slots=True)
class TitleMarks:
    """What a title says."""

    years: tuple[str, ...]
    edition: str
    issue: tuple[str, ...]
    places: tuple[str, ...]
    rest: tuple[str, ...]
    """Its other words, small and without accents, in their order."""

    @property
    def is_stub(self) -> bool:
        """Say whether the rest is what many publications are called: `Annual report`, `Chapter 1`, nothing."""
        if any(self.rest[: len(beginning)] == beginning for beginning in _STUB_BEGINNINGS):
            return True
        return (
            len({word for word in self.rest if word not in STUB_WORDS and len(word) > 1} | set(self.places))
            < _TELLING_MIN
        )


@lru_cache(maxsize=4096)
def marks_of_title(title: str) -> TitleMarks:
    """Return what a title says, in any of four languages."""
    title = _MONTH_OF_YEAR.sub(lambda date: f"{_MONTHS[int(date[1] or date[4]) - 1][0]} {date[2] or date[3]}", title)
    words = words_of(_SPAN.sub(lambda span: f"{span[1]}-{span[1][:2]}{span[2]}", title))
    years = [word for word in words if _YEAR.fullmatch(word)]
    issue: set[str] = set()
    edition = ""
    used: set[int] = set()
    for at, word in enumerate(words):
        before, behind = (words[at - 1] if at else ""), (words[at + 1] if at + 1 < len(words) else "")
        if word in _REVISED and not (word == "update" and len(before) > 3 and before.isalpha()):
            # `Economic Update` is the name of a series, `2019 update` an edition.
            edition, used = edition or "revised", used | {at}
        elif word in _EDITION and (ordinal := ordinal_of(before)):
            edition, used = ordinal, used | {at - 1, at}
        elif word in _EDITION and (ordinal := ordinal_of(behind)):
            edition, used = ordinal, used | {at, at + 1}
        elif marked := _issue_mark(word, before=before, behind=behind, is_dated=bool(years)):
            issue.add(marked)
            used |= {at, at + 1} if word in ISSUE_WORDS else {at}
    rest = tuple(word for at, word in enumerate(words) if at not in used and not _YEAR.fullmatch(word))
    return TitleMarks(tuple(sorted(set(years))), edition, tuple(sorted(issue)), _places(words), rest)


def _issue_mark(word: str, *, before: str, behind: str, is_dated: bool) -> str:
    """Return what a word says of the issue: `v3`, `q1`, `m12`; empty: nothing."""
    if (short := short_issue(word)) is not None:
        return "".join(short)
    if ISSUE_WORDS.get(behind, "") in _COUNTED and (season := season_of(word)):
        return f"{ISSUE_WORDS[behind]}{season}"
    if word in MONTH_NUMBERS and (is_dated or before.isdigit()):
        return f"m{MONTH_NUMBERS[word]}"
    if (
        word in ISSUE_WORDS
        and (number := number_of(behind))
        and not (ISSUE_WORDS[word] in _COUNTED and len(number) > 1)
    ):
        return f"{ISSUE_WORDS[word]}{number}"
    return ""


def short_issue(word: str) -> tuple[str, str] | None:
    """Return letter and number of `q1`, `4t`, `h2`, `v3`; None: it is another word."""
    if (found := _SHORT_ISSUE.fullmatch(word)) is None:
        return None
    letter = next(letter for letter in "qthv" if letter in word)
    return {"t": "q", "h": "s"}.get(letter, letter), next(filter(None, found.groups()))


def season_of(word: str) -> int:
    """Return which quarter or half is meant before the word for it: `first`, `1er`, `II`; 0: none."""
    if (found := _ORDINAL.fullmatch(word)) is not None:
        return int(found[1])
    return SEASON_NUMBERS.get(word) or _SEASON_LETTERS.get(word, 0)


def ordinal_of(word: str) -> str:
    """Return the number of an ordinal (`second`, `2a`), or a number of two digits at most, as digits; empty: it is none."""
    return _ORDINALS.get(word, word if word.isdigit() and len(word) < 3 else "")


def number_of(word: str) -> str:
    """Return the number that a word is, in digits or Roman letters, as digits; empty: it is none."""
    return (word.lstrip("0") or "0") if word.isdigit() and len(word) < 5 else _ROMAN.get(word, "")


def _places(words: list[str]) -> tuple[str, ...]:
    """Return the countries that a title names, the longest names first."""
    vocabulary = load_vocabulary()
    found: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(min(_NAME_WORDS_MAX, len(words) - at), 0, -1):
            name = " ".join(words[at : at + length])
            if (
                len(name) > 3
                and words[at + length - 1] not in MEETINGS
                and (named := vocabulary.places(name, facet=Facet.COUNTRY))
            ):
                found.update(each.id for each in named)
                at += length - 1
                break
        at += 1
    return tuple(sorted(found))
