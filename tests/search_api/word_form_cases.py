"""Cases of "found, however it is written": what is typed, and a text that must be found by it. Made here, by kind.

Each kind lists words of the field with their other forms; the generator puts them into sentences, each form searched for over
each other one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations


@dataclass(frozen=True, slots=True)
class FormCase:
    """What is typed and what it must find."""

    kind: str
    lang: str
    """Of the text."""
    query: str
    text: str


_SENTENCES: Mapping[str, str] = {
    "en": "The survey counted {} in each town.",
    "es": "La encuesta contó {} en cada ciudad.",
    "fr": "L’enquête a compté {} dans chaque ville.",
    "pt": "A pesquisa contou {} em cada cidade.",
}

# Words of one line are one word: plurals, genders, verb forms, irregular ones.
_ONE_WORD: Mapping[str, Sequence[str]] = {
    "en": (
        "woman women", "child children", "life lives", "study studies", "paid pay pays paying", "sold sell selling sells",
        "wrote write written writing", "informal informally", "possible possibly", "considerable considerably",
        "policy policies", "box boxes",
        "wife wives", "thief thieves", "half halves", "shelf shelves",
        "man men",
        "index indexes indices", "crisis crises", "analysis analyses", "earn earned earns", "evict evicted evicting evicts",
    ),
    "es": (
        "trabajador trabajadora trabajadores trabajadoras", "aprendiz aprendices", "entidad entidades", "financiero financiera",
        "vendedor vendedora vendedores vendedoras", "pago pagos", "pensión pensiones", "ley leyes", "rural rurales",
        "mujer mujeres",
        "informal informales informalmente", "vez veces", "organizar organizan organizó organizando", "reciclador recicladoras",
        "minero minera mineros mineras", "joven jóvenes",
    ),
    "fr": (
        "vendeur vendeuse vendeurs vendeuses", "travailleur travailleuse travailleuses", "producteur productrice productrices",
        "travail travaux", "local locaux locale locales", "journal journaux", "ouvrier ouvrière ouvrières", "bureau bureaux",
        "agriculteur agricultrices", "social sociaux sociales", "vendre vendu vendent vendait", "gardien gardienne gardiennes",
        "informel informelle informels informelles", "coiffeur coiffeuse coiffeuses",
        "direct directe directement", "complet complète complètement", "traitement traitements", "département départements",
    ),
    "pt": (
        "jovem jovens", "pensão pensões", "rural rurais", "homem homens", "informal informais", "instituição instituições",
        "catador catadora catadores catadoras", "trabalhador trabalhadoras", "cidadão cidadãos", "papel papéis",
        "mulher mulheres",
        "vendedor vendedora vendedoras", "social sociais", "organizar organizam organizou", "imóvel imóveis", "direito direitos",
    ),
}  # fmt: skip

_ACCENTED: Mapping[str, str] = {
    "es": "mínimos pensión jóvenes económica género cooperación vehículos niñez artículo regulación público políticas",
    "fr": "précarité inégalités sécurité économie étals marché employés salariées égalité fédération rémunérées réglementation",
    "pt": "vulnerável previdência condições domésticas econômicas região profissões saúde município ocupações órgãos pensões",
}

# Texts of one line are one thing, however it is written.
_WRITTEN: Mapping[str, Sequence[str]] = {
    "en": (
        "labor|labour", "organization|organisation", "formalized|formalised", "laborers|labourers",
        "neighborhoods|neighbourhoods",
        "programs|programmes", "centers|centres", "traveling|travelling", "catalog|catalogue", "behavior|behaviour",
        "organizers|organisers", "unorganized|unorganised", "license|licence", "well-being|wellbeing|well‑being|well‐being",
        "co-operatives|cooperatives", "by-law|bylaw", "I.L.O.|ILO|ilo", "U.N.|UN", "W.I.E.G.O.|WIEGO", "women's|women’s|women",
        "C177|C.177|C 177|C-177|C‑177|Convention 177|Convention No. 177|Convention no 177|Convention (No. 177)",
        "R202|R-202|R.202|Recommendation 202|Recommendation No. 202", "1250|1,250|1.250|1 250|1 250|1 250|1'250|1’250",
        "1234567|1,234,567|1.234.567|1 234 567|1 234 567", "home-based|home‑based|home‐based|homebased|home–based",
    ),
    "es": (
        "Convenio 177|Convenio núm. 177|Convenio Nº 177|Convenio n.º 177|C177|Convention 177", "O.I.T.|OIT",
        "15000|15.000|15 000",
        "recicladores|recicladores/as|lxs recicladorxs|recicladorxs|recicladoras", "trabajadores|trabajador@s|trabajadores/as",
        "Recomendación 204|Recomendación núm. 204|R204",
    ),
    "fr": (
        "vendeuses|vendeurs|vendeur·euse·s|vendeur·euses|vendeurs/euses",
        "employés|employé·e·s|employé.e.s|employé(e)s|employées",
        "agricultrices|agriculteurs/trices|agriculteur·trice·s", "Convention n° 190|Convention 190|C190|Convention nº 190",
        "économie|l’économie|l'économie", "œuvre|oeuvre", "15000|15 000|15 000", "main-d'œuvre|main-d’œuvre|main-d'oeuvre",
    ),
    "pt": (
        "catadores|catadores/as|catador(a)|catadoras", "Convenção 189|Convenção nº 189|Convenção n.º 189|C189|Convention 189",
        "15000|15.000|15 000", "trabalhadores|trabalhadores/as|trabalhador(a)s",
    ),
}  # fmt: skip

_COMPOSED: Mapping[str, str] = {
    "pt": "São Tomé|Conceição|informação|catadores de recicláveis órgãos|previdência|pensões",
    "fr": "précarité|économie sociale|égalité|Sénégal",
    "es": "pensión|niñez|Perú|género|Medellín",
    "en": "financial|office|flow|workflow|efficient",
}
_LIGATURES = (("ffi", "ﬃ"), ("fi", "ﬁ"), ("fl", "ﬂ"))

APART: Sequence[tuple[str, str, str]] = (
    ("en", "informal", "information"), ("en", "informal", "informant"), ("en", "informal", "informed"),
    ("en", "organ", "organisation"), ("en", "organic", "organize"), ("en", "university", "universal"), ("en", "new", "news"),
    ("en", "policy", "police"), ("en", "general", "generation"), ("en", "formal", "formation"), ("en", "experience",
    "experiment"),
    ("en", "mourning", "morning"), ("en", "fourth", "forth"), ("en", "supply", "suppose"), ("en", "C177", "C189"),
    ("en", "1250", "125"), ("en", "customs", "customer"), ("en", "state", "station"), ("en", "author", "authority"),
    ("es", "informal", "informe"), ("es", "informal", "información"), ("es", "organismo", "organizar"), ("es", "caso", "casa"),
    ("es", "costo", "costa"), ("es", "género", "generar"), ("es", "puerto", "puerta"), ("es", "político", "polis"),
    ("fr", "informel", "information"), ("fr", "organe", "organisation"), ("fr", "environ", "environnement"),
    ("fr", "gouvernement", "gouverner"), ("fr", "formation", "format"), ("fr", "département", "départ"),
    ("fr", "traitement", "trait"), ("fr", "appartement", "appart"), ("fr", "recrutement", "recrue"), ("fr", "collecte",
    "collectif"),
    ("pt", "informal", "informação"), ("pt", "informais", "informe"), ("pt", "caso", "casa"), ("pt", "coleta", "coletivo"),
    ("pt", "médio", "medida"), ("pt", "porto", "porta"), ("pt", "organismo", "organizar"),
)  # fmt: skip
"""Language, what is typed, and a word of a text that is another word."""


def word_forms() -> Iterator[FormCase]:
    """Give each form of a word over each other form of it."""
    yield from _permuted("word-forms", _ONE_WORD, separator=" ")


def written_two_ways() -> Iterator[FormCase]:
    """Give each way of writing over each other one."""
    yield from _permuted("written-two-ways", _WRITTEN, separator="|")


def _permuted(kind: str, lines: Mapping[str, Sequence[str]], *, separator: str) -> Iterator[FormCase]:
    for lang, several in lines.items():
        for line in several:
            for typed, written in permutations(line.split(separator), 2):
                yield FormCase(kind, lang, typed, _SENTENCES[lang].format(written))


def typed_without_accents() -> Iterator[FormCase]:
    """Give each word without its accents, in small letters and in capitals, and another number of it."""
    for lang, words in _ACCENTED.items():
        for word in words.split():
            bare = "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))
            # Up to five capitals are an acronym: AIDS is not aids.
            for typed in (bare, bare.upper(), word.upper()) if len(word) > 5 else (bare,):
                yield FormCase("typed-without-accents", lang, typed, _SENTENCES[lang].format(word))


def in_other_unicode() -> Iterator[FormCase]:
    """Give words in decomposed and compatibility letters over composed ones."""
    for lang, words in _COMPOSED.items():
        for word in words.split("|"):
            others = {unicodedata.normalize("NFD", word), "".join(map(_wide, word))}
            others |= {re.sub(plain, sign, word) for plain, sign in _LIGATURES}
            for typed in sorted(others - {word}):
                yield FormCase("query-in-other-unicode", lang, typed, _SENTENCES[lang].format(word))


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter
