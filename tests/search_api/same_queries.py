"""The searches that both engines are asked: the whole query language in four languages, filters, orders, hostile input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from search_api.query.parameters import SearchQuery, Sort, YearRange


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody of one language types, by the names that SHAPES use."""

    lang: str
    a: str
    """Four words of falling frequency."""
    b: str
    c: str
    d: str
    stop: str
    phrase: str
    """Words that stand side by side in a sentence of same_corpus, with a stop word among them where there is one."""
    begun: str
    """A phrase whose last word is only begun."""
    near: str
    """Two words of a phrase, not side by side."""
    begin: str
    typo: str
    """One letter wrong."""
    typo2: str
    """Two letters wrong, in a longer word."""
    question: str
    pasted: str


TYPED = (
    Typed(
        lang="en", a="workers", b="vendors", c="pension", d="relocation", stop="the", phrase="corner of the market",
        begun="cooked fo", near="street food", begin="recycl", typo="hawkirs", typo2="harrasment",
        question="How many women work as street vendors in the city and what is their income?",
        pasted="Relocation of Street Vendors: Livelihoods, Eviction and the Law (A Survey of Markets in Accra)",
    ),
    Typed(
        lang="es", a="trabajadoras", b="ambulantes", c="pensión", d="desalojo", stop="de", phrase="trabajadoras del hogar",
        begun="salario mín", near="vendedores comida", begin="recicl", typo="ordenansa", typo2="negosiasion",
        question="¿Cuántas mujeres trabajan como vendedoras ambulantes en la ciudad y cuáles son sus ingresos?",
        pasted="Desalojo y reubicación de comerciantes ambulantes: pobreza, género y regulación en América Latina",
    ),
    Typed(
        lang="fr", a="travailleuses", b="vendeuses", c="retraite", d="expulsion", stop="les", phrase="vendeuses de rue",
        begun="préparent des re", near="travailleuses vêtements", begin="récupér", typo="arrêtè", typo2="negociatoin",
        question="Combien de femmes travaillent dans la rue et quels sont leurs revenus et leur protection sociale ?",
        pasted="L'expulsion des vendeuses de rue : pauvreté, genre et réglementation municipale à Dakar",
    ),
    Typed(
        lang="pt", a="trabalhadoras", b="ambulantes", c="aposentadoria", d="despejo", stop="os",
        phrase="catadores de materiais recicláveis", begun="salário mín", near="catadores papel", begin="catad",
        typo="feirantis", typo2="aposentadorea",
        question="Quantas mulheres trabalham como vendedoras ambulantes na cidade e qual é a renda delas?",
        pasted="Remoção e despejo de feirantes: pobreza, gênero e regulação municipal em São Paulo",
    ),
)  # fmt: skip

SHAPES = (
    "{a}", "{b}", "{d}", "{a} {b}", "{b} {c} {d}", "{a} {b} {c} {d}", "{A} {B}", "{a} OR {b}", "({a} OR {b}) {c}",
    "({a} {b}) OR ({c} {d})", "{a} -{b}", "{a} NOT {b}", "-{a}", "{a} AND NOT ({b} OR {c})", "{a} OR -{d}", "+{a} {b}",
    "{a}^3 {b}", "{a} OR {b}^0.2", "{stop}", "{stop} {a}", "{a} -{stop}", '"{phrase}"', '"{phrase}" {a}', '{a} -"{phrase}"',
    '"{near}"~5', '"{near}"~2 OR {d}', '"{begun}"*', '"{begun}"* {a}', "{begin}*", "{begin}* -{b}", "{typo}~", "{typo2}~2",
    "{typo}~ OR {a}", "title:{a}", "title:{begin}*", 'title:"{a} {b}"~9', "title:{a} {b}", "{a} lang:{lang}", "-lang:{lang} {b}",
    "{question}", "{pasted}", '"{pasted}"', "{a} {a} {b} {c} {d} {stop}", '("{phrase}" OR {begin}*) -{d} year:2005..',
)  # fmt: skip

FIELDS = (
    "author:quispe", 'author:"Ana Quispe"', "author:ratna author:devi", "author:sha*", "author:quispi~", "publisher:estudios",
    'publisher:"women in informal employment"', "publisher:univ*", "publisher:dakar workers", "country:PER", "country:Peru",
    "country:per,col", "country:Ghana OR country:India", "-country:PER", "region:419", "region:wb:SSA", "region:002 workers",
    "group:street_vendors", 'group:"waste pickers"', "topic:taxation -topic:gender", "sector:isic:G", "sector:garment_textile",
    "lang:es", "lang:zh", "lang:und", "type:report", 'type:"policy brief"', "source:other", "doi:10.1234/informal.7",
    "doi:https://doi.org/10.1234/INFORMAL.11", "year:2015", "year:2010..2020", "year:2018..", "year:..2012",
    "year:[2010 TO 2012]", "year:2011,2013", "workers year:2015..", "title:workers author:chen", "country: IN [PER COL]",
    "workers country:PER group:street_vendors year:2000..2025 lang:en",
)  # fmt: skip

ACROSS = (
    "informal", "mercado", "economía OR economie OR economy", "waste pickers OR recicladores OR catadores OR récupérateurs",
    "informacion", "informalidade informalidad", "protection sociale OR protección social", "PENSIÓN", "pension", "home-based",
    "homebased", "C177", "straße", "strasse", "ñandú", "nandu", "ILO-2018", "2019", "السوق", "الباعة الجائلون", "街头摊贩",
    "市场 城市", "venditori ambulanti", '"venditori ambulanti"', "mercato~", "lavoro mercato città donne rifiuti legge",
    "workers workers workers", "street^2 vendors^0.5", "women's work", "vendeuses d'étals", "cœur", "coeur",
)  # fmt: skip

CONCEPTS = (
    "street vendors", "vendedores ambulantes", "vendeurs de rue Lima", "vendedores ambulantes en Perú 2015..2020", "Perú",
    "waste pickers Latin America", "recicladores Colombia mercado", "home-based workers India", "informal workers",
    "street vendors OR waste pickers", "street vendors AND Ghana", "protección social mercado", "social protection -market",
    "street vendors^2 market", "(street vendors) (Ghana OR Perú) income", "market NOT Ghana", "trabajadoras del hogar ingresos",
    "gender taxation covid-19 market city", "waste recycling municipal relocation of women in Accra and Lima markets",
)  # fmt: skip
WAYS_OF_WRITING = (
    "homebased workers", "well-being", "wellbeing", "co-operative", "cooperatives market", "C.177", "C-177 market",
    "Convention 177", "Convenio núm. 177", "convention n° 184 market", "R184", "1,250", "1250", "I.L.O.", "labor market",
    "labour market", "women's income", "vendeuses", "vendeur·euse·s", "recicladores/as", "trabajador@s", "organisation",
    "organizations women",
    "mercado && ciudad", "mercado || market", "+workers market", "market 2010..", "..2015 workers", "formalization formal",
)  # fmt: skip
_NEAR_TEXTS = (
    "market income accra",
    "vendors pension relocation",
    "street vendors Ghana tax",
    "mercado Perú pensión",
    "nothing market",
)
_STRICT_TEXTS = ("street vendors", "workers vendors pension", "Perú mercado", "title:workers market", "vendors -market")
_OFF = (
    ("street vendors Ghana", ("group:street_vendors",)), ("street vendors Ghana", ("country:GHA",)),
    ("vendedores ambulantes en Perú", ("group:street_vendors", "country:PER")),
)  # fmt: skip

HOSTILE = (
    "", " ", "((((((((((", '"' * 301, "NOT " * 300, "AND", "OR OR OR", "NOT", "a" * 2000, "\x00", "workers\x00vendors", "* OR *",
    "*", "?", "title:", "title:*", "-", "--", "- -", "(" * 900 + "workers", "workers" + ")" * 900, "a~ b~~ ~", "[a TO",
    "year:[9999 TO 0]", "year:99999", "year:-1", "year:[* TO *]", "+-+-", "😀", "😀 OR ñ", "country:" + "x" * 500, "country:QQQ",
    "/.*.*.*/", "/(a+)+$/", "^^^", "workers^1e400 vendors", "workers^-3", "workers^0", '"workers"~99999999', '""', '"" workers',
    "workers~9", "w*", "wo*", "*orkers", "wor*ers", "\u202eworkers", "workers\u200bvendors", "\ud7ff\ufffd",
    "<script>alert(1)</script>",
    "'; DROP TABLE documents; --", "{\"match_all\": {}}", "_exists_:title", "_id:d1", "workers:vendors", "a:b:c", "\\",
    "\\\"", "a\\",
    "%00 %s %n", "１９９９ ｗｏｒｋｅｒｓ", "ﬁeld", "İstanbul", "e\u0301conomie", "the of and in",
    " ".join(["workers vendors"] * 400),
    " ".join(f"word{number}" for number in range(2000)), " OR ".join(f"w{number}*" for number in range(20)),
    " ".join(f'"market {number}"' for number in range(100)), "(" + " OR (workers" * 60 + ")" * 61, "\n\t workers \r\n vendors",
)  # fmt: skip

FILTERS: tuple[Mapping[str, Any], ...] = (
    {"countries": ("PER",)}, {"countries": ("PER", "COL", "GHA")}, {"countries": ("PER",), "about": False}, {"regions": ("419",)},
    {"regions": ("wb:SSA", "142")}, {"regions": ("419",), "about": False}, {"sectors": ("isic:G",)},
    {"sectors": ("retail_street_trade", "waste_recycling"), "about": False}, {"groups": ("informal_workers",)},
    {"groups": ("street_vendors", "waste_pickers")}, {"topics": ("taxation",)}, {"topics": ("gender",), "about": False},
    {"langs": ("es", "pt")}, {"langs": ("und",)}, {"langs": ("xx",)}, {"sources": ("other",)}, {"sources": ("nobody",)},
    {"types": ("report", "article")}, {"years": YearRange(2010, 2015)}, {"years": YearRange(2018, None)},
    {"years": YearRange(None, 2005)}, {"years": YearRange(1000, 1001)}, {"about": False},
    {"countries": ("PER", "IND"), "groups": ("street_vendors", "domestic_workers"), "langs": ("en", "es", "fr")},
    {"countries": ("PER",), "regions": ("002",), "years": YearRange(2000, 2025)},
    {"countries": ("GHA",), "sectors": ("isic:G",), "groups": ("street_vendors",), "topics": ("taxation",), "langs": ("en",),
     "years": YearRange(2000, None), "sources": ("sample", "other", "third"), "types": ("report", "article", "document"),
     "regions": ("002",), "about": False},
    {"publishers": ("Statistics Ghana", "Nobody")}, {"limit": 1}, {"limit": 100},
)  # fmt: skip
FILTERED_TEXTS = ("", "workers OR trabajadoras", '"street vendors"* OR recicl*')

SORTED_TEXTS = ("", "informal", "mercado OR market OR marché", "lang:es", "-workers", "merc*")


def _of_languages() -> Iterator[str]:
    for typed in TYPED:
        values = {name: getattr(typed, name) for name in Typed.__slots__}
        for shape in SHAPES:
            yield shape.format(**values, A=typed.a.upper(), B=typed.b.upper())


def _all_queries() -> Iterator[SearchQuery]:
    for text in (*_of_languages(), *FIELDS, *ACROSS, *CONCEPTS, *WAYS_OF_WRITING, *HOSTILE):
        yield SearchQuery(text=text, limit=10)
    for text in _NEAR_TEXTS:
        for near in (0, 3, 100):
            yield SearchQuery(text=text, limit=10, near=near)
        yield SearchQuery(text=text, limit=10, countries=("GHA", "PER"))
    for text in _STRICT_TEXTS:
        yield SearchQuery(text=text, limit=10, strict=True)
    for text, off in _OFF:
        yield SearchQuery(text=text, limit=10, off=off)
    for text in FILTERED_TEXTS:
        for filters in FILTERS:  # without `about`, what documents are about
            yield replace(SearchQuery(text=text, limit=10), **filters)
    for text in SORTED_TEXTS:
        for sort in Sort:
            yield SearchQuery(text=text, limit=30, sort=sort)


QUERIES = tuple(dict.fromkeys(_all_queries()))
"""No search twice."""

WALKED = tuple(
    SearchQuery(text=text, sort=sort, limit=7)
    for text in ("", "informal", "trabaj* OR work", "-workers lang:en", "women OR mujeres OR femmes OR mulheres")
    for sort in Sort
)
"""Searches that are followed from cursor to cursor to their end."""
