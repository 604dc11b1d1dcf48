"""A small library in many languages on which both engines are compared: always the same, made of the field's own words.

Words are drawn with Zipf's frequencies, so that there are common and rare ones; some documents are copies of others, so
that scores tie; some have no pages, no tags, no date, or a language that Pushcart does not know.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from corpus.store import Store
from corpus.types import Document, Facet, FetchedFile, Outcome, Page, Reading, Tag
from tests.builders import A_DAY, make_document, make_source, make_tag, sha256_of

DOCUMENTS = 260
COPIED_EVERY = 9
"""Each so-manyth document has title and text of the one before."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """What is written in one language."""

    words: str
    """Most frequent first, with spaces between."""
    sentences: tuple[str, ...]
    """Whole, so that phrases have something to find."""


TONGUES: Mapping[str, Tongue] = {
    "en": Tongue(
        words=(
            "the of informal workers and in work women market vendors street economy income social city employment to tax"
            " waste pickers home-based domestic protection cooperative survey statistics labour rights policy informality"
            " enterprises household pension insurance municipal relocation eviction licence stalls recycling garment"
            " subcontracted wages minimum contract migrants unions organising bargaining microfinance childcare health"
            " pandemic lockdown livelihoods poverty gender regulation bylaws harassment police queue hawkers cooked"
        ),
        sentences=(
            "Street vendors sell cooked food at the corner of the market.",
            "Waste pickers sort paper and plastic before the trucks arrive.",
            "The informal economy is a missing link in debates on growth and poverty.",
            "Home-based workers sew garments for a chain of subcontractors.",
        ),
    ),
    "es": Tongue(
        words=(
            "de la los informal trabajadoras y en trabajo mujeres mercado vendedores ambulantes economía ingresos"
            " protección social ciudad empleo impuestos recicladores hogar cooperativa encuesta estadísticas derechos"
            " política informalidad empresas pensión seguro municipal reubicación desalojo licencia puestos reciclaje"
            " costura salario mínimo contrato migrantes sindicatos organización negociación microcrédito cuidado niñez"
            " salud pandemia confinamiento medios pobreza género regulación ordenanza acoso policía comerciantes"
        ),
        sentences=(
            "Los vendedores ambulantes venden comida en la esquina del mercado.",
            "Las trabajadoras del hogar piden un salario mínimo y un contrato.",
            "Los recicladores de base separan papel y plástico cada mañana.",
        ),
    ),
    "fr": Tongue(
        words=(
            "de la les informel travailleuses et dans travail femmes marché vendeuses rue économie revenus protection"
            " sociale ville emploi impôts récupérateurs déchets domicile coopérative enquête statistiques droits"
            " politique informalité entreprises retraite assurance municipale relocalisation expulsion licence étals"
            " recyclage couture salaire minimum contrat migrants syndicats organisation négociation microcrédit garde"
            " santé pandémie confinement moyens pauvreté genre réglementation arrêté harcèlement police cœur"
        ),
        sentences=(
            "Les vendeuses de rue préparent des repas près du marché.",
            "Les travailleuses à domicile cousent des vêtements pour une chaîne.",
            "L'économie informelle n'est pas une exception, dit l'enquête.",
        ),
    ),
    "pt": Tongue(
        words=(
            "de a os informal trabalhadoras e em trabalho mulheres mercado vendedores ambulantes economia renda proteção"
            " social cidade emprego impostos catadores resíduos cooperativa pesquisa estatísticas direitos política"
            " informalidade empresas aposentadoria seguro municipal remoção despejo licença bancas reciclagem costura"
            " salário mínimo contrato migrantes sindicatos organização negociação microcrédito creche saúde pandemia"
            " isolamento meios pobreza gênero regulação decreto assédio polícia feirantes condições"
        ),
        sentences=(
            "Os catadores de materiais recicláveis separam papel e plástico.",
            "As trabalhadoras domésticas pedem salário mínimo e contrato.",
            "Os vendedores ambulantes vendem comida perto da estação.",
        ),
    ),
    "it": Tongue(
        words=("il lavoro informale dei venditori ambulanti mercato città donne raccoglitori rifiuti legge"),
        sentences=("Il lavoro informale dei venditori ambulanti cresce.",),
    ),
    "ar": Tongue(
        words=("العمل غير المنظم الباعة الجائلون في السوق النساء المدينة الاقتصاد"),
        sentences=("الباعة الجائلون يبيعون الطعام في السوق.",),
    ),
    "zh": Tongue(words="非正规就业 街头摊贩 城市 妇女 市场", sentences=("街头摊贩 在 市场 卖 食品。",)),
    "und": Tongue(words="PUSH 2019 ILO-2018 😀 C177 ñandú straße", sentences=("C177 and R184 (1996).",)),
}
_SHARES = {"en": 40, "es": 20, "fr": 14, "pt": 14, "it": 4, "ar": 3, "zh": 3, "und": 2}
_AUTHORS = ("Ana Quispe", "Kofi Mensah", "Marie Diop", "João da Silva", "Martha Chen", "Ratna Devi Sharma")
_PUBLISHERS = (
    "Instituto de Estudios Peruanos",
    "Women in Informal Employment",
    "Statistics Ghana",
    "Université de Dakar",
)
_TYPES = ("report", "working_paper", "policy_brief", "article", "statistics", "document")
_CONCEPTS: Mapping[Facet, tuple[str, ...]] = {
    Facet.COUNTRY: ("PER", "COL", "MEX", "GHA", "IND", "BRA", "SEN", "ZAF", "PRT", "VNM"),
    Facet.GROUP: ("street_vendors", "waste_pickers", "home_based_workers", "domestic_workers"),
    Facet.TOPIC: ("social_protection", "taxation", "gender", "covid19"),
    Facet.SECTOR: ("isic:G", "isic:T", "waste_recycling", "garment_textile", "retail_street_trade"),
}


def make_library() -> Iterator[Document]:
    """Give the documents, each after the one that it may be a copy of."""
    for number in range(DOCUMENTS):
        wording = random.Random(number - 1 if number % COPIED_EVERY == 0 and number else number)
        lang = wording.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
        tongue = TONGUES[lang]
        title = _draw(tongue, wording, count=wording.randint(3, 8))
        pages = tuple(_page(tongue, wording) for _ in range(wording.choice((0, 1, 1, 2, 3, 3, 5))))
        dice = random.Random(-number - 1)
        yield make_document(
            f"d{sha256_of(str(number))[:16]}",
            title=title,
            lang=lang,
            pages=pages,
            back_matter=(1, len(pages)) if len(pages) > 2 and len(pages[0]) % 2 else (),
            abstract=_page(tongue, wording)[:300] if wording.random() < 0.3 else "",
            authors=tuple(dice.sample(_AUTHORS, dice.randint(0, 2))),
            publisher=dice.choice((*_PUBLISHERS, "")),
            type=dice.choice(_TYPES),
            published=dice.choice(
                ("", f"{dice.randint(1999, 2025)}", f"{dice.randint(2010, 2024)}-0{dice.randint(1, 9)}")
            ),
            source=dice.choice(("sample", "other", "third")),
            tags=tuple(_tags(dice)),
            identifiers={"doi": f"10.1234/informal.{number}"} if dice.random() < 0.2 else {},
        )


def _draw(tongue: Tongue, dice: random.Random, *, count: int) -> str:
    words = tongue.words.split()
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    return " ".join(dice.choices(words, cum_weights=weights, k=count))


def _page(tongue: Tongue, dice: random.Random) -> str:
    parts = [_draw(tongue, dice, count=dice.randint(8, 40)).capitalize() + "."]
    if dice.random() < 0.35:
        parts.insert(dice.randint(0, 1), dice.choice(tongue.sentences))
    return " ".join(parts)


def _tags(dice: random.Random) -> Iterator[Tag]:
    for facet, concepts in _CONCEPTS.items():
        for concept in dice.sample(concepts, dice.choice((0, 1, 1, 2))):
            places = tuple((page, dice.randint(1, 4)) for page in range(4) if dice.random() < 0.4)
            yield make_tag(facet, concept, about=dice.random() < 0.6, places=places)


def save_library(store: Store, documents: list[Document]) -> None:
    """Save documents with their files and pages, as a harvest leaves them."""
    for slug in ("sample", "other", "third"):
        store.sources.save(make_source(slug))
    for each in documents:
        fetched = FetchedFile(
            source=each.source,
            url=each.url,
            sha256=each.sha256,
            size=1000,
            content_type="application/pdf",
            fetched_at=A_DAY,
        )
        store.files.save(fetched)
        pages: tuple[Page, ...] = each.pages
        reading = Reading(sha256=each.sha256, outcome=Outcome.READ, pages=pages, page_total=len(pages))
        store.readings.save(reading, reader_version="test")
        store.documents.save(each)
